"""Drawing a paper: the same seed, rules and pool always give the same paper.

Only `random.Random.random()` is used of Python's generator, because it is the one method whose sequence
Python promises to keep for a seed (library reference, “Notes on Reproducibility”).
"""
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from hashlib import shake_128
from typing import Protocol

from .refusals import PaperShortage

TENTH = Decimal("0.1")


class Drawable(Protocol):
    """What a pool item must tell (mingfa.bank.queries.PoolItem does)."""

    version_id: int
    question_id: int
    type: str
    topic: str
    difficulty: int
    laws: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One line of a blueprint; empty topic or law and difficulty 0 mean “any”. Marks are per question."""

    type: str
    count: int
    marks: Decimal
    topic: str = ""
    law: str = ""
    difficulty: int = 0

    def admits(self, item: Drawable) -> bool:
        return (
            item.type == self.type
            and (not self.topic or item.topic == self.topic)
            and (not self.law or self.law in item.laws)
            and (not self.difficulty or item.difficulty == self.difficulty)
        )

    @property
    def narrowness(self) -> int:
        return bool(self.topic) + bool(self.law) + bool(self.difficulty)


@dataclass(frozen=True)
class Item:
    """A drawn question: which version, by which rule (from 0), its marks and the order its options are shown in.

    `shown` holds the original places: "201" shows option C first, then A, then B. 判断 has none.
    """

    version_id: int
    rule: int
    marks: Decimal
    shown: tuple[int, ...]


def split_marks(whole: Decimal, parts: int) -> list[Decimal]:
    """The marks of a case over its sub-questions: equal tenths, what is left over to the last."""
    share = (whole / parts).quantize(TENTH, ROUND_DOWN)
    return [share] * (parts - 1) + [whole - share * (parts - 1)]


def no_parts(version_id: int) -> tuple[int, ...]:
    """Of a pool without cases."""
    return ()


def _pick(pool: list, count: int, rng: random.Random) -> list:
    """`count` items of `pool` in random order (partial Fisher-Yates; `pool` is consumed)."""
    for i in range(count):
        j = i + int(rng.random() * (len(pool) - i))
        pool[i], pool[j] = pool[j], pool[i]
    return pool[:count]


def draw(
    rules: Sequence[Rule],
    pool: Iterable[Drawable],
    options: Callable[[int], int],
    *,
    seed: int,
    parts: Callable[[int], Sequence[int]] = no_parts,
) -> list[Item]:
    """Draw a paper.

    Args:
        rules: the blueprint in printed order.
        pool: the questions that may be drawn; their order does not matter.
        options: number of options of a version id (0 for 判断).
        seed: any integer; the paper depends on nothing else.
        parts: version ids of a case's sub-questions, in order. Each becomes an item, the case itself none.

    Returns:
        The items in printed order: rule by rule, inside a rule at random.

    Raises:
        PaperShortage: a rule cannot be filled without repeating a question.
    """
    rng = random.Random(seed)  # noqa: S311 - fairness by a recorded seed, not secrecy
    by_place = sorted(pool, key=lambda item: item.version_id)
    taken: set[int] = set()
    drawn: dict[int, list[Item]] = {}
    # Narrow rules choose first, or a broad one could take the few questions they need.
    for place in sorted(range(len(rules)), key=lambda i: (-rules[i].narrowness, i)):
        rule = rules[place]
        fitting = [item for item in by_place if item.question_id not in taken and rule.admits(item)]
        if len(fitting) < rule.count:
            raise PaperShortage(place + 1, rule.count, len(fitting))
        chosen = _pick(fitting, rule.count, rng)
        taken.update(item.question_id for item in chosen)
        drawn[place] = []
        for item in chosen:
            found = parts(item.version_id)
            shares = split_marks(rule.marks, len(found)) if found else [rule.marks]
            for version_id, marks in zip(found or [item.version_id], shares, strict=True):
                places = list(range(options(version_id)))
                drawn[place].append(Item(version_id, place, marks, tuple(_pick(places, len(places), rng))))
    return [item for place in range(len(rules)) for item in drawn[place]]


@dataclass(frozen=True)
class Names:
    """The names one sitting uses for its questions and options: different in every sitting.

    questions[i] names question i; options[i][k] the option shown at place k of it.
    """

    questions: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]


TRUE_FALSE = 2


def names(items: Sequence[Item], *, seed: int) -> Names:
    """Names for every question and option, from the seed by SHAKE-128; they tell nothing about bank or key."""
    sizes = [len(item.shown) or TRUE_FALSE for item in items]
    stream = shake_128(b"names:%d" % seed).hexdigest(3 * (len(items) + sum(sizes)))
    at = 0
    questions, options = [], []
    for number, size in enumerate(sizes):
        # The place in this paper makes the name unique, the digits make it different elsewhere.
        questions.append(f"q{stream[at:at + 6]}{number}")
        at += 6
        options.append(tuple(f"{stream[at + 6 * k:at + 6 * k + 6]}{k}" for k in range(size)))
        at += 6 * size
    return Names(tuple(questions), tuple(options))
