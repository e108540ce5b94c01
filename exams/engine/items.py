"""试题分析: difficulty, discrimination and distractors of one question, by classical test theory (docs/rules.md “试题分析”)."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import sqrt

FEWEST = 30  # answers below which only counts are told
GROUP = 0.27  # share of the best and of the weakest that are compared (Kelley 1939)
TOO_HARD, TOO_EASY, WEAK = 0.20, 0.95, 0.10
UNUSED, ENOUGH_WRONG = 0.05, 20  # share of the wrong answers, and how many of those it takes to tell


@dataclass(frozen=True)
class Answered:
    """`times` answers to the question that are alike. share: of its marks, 0 to 1; rest: share of the marks of all
    other questions."""

    answer: str
    share: float
    rest: float
    times: float = 1


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
    count = round(sum(row.times for row in rows))
    blank = _mean(rows, lambda row: not row.answer) if rows else 0.0
    if count < FEWEST:
        return Analysis(count, blank, None, None, None, (), ())
    ranked = sorted(rows, key=lambda row: row.rest)
    size = max(1, round(GROUP * count))
    weakest, best = _first(ranked, size), _first(ranked[::-1], size)
    difficulty = _mean(rows, _share)
    discrimination = _correlation(rows)
    options = tuple(
        Option(letter, _chosen(rows, letter), _chosen(best, letter), _chosen(weakest, letter), letter in key)
        for letter in letters
    )
    return Analysis(
        count, blank, difficulty, discrimination, _mean(best, _share) - _mean(weakest, _share), options,
        _flags(difficulty, discrimination, options if single else (), letters, wrong=(1 - difficulty) * count),
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


def _first(ranked: Sequence[Answered], size: int) -> list[Answered]:
    """The first `size` answers. Of those who share the last place everybody counts in part: who of them is in must not
    depend on the order in which the rows came."""
    found, left = [], float(size)
    for _, tied in groupby(ranked, key=lambda row: row.rest):
        alike = list(tied)
        part = min(1.0, left / sum(row.times for row in alike))
        found += [replace(row, times=row.times * part) for row in alike]
        left -= sum(row.times for row in alike)
        if left <= 0:
            break
    return found


def _share(row: Answered) -> float:
    return row.share


def _mean(rows: Sequence[Answered], value: Callable[[Answered], float]) -> float:
    # Rounding must not carry a mean of ones above one.
    return min(1.0, sum(value(row) * row.times for row in rows) / sum(row.times for row in rows))


def _chosen(rows: Sequence[Answered], letter: str) -> float:
    return _mean(rows, lambda row: letter in row.answer)


def _correlation(rows: Sequence[Answered]) -> float | None:
    """Pearson's r of share and rest, None when either side does not vary."""
    a, b = _mean(rows, _share), _mean(rows, lambda row: row.rest)
    both = sum((row.share - a) * (row.rest - b) * row.times for row in rows)
    scale = sqrt(
        sum((row.share - a) ** 2 * row.times for row in rows) * sum((row.rest - b) ** 2 * row.times for row in rows)
    )
    return None if scale < 1e-12 else max(-1.0, min(1.0, both / scale))
