"""Backup and restore killed at every step that changes a file: run inside a data folder (manage.py shell), prints what is left.

Each try is a forked process that kills itself with SIGKILL at its n-th change; the parent then does what the next start
does, and looks.
"""
import os
import signal
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from mingfa.operations import archive, restoring
from mingfa.people.models import OrgUnit

CHANGES = ("fsync", "link", "mkdir", "rename", "replace", "rmdir", "unlink")


def killed_at(change: int, *command) -> bool:
    """Whether `manage.py command` was killed at that change; False when it ended before."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        left = change
        for name in CHANGES:
            real = getattr(os, name)

            def counted(*args, real=real, **options):
                nonlocal left
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **options)

            setattr(os, name, counted)
        try:
            call_command(*command, stdout=StringIO())
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0, f"{command} failed at {change}"
        return False
    return True


def state() -> str:
    """“old”, “new”, or what is mixed: database, uploaded file, key and recording all carry the same word."""
    words = [
        *OrgUnit.objects.values_list("name", flat=True),
        (Path(settings.MEDIA_ROOT) / "word.txt").read_text(),
        (settings.DATA / "secret-key").read_text().strip()[-3:],
        (Path(settings.RECORDINGS_ROOT) / "word.txt").read_text(),
    ]
    connections.close_all()
    return words[0] if set(words) == {words[0]} else repr(words)


def write(word: str) -> None:
    """Make the data folder carry one word everywhere."""
    OrgUnit.objects.all().delete()
    OrgUnit.add_root(name=word, kind="district")
    for folder in (settings.MEDIA_ROOT, settings.RECORDINGS_ROOT):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "word.txt").write_text(word)
    (settings.DATA / "secret-key").write_text("k" * 50 + word)
    connections.close_all()


def restores() -> None:
    """Print what is left after a kill at every change of a restore."""
    write("new")
    # The process has the key it was started with; a restore in it must be of that key.
    settings.SECRET_KEY = "k" * 50 + "new"
    backup = settings.DATA / "new.zip"
    call_command("backup", str(backup), stdout=StringIO())
    found, change, killed = [], 0, True
    while killed:
        write("old")
        killed = killed_at(change, "restore", str(backup), "--yes")
        with restoring.nobody_else():
            restoring.settle()
        left = [path.name for path in settings.DATA.iterdir() if path.name.startswith("restore-")]
        aside = connection.vendor == "postgresql" and restoring.databases.is_kept_aside()
        found.append(f"{state()} {left}" if left or aside else state())
        change += 1
    print(" ".join(found))


def backups() -> None:
    """Print, for a kill at every change of a backup, whether it is there; and that the next one leaves nothing behind."""
    write("new")
    found, change, killed = [], 0, True
    while killed:
        target = settings.BACKUP_FOLDER / f"{change}.zip"
        killed = killed_at(change, "backup", str(target))
        if target.exists():
            with archive.opened(target) as pack:
                pack.check(lambda *_: None)
        found.append("whole" if target.exists() else "none")
        change += 1
    names = sorted(path.name for path in settings.BACKUP_FOLDER.iterdir() if path.suffix != ".zip")
    print(" ".join([*found, *names]))
