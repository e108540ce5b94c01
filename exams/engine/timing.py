"""When a sitting may start and when it ends. The server's time is the only time (domain guide §2.1)."""
from datetime import datetime, timedelta

from .refusals import AlreadyClosed, NotYetOpen


def personal_end(start: datetime, *, duration_minutes: int, closes_at: datetime) -> datetime:
    """The end of a sitting that starts at `start`: the earlier of start + duration and closing.

    Source: domain rule §2.1, docs/rules.md “个人结束时间”.
    """
    return min(start + timedelta(minutes=duration_minutes), closes_at)


def check_window(now: datetime, *, opens_at: datetime, closes_at: datetime) -> None:
    """Whether a sitting may start at `now`: the window includes its opening and excludes its closing.

    Raises:
        NotYetOpen, AlreadyClosed
    """
    if now < opens_at:
        raise NotYetOpen(opens_at)
    if now >= closes_at:
        raise AlreadyClosed(closes_at)
