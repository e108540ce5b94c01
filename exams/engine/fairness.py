"""Whether papers are alike: difficulty and coverage of one, and what a blueprint will give to many (docs/rules.md “抽题”)."""
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from .paper import Drawable, Item, Rule, draw, no_parts

HUNDREDTH = Decimal("0.01")


def difficulty(items: Sequence[Item], grades: Mapping[int, int]) -> Decimal:
    """Mean difficulty of a paper from 1.00 (易) to 3.00 (难), each question weighted by its marks; two places.

    Args:
        grades: difficulty of each version id, 1 to 3.
    """
    whole = sum(item.marks for item in items)
    return (sum(item.marks * grades[item.version_id] for item in items) / whole).quantize(HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Forecast:
    """What a blueprint gives over many trial papers.

    papers: how many were drawn; easiest, mean, hardest: their difficulty, 1.00 to 3.00.
    reachable: questions any rule admits; used: those drawn at least once; most_shown: the share of papers, 0 to 1,
    that has the question seen most often; alike: mean share of its questions that a paper has in common with the next.
    """

    papers: int
    easiest: Decimal
    mean: Decimal
    hardest: Decimal
    reachable: int
    used: int
    most_shown: Decimal
    alike: Decimal


def forecast(
    rules: Sequence[Rule], pool: Sequence[Drawable], options: Callable[[int], int], *, seeds: Iterable[int],
    parts: Callable[[int], Sequence[int]] = no_parts,
) -> Forecast:
    """Draw a trial paper for each seed and tell how alike they are. A sub-question is as difficult as its case.

    Raises:
        PaperShortage
    """
    grades = {one.version_id: one.difficulty for one in pool}
    grades |= {part: one.difficulty for one in pool for part in parts(one.version_id)}
    papers = [draw(rules, pool, options, seed=seed, parts=parts) for seed in seeds]
    grade = [difficulty(items, grades) for items in papers]
    owner = {part: one.version_id for one in pool for part in parts(one.version_id)}
    sets = [{owner.get(item.version_id, item.version_id) for item in items} for items in papers]
    shown = Counter(version_id for questions in sets for version_id in questions)
    common = [Decimal(len(one & other)) / len(one) for one, other in pairwise(sets)]
    return Forecast(
        papers=len(papers), easiest=min(grade), mean=_mean(grade), hardest=max(grade),
        reachable=sum(any(rule.admits(one) for rule in rules) for one in pool), used=len(shown),
        most_shown=(Decimal(max(shown.values())) / len(papers)).quantize(HUNDREDTH, ROUND_HALF_UP),
        alike=_mean(common) if common else Decimal("1.00"),
    )  # fmt: skip


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values) / len(values)).quantize(HUNDREDTH, ROUND_HALF_UP)


def shortages(rules: Sequence[Rule], pool: Iterable[Drawable]) -> list[int]:
    """How many questions of the pool are left for each rule when the narrower ones have taken theirs (draw's order).

    Returns:
        For each rule, in printed order, the number it can choose from; less than its count is a shortage.
    """
    pool, left, taken = list(pool), [0] * len(rules), set()
    for place in sorted(range(len(rules)), key=lambda i: (-rules[i].narrowness, i)):
        fitting = [one.question_id for one in pool if one.question_id not in taken and rules[place].admits(one)]
        left[place] = len(fitting)
        taken.update(fitting[: rules[place].count])
    return left
