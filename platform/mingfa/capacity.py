"""What this host was found to carry in a rehearsal (manage.py rehearse), kept beside the data."""
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

NAME = "rehearsal.json"


@dataclass(frozen=True)
class Capacity:
    """The last rehearsal.

    per_minute: starts a minute that were carried; p95_ms: 95 of 100 waited no longer for their paper at that rate;
    cpu_ms: server CPU of one full sitting; candidates: how many were played; full: whether a higher rate was tried and
    was too much; at: when it ended, ISO 8601 with zone.
    """

    per_minute: int
    p95_ms: int
    cpu_ms: float
    candidates: int
    full: bool
    at: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def path() -> Path:
    return settings.DATA / NAME


def write(capacity: Capacity) -> None:
    """Keep it, whole or not at all."""
    new = path().with_suffix(".new")
    new.write_text(json.dumps(asdict(capacity)), encoding="utf-8")
    os.replace(new, path())


_read: tuple[tuple | None, Capacity | None] = (None, None)


def read() -> Capacity | None:
    """The last rehearsal of this host; None without one, or when the file cannot be read. Read again when it changes."""
    global _read
    try:
        state = path().stat()
    except OSError:
        return None
    changed = (path(), state.st_mtime_ns, state.st_size)
    if _read[0] != changed:
        try:
            found = Capacity(**json.loads(path().read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            found = None
        _read = (changed, found)
    return _read[1]
