"""The room's script in a real Chromium: the same reducer as the server's, small enough for a phone on a poor line."""
import gzip
import json
import random
from pathlib import Path

import pytest

from courses.live.board import EVENTS, STATES, check_event, initial, redact, reduce
from tests.servers import ROOT

STATIC = ROOT / "courses/live/static/live"
VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
PLAY = """logs => JSON.stringify(JSON.parse(logs).map(([state, events]) =>
  events.reduce((now, event) => mfRoom.reduce(now, event), state)))"""
FROZEN = """([state, events]) => {
  const freeze = thing => {
    if (thing && typeof thing === "object") Object.values(thing).forEach(freeze);
    return Object.freeze(thing);
  };
  return events.reduce((now, event) => freeze(mfRoom.reduce(now, freeze(event))), freeze(state));
}"""


@pytest.fixture(scope="module")
def room_script(browser):
    """An empty page with the script."""
    page = browser.new_page()
    page.add_script_tag(content=(STATIC / "room.js").read_text("utf-8"))
    yield page
    page.close()


def in_browser(page, logs):
    """[[state, events], …] → [state, …], as room.js makes them."""
    return json.loads(page.evaluate(PLAY, json.dumps(logs)))


LAW = {"law": "行政复议法", "article": "第二十条", "revision": "2023", "text": "六十日"}


class Logs:
    """Random logs over few ids, so that events meet what others have made."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def one_of(self, *all):
        return self.dice.choice(all)

    def some(self, *all):
        return self.dice.sample(all, self.dice.randint(0, len(all)))

    def id(self):
        return self.dice.randint(1, 4)

    def word(self):
        return self.one_of("a", "b", "c")

    def time(self):
        return self.one_of(None, 1_790_000_000_000 + self.dice.randint(0, 9))

    def count(self):
        return self.dice.randint(0, 60)

    def counts(self):
        return self.one_of([], [self.count(), self.count()], [["期限", self.count()]])

    def options(self):
        return ["15 日", "60 日"][: self.dice.randint(0, 2)]

    def by_venue(self, *names):
        return {str(one): {name: self.count() for name in names} for one in self.some(1, 2, 3)}

    def question(self):
        return {"id": self.word(), "text": "几日？", "venue": self.one_of(None, 1), "author_shown": self.one_of("", "何砚秋")}

    def data(self, kind):
        device = {"venue": self.id(), "device": "", "rtt": 9, "quality": self.one_of("", "good", "poor")}
        made = {
            "session.state": lambda: {"from": "lobby", "to": self.one_of(*STATES), "reason": self.one_of("", "停电")},
            "session.notice": lambda: {"text": self.one_of("", "休息"), "level": "info", "venues": self.some(1, 2)},
            "slide.goto": lambda: {"deck": self.word(), "page": self.id(), "step": self.id()},
            "slide.deck": lambda: {"deck": self.word(), "pages": self.count(), "sha": "x", "sizes": [1]},
            "media.mode": lambda: {"tier": "push", "url_ref": "", "tracks": ["audio"], "kbps": 32},
            "media.marker": lambda: {"media_ms": 5},
            "ink.stroke": lambda: {"page": 1, "id": "s", "colour": "#8e2419", "width": 3, "points": [1, 2, 3, 4]},
            "ink.undo": lambda: {"id": "s"},
            "ink.clear": lambda: {"page": 1},
            "law.show": lambda: {"law": self.one_of("", "行政复议法"), "article": "20", "revision": "2023", "text": "六十日"},
            "poll.open": lambda: {
                "id": self.word(), "kind": self.one_of("single", "multi", "scale", "cloud", "text"), "text": "几日？",
                "options": self.options(), "anonymous": self.one_of(True, False), "closes_at": self.time(), "audience": "all",
            },
            "poll.tally": lambda: {
                "id": self.word(), "counts": self.counts(), "by_venue": {"1": self.counts()}, "n": self.count(),
            },
            "poll.show": lambda: {
                "id": self.word(), "what": self.one_of("none", "counts", "answer"), "said": self.some("懂了", "再讲一遍"),
            },
            "quiz.open": lambda: {
                "id": self.word(), "question_ref": 7, "seconds": 60, "type": "single", "text": "几日？",
                "options": self.options(),
            },
            "quiz.tally": lambda: {"answered": self.count(), "of": self.count()},
            "quiz.close": lambda: {
                "id": self.word(), "correct": self.one_of("A", ""), "counts": self.counts(), "law": self.one_of(None, LAW),
            },
            "quiz.board": lambda: {"rows": [{"venue": self.id(), "average": self.count(), "of": self.count()}]},
            "qa.new": self.question,
            "qa.approve": lambda: {**self.question(), "by": 5, "note": ""},
            "qa.merge": lambda: {"id": self.word(), "into": self.word(), "by": 5, "note": ""},
            "qa.vote": lambda: {"id": self.word(), "n": self.count()},
            "hand.up": lambda: {"who": self.id(), "name": "彭若谷", "venue": self.one_of(None, 1), "position": 1},
            "hand.down": lambda: {"who": self.id()},
            "hand.call": lambda: {"who": self.id(), "lane": self.one_of("venue", "phone")},
            "floor": lambda: {
                "holder": self.one_of(None, "彭若谷"), "who": self.one_of(None, self.id()), "until": self.time(),
                "venue": self.one_of(None, self.id()),
            },
            "checkin.open": lambda: {"round": self.id(), "kind": "qr", "closes_at": self.time(), "venues": self.some(1, 2)},
            "checkin.close": lambda: {"round": self.id()},
            "checkin.tally": lambda: {"by_venue": self.by_venue("signed", "roster")},
            "presence": lambda: {"by_venue": self.by_venue("online")},
            "headcount": lambda: {
                "venue": self.id(), "heads": self.count(), "photo_ref": "", "sha256": "", "by": 5,
                "confirmed_by": self.one_of(None, 6),
            },
            "venue.online": lambda: device,
            "venue.offline": lambda: device,
            "caption": lambda: {"from_ms": 1, "to_ms": 2, "text": self.one_of("", "从第二天起算"), "final": True},
            "timer": lambda: {"ends_at": self.time(), "text": self.one_of("", "休息")},
            "mark": lambda: {"text": "期限"},
            "task.after": lambda: {"exam_ref": 3, "due": "2026-12-01"},
            "kick": lambda: {"who": 3, "venue": None},
        }  # fmt: skip
        if kind in made:
            return made[kind]()
        return {"id": self.word()} if "by" not in EVENTS[kind] else {"id": self.word(), "by": 5, "note": ""}

    def log(self, length):
        events = []
        for seq in range(1, length + 1):
            kind = self.dice.choice(sorted(EVENTS))
            events.append({
                "seq": seq, "at": 1_790_000_000_000 + seq, "actor": 5, "role": "trainer", "venue": None, "kind": kind, "v": 1,
                "data": check_event(kind, self.data(kind)),
            })  # fmt: skip
        return events


def played(events):
    state = initial()
    for one in events:
        state = reduce(state, one)
    return json.loads(json.dumps(state))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_browser_makes_the_same_state_of_every_vector(room_script, path):
    vectors = json.loads(path.read_text("utf-8"))
    states = in_browser(room_script, [[initial(), one["events"]] for one in vectors])
    assert [(one["name"], state) for one, state in zip(vectors, states, strict=True)] == [
        (one["name"], one["state"]) for one in vectors
    ]


def test_there_are_vectors():
    assert VECTORS != []


@pytest.mark.parametrize("seed", range(10))
def test_the_browser_and_the_server_agree_on_200_random_logs(room_script, seed):
    logs = [Logs(f"{seed}/{number}").log(40) for number in range(200)]
    states = in_browser(room_script, [[initial(), log] for log in logs])
    for log, state in zip(logs, states, strict=True):
        assert state == played(log)


def test_what_is_kept_from_the_audience_only_counts(room_script):
    log = [redact(one) for one in Logs("audience").log(60)]
    [state] = in_browser(room_script, [[initial(), log]])
    assert state == played(log)
    assert state["seq"] == 60


def test_the_reducer_changes_nothing_in_place(room_script):
    for number in range(20):
        log = Logs(f"frozen/{number}").log(60)
        assert room_script.evaluate(FROZEN, [initial(), log]) == played(log)


def test_the_first_try_to_come_back_is_within_3_seconds_and_the_last_within_30(room_script):
    waits = room_script.evaluate("() => [0, 1, 2, 3, 4, 5, 50].map(n => Array.from({length: 2000}, () => mfRoom.pause(n)))")
    for at_most, tries in zip([3000, 3000, 6000, 12000, 24000, 30000, 30000], waits, strict=True):
        assert max(tries) < at_most
        # Spread over the whole span: a thousand phones do not come back together.
        assert min(tries) < at_most / 20
        assert max(tries) > at_most * 19 / 20


def test_keys_are_22_letters_that_are_safe_in_an_address_and_never_the_same(room_script):
    keys = room_script.evaluate("() => Array.from({length: 5000}, mfRoom.key)")
    assert len(set(keys)) == 5000
    assert {len(key) for key in keys} == {22}
    assert set("".join(keys)) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_room_script_is_at_most_8_kilobytes_on_the_line():
    assert len(gzip.compress((STATIC / "room.js").read_bytes(), 9)) <= 8 * 1024
