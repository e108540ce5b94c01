"""When a sitting may start and when it ends. The server's time is the only time (domain guide §2.1)."""
from datetime import datetime, timedelta
from math import ceil

from .refusals import AlreadyClosed, NotYetOpen


def personal_end(
    start: datetime, *, duration_minutes: int, closes_at: datetime, extra_minutes: int = 0
) -> datetime:
    """The end of a sitting that starts at `start`: the earlier of start + duration and closing, and the person's own
    extra time behind it.

    Source: domain rule §2.1, docs/rules.md “个人结束时间”.
    """
    return min(start + timedelta(minutes=duration_minutes), closes_at) + timedelta(minutes=extra_minutes)


def lost_minutes(started_at: datetime, *, began_at: datetime, ended_at: datetime) -> int:
    """Minutes of an outage that lie in a sitting that still runs; a begun minute counts as a whole one.

    Args:
        started_at: of the sitting.
        began_at, ended_at: of the outage.
    """
    seconds = (ended_at - max(started_at, began_at)).total_seconds()
    return max(0, ceil(seconds / 60))


def check_window(now: datetime, *, opens_at: datetime, closes_at: datetime) -> None:
    """Whether a sitting may start at `now`: the window includes its opening and excludes its closing.

    Raises:
        NotYetOpen, AlreadyClosed
    """
    if now < opens_at:
        raise NotYetOpen(opens_at)
    if now >= closes_at:
        raise AlreadyClosed(closes_at)
