"""The nightly backup. It runs in a process of its own, because tasks wait for each other, and some end sittings."""
import subprocess
import sys
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

# After a start, so that a computer that is off at night has its backup too, but not while everybody comes in.
AFTER_START = timedelta(minutes=10)

_running: subprocess.Popen | None = None


@task()
def keep_backups(*, starting: bool = False) -> bool:
    """When the server starts (only plans), some minutes later, and every night; True when a backup was begun.

    Twice does no harm: there is one a night, and a second process finds the first one's lock.
    """
    from . import backups

    if not settings.BACKUP_KEEP:
        return False
    now, begun = timezone.now(), False
    found = backups.last()
    if not starting and is_due(now, found and found.whole_moment):
        start_backup("--nightly", *([] if settings.BACKUP_RECORDINGS else ["--no-recordings"]))
        begun = True
    _plan_next(now + AFTER_START if starting else next_night(now))
    return begun


def is_due(now: datetime, whole: datetime | None) -> bool:
    """Whether there is no backup since the last night's time for one."""
    return whole is None or whole < next_night(now) - timedelta(days=1)


def next_night(now: datetime) -> datetime:
    """The next moment for a nightly backup, strictly after `now`."""
    at = time.fromisoformat(settings.BACKUP_AT)
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), at))
    return today if now < today else timezone.make_aware(datetime.combine(timezone.localdate(now) + timedelta(days=1), at))


def start_backup(*arguments: str) -> bool:
    """Begin `manage.py backup` beside the server; False when the last one that was begun here still runs."""
    global _running
    if _running is not None and _running.poll() is None:
        return False
    _running = subprocess.Popen(  # noqa: S603 our own command
        [sys.executable, str(settings.ROOT / "manage.py"), "backup", *arguments], cwd=settings.ROOT,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return True


def is_running() -> bool:
    """Whether a backup that was begun by this process still runs."""
    return _running is not None and _running.poll() is None


def _plan_next(at: datetime) -> None:
    """Unless one is planned until then: every start of the server begins anew."""
    if not default_task_backend.supports_defer:
        return
    coming = DBTaskResult.objects.ready().filter(task_path=keep_backups.module_path, run_after__gt=timezone.now())
    if not coming.filter(run_after__lte=at).exists():
        keep_backups.using(run_after=at).enqueue()
