"""What domain apps tell about people, and what they must be told. They register in AppConfig.ready()."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from mingfa.people.models import User
from mingfa.periods import Period

# Called inside the transaction that disables the account, so that open work is frozen with it or not at all.
on_disable: list[Callable[[User, datetime], None]] = []


def tell_disabled(user: User, now: datetime) -> None:
    """Call everybody who registered. user: the account just disabled."""
    for callback in on_disable:
        callback(user, now)


# When a person last did something that is no page: answers saved in a running exam. (user, now) -> moment or None.
last_activity: list[Callable[[User, datetime], datetime | None]] = []


def latest_activity(user: User, now: datetime) -> datetime | None:
    """The latest of what everybody who registered knows; None if nobody knows of any."""
    return max(filter(None, (known(user, now) for known in last_activity)), default=None)


@dataclass(frozen=True)
class OwnRecord:
    """One thing a person studied, sat or took part in. `kind`: 学习, 考试, 培训; `result` says how it ended."""

    kind: str
    name: str
    day: date
    result: str


# What an app keeps about one person's own study in a period: (user, period, now) -> records in any order.
own_records: list[Callable[[User, Period, datetime], Iterable[OwnRecord]]] = []


def records_of(user: User, period: Period, now: datetime) -> list[OwnRecord]:
    """What everybody who registered knows of the person, by kind and day."""
    found = [record for known in own_records for record in known(user, period, now)]
    return sorted(found, key=lambda one: (one.kind, one.day, one.name))
