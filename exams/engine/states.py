"""The two state machines: of an exam and of a sitting (design: never one enum for both)."""
from .refusals import WrongState

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
