"""Plays a demo class from its script at the sockets of a running server."""
import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from . import script
from .lines import Line, Teaching
from .stage import Stage


@dataclass(frozen=True)
class View:
    """The class at a moment, for whoever waits at the terminal."""

    share: float
    seconds: float
    state: dict
    halls: int
    phones: int
    sent: int


class Play:
    """One class. `report(view, words)` is called every second, with words where something new begins.

    Args:
        seconds: how long the class takes.
        rng: who answers what and when.
    """

    def __init__(self, stage: Stage, url: str, *, seconds: float, rng: random.Random, report: Callable[[View, str], None]):
        self.stage, self.seconds, self.rng, self.report = stage, seconds, rng, report
        line = (url, stage.training.pk)
        self.trainer = Teaching(*line, stage.trainer, rng)
        self.halls = [Line(*line, seat, rng) for seat in stage.halls]
        self.phones = [Line(*line, seat, rng) for seat in stage.phones]
        self.busy: set[asyncio.Task] = set()

    async def run(self) -> dict:
        """Play to the end; the state of the room then."""
        began = asyncio.get_running_loop().time()
        self.trainer.arrive()
        try:
            ticking = self._spawn(self._tick(began))
            turning = self._spawn(self._turn_pages(began))
            for step in script.STEPS:
                await self._wait(began, step.at)
                self.report(self._view(began), step.words)
                await getattr(self, step.act)(**step.data)
            turning.cancel()
            await self.trainer.until(lambda state: state["state"] == "ended")
            ticking.cancel()
            self.report(self._view(began), "")
            return self.trainer.state
        finally:
            for one in self.busy:
                one.cancel()
            await asyncio.gather(*(line.leave() for line in (self.trainer, *self.halls, *self.phones)))

    def _spawn(self, work) -> asyncio.Task:
        task = asyncio.create_task(work)
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)
        return task

    async def _wait(self, began: float, share: float) -> None:
        await asyncio.sleep(max(0.0, began + share * self.seconds - asyncio.get_running_loop().time()))

    def _view(self, began: float) -> View:
        seconds = asyncio.get_running_loop().time() - began
        return View(
            min(1.0, seconds / self.seconds), seconds, self.trainer.state, sum(one.online for one in self.halls),
            sum(one.online for one in self.phones), sum(one.acknowledged for one in self.phones),
        )  # fmt: skip

    async def _tick(self, began: float) -> None:
        while True:
            self.report(self._view(began), "")
            await asyncio.sleep(1)

    async def _turn_pages(self, began: float) -> None:
        first, last = 0.14, 0.98
        for page in range(2, self.stage.pages + 1):
            await self._wait(began, first + (last - first) * (page - 1) / self.stage.pages)
            await self.say("slide.goto", {"deck": self.stage.deck, "page": page})

    def _each(self, lines: list[Line], share: float, act) -> None:
        """Let each of them do something at a moment of its own within a share of the class."""

        async def later(line):
            await asyncio.sleep(self.rng.uniform(0, share * self.seconds))
            await act(line)

        for one in lines:
            self._spawn(later(one))

    async def say(self, kind: str, data: dict) -> None:
        await self.trainer.say(kind, data)

    async def turn_state(self, to: str) -> None:
        await self.say("session.state", {"to": to})
        await self.trainer.until(lambda state: state["state"] == to)

    async def open_doors(self) -> None:
        await self.trainer.until(lambda state: state["seq"] > 0)
        if self.trainer.state["state"] == "scheduled":
            await self.turn_state("lobby")
        if self.stage.deck not in self.trainer.state["decks"]:
            await self.say("slide.deck", {"deck": self.stage.deck, "pages": self.stage.pages, "sha": ""})
        await self.say("slide.goto", {"deck": self.stage.deck, "page": 1})

        async def arrive(line):
            line.arrive()

        self._each(self.halls, 0.04, arrive)
        self._each(self.phones, 0.08, arrive)

    async def sign_in(self, seconds: int) -> None:
        before = (self.trainer.state["checkin"] or {}).get("round", 0)
        await self.say("checkin.open", {"kind": "qr", "seconds": seconds})
        await self.trainer.until(lambda state: state["checkin"] and state["checkin"]["round"] != before)
        number = (self.trainer.state["checkin"] or {"round": 1})["round"]

        async def sign(phone):
            # A few never do; the hall's head-count shows it.
            if self.rng.random() < 0.96 and await phone.ready():
                seat = phone.seat
                code = seat.code(self.stage.training.pk, number)
                await phone.say("checkin", {"code": code, "device": f"demo-{seat.actor.id}"})

        self._each(self.phones, 0.09, sign)

    async def sign_again(self, seconds: int) -> None:
        await self.say("law.show", {"law": "", "article": ""})
        await self.sign_in(seconds)

    async def count_heads(self) -> None:
        for hall in self.halls:
            here = sum(phone.seat.actor.venue == hall.seat.actor.venue for phone in self.phones)
            heads = here + self.rng.choice([0, 0, 0, 1, 2])
            await self.say("headcount", {"venue": hall.seat.actor.venue, "heads": heads})
            await asyncio.sleep(0.03 * self.seconds / len(self.halls))

    async def ask(self, kind: str, text: str, options: list[str]) -> None:
        await self.say("poll.open", {"kind": kind, "text": text, "options": options, "anonymous": True})
        await self.trainer.until(lambda state: state["poll"] and state["poll"]["open"] and state["poll"]["text"] == text)
        poll = self.trainer.state["poll"]
        if not poll:
            return
        places = range(len(poll["options"]))
        weights = [self.rng.random() + 0.1 for _ in places]

        async def answer(phone):
            if self.rng.random() < 0.92:
                choice = self.rng.choice(script.WORDS) if kind == "cloud" else self.rng.choices(places, weights)
                await phone.say("answer", {"id": poll["id"], "choice": choice})

        self._each(self.phones, 0.05, answer)

    async def close_poll(self) -> None:
        poll = self.trainer.state["poll"]
        if poll:
            await self.say("poll.close", {"id": poll["id"]})
            await self.say("poll.show", {"id": poll["id"], "what": "counts"})

    async def quiz(self, seconds: int) -> None:
        if not self.stage.questions:
            return
        await self.say("quiz.open", {"question_ref": self.rng.choice(self.stage.questions), "seconds": seconds})
        await self.trainer.until(lambda state: state["quiz"] and state["quiz"]["open"])
        quiz = self.trainer.state["quiz"]
        if not quiz:
            return
        favourite = self.rng.randrange(len(quiz["options"]))

        async def answer(phone):
            choice = favourite if self.rng.random() < 0.5 else self.rng.randrange(len(quiz["options"]))
            await phone.say("answer", {"id": quiz["id"], "choice": [choice]})

        self._each(self.phones, 0.05, answer)

    async def close_quiz(self) -> None:
        quiz = self.trainer.state["quiz"]
        if quiz and quiz["open"]:
            await self.say("quiz.close", {"id": quiz["id"]})

    async def raise_hands(self) -> None:
        for phone in self.rng.sample(self.phones, min(4, len(self.phones))):
            await phone.say("hand.up", {})

    async def give_floor(self) -> None:
        hands = self.trainer.state["hands"]
        if hands:
            await self.say("floor", {"holder": hands[0]["name"], "who": hands[0]["who"]})

    async def ask_questions(self) -> None:
        await self.say("floor", {"holder": None})
        asking = self.rng.sample(self.phones, min(len(script.ASKED), len(self.phones)))
        for phone, text in zip(asking, script.ASKED, strict=False):
            await phone.say("qa.new", {"text": text, "anonymous": True})

    async def vote(self) -> None:
        waiting = [one["id"] for one in self.trainer.state["qa"] if one["status"] == "new"]
        for item in waiting[:-1]:
            await self.say("qa.approve", {"id": item})

        async def agree(phone):
            if waiting:
                await phone.say("qa.vote", {"id": waiting[min(int(self.rng.expovariate(0.9)), len(waiting) - 1)]})

        self._each(self.phones[::3], 0.05, agree)

    async def answer_question(self) -> None:
        open_ones = [one for one in self.trainer.state["qa"] if one["status"] == "approved"]
        if open_ones:
            await self.say("qa.pin", {"id": max(open_ones, key=lambda one: one["votes"])["id"]})

    async def drop_halls(self) -> None:
        # In a short class a hall could go and come between two counts of who is there, and nobody would see it.
        await self._see_screens(on=True)
        for hall in self._dropped():
            await hall.leave()
        await self._see_screens(on=False)

    def _dropped(self) -> list[Line]:
        # The first hall is the one whoever looks has open.
        return self.halls[1:3]

    async def _see_screens(self, *, on: bool) -> None:
        venues = [str(hall.seat.actor.venue) for hall in self._dropped()]
        await self.trainer.until(lambda state: all(state["venues"].get(one, {}).get("screen", False) == on for one in venues))

    async def return_halls(self) -> None:
        pinned = [one["id"] for one in self.trainer.state["qa"] if one["pinned"]]
        for item in pinned:
            await self.say("qa.answered", {"id": item})
        for hall in self._dropped():
            hall.arrive()
