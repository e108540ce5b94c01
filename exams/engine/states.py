"""The two state machines: of an exam and of a sitting (design: never one enum for both)."""
from datetime import datetime

from .refusals import Frozen, Replaced, SittingEnded, Voided, WrongState

EXAM = {
    "draft": {"published"},
    "published": {"closed"},
    "closed": {"archived", "published"},  # published again: a new dated window
    "archived": set(),
}
SITTING = {
    "open": {"submitted", "marked", "void"},
    "submitted": {"marked", "void"},
    "marked": {"void"},
    "void": set(),
}


def check_transition(machine: dict[str, set[str]], state: str, wanted: str) -> None:
    """Raises WrongState when `machine` has no way from `state` to `wanted`."""
    if wanted not in machine[state]:
        raise WrongState(state, wanted)


def check_writable(
    *,
    state: str,
    epoch: int,
    held_epoch: int,
    ends_at: datetime,
    now: datetime,
    frozen_reason: str,
    void_reason: str,
) -> None:
    """Whether whoever holds `held_epoch` may write answers now. The same facts guard the UPDATE itself.

    Raises:
        Voided, Frozen, Replaced, SittingEnded
    """
    if state == "void":
        raise Voided(void_reason)
    if state != "open":
        raise SittingEnded(ends_at)
    if frozen_reason:
        raise Frozen(frozen_reason)
    if epoch != held_epoch:
        raise Replaced()
    if now >= ends_at:
        raise SittingEnded(ends_at)
