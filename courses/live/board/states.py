"""The states of a training and the steps between them; who may take which."""
from .refusals import IllegalTurn, NotAllowed

STATES = ("draft", "scheduled", "lobby", "live", "paused", "ended", "processing", "replay", "archived", "cancelled")

TRAINER = frozenset({"trainer", "system"})
SYSTEM = frozenset({"system"})

# (before, after) → roles. The system is the clock, the watch over the trainer's line, and the jobs afterwards.
TURNS: dict[tuple[str, str], frozenset[str]] = {
    ("draft", "scheduled"): frozenset({"trainer"}),
    ("scheduled", "draft"): frozenset({"trainer"}),
    ("scheduled", "lobby"): TRAINER,
    ("lobby", "live"): frozenset({"trainer"}),
    ("live", "paused"): TRAINER,
    ("paused", "live"): frozenset({"trainer"}),
    ("live", "ended"): TRAINER,
    ("paused", "ended"): TRAINER,
    ("ended", "processing"): SYSTEM,
    ("processing", "replay"): SYSTEM,
    ("replay", "archived"): TRAINER,
    ("draft", "cancelled"): frozenset({"trainer"}),
    ("scheduled", "cancelled"): frozenset({"trainer"}),
    ("lobby", "cancelled"): frozenset({"trainer"}),
}

# Where people are in the room and the room does something.
ROOM = frozenset({"lobby", "live", "paused"})
CLASS = frozenset({"live", "paused"})
BEFORE = frozenset({"draft", "scheduled"})
OVER = frozenset({"ended", "processing", "replay", "archived", "cancelled"})


def check_turn(before: str, after: str, role: str) -> None:
    """Raises IllegalTurn when there is no such step, NotAllowed when the role may not take it."""
    roles = TURNS.get((before, after))
    if roles is None:
        raise IllegalTurn(before, after)
    if role not in roles:
        raise NotAllowed("session.state", role)
