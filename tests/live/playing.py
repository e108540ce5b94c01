"""Classes played at random through the pure board, for property tests and the shared vectors."""
import random

from courses.live.board import Actor, Facts, Refusal, initial, plan, reduce

START = 1_790_000_000_000
VENUES = {3: 30, 7: 45}
TRAINER = Actor("trainer", 1, "何砚秋")
SYSTEM = Actor("system")
CADRES = [Actor("cadre", 10 + n, f"甲{n}", 3 if n % 2 else 7) for n in range(4)]
STEWARD = Actor("steward", 20, "乙一", 3)
SECOND = Actor("steward", 21, "乙二", 3)
SCREEN = Actor("venue", venue=3)
LEADER = Actor("leader", 30, "丙一")
ACTORS = [TRAINER, SYSTEM, *CADRES, STEWARD, SECOND, SCREEN, LEADER]
FACTS = Facts(
    rosters=VENUES, law={"revision": "2023", "text": "第二十条 ……"}, head_count=(28, 20, "", ""),
    question={"type": "single", "text": "哪一项对？", "options": ["甲", "乙", "丙"]},
    key={
        "correct": "A", "counts": [3, 1, 0],
        "law": {"law": "行政复议法", "article": "第二十条", "revision": "2023", "text": "六十日"},
        "rows": [{"venue": 3, "average": 75, "of": 4}]
    },
)  # fmt: skip
TURNS = ["scheduled", "lobby", "live", "paused", "ended", "processing", "replay", "archived", "cancelled", "draft"]


class Play:
    """One training, command after command."""

    def __init__(self):
        self.state, self.events, self.rounds = initial(), [], 0

    def do(self, actor, kind, data):
        """The envelopes made, None when it was refused."""
        at = START + 1000 * len(self.events)
        facts = Facts(**{**FACTS.__dict__, "rounds": self.rounds})
        try:
            planned = plan(self.state, kind, data, actor=actor, at=at, facts=facts)
        except Refusal:
            return None
        for name, made in planned:
            self.rounds += name == "checkin.open"
            envelope = {
                "seq": self.state["seq"] + 1, "at": at, "actor": actor.id, "role": actor.role, "venue": actor.venue,
                "kind": name, "v": 1, "data": made,
            }  # fmt: skip
            self.events.append(envelope)
            self.state = reduce(self.state, envelope)
        return self.events[len(self.events) - len(planned) :]


def commands(rng: random.Random, state: dict) -> list[tuple[str, dict]]:
    """Commands that make sense somewhere; whether here and now is the board's question."""
    poll, quiz = (state[name]["id"] if state[name] else "p1" for name in ("poll", "quiz"))
    asked = rng.choice([one["id"] for one in state["qa"]] or ["a1"])
    other = rng.choice([one["id"] for one in state["qa"]] or ["a2"])
    who = rng.choice([one["who"] for one in state["hands"]] or [10])
    n = rng.randrange(40)
    return [
        ("session.state", {"to": rng.choice(TURNS), "reason": rng.choice(["", "停电"])}),
        ("session.notice", {"text": rng.choice(["", "十点继续"]), "level": "info"}),
        ("slide.deck", {"deck": f"d{n % 2}", "pages": 1 + n, "sha": "ab12"}),
        ("slide.goto", {"deck": f"d{n % 2}", "page": 1 + n, "step": n % 3}),
        ("media.mode", {"tier": rng.choice(["push", "none"]), "tracks": ["audio"], "kbps": n}),
        ("media.marker", {"media_ms": n * 1000}),
        ("ink.stroke", {"page": 1 + n, "id": f"s{n}", "colour": "red", "width": 3, "points": [1, 2, n, -n]}),
        ("ink.undo", {"id": f"s{n}"}),
        ("ink.clear", {"page": 1 + n}),
        ("law.show", {"law": rng.choice(["", "行政复议法"]), "article": "第二十条"}),
        ("poll.open", {"kind": rng.choice(["single", "multi"]), "text": "听懂了吗", "options": ["懂", "不懂"], "seconds": 60}),
        ("poll.open", {"kind": rng.choice(["scale", "cloud", "text"]), "text": "打几分"}),
        ("poll.tally", {"id": poll, "counts": [n, 2], "by_venue": {"3": [n, 0], "7": [0, 2]}, "n": n + 2}),
        ("poll.close", {"id": poll}),
        ("poll.show", {"id": poll, "what": rng.choice(["none", "counts", "answer"]), "said": ["懂了"][: n % 2]}),
        ("quiz.open", {"question_ref": 5, "seconds": 30}),
        ("quiz.tally", {"answered": n, "of": 40}),
        ("quiz.close", {"id": quiz}),
        ("qa.new", {"text": f"第 {n} 问", "anonymous": n % 2 == 0}),
        ("qa.approve", {"id": asked}),
        ("qa.merge", {"id": asked, "into": other}),
        ("qa.pin", {"id": asked}),
        ("qa.answered", {"id": asked, "note": "已答"}),
        ("qa.hide", {"id": asked}),
        ("hand.up", {}),
        ("hand.down", {"who": rng.choice([None, who])}),
        ("hand.call", {"who": who, "lane": "venue"}),
        ("floor", rng.choice([{"holder": None}, {"holder": "甲一", "who": who, "until": START, "venue": 3}])),
        ("checkin.open", {"kind": rng.choice(["qr", "code"]), "seconds": rng.choice([60, None])}),
        ("checkin.tally", {"by_venue": {"3": {"signed": n % 30, "roster": 30}}}),
        ("checkin.close", {}),
        ("headcount", {"venue": 3, "heads": 28, "confirm": n % 2 == 0}),
        ("venue.online", {"venue": 7, "device": "屏", "rtt": n, "quality": "好"}),
        ("venue.offline", {"venue": 7, "device": "屏", "rtt": 0, "quality": ""}),
        ("presence", {"by_venue": {"3": {"online": n}, "9": {"online": 1}}}),
        ("caption", {"from_ms": n, "to_ms": n + 9, "text": rng.choice(["", "各位"]), "final": True}),
        ("timer", rng.choice([{"ends_at": None}, {"ends_at": START + n, "text": "讨论"}])),
        ("mark", {"text": f"第 {n} 段"}),
        ("task.after", {"exam_ref": 4, "due": "2026-12-01"}),
        ("kick", {"who": 12, "venue": None}),
        ("answer", {"id": poll, "choice": [0]}),
        ("qa.vote", {"id": asked}),
        ("votes", {"id": asked, "n": n}),
    ]


def play(seed: int, length: int) -> Play:
    """A class of so many tries; most get as far as the lesson, because most of the board is there."""
    rng, made = random.Random(seed), Play()
    if rng.random() < 0.9:
        for to in ("scheduled", "lobby", "live")[: rng.randrange(1, 4)]:
            made.do(TRAINER, "session.state", {"to": to})
    for _ in range(length):
        kind, data = rng.choice(commands(rng, made.state))
        if kind == "session.state" and rng.random() < 0.7:
            continue
        actor = TRAINER if rng.random() < 0.5 else rng.choice(ACTORS)
        made.do(actor, kind, data)
    return made
