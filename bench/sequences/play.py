"""Playing a sequence of happenings in a room, with a witness beside it. Needs no Django.

A room is whatever carries the sittings of one candidate: the pure engine (`rooms.EngineRoom`), or the real actions on
a database (tests). The sequence is a list of (happening, a, b); the numbers choose device, question, minutes.
"""
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from exams.engine.paper import Item, Names
from exams.engine.refusals import BadAnswer, Refusal

from .witness import Witness

OPENS = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=3)
DURATION_MINUTES = 60
ATTEMPTS = 3
DEVICES = 3
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# Seconds the server's clock may move between two happenings, backwards too (a clock that is set, SI7).
STEPS = (0, 1, 3, 20, 60, 300, 600, 1500, 3000, -1, -40, -600)
HAPPENINGS = (
    "start", "save", "save", "save", "save_many", "repeat", "overtaken", "foreign", "hand_in", "hand_in_form",
    "take_over", "reload", "freeze", "unfreeze", "void", "extend", "sweep", "clock", "clock", "to_the_end",
)  # fmt: skip
# One in so many of these is played, or most of a sequence would lie behind its end.
RARE = {"hand_in": 4, "hand_in_form": 4, "void": 6, "freeze": 3, "to_the_end": 3}

Happening = tuple[str, int, int]


class Paper(NamedTuple):
    """What a page knows of its paper, and the seed it came from."""

    seed: int
    items: Sequence[Item]
    kinds: Sequence[str]
    names: Names


class Facts(NamedTuple):
    """A sitting as it is stored. `answers` {place: (answer, seq)}; `mark` None until it is marked."""

    number: int
    state: str
    epoch: int
    revision: int
    started_at: datetime
    ends_at: datetime
    frozen_reason: str
    answers: Mapping[int, tuple[str, int]]
    mark: object
    submitted_at: datetime | None
    ending: str


class Room(Protocol):
    """Everything raises the engine's refusals. Saving and handing in concern the sitting that was started last."""

    def start(self, *, now: datetime, device: int) -> None: ...
    def save(self, changes: object, *, epoch: int, now: datetime) -> dict[str, int]: ...
    def hand_in(self, *, now: datetime, chosen: dict | None = None, epoch: int = 0) -> None: ...
    def take_over(self, *, now: datetime, device: int) -> None: ...
    def freeze(self, *, now: datetime) -> None: ...
    def unfreeze(self, *, now: datetime) -> None: ...
    def void(self, *, now: datetime) -> None: ...
    def extend(self, minutes: int, *, now: datetime) -> None: ...
    def sweep(self, *, now: datetime) -> None: ...
    def sittings(self) -> list[Facts]: ...
    def paper(self) -> Paper: ...


@dataclass
class Page:
    """A paper on a screen: the epoch of its token, its counter of changes, and what it has sent."""

    epoch: int
    seq: int
    sent: list = field(default_factory=list)


def generate(seed: int, *, shortest: int = 8, longest: int = 40) -> list[Happening]:
    """A sequence from a seed alone."""
    rng = random.Random(seed)
    out = [("start", rng.randrange(256), 0)]
    for _ in range(rng.randint(shortest, longest)):
        name = HAPPENINGS[int(rng.random() * len(HAPPENINGS))]
        if rng.random() * RARE.get(name, 1) >= 1:
            name = "save"
        out.append((name, int(rng.random() * 256), int(rng.random() * 256)))
    return out


class Play:
    """One sequence in one room. `run` raises AssertionError where the witness objects.

    tally: {happening: [carried out, refused]}, so that a run can show that it was not all refusals. What had nobody
        to do it (a save without a page) is in neither.
    """

    def __init__(self, room: Room, witness: Witness):
        self.room, self.witness = room, witness
        self.now = OPENS + 10 * MINUTE
        self.pages: dict[int, Page] = {}
        self.tally: dict[str, list[int]] = {}

    def run(self, happenings: Iterable[Happening]) -> None:
        for name, a, b in happenings:
            try:
                counts = getattr(self, f"_{name}")(a, b) is not False
                refused = 0
            except Refusal as refusal:
                self.witness.refused(name, refusal, self.now, self.room.sittings())
                counts = refused = 1
            if counts:
                self.tally.setdefault(name, [0, 0])[refused] += 1
            self.witness.look(self.now, self.room.sittings())
        self.witness.mark_again(self.room.sittings())

    # --- the candidate ----------------------------------------------------------------------------
    def _start(self, a, b):
        device = a % DEVICES
        before = len(self.room.sittings())
        self.witness.expect_start(self.now)
        self.room.start(now=self.now, device=device)
        if len(self.room.sittings()) > before:
            self.pages = {device: Page(1, 0)}
            self.witness.started(self.now, self.room.paper())

    def _save(self, a, b, places: int = 1):
        page = self._page(a)
        if page is None:
            return False
        paper = self.room.paper()
        changes = {}
        for step in range(places):
            place = (b + 7 * step) % len(paper.items)
            page.seq += 1
            changes[paper.names.questions[place]] = [self._choice(paper, place, a + b + step), page.seq]
        page.sent.append(changes)
        self._send(page, changes)

    def _save_many(self, a, b):
        return self._save(a, b, places=1 + b % 4)

    def _repeat(self, a, b):
        """The reply was lost: the same request once more."""
        return self._again(a, -1)

    def _overtaken(self, a, b):
        """An older request arrives behind newer ones."""
        return self._again(a, b)

    def _again(self, a, which):
        page = self._page(a)
        if page is None or not page.sent:
            return False
        self._send(page, page.sent[which % len(page.sent) if which >= 0 else -1])

    def _foreign(self, a, b):
        """A question or an option that is not on this paper, beside a good change: nothing of it is stored."""
        page = self._page(a)
        if page is None:
            return False
        paper = self.room.paper()
        bad = [
            {"q0000000": [[], 1]},
            {paper.names.questions[b % len(paper.items)]: [["nothere0"], page.seq + 1]},
            {paper.names.questions[b % len(paper.items)]: "A"},
        ][a % 3]
        good = {paper.names.questions[0]: [[paper.names.options[0][0]], page.seq + 1]}
        self.witness.expect_refusal(BadAnswer)
        self.room.save({**good, **bad}, epoch=page.epoch, now=self.now)

    def _send(self, page, changes):
        paper = self.room.paper()
        self.witness.expect_save(page.epoch, self.now, paper, changes)
        self.witness.saved(self.room.save(changes, epoch=page.epoch, now=self.now))

    def _hand_in(self, a, b):
        if not self.room.sittings():
            return False
        self.witness.expect_handing_in(self.now)
        self.room.hand_in(now=self.now)

    def _hand_in_form(self, a, b):
        """Without scripts: the whole form is saved and handed in at once; what it does not name is cleared."""
        page = self._page(a)
        if page is None:
            return False
        paper = self.room.paper()
        chosen = {
            name: self._choice(paper, place, a + place)
            for place, name in enumerate(paper.names.questions)
            if (b >> (place % 8)) & 1
        }
        self.witness.expect_form(page.epoch, self.now, paper, chosen)
        self.room.hand_in(now=self.now, chosen=chosen, epoch=page.epoch)

    def _take_over(self, a, b):
        if not self.room.sittings():
            return False
        self.witness.expect_open()
        self.room.take_over(now=self.now, device=a % DEVICES)
        self.witness.taken_over()
        self._open_page(a % DEVICES)

    def _reload(self, a, b):
        """The page of the device that holds the sitting is opened again: it gets the epoch of now."""
        if not self.pages:
            return False
        self._open_page(list(self.pages)[-1])

    def _open_page(self, device):
        facts = self.room.sittings()[-1]
        seq = max((seq for _, seq in facts.answers.values()), default=0)
        self.pages.pop(device, None)
        self.pages[device] = Page(facts.epoch, seq)

    def _page(self, a) -> Page | None:
        """One of the pages that are open somewhere; two times in three the one opened last."""
        pages = list(self.pages.values())
        return pages[a % len(pages) if a % 3 == 0 else -1] if pages else None

    @staticmethod
    def _choice(paper, place, number) -> list[str]:
        options = paper.names.options[place]
        if number % 11 == 0:
            return []
        if paper.kinds[place] == "multiple":
            return [option for at, option in enumerate(options) if (number >> at) & 1]
        return [options[number % len(options)]]

    # --- those who watch over it --------------------------------------------------------------------
    def _freeze(self, a, b):
        self.room.freeze(now=self.now)
        self.witness.frozen()

    def _unfreeze(self, a, b):
        self.room.unfreeze(now=self.now)
        self.witness.unfrozen()

    def _void(self, a, b):
        if not self.room.sittings():
            return False
        self.witness.expect_voiding()
        self.room.void(now=self.now)
        self.witness.voided()

    def _extend(self, a, b):
        minutes = 1 + b % 15
        self.room.extend(minutes, now=self.now)
        self.witness.extended(minutes, self.now)

    def _sweep(self, a, b):
        self.witness.expect_sweep(self.now)
        self.room.sweep(now=self.now)

    # --- the server's clock -------------------------------------------------------------------------
    def _clock(self, a, b):
        self.now += STEPS[b % len(STEPS)] * SECOND

    def _to_the_end(self, a, b):
        """A second before the personal end, at it, a second behind it."""
        if not self.room.sittings():
            return False
        self.now = self.room.sittings()[-1].ends_at + (b % 3 - 1) * SECOND
