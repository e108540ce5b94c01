"""试题分析: difficulty, discrimination and distractors of one question, by classical test theory (docs/rules.md “试题分析”)."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST = 30  # answers below which only counts are told
GROUP = 0.27  # share of the best and of the weakest that are compared (Kelley 1939)
TOO_HARD, TOO_EASY, WEAK = 0.20, 0.95, 0.10
UNUSED, ENOUGH_WRONG = 0.05, 20  # share of the wrong answers, and how many of those it takes to tell


@dataclass(frozen=True)
class Answered:
    """One answer to the question. share: of its marks, 0 to 1; rest: share of the marks of all other questions."""

    answer: str
    share: float
    rest: float


@dataclass(frozen=True)
class Option:
    """Who chose an option: of all, of the best and of the weakest, each 0 to 1. is_key: it belongs to the key."""

    letter: str
    all: float
    best: float
    weakest: float
    is_key: bool


@dataclass(frozen=True)
class Analysis:
    """answers: how many; blank: share without an answer; the others are None below FEWEST answers.

    difficulty: mean share of the marks, 0 (nobody) to 1 (everybody). discrimination: correlation of this question with
    the rest of the paper, −1 to 1; None where all did the same. spread: difficulty among the best less among the weakest.
    """

    answers: int
    blank: float
    difficulty: float | None
    discrimination: float | None
    spread: float | None
    options: tuple[Option, ...]
    flags: tuple[str, ...]


def analyse(rows: Sequence[Answered], *, key: str, letters: str, single: bool) -> Analysis:
    """What the answers tell about a question.

    Args:
        key: the key's letters; letters: those of all options ("TF" for 判断).
        single: whether one option is chosen; only then a distractor can be compared with the key.
    """
    blank = sum(not row.answer for row in rows) / len(rows) if rows else 0.0
    if len(rows) < FEWEST:
        return Analysis(len(rows), blank, None, None, None, (), ())
    ranked = sorted(rows, key=lambda row: row.rest)
    size = max(1, round(GROUP * len(rows)))
    weakest, best = ranked[:size], ranked[-size:]
    difficulty = _mean([row.share for row in rows])
    discrimination = _correlation([row.share for row in rows], [row.rest for row in rows])
    options = tuple(
        Option(letter, _chosen(rows, letter), _chosen(best, letter), _chosen(weakest, letter), letter in key)
        for letter in letters
    )
    spread = _mean([row.share for row in best]) - _mean([row.share for row in weakest])
    return Analysis(
        len(rows), blank, difficulty, discrimination, spread, options,
        _flags(difficulty, discrimination, options if single else (), letters, wrong=(1 - difficulty) * len(rows)),
    )  # fmt: skip


def _flags(
    difficulty: float, discrimination: float | None, options: Sequence[Option], letters: str, *, wrong: float
) -> tuple[str, ...]:
    found = []
    if difficulty < TOO_HARD:
        found.append("hard")
    if difficulty > TOO_EASY:
        found.append("easy")
    elif discrimination is not None and discrimination < WEAK:
        found.append("negative" if discrimination < 0 else "weak")
    key = max((one.best for one in options if one.is_key), default=1.0)
    if any(one.best > key for one in options if not one.is_key):
        found.append("key")
    unused = any(one.all < UNUSED * (1 - difficulty) for one in options if not one.is_key)
    if len(letters) > 2 and wrong >= ENOUGH_WRONG and unused:
        found.append("unused")
    return tuple(found)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _chosen(rows: Sequence[Answered], letter: str) -> float:
    return sum(letter in row.answer for row in rows) / len(rows)


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's r, None when either side does not vary."""
    a, b = _mean(one), _mean(other)
    both = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    scale = sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return None if scale < 1e-12 else max(-1.0, min(1.0, both / scale))
