"""plan(state, command) → the events it makes. Pure: what has to be looked up comes as facts."""
from collections.abc import Callable
from dataclasses import dataclass, field

from .commands import check_command
from .kinds import check_event
from .refusals import Already, BadData, Gone, NotAllowed, SamePerson
from .states import ROOM, check_turn

Events = list[tuple[str, dict]]
SCALE = ["1", "2", "3", "4", "5"]


@dataclass(frozen=True)
class Actor:
    """Who sends: a person, a venue's screen (`venue` without `id`), or the server itself (role system)."""

    role: str
    id: int | None = None
    name: str = ""
    venue: int | None = None

    @property
    def key(self) -> str:
        """Unique in a training; the idempotency key is unique per actor."""
        if self.id is not None:
            return f"u{self.id}"
        return f"v{self.venue}" if self.role == "venue" else "s"


@dataclass(frozen=True)
class Facts:
    """What the plan of a command needs from elsewhere; each command looks up only its own.

    Args:
        rosters: people on the roster by venue (session.state).
        rounds: sign-in rounds so far (checkin.open).
        law: revision and text of the article (law.show).
        question: type, text, options (quiz.open).
        tally: data of the last poll.tally or quiz.tally (poll.open, poll.close, quiz.open, quiz.close).
        key: correct answer, counts, the article it rests on and rows of the venues' board (quiz.close).
        head_count: (heads, by, photo_ref, sha256) as reported last by the venue (headcount).
        photo: (photo_ref, sha256) of the photo the command names (headcount).
    """

    rosters: dict[int, int] = field(default_factory=dict)
    rounds: int = 0
    law: dict = field(default_factory=dict)
    question: dict = field(default_factory=dict)
    tally: dict | None = None
    key: dict = field(default_factory=dict)
    head_count: tuple[int, int | None, str, str] | None = None
    photo: tuple[str, str] | None = None


def plan(state: dict, kind: str, data: object, *, actor: Actor, at: int, facts: Facts) -> Events:
    """The events, in order, each checked. Empty for what does not reach the log by itself (commands.ROWS).

    Args:
        at: now, in milliseconds.

    Raises:
        Refusal: any of refusals.
    """
    cleaned = check_command(kind, data, role=actor.role, state=state["state"])
    make = PLANS.get(kind, _as_it_is)
    return [(name, check_event(name, made)) for name, made in make(_Case(state, kind, cleaned, actor, at, facts))]


@dataclass(frozen=True)
class _Case:
    state: dict
    kind: str
    data: dict
    actor: Actor
    at: int
    facts: Facts

    def new_id(self, letter: str) -> str:
        return f"{letter}{self.state['seq'] + 1}"

    def question(self) -> dict:
        """The question of the board the command speaks of."""
        found = next((one for one in self.state["qa"] if one["id"] == self.data["id"]), None)
        if found is None:
            raise Gone("question")
        return found


def _as_it_is(case: _Case) -> Events:
    return [(case.kind, case.data)]


def _nothing(case: _Case) -> Events:
    return []


def _turn(case: _Case) -> Events:
    before, after = case.state["state"], case.data["to"]
    check_turn(before, after, case.actor.role)
    events: Events = [("session.state", {"from": before, "to": after, "reason": case.data["reason"]})]
    if after in ROOM:
        events += _first_page(case)
    if after == "scheduled":
        rosters = {str(venue): {"signed": 0, "roster": heads} for venue, heads in case.facts.rosters.items()}
        events.append(("checkin.tally", {"by_venue": rosters}))
    return events


def _first_page(case: _Case, decks: dict | None = None) -> Events:
    """In the room something is shown as soon as there is something: the first page of the oldest deck."""
    decks = case.state["decks"] if decks is None else decks
    keys = sorted((key for key, deck in decks.items() if deck["pages"]), key=lambda key: (len(key), key))
    if case.state["slide"]["deck"] or not keys:
        return []
    return [("slide.goto", {"deck": keys[0], "page": 1, "step": 0})]


def _deck(case: _Case) -> Events:
    decks = {**case.state["decks"], case.data["deck"]: case.data}
    return [*_as_it_is(case), *(_first_page(case, decks) if case.state["state"] in ROOM else [])]


def _media(case: _Case) -> Events:
    """A stream ends what is on only as long as it is the one that is on: another may have taken over."""
    on, ends = case.state["media"] or {}, case.data["tier"] == "none"
    if ends and case.data["sender"] and case.data["sender"] != on.get("sender", ""):
        return []
    return _as_it_is(case)


def _goto(case: _Case) -> Events:
    deck = case.state["decks"].get(case.data["deck"])
    if deck is None or case.data["page"] > deck["pages"]:
        raise Gone("slide")
    return _as_it_is(case)


def _law(case: _Case) -> Events:
    if case.data["law"] and not case.facts.law:
        raise Gone("law")
    return [("law.show", {**case.data, **case.facts.law})]


def _poll_open(case: _Case) -> Events:
    kind, options, seconds = case.data["kind"], case.data["options"], case.data["seconds"]
    if kind in ("single", "multi") and len(options) < 2:
        raise BadData("options")
    options = {"scale": options or SCALE, "cloud": [], "text": []}.get(kind, options)
    poll = {name: case.data[name] for name in ("kind", "text", "anonymous", "audience", "prepared")}
    made = {**poll, "id": case.new_id("p"), "options": options, "closes_at": seconds and case.at + seconds * 1000}
    if case.state["quiz"] and case.state["quiz"]["open"]:
        raise Already("quiz")
    return [*_poll_before(case), ("poll.open", made)]


def _poll_before(case: _Case) -> Events:
    """One thing is asked at a time: a poll that is open ends when the next thing is opened."""
    before = case.state["poll"]
    return _closed(case, before["id"]) if before and before["open"] else []


def _closed(case: _Case, poll: str) -> Events:
    last: Events = [("poll.tally", case.facts.tally)] if case.facts.tally else []
    return [*last, ("poll.close", {"id": poll})]


def _poll_close(case: _Case) -> Events:
    poll = case.state["poll"]
    if not poll or poll["id"] != case.data["id"] or not poll["open"]:
        raise Gone("poll")
    return _closed(case, poll["id"])


def _poll_show(case: _Case) -> Events:
    poll = case.state["poll"]
    if not poll or poll["id"] != case.data["id"]:
        raise Gone("poll")
    return _as_it_is(case)


def _quiz_open(case: _Case) -> Events:
    if case.state["quiz"] and case.state["quiz"]["open"]:
        raise Already("quiz")
    if not case.facts.question:
        raise Gone("question")
    return [*_poll_before(case), ("quiz.open", {**case.data, **case.facts.question, "id": case.new_id("q")})]


def _quiz_close(case: _Case) -> Events:
    quiz = case.state["quiz"]
    if not quiz or quiz["id"] != case.data["id"] or not quiz["open"]:
        raise Gone("quiz")
    last: Events = [("quiz.tally", case.facts.tally)] if case.facts.tally else []
    key = case.facts.key
    closed = {"id": quiz["id"], "correct": key["correct"], "counts": key["counts"], "law": key.get("law")}
    return [*last, ("quiz.close", closed), ("quiz.board", {"rows": key["rows"]})]


def _qa_new(case: _Case) -> Events:
    shown = "" if case.data["anonymous"] else case.actor.name
    asked = {"text": case.data["text"], "venue": case.actor.venue, "author_shown": shown}
    return [("qa.new", {**asked, "id": case.new_id("a")})]


def _qa_approve(case: _Case) -> Events:
    found = case.question()
    if found["status"] != "new":
        raise Already("question")
    seen = {"text": found["text"], "venue": found["venue"], "author_shown": found["shown"]}
    return [("qa.approve", {**case.data, **seen, "by": case.actor.id})]


def _qa_decide(case: _Case) -> Events:
    found = case.question()
    if case.kind in ("qa.pin", "qa.answered") and found["status"] == "new":
        raise Gone("question")
    if case.kind == "qa.merge" and case.data["into"] not in {one["id"] for one in case.state["qa"]} - {found["id"]}:
        raise Gone("question")
    return [(case.kind, {**case.data, "by": case.actor.id})]


def _hand_up(case: _Case) -> Events:
    hands = case.state["hands"]
    if any(one["who"] == case.actor.id for one in hands):
        raise Already("hand")
    who = {"who": case.actor.id, "name": case.actor.name, "venue": case.actor.venue}
    return [("hand.up", {**who, "position": len(hands) + 1})]


def _hand_down(case: _Case) -> Events:
    who = case.data["who"] or case.actor.id
    if who != case.actor.id and case.actor.role != "trainer":
        raise NotAllowed(case.kind, case.actor.role)
    if all(one["who"] != who for one in case.state["hands"]):
        raise Gone("hand")
    return [("hand.down", {"who": who})]


def _hand_call(case: _Case) -> Events:
    if all(one["who"] != case.data["who"] for one in case.state["hands"]):
        raise Gone("hand")
    return _as_it_is(case)


def _checkin_open(case: _Case) -> Events:
    seconds, venues = case.data["seconds"], case.data["venues"]
    known = sorted(int(key) for key in case.state["venues"])
    if set(venues) - set(known):
        raise Gone("venue")
    opened = {
        "round": case.facts.rounds + 1, "kind": case.data["kind"], "venues": venues or known,
        "closes_at": seconds and case.at + seconds * 1000,
    }  # fmt: skip
    before = case.state["checkin"]
    closed: Events = [("checkin.close", {"round": before["round"]})] if before else []
    return [*closed, ("checkin.open", opened)]


def _checkin_close(case: _Case) -> Events:
    if not case.state["checkin"]:
        raise Gone("checkin")
    return [("checkin.close", {"round": case.state["checkin"]["round"]})]


def _head_count(case: _Case) -> Events:
    venue = case.data["venue"] or case.actor.venue
    if str(venue) not in case.state["venues"]:
        raise Gone("venue")
    if case.actor.role == "steward" and venue != case.actor.venue:
        raise NotAllowed(case.kind, case.actor.role)
    heads, by, confirmed_by, photo = case.data["heads"], case.actor.id, None, case.facts.photo or ("", "")
    if case.data["photo"] is not None and case.facts.photo is None:
        raise Gone("photo")
    if case.data["confirm"]:
        if case.facts.head_count is None or case.facts.head_count[0] != heads:
            raise Gone("headcount")
        _, by, *photo = case.facts.head_count
        confirmed_by = case.actor.id
        if by == confirmed_by:
            raise SamePerson
    counted = {"venue": venue, "heads": heads, "photo_ref": photo[0], "sha256": photo[1]}
    return [("headcount", {**counted, "by": by, "confirmed_by": confirmed_by})]


PLANS: dict[str, Callable[[_Case], Events]] = {
    "session.state": _turn,
    "slide.deck": _deck,
    "slide.goto": _goto,
    "media.mode": _media,
    "law.show": _law,
    "poll.open": _poll_open,
    "poll.close": _poll_close,
    "poll.show": _poll_show,
    "quiz.open": _quiz_open,
    "quiz.close": _quiz_close,
    "qa.new": _qa_new,
    "qa.approve": _qa_approve,
    "qa.merge": _qa_decide,
    "qa.pin": _qa_decide,
    "qa.answered": _qa_decide,
    "qa.hide": _qa_decide,
    "hand.up": _hand_up,
    "hand.down": _hand_down,
    "hand.call": _hand_call,
    "checkin.open": _checkin_open,
    "checkin.close": _checkin_close,
    "headcount": _head_count,
    # A person's vote is a row; the server's sum of them is the event of that name.
    "votes": lambda case: [("qa.vote", case.data)],
    **dict.fromkeys(("answer", "qa.vote", "checkin", "tick", "confirm", "pointer"), _nothing),
}
