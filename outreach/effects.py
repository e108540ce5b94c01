"""What the public believes, by township and phase, from the counts of the public quiz (docs/rules.md “扫码答题和效果”).

Shown by year and township only, never finer: parts of a year or of a township, set against the whole, would tell what a
small group answered.
"""
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Sum
from mingfa.bank.heads import OTHERS, Held, fold_small, join_small, large_enough
from mingfa.bank.models import AnswerBelief, Belief
from mingfa.people.models import OrgUnit
from mingfa.periods import Year

from .models import Code, Tally

PHASES = (Code.Phase.BEFORE, Code.Phase.AFTER, Code.Phase.LATER, Code.Phase.ONCE)


@dataclass(frozen=True)
class Heard:
    """Answers to the questions that offer a belief: through one code, in one month."""

    belief: int
    code: int
    phase: str
    town: str
    month: date
    held: int
    asked: int


def _town_of(path: str, towns: list[str]) -> str:
    return next((town for town in towns if path.startswith(town)), path)


def heard(places: Iterable[OrgUnit], year: int) -> list[Heard]:
    """Everything of a year that was answered to questions with a belief. Three queries.

    Where a code asks a belief in two questions, the one answered most counts, so that nobody counts twice for one code.
    """
    places, period = list(places), Year(year)
    towns = [one.path for one in places if one.kind == OrgUnit.Kind.TOWNSHIP]
    rows = list(
        Tally.objects.filter(code__unit__in=places, month__gte=period.starts_on, month__lte=period.ends_on)
        .values_list("code", "code__phase", "code__unit__path", "month", "version", "answer").annotate(Sum("number")).order_by()
    )  # fmt: skip
    offered: dict[int, dict[str, int]] = defaultdict(dict)
    tags = AnswerBelief.objects.filter(version__in={row[4] for row in rows})
    for version, answer, belief in tags.values_list("version", "answer", "belief"):
        offered[version][answer] = belief
    asked: dict[tuple, int] = defaultdict(int)
    held: dict[tuple, int] = defaultdict(int)
    codes: dict[int, tuple[str, str]] = {}
    for code, phase, path, month, version, answer, number in rows:
        codes[code] = phase, _town_of(path, towns)
        chosen = {offered[version][letter] for letter in answer if letter in offered[version]}
        for belief in set(offered[version].values()):
            asked[belief, code, version, month] += number
            held[belief, code, version, month] += number if belief in chosen else 0
    best = _asked_most(asked)
    return [
        Heard(belief, code, *codes[code], month, held[belief, code, version, month], number)
        for (belief, code, version, month), number in asked.items()
        if version == best[belief, code]
    ]


def _asked_most(asked: dict[tuple, int]) -> dict[tuple[int, int], int]:
    """For each belief and code the version that was answered most, the older of two."""
    sums: dict[tuple, int] = defaultdict(int)
    for (belief, code, version, _), number in asked.items():
        sums[belief, code, version] += number
    best: dict[tuple[int, int], int] = {}
    for belief, code, version in sorted(sums, key=lambda key: (-sums[key], key[2])):
        best.setdefault((belief, code), version)
    return best


def _summed(rows: Iterable[Heard], key) -> list[Held]:
    sums: dict[object, Held] = {}
    for row in rows:
        one = Held(key(row), row.held, row.asked)
        before = sums.get(one.key)
        sums[one.key] = before.with_(one, one.key) if before else one
    return list(sums.values())


@dataclass(frozen=True)
class Effect:
    """One belief. `total`: phase → everybody, where enough; `towns`: (path, phase → its people), OTHERS for small ones
    together; `curves`: (path, quarters) of the towns that may stand alone in phase 随时."""

    belief: Belief
    total: dict[str, Held]
    towns: list[tuple[str, dict[str, Held]]]
    curves: list[tuple[str, list[Held]]]

    @property
    def change(self) -> int | None:
        """Percentage points from before to after; None where either is too small to be told."""
        before, after = self.total.get(Code.Phase.BEFORE), self.total.get(Code.Phase.AFTER)
        return after.percent - before.percent if before and after else None


def effects(places: Iterable[OrgUnit], year: int) -> list[Effect]:
    """Every belief that was asked in public in a year, the most asked first. Four queries."""
    rows = heard(places, year)
    beliefs = Belief.objects.in_bulk({row.belief for row in rows})
    found = [_effect(beliefs[pk], [row for row in rows if row.belief == pk]) for pk in beliefs]
    return sorted(found, key=lambda one: (-sum(held.asked for held in one.total.values()), one.belief.name))


def _effect(belief: Belief, rows: list[Heard]) -> Effect:
    total, cells = {}, defaultdict(dict)
    for phase in PHASES:
        mine = [row for row in rows if row.phase == phase]
        for held in fold_small(_summed(mine, lambda row: row.town)):
            cells[held.key][phase] = held
        for held in large_enough(_summed(mine, lambda row: "")):
            total[phase] = held
    towns = sorted(cells.items(), key=lambda pair: (pair[0] == OTHERS, pair[0]))
    curves = []
    for town, phases in towns:
        # A town that stands for others, or is folded to hide another, has no curve of its own.
        if town == OTHERS or Code.Phase.ONCE not in phases:
            continue
        mine = [row for row in rows if row.town == town and row.phase == Code.Phase.ONCE]
        quarters = _summed(mine, lambda row: (row.month.month + 2) // 3)
        curves.append((town, join_small(sorted(quarters, key=lambda held: held.key))))
    return Effect(belief, total, towns, curves)


def latest_year(places: Iterable[OrgUnit]) -> int | None:
    """The last year in which anybody answered at these places."""
    latest = Tally.objects.filter(code__unit__in=list(places)).aggregate(month=Max("month"))["month"]
    return latest.year if latest else None


def fallen(found: Iterable[Effect]) -> tuple[int, int]:
    """(beliefs that fewer held after than before, beliefs for which both are known)."""
    changes = [one.change for one in found if one.change is not None]
    return sum(1 for change in changes if change < 0), len(changes)
