"""What a class costs a phone on a poor line, counted on the frames a real hub sends. No database, no clock."""
import asyncio
import json
import random

import pytest

from courses.live import hub as hubs
from courses.live.board import Actor, initial, plan, reduce
from courses.live.clients import Client

from .playing import CADRES, FACTS, START, SYSTEM, TRAINER

VENUES = list(range(301, 322))  # 21 halls
OVERHEAD = 4  # bytes a WebSocket frame of this size takes around its text
MINUTES = 90


class Class:
    """A class in a hub with one phone of a hall, whose bytes are counted."""

    def __init__(self):
        self.hub, self.state, self.at, self.dice = hubs.Hub(1), initial(), START, random.Random(7)
        self.phone, self.received, self.frames = CADRES[0], 0, 0
        self.client = Client(Actor("cadre", self.phone.id, self.phone.name, VENUES[0]), self.take, None)
        self.hub.state = self.state
        self.hub.clients[self.client] = None

    async def take(self, text):
        self.received += len(text.encode()) + OVERHEAD
        self.frames += 1

    async def do(self, kind, data, actor=TRAINER):
        facts = FACTS.__class__(**{**FACTS.__dict__, "rosters": dict.fromkeys(VENUES, 25)})
        for name, made in plan(self.state, kind, data, actor=actor, at=self.at, facts=facts):
            envelope = {
                "seq": self.state["seq"] + 1, "at": self.at, "actor": actor.id, "role": actor.role, "venue": actor.venue,
                "kind": name, "v": 1, "data": made,
            }  # fmt: skip
            self.state = reduce(self.state, envelope)
            self.hub.offer([envelope])
        self.at += 1000
        while self.client.task:
            await asyncio.sleep(0)

    async def begin(self):
        for to in ("scheduled", "lobby"):
            await self.do("session.state", {"to": to})
        await self.do("slide.deck", {"deck": "d1", "pages": 60, "sha": "ab" * 32, "sizes": [58_000] * 60})
        await self.do("session.state", {"to": "live"})

    async def draw(self, n):
        """A quarter of a second of drawing: what 60 places a second leave."""
        points = [self.dice.randint(0, 65535) for _ in range(2)] + [self.dice.randint(-900, 900) for _ in range(28)]
        piece = {"page": self.state["slide"]["page"], "id": f"{n:010d}", "colour": "#8e2419", "width": 5, "points": points}
        await self.do("ink.stroke", piece)

    async def count(self, n):
        poll = self.state["poll"]["id"]
        by_venue = {str(venue): [n % 25, n % 7, n % 11, n % 3] for venue in VENUES}
        tally = {"id": poll, "counts": [9 * n, 3 * n, 4 * n, n], "by_venue": by_venue, "n": 17 * n}
        await self.do("poll.tally", tally, actor=SYSTEM)

    async def whole(self):
        """60 slide turns, 300 pieces of ink, 100 tallies of 10 polls, people who come and go, heartbeats."""
        await self.begin()
        for n in range(60):
            await self.do("slide.goto", {"deck": "d1", "page": n + 1, "step": 0})
            for piece in range(5):
                await self.draw(5 * n + piece)
            if n % 6 == 0:
                ask = {"kind": "single", "text": "申请行政复议的一般期限是？", "options": ["15 日", "30 日", "60 日", "90 日"]}
                await self.do("poll.open", {**ask, "seconds": 60})
                for second in range(10):
                    await self.count(second + 1)
                await self.do("poll.close", {"id": self.state["poll"]["id"]})
            for _ in range(4):
                some = {str(venue): {"online": self.dice.randint(10, 25)} for venue in self.dice.sample(VENUES, 2)}
                await self.do("presence", {"by_venue": some}, actor=SYSTEM)
        for _ in range(MINUTES * 60 // 25):
            self.client.push('{"beat":1}')
            while self.client.task:
                await asyncio.sleep(0)


async def test_a_whole_class_costs_a_phone_in_a_hall_at_most_300_kB():
    one = Class()
    await one.whole()
    kinds = [json.loads(full)["kind"] for _, full, _ in one.hub.ring]
    assert kinds.count("ink.stroke") > 200  # the ring keeps the last 500 of all
    assert one.state["seq"] > 700
    assert one.frames > 900
    assert one.received <= 300_000


@pytest.mark.parametrize("minutes", [1, 5, 10])
async def test_whoever_was_away_gets_one_frame_of_at_most_20_kB(minutes):
    one = Class()
    await one.whole()
    # One minute of this class makes eight events.
    since = one.state["seq"] - 8 * minutes
    frame = one.hub.catch_up(since, moderates=False)
    assert len(frame.encode()) <= 20_000
    told = json.loads(frame)
    if "snapshot" in told:
        assert (told["seq"], told["snapshot"]) == (one.state["seq"], one.state)
    else:
        assert [event["seq"] for event in told["events"]] == list(range(since + 1, one.state["seq"] + 1))


async def test_ten_minutes_of_nothing_but_ink_come_as_a_snapshot_and_a_few_turns_as_they_are():
    one = Class()
    await one.begin()
    before = one.state["seq"]
    for n in range(5):
        await one.do("slide.goto", {"deck": "d1", "page": n + 2, "step": 0})
    assert "events" in json.loads(one.hub.catch_up(before, moderates=False))
    for n in range(90):
        await one.draw(n)
    frame = one.hub.catch_up(before, moderates=False)
    assert "snapshot" in json.loads(frame)
    assert len(frame.encode()) <= 20_000
