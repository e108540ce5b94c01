"""A room made of the pure engine alone: what the actions do on the database, done on values."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mingfa.bank.marking import POLICIES, mark_question

from exams.engine import paper as engine
from exams.engine import sheet as sheets
from exams.engine.refusals import NoAttemptLeft, WrongState
from exams.engine.scoring import mark_sheet
from exams.engine.states import SITTING, check_transition, check_writable
from exams.engine.timing import check_window, personal_end

from .play import ATTEMPTS, CLOSES, DURATION_MINUTES, OPENS, Facts, Paper, Play
from .witness import Witness


@dataclass(frozen=True)
class Question:
    """What drawing asks of a pool item, with its key."""

    version_id: int
    question_id: int
    type: str
    key: str
    topic: str
    difficulty: int
    laws: tuple[str, ...]
    options: int


def _bank() -> dict[int, Question]:
    keys = {"single": "ABCD", "multiple": ("AB", "ACD", "BCD", "ABCD"), "judge": "TF"}
    kinds = [kind for kind in keys for _ in range(8)]
    return {
        n: Question(
            n, n + 500, kind, keys[kind][n % len(keys[kind])], f"知识点{n % 3}", 1 + n % 3, ("宪法",) * (n % 2),
            0 if kind == "judge" else 4,
        )
        for n, kind in enumerate(kinds, start=1)
    }  # fmt: skip


BANK = _bank()
BLUEPRINTS = (
    (
        engine.Rule("single", 2, Decimal("10")), engine.Rule("multiple", 2, Decimal("2.5")),
        engine.Rule("judge", 1, Decimal("0.5")),
    ),
    (engine.Rule("multiple", 3, Decimal("1.5")), engine.Rule("single", 1, Decimal("4"), topic="知识点1")),
    (engine.Rule("judge", 3, Decimal("2")), engine.Rule("single", 2, Decimal("3"), law="宪法")),
    (engine.Rule("multiple", 2, Decimal("3"), difficulty=2), engine.Rule("multiple", 3, Decimal("0.5"))),
)  # fmt: skip


class EngineRoom:
    """The sittings of one candidate, held by nothing but the engine's own functions.

    Args:
        seed: chooses blueprint, policy and papers.
    """

    def __init__(self, seed: int):
        self.seed = seed
        self.rules = BLUEPRINTS[seed % len(BLUEPRINTS)]
        self.policy = POLICIES[seed // 7 % len(POLICIES)]
        self.papers: list[Paper] = []
        self.stored: list[Facts] = []
        self.sheets: list[str] = []

    def redraw(self, seed: int) -> list[engine.Item]:
        return engine.draw(self.rules, BANK.values(), lambda version: BANK[version].options, seed=seed)

    def sittings(self) -> list[Facts]:
        return list(self.stored)

    def paper(self) -> Paper:
        return self.papers[-1]

    @property
    def is_open(self) -> bool:
        return bool(self.stored) and self.stored[-1].state == "open"

    def _change(self, **facts) -> None:
        self.stored[-1] = self.stored[-1]._replace(**facts)

    def start(self, *, now: datetime, device: int) -> None:
        if self.is_open:
            if self.stored[-1].ends_at > now:
                return
            self.hand_in(now=now)
        check_window(now, opens_at=OPENS, closes_at=CLOSES)
        if len(self.stored) >= ATTEMPTS:
            raise NoAttemptLeft(ATTEMPTS)
        seed = 1_000_003 * self.seed + len(self.stored)
        items = tuple(self.redraw(seed))
        kinds = tuple(BANK[item.version_id].type for item in items)
        self.papers.append(Paper(seed, items, kinds, engine.names(items, seed=seed)))
        ends = personal_end(now, duration_minutes=DURATION_MINUTES, closes_at=CLOSES)
        self.stored.append(Facts(len(self.stored) + 1, "open", 1, 0, now, ends, "", {}, None, None, ""))
        self.sheets.append("{}")

    def _check(self, epoch: int, now: datetime) -> None:
        facts = self.stored[-1]
        check_writable(
            state=facts.state, epoch=facts.epoch, held_epoch=epoch, ends_at=facts.ends_at, now=now,
            frozen_reason=facts.frozen_reason, void_reason="作弊",
        )  # fmt: skip

    def _store(self, sheet: sheets.Sheet) -> None:
        """Through the stored text and back, as every save goes."""
        self.sheets[-1] = sheets.dump(sheet)
        self._change(revision=self.stored[-1].revision + 1, answers=sheets.load(self.sheets[-1]))

    def save(self, changes: object, *, epoch: int, now: datetime) -> dict[str, int]:
        paper = self.papers[-1]
        parsed = sheets.parse_changes(changes, paper.items, paper.kinds, paper.names)
        self._check(epoch, now)
        sheet = sheets.load(self.sheets[-1])
        if sheets.merge(sheet, parsed):
            self._store(sheet)
        return {paper.names.questions[place]: sheet[place][1] for place in parsed}

    def hand_in(self, *, now: datetime, chosen: Mapping | None = None, epoch: int = 0) -> None:
        facts, paper = self.stored[-1], self.papers[-1]
        if facts.state != "open":
            return
        sheet = sheets.load(self.sheets[-1])
        if chosen is not None:
            self._check(epoch, now)
            answers = {
                place: sheets.canonical(
                    item, paper.kinds[place], chosen.get(name, ()), paper.names.options[place], name
                )
                for place, (item, name) in enumerate(zip(paper.items, paper.names.questions, strict=True))
            }
            seq = sheets.highest_seq(sheet) + 1
            changed = {at: (given, seq) for at, given in answers.items() if given != sheet.get(at, ("", 0))[0]}
            if sheets.merge(sheet, changed):
                self._store(sheet)
        check_transition(SITTING, facts.state, "marked")
        keys = [(BANK[item.version_id].type, BANK[item.version_id].key) for item in paper.items]
        marked = mark_sheet(paper.items, keys, sheet, policy=self.policy, mark_question=mark_question)
        ending = "time" if now >= facts.ends_at else "self"
        self._change(state="marked", mark=marked.total, submitted_at=min(now, facts.ends_at), ending=ending)

    def take_over(self, *, now: datetime, device: int) -> None:
        if not self.is_open:
            raise WrongState(self.stored[-1].state, "open")
        self._change(epoch=self.stored[-1].epoch + 1)

    def freeze(self, *, now: datetime) -> None:
        if self.is_open and not self.stored[-1].frozen_reason:
            self._change(epoch=self.stored[-1].epoch + 1, frozen_reason="账号停用")

    def unfreeze(self, *, now: datetime) -> None:
        if self.is_open:
            self._change(frozen_reason="")

    def void(self, *, now: datetime) -> None:
        check_transition(SITTING, self.stored[-1].state, "void")
        self._change(state="void", epoch=self.stored[-1].epoch + 1)

    def extend(self, minutes: int, *, now: datetime) -> None:
        if self.is_open and now < self.stored[-1].ends_at:
            facts = self.stored[-1]
            self._change(ends_at=facts.ends_at + timedelta(minutes=minutes), revision=facts.revision + 1)

    def sweep(self, *, now: datetime) -> None:
        if self.is_open and self.stored[-1].ends_at <= now:
            self.hand_in(now=now)


def play_in_engine(seed: int, happenings) -> Play:
    """Play a sequence through the engine; returns the play with its tally.

    Raises:
        AssertionError: the witness saw something that must not be.
    """
    room = EngineRoom(seed)
    keys = {one.version_id: (one.type, one.key) for one in BANK.values()}
    window = (OPENS, CLOSES, DURATION_MINUTES, ATTEMPTS)
    play = Play(room, Witness(redraw=room.redraw, keys=keys, policy=room.policy, window=window))
    play.run(happenings)
    return play
