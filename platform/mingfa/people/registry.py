"""Who else must be told when an account is disabled. Domain apps register theirs in AppConfig.ready()."""

from collections.abc import Callable
from datetime import datetime

from mingfa.people.models import User

# Called inside the transaction that disables the account, so that open work is frozen with it or not at all.
on_disable: list[Callable[[User, datetime], None]] = []


def tell_disabled(user: User, now: datetime) -> None:
    """Call everybody who registered. user: the account just disabled."""
    for callback in on_disable:
        callback(user, now)
