"""Background work of reports: the log is sealed, never inside anybody's transaction."""
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

EVERY, SOON = timedelta(minutes=30), timedelta(seconds=5)
# Lines at once: other tasks wait for this one, and among them those that end sittings.
MOST = 5_000


@task()
def keep_sealed() -> int:
    """When the server starts and every half hour. Twice does no harm: who comes second leaves the lines to the first."""
    from .sealing import seal_log

    sealed = 0
    try:
        sealed = seal_log(now=timezone.now(), most=MOST)
    except IntegrityError:
        pass
    finally:
        _plan_next(SOON if sealed >= MOST else EVERY)
    return sealed


def _plan_next(after: timedelta) -> None:
    """Once more later, unless that is planned already: every start of the server begins anew."""
    if not default_task_backend.supports_defer:
        return
    now = timezone.now()
    coming = DBTaskResult.objects.ready().filter(task_path=keep_sealed.module_path, run_after__gt=now)
    if not coming.filter(run_after__lte=now + after).exists():
        keep_sealed.using(run_after=now + after).enqueue()
