"""What domain apps tell about people, and what they must be told. They register in AppConfig.ready()."""

from collections.abc import Callable
from datetime import datetime

from mingfa.people.models import User

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
