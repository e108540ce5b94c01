"""reduce(state, envelope) → state: the room after one more event. room.js has the same table in JavaScript.

A state is plain JSON and never changed in place. Ids of venues are strings there, because JSON has no other keys.
Times of events are the envelope's, so playing the log again gives the same state at any later day.
"""
from collections.abc import Callable

KEPT_MARKS = 50


def initial() -> dict:
    """The state before the first event."""
    return {
        "seq": 0, "state": "draft", "reason": "", "slide": {"deck": "", "page": 1, "step": 0}, "decks": {},
        "media": None, "notice": None, "law": None, "poll": None, "quiz": None, "board": [], "qa": [], "hands": [],
        "floor": None, "checkin": None, "venues": {}, "caption": None, "timer": None, "marks": [],
    }  # fmt: skip


def reduce(state: dict, envelope: dict) -> dict:
    """The state after this event. A kind that is not known (or kept from the reader) only moves `seq`."""
    step = STEPS.get(envelope["kind"])
    changed = step(state, envelope["data"], envelope) if step else {}
    return {**state, **changed, "seq": envelope["seq"]}


def _session_state(state, data, envelope):
    changed = {"state": data["to"], "reason": data["reason"]}
    if data["to"] in ("ended", "cancelled"):
        changed |= {"hands": [], "floor": None, "timer": None, "poll": _shut(state["poll"]), "quiz": _shut(state["quiz"])}
    return changed


def _shut(item):
    return item and {**item, "open": False}


def _notice(state, data, envelope):
    notice = {"text": data["text"], "level": data["level"], "venues": data["venues"], "at": envelope["at"]}
    return {"notice": notice if data["text"] else None}


def _goto(state, data, envelope):
    return {"slide": {"deck": data["deck"], "page": data["page"], "step": data["step"]}}


def _deck(state, data, envelope):
    return {"decks": {**state["decks"], data["deck"]: {"pages": data["pages"], "sha": data["sha"]}}}


def _media(state, data, envelope):
    named = {name: data.get(name, "") for name in ("sender", "name")}  # logs of before have neither
    return {"media": {**{name: data[name] for name in ("tier", "url_ref", "tracks", "kbps")}, **named}}


def _law(state, data, envelope):
    return {"law": {name: data[name] for name in ("law", "article", "revision", "text")} if data["law"] else None}


def _poll_open(state, data, envelope):
    options = 0 if data["kind"] in ("cloud", "text") else len(data["options"])
    poll = {name: data[name] for name in ("id", "kind", "text", "options", "anonymous", "closes_at", "audience")}
    return {"poll": {**poll, "open": True, "show": "none", "said": [], "counts": [0] * options, "by_venue": {}, "n": 0}}


def _poll_change(make: Callable[[dict], dict]):
    """A step that changes the poll on the board, and nothing when it is another one."""

    def step(state, data, envelope):
        poll = state["poll"]
        return {"poll": {**poll, **make(data)}} if poll and poll["id"] == data["id"] else {}

    return step


def _quiz_open(state, data, envelope):
    quiz = {name: data[name] for name in ("id", "question_ref", "seconds", "type", "text", "options")}
    rest = {"at": envelope["at"], "open": True, "answered": 0, "of": 0, "correct": None, "counts": [], "law": None}
    return {"quiz": {**quiz, **rest}, "board": []}


def _quiz_tally(state, data, envelope):
    quiz = state["quiz"]
    return {"quiz": {**quiz, "answered": data["answered"], "of": data["of"]}} if quiz and quiz["open"] else {}


def _quiz_close(state, data, envelope):
    quiz = state["quiz"]
    if not quiz or quiz["id"] != data["id"]:
        return {}
    return {"quiz": {**quiz, "open": False, "correct": data["correct"], "counts": data["counts"], "law": data.get("law")}}


def _board(state, data, envelope):
    return {"board": data["rows"]}


def _qa_new(state, data, envelope):
    return {"qa": [*state["qa"], _question(data, "new", 0)]}


def _question(data, status, votes):
    return {
        "id": data["id"], "text": data["text"], "venue": data["venue"], "shown": data["author_shown"], "status": status,
        "votes": votes, "pinned": False,
    }  # fmt: skip


def _qa_approve(state, data, envelope):
    # To the end for those who saw it before as well: the room sees the same order.
    others = [one for one in state["qa"] if one["id"] != data["id"]]
    shown = [one for one in state["qa"] if one["id"] == data["id"] and one["status"] != "new"]
    return {} if shown else {"qa": [*others, _question(data, "approved", 0)]}


def _qa_pin(state, data, envelope):
    return {"qa": [{**one, "pinned": one["id"] == data["id"]} for one in state["qa"]]}


def _qa_change(make: Callable[[dict], dict]):
    """A step that changes one question the room sees; one that waits is approved first."""

    def step(state, data, envelope):
        def changed(one):
            return {**one, **make(data)} if one["id"] == data["id"] and one["status"] != "new" else one

        return {"qa": [changed(one) for one in state["qa"]]}

    return step


def _qa_leave(state, data, envelope):
    """Merged and hidden ones leave the board; the log keeps them."""
    return {"qa": [one for one in state["qa"] if one["id"] != data["id"]]}


def _hand_up(state, data, envelope):
    if any(one["who"] == data["who"] for one in state["hands"]):
        return {}
    hand = {"who": data["who"], "name": data["name"], "venue": data["venue"], "lane": ""}
    return {"hands": [*state["hands"], hand]}


def _hand_down(state, data, envelope):
    return {"hands": [one for one in state["hands"] if one["who"] != data["who"]]}


def _hand_call(state, data, envelope):
    return {"hands": [{**one, "lane": data["lane"]} if one["who"] == data["who"] else one for one in state["hands"]]}


def _floor(state, data, envelope):
    if data["holder"] is None:
        return {"floor": None}
    floor = {"holder": data["holder"], "who": data["who"], "until": data["until"], "venue": data.get("venue")}
    return {"floor": floor, "hands": [one for one in state["hands"] if one["who"] != data["who"]]}


def _checkin_open(state, data, envelope):
    return {"checkin": {name: data[name] for name in ("round", "kind", "closes_at", "venues")}}


def _checkin_close(state, data, envelope):
    return {"checkin": None} if state["checkin"] and state["checkin"]["round"] == data["round"] else {}


def _venues(state, changes: dict[str, dict]):
    venues = dict(state["venues"])
    for key, change in changes.items():
        none = {"online": 0, "screen": False, "heads": 0, "confirmed": False, "signed": 0, "roster": 0, "quality": ""}
        venues[key] = {**none, **venues.get(key, {}), **change}
    return {"venues": venues}


def _by_venue(state, data, envelope):
    return _venues(state, data["by_venue"])


def _headcount(state, data, envelope):
    confirmed = data["confirmed_by"] is not None
    return _venues(state, {str(data["venue"]): {"heads": data["heads"], "confirmed": confirmed}})


def _screen(on: bool):
    def step(state, data, envelope):
        return _venues(state, {str(data["venue"]): {"screen": on, "quality": data["quality"] if on else ""}})

    return step


def _caption(state, data, envelope):
    return {"caption": {name: data[name] for name in ("from_ms", "to_ms", "text", "final")} if data["text"] else None}


def _timer(state, data, envelope):
    return {"timer": None if data["ends_at"] is None else {"ends_at": data["ends_at"], "text": data["text"]}}


def _mark(state, data, envelope):
    mark = {"seq": envelope["seq"], "at": envelope["at"], "text": data["text"]}
    return {"marks": [*state["marks"], mark][-KEPT_MARKS:]}


# Ink, media.marker, task.after and kick move nothing here but seq: they are read from the log.
STEPS: dict[str, Callable[[dict, dict, dict], dict]] = {
    "session.state": _session_state,
    "session.notice": _notice,
    "slide.goto": _goto,
    "slide.deck": _deck,
    "media.mode": _media,
    "law.show": _law,
    "poll.open": _poll_open,
    "poll.tally": _poll_change(lambda data: {name: data[name] for name in ("counts", "by_venue", "n")}),
    "poll.close": _poll_change(lambda data: {"open": False}),
    "poll.show": _poll_change(lambda data: {"show": data["what"], "said": data.get("said", [])}),
    "quiz.open": _quiz_open,
    "quiz.tally": _quiz_tally,
    "quiz.close": _quiz_close,
    "quiz.board": _board,
    "qa.new": _qa_new,
    "qa.approve": _qa_approve,
    "qa.merge": _qa_leave,
    "qa.pin": _qa_pin,
    "qa.answered": _qa_change(lambda data: {"status": "answered", "pinned": False}),
    "qa.hide": _qa_leave,
    "qa.vote": _qa_change(lambda data: {"votes": data["n"]}),
    "hand.up": _hand_up,
    "hand.down": _hand_down,
    "hand.call": _hand_call,
    "floor": _floor,
    "checkin.open": _checkin_open,
    "checkin.tally": _by_venue,
    "checkin.close": _checkin_close,
    "headcount": _headcount,
    "venue.online": _screen(True),
    "venue.offline": _screen(False),
    "presence": _by_venue,
    "caption": _caption,
    "timer": _timer,
    "mark": _mark,
}
