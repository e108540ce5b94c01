"""按目前进度: how many will have sat when an exam closes (docs/rules.md “预计”)."""
from datetime import date, datetime, time, timedelta

LOOK_BACK = timedelta(days=2)
SHORTEST = timedelta(hours=6)  # of looking back: before that one hour of one unit would speak for everybody


def looks_back_to(now: datetime, opens_at: datetime) -> datetime:
    """From when on the pace is taken: the beginning of the day before yesterday, or the opening when that is later.

    Args:
        now: in local time, because days begin at local midnight.
    """
    return max(datetime.combine(now.date() - LOOK_BACK, time(), now.tzinfo), opens_at)


def expected_at_close(*, due: int, sat: int, came: int, since: datetime, now: datetime, closes_at: datetime) -> int | None:
    """Heads that will have sat at closing, if people go on coming as evenly as they came since `since`.

    Rounded down, and never more than are due. None while there is nothing to foretell: before opening, in the first
    hours, after closing, and when nobody is missing.

    Args:
        came: how many of `sat` came since `since`.
    """
    if now - since < SHORTEST or now >= closes_at or sat >= due:
        return None
    return min(due, sat + came * (closes_at - now) // (now - since))


def last_days(*, opens_on: date, over_on: date, today: date, number: int = 7) -> list[date]:
    """The last days of an exam up to today, at most `number`; none before it opens."""
    last = min(over_on, today)
    first = max(opens_on, last - timedelta(days=number - 1))
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]
