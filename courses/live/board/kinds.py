"""The kinds of events and the data of each, as they stand in the log. Version 1 of all of them.

Only what changes the shared state is an event. Answers, heartbeats and sign-ins are rows of their own and reach the
log as sums. Times are milliseconds since 1970.
"""
from .fields import Check, Optional, clean, either, flag, keyed, many, one_of, or_none, pair, shape, text, whole
from .refusals import UnknownKind
from .states import STATES

VERSION = 1

WORD = text(40)
NAME = text(60)
LINE = text(200)
BLANK = text(200, empty=True)
TIME = whole()
ID = whole(1)
PERCENT = whole(0, 100)

POLL_KINDS = ("single", "multi", "scale", "cloud", "text")
AUDIENCES = ("all", "venues", "one per venue")
TIERS = ("push", "hls", "janus", "external", "none")

# What bars can be drawn of: heads by option, or [word, heads].
COUNTS = either(many(whole(), 20), many(pair(text(40), whole()), 60))

ARTICLE: dict[str, Check | Optional] = {
    "law": BLANK, "article": text(40, empty=True), "revision": Optional(text(40, empty=True), ""),
    "text": Optional(text(4000, empty=True), ""),
}  # fmt: skip

EVENTS: dict[str, dict[str, Check | Optional]] = {
    "session.state": {"from": one_of(*STATES), "to": one_of(*STATES), "reason": BLANK},
    "session.notice": {"text": BLANK, "level": one_of("info", "warning", "urgent"), "venues": Optional(many(ID, 200), list)},
    "slide.goto": {"deck": WORD, "page": whole(1, 2000), "step": Optional(whole(0, 99), 0)},
    "slide.deck": {
        "deck": WORD, "pages": whole(0, 2000), "sha": text(64, empty=True), "sizes": Optional(many(whole(), 2000), list),
    },
    "media.mode": {
        "tier": one_of(*TIERS), "url_ref": Optional(text(500, empty=True), ""),
        "tracks": Optional(many(one_of("audio", "video", "screen"), 3), list), "kbps": Optional(whole(0, 20000), 0),
        # Which stream it is and whose: only the one that is on ends it.
        "sender": Optional(text(40, empty=True), ""), "name": Optional(text(60, empty=True), ""),
    },
    "media.marker": {"media_ms": TIME},
    "ink.stroke": {
        "page": whole(1, 2000), "id": WORD, "colour": text(20), "width": whole(1, 60),
        # Flat: x, y of the first point, then differences; 65535 is the full width and the full height.
        "points": many(whole(-65535, 65535), 400, least=2),
    },
    "ink.undo": {"id": WORD},
    "ink.clear": {"page": whole(1, 2000)},
    "law.show": ARTICLE,
    "poll.open": {
        "id": WORD, "kind": one_of(*POLL_KINDS), "text": LINE, "options": many(text(100), 12), "anonymous": flag,
        "closes_at": or_none(TIME), "audience": one_of(*AUDIENCES), "prepared": Optional(or_none(ID)),
    },
    "poll.tally": {"id": WORD, "counts": COUNTS, "by_venue": keyed(COUNTS), "n": whole()},
    "poll.close": {"id": WORD},
    # Of written answers the room sees those the trainer has chosen.
    "poll.show": {"id": WORD, "what": one_of("none", "counts", "answer"), "said": Optional(many(LINE, 12), list)},
    "quiz.open": {
        "id": WORD, "question_ref": ID, "seconds": whole(5, 600), "type": one_of("single", "multiple", "judge"),
        "text": text(2000), "options": many(text(500), 12), "prepared": Optional(or_none(ID)),
    },
    "quiz.tally": {"answered": whole(), "of": whole()},
    "quiz.close": {"id": WORD, "correct": text(20, empty=True), "counts": COUNTS, "law": Optional(or_none(shape(ARTICLE)))},
    "quiz.board": {"rows": many(shape({"venue": ID, "average": PERCENT, "of": whole()}), 200)},
    "qa.new": {"id": WORD, "text": LINE, "venue": or_none(ID), "author_shown": text(60, empty=True)},
    # What the room did not see before it sees now, so the question comes along again.
    "qa.approve": {
        "id": WORD, "by": or_none(ID), "note": Optional(BLANK, ""), "text": LINE, "venue": or_none(ID),
        "author_shown": text(60, empty=True),
    },
    "qa.merge": {"id": WORD, "into": WORD, "by": or_none(ID), "note": Optional(BLANK, "")},
    "qa.pin": {"id": WORD, "by": or_none(ID), "note": Optional(BLANK, "")},
    "qa.answered": {"id": WORD, "by": or_none(ID), "note": Optional(BLANK, "")},
    "qa.hide": {"id": WORD, "by": or_none(ID), "note": Optional(BLANK, "")},
    "qa.vote": {"id": WORD, "n": whole()},
    "hand.up": {"who": ID, "name": NAME, "venue": or_none(ID), "position": whole(1)},
    "hand.down": {"who": ID},
    "hand.call": {"who": ID, "lane": one_of("venue", "phone")},
    # The hall whose microphone it is, where it is one's.
    "floor": {
        "holder": or_none(NAME), "who": Optional(or_none(ID)), "until": Optional(or_none(TIME)), "venue": Optional(or_none(ID)),
    },
    "checkin.open": {
        "round": whole(1, 50), "kind": one_of("qr", "code", "photo", "manual"), "closes_at": or_none(TIME),
        "venues": many(ID, 200),
    },
    "checkin.tally": {"by_venue": keyed(shape({"signed": whole(), "roster": whole()}))},
    "checkin.close": {"round": whole(1, 50)},
    "headcount": {
        "venue": ID, "heads": whole(0, 5000), "photo_ref": text(200, empty=True), "sha256": text(64, empty=True),
        "by": or_none(ID), "confirmed_by": or_none(ID),
    },
    "venue.online": {"venue": ID, "device": text(60, empty=True), "rtt": whole(0, 600_000), "quality": text(20, empty=True)},
    "venue.offline": {"venue": ID, "device": text(60, empty=True), "rtt": whole(0, 600_000), "quality": text(20, empty=True)},
    "presence": {"by_venue": keyed(shape({"online": whole()}))},
    "caption": {"from_ms": TIME, "to_ms": TIME, "text": BLANK, "final": flag},
    "timer": {"ends_at": or_none(TIME), "text": Optional(BLANK, "")},
    "mark": {"text": LINE},
    "task.after": {"exam_ref": ID, "due": text(10)},
    # The tickets of a person (or of a venue's screen) end here.
    "kick": {"who": or_none(ID), "venue": or_none(ID)},
}  # fmt: skip


def check_event(kind: str, data: object) -> dict:
    """The data as it goes into the log.

    Raises:
        UnknownKind, BadData
    """
    if kind not in EVENTS:
        raise UnknownKind(str(kind)[:40])
    return clean(EVENTS[kind], data)
