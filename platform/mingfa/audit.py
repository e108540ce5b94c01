"""The log: one line in one statement, for the paths that a whole county walks on one evening; who can prove what.

Wagtail's own `log` validates every column again before it writes, with a query for every relation. Starting and
handing in write the same line here and skip that: every value comes from the action itself.
"""
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

MOST_AT_ONCE = 500  # lines of one INSERT


def record(instance: Model, action: str, *, user, now: datetime, data: dict | None = None) -> None:
    """Write what `wagtail.log_actions.log` would write.

    Args:
        instance: what the line is about, saved.
        user: who did it; None for the server itself.

    Raises:
        KeyError: no such action is registered.
    """
    record_all([(instance, data or {})], action, user=user, now=now)


def record_all(told: Sequence[tuple[Model, dict]], action: str, *, user, now: datetime) -> None:
    """Write a line for each (instance, data), as `record` does for one."""
    if not registry.action_exists(action):
        raise KeyError(action)
    entries = [
        ModelLogEntry(
            content_type=ContentType.objects.get_for_model(instance), object_id=str(instance.pk), label=str(instance),
            action=action, user_id=user and user.pk, timestamp=now, data=data,
        )
        for instance, data in told
    ]  # fmt: skip
    # bulk_create, because save() of Wagtail's model is where the validation sits.
    ModelLogEntry.objects.bulk_create(entries, batch_size=MOST_AT_ONCE)


# Each yields a sentence for every record that somebody has changed past the actions, the oldest first.
Check = Callable[[], Iterator[str]]
_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Apps register in AppConfig.ready() what they can prove about their own records (fault catalogue OP5)."""
    if check not in _checks:
        _checks.append(check)


def checks() -> tuple[Check, ...]:
    """Everything that `manage.py check_records` asks."""
    return tuple(_checks)
