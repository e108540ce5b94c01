"""The pure part of a live training: states, events, the reducer, who may send what, sign-in proofs, attendance.

Nothing here knows Django, sockets or the clock; the browser's room.js runs the same reducer over the same vectors
(tests/live/vectors).
"""
from .attending import ABSENT, PRESENT, Round, Sign, decide
from .commands import COMMANDS, ROLES, ROWS, check_command
from .kinds import EVENTS, check_event
from .planning import Actor, Facts, plan
from .public import public, redact
from .reducing import initial, reduce
from .refusals import BadData, IllegalTurn, NotAllowed, Refusal, UnknownKind, WrongMoment
from .replaying import Clock, Scene, scenes_of, state_at
from .states import STATES, TURNS, check_turn

__all__ = [
    "ABSENT", "COMMANDS", "EVENTS", "PRESENT", "ROLES", "ROWS", "STATES", "TURNS", "Actor", "BadData", "Clock", "Facts",
    "IllegalTurn", "NotAllowed", "Refusal", "Round", "Scene", "Sign", "UnknownKind", "WrongMoment", "check_command",
    "check_event", "check_turn", "decide", "initial", "plan", "public", "redact", "reduce", "scenes_of", "state_at",
]  # fmt: skip
