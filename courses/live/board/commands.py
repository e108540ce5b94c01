"""What a page may send: by whom, in which states, with which data. The server adds the rest of an event itself."""
from collections.abc import Mapping
from dataclasses import dataclass

from .fields import Check, Optional, clean, either, flag, many, one_of, or_none, text, whole
from .kinds import AUDIENCES, BLANK, EVENTS, ID, LINE, POLL_KINDS, TIME, WORD
from .refusals import NotAllowed, UnknownKind, WrongMoment
from .states import BEFORE, CLASS, OVER, ROOM, STATES

ROLES = ("trainer", "steward", "cadre", "venue", "leader", "system")
TRAINER = frozenset({"trainer", "system"})
# A steward is one of the audience with duties: whatever a cadre may, he may.
AUDIENCE = frozenset({"cadre", "steward"})
STEWARD = frozenset({"steward", "trainer"})
ANSWERING = AUDIENCE | {"venue"}
SIGNING = ROOM | {"ended"}
# A hall without a line brings its head-count when it has one again.
LATE = SIGNING | {"replay"}
CHOICE = many(whole(0, 20), 12)
ONE = {"id": WORD, "note": Optional(BLANK, "")}


@dataclass(frozen=True)
class Command:
    roles: frozenset[str]
    states: frozenset[str]
    fields: Mapping[str, Check | Optional]


COMMANDS: dict[str, Command] = {
    # Which step is possible is the state machine's matter.
    "session.state": Command(TRAINER, frozenset(STATES), {"to": one_of(*STATES), "reason": Optional(BLANK, "")}),
    "session.notice": Command(TRAINER, ROOM | {"scheduled", "ended"}, EVENTS["session.notice"]),
    "slide.goto": Command(TRAINER, ROOM, EVENTS["slide.goto"]),
    "slide.deck": Command(TRAINER, BEFORE | ROOM, EVENTS["slide.deck"]),
    "media.mode": Command(TRAINER, ROOM, EVENTS["media.mode"]),
    "media.marker": Command(TRAINER, CLASS, EVENTS["media.marker"]),
    "ink.stroke": Command(TRAINER, ROOM, EVENTS["ink.stroke"]),
    "ink.undo": Command(TRAINER, ROOM, EVENTS["ink.undo"]),
    "ink.clear": Command(TRAINER, ROOM, EVENTS["ink.clear"]),
    "law.show": Command(TRAINER, ROOM, {"law": BLANK, "article": Optional(text(40, empty=True), "")}),
    "poll.open": Command(TRAINER, ROOM, {
        "id": Optional(WORD), "kind": one_of(*POLL_KINDS), "text": LINE, "options": Optional(many(text(100), 12), list),
        "anonymous": Optional(flag, False), "seconds": Optional(or_none(whole(5, 3600))),
        "audience": Optional(one_of(*AUDIENCES), "all"), "prepared": Optional(or_none(ID)),
    }),
    "poll.close": Command(TRAINER, ROOM, {"id": WORD}),
    "poll.show": Command(TRAINER, ROOM, EVENTS["poll.show"]),
    "quiz.open": Command(TRAINER, ROOM, {
        "question_ref": ID, "seconds": Optional(whole(5, 600), 60), "prepared": Optional(or_none(ID)),
    }),
    "quiz.close": Command(TRAINER, ROOM, {"id": WORD}),
    "qa.new": Command(AUDIENCE, ROOM, {"text": LINE, "anonymous": Optional(flag, False)}),
    "qa.vote": Command(AUDIENCE, ROOM, {"id": WORD}),
    "qa.approve": Command(TRAINER, ROOM | {"ended"}, ONE),
    "qa.merge": Command(TRAINER, ROOM | {"ended"}, {**ONE, "into": WORD}),
    "qa.pin": Command(TRAINER, ROOM | {"ended"}, ONE),
    "qa.answered": Command(TRAINER, ROOM | {"ended"}, ONE),
    "qa.hide": Command(TRAINER, ROOM | {"ended"}, ONE),
    "hand.up": Command(AUDIENCE, ROOM, {}),
    "hand.down": Command(AUDIENCE | TRAINER, ROOM, {"who": Optional(or_none(ID))}),
    "hand.call": Command(TRAINER, ROOM, {"who": ID, "lane": Optional(one_of("venue", "phone"), "venue")}),
    "floor": Command(TRAINER, ROOM, EVENTS["floor"]),
    "checkin.open": Command(TRAINER, ROOM | {"ended"}, {
        "kind": one_of("qr", "code", "photo", "manual"), "seconds": Optional(or_none(whole(30, 3600)), 180),
        "venues": Optional(many(ID, 200), list),
    }),
    "checkin.close": Command(TRAINER, SIGNING, {}),
    "headcount": Command(STEWARD, LATE, {
        "venue": Optional(or_none(ID)), "heads": whole(0, 5000), "confirm": Optional(flag, False),
        "photo": Optional(or_none(ID)),
    }),
    "caption": Command(TRAINER, CLASS, EVENTS["caption"]),
    "timer": Command(TRAINER, ROOM, EVENTS["timer"]),
    "mark": Command(TRAINER, CLASS, EVENTS["mark"]),
    "task.after": Command(TRAINER, CLASS | OVER - {"cancelled"}, EVENTS["task.after"]),
    "kick": Command(TRAINER, ROOM, EVENTS["kick"]),
    # Rows of their own; only their sums become events.
    "answer": Command(ANSWERING, ROOM, {
        "id": WORD, "choice": Optional(either(CHOICE, text(200, empty=True)), list), "text": Optional(text(200, empty=True), ""),
    }),
    "checkin": Command(AUDIENCE, SIGNING, {
        "code": text(80), "device": Optional(text(64, empty=True), ""), "made_at": Optional(or_none(TIME)),
    }),
    "tick": Command(STEWARD, SIGNING, {"who": ID, "round": Optional(or_none(whole(1, 50))), "made_at": Optional(or_none(TIME))}),
    "confirm": Command(STEWARD, SIGNING, {"who": ID}),
    # Of the moment, never in the log.
    "pointer": Command(TRAINER, ROOM, {"x": whole(0, 65535), "y": whole(0, 65535)}),
    # What only the server itself says.
    "votes": Command(frozenset({"system"}), frozenset(STATES), EVENTS["qa.vote"]),
    "poll.tally": Command(frozenset({"system"}), frozenset(STATES), EVENTS["poll.tally"]),
    "quiz.tally": Command(frozenset({"system"}), frozenset(STATES), EVENTS["quiz.tally"]),
    "quiz.board": Command(frozenset({"system"}), frozenset(STATES), EVENTS["quiz.board"]),
    "checkin.tally": Command(frozenset({"system"}), frozenset(STATES), EVENTS["checkin.tally"]),
    "presence": Command(frozenset({"system"}), frozenset(STATES), EVENTS["presence"]),
    "venue.online": Command(frozenset({"system"}), frozenset(STATES), EVENTS["venue.online"]),
    "venue.offline": Command(frozenset({"system"}), frozenset(STATES), EVENTS["venue.offline"]),
}  # fmt: skip
# These get no number in the log.
ROWS = frozenset({"answer", "qa.vote", "checkin", "tick", "confirm", "pointer"})


def check_command(kind: object, data: object, *, role: str, state: str) -> dict:
    """The data of a command that this role may send in this state.

    Raises:
        UnknownKind, NotAllowed, WrongMoment, BadData: in this order.
    """
    command = COMMANDS.get(kind) if isinstance(kind, str) else None
    if command is None:
        raise UnknownKind(str(kind)[:40])
    if role not in command.roles:
        raise NotAllowed(kind, role)
    if state not in command.states:
        raise WrongMoment(kind, state)
    return clean(command.fields, data)
