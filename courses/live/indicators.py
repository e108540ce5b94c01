"""培训参训率, 培训场次 and the board of trainings (docs/rules.md “实时培训的结果”)."""
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, partial

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber, Substr
from django.urls import reverse
from mingfa.indicators.figures import Figure, count, rate
from mingfa.indicators.registry import Board, Indicator, Missing, Reading, Subject, register, register_board
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Period
from mingfa.prepared import GivenPeriod, GivenUnit, Prepared
from mingfa.wording import day

from . import results
from .models import RosterEntry


def _entries(unit: OrgUnit, period: Period, subject: str | None):
    trainings = results.trainings_of(period)
    if subject is not None:
        trainings = trainings.filter(pk=int(subject))
    return results.entries_in(trainings, unit)


def took_part(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
    standing = results.standing_of(_entries(unit, period, subject))
    return rate(standing.came, standing.due)


def took_part_by_child(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
    found = results.by_child(_entries(unit, period, subject), unit)
    return [(child, rate(standing.came, standing.due)) for child, standing, _ in found]


def held(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
    return count(_entries(unit, period, subject).order_by().values("training").distinct().count())


def held_by_child(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
    return [(child, count(trainings)) for child, _, trainings in results.by_child(_entries(unit, period, subject), unit)]


def took_part_together(units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
    found = results.of_units(results.trainings_of(period), units)
    return {pk: rate(standing.came, standing.due) for pk, (standing, _) in found.items()}


def held_together(units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
    return {pk: count(trainings) for pk, (_, trainings) in results.of_units(results.trainings_of(period), units).items()}


def _why(entry: RosterEntry) -> str:
    made_up = "已补学" if entry.made_up_at else "还没补学"
    return f"缺席，{entry.reason}，{made_up}" if entry.reason else f"缺席，{made_up}"


class Absent(Sequence):
    """Who was absent, in order of the tree; reads only the part that is asked for."""

    def __init__(self, entries: QuerySet[RosterEntry]):
        self.rows = entries.filter(attendance="absent").order_by("home", "pk")

    def __len__(self) -> int:
        return self._number

    @cached_property
    def _number(self) -> int:
        return self.rows.count()

    def __getitem__(self, part):
        if not isinstance(part, slice):
            return self[part : part + 1][0]
        start, stop, _ = part.indices(len(self))
        rows = self.rows.select_related("user", "unit", "venue__unit")[start : max(start, stop)]
        people = [(one, one.unit or one.venue.unit) for one in rows]
        return [Missing(one.user.name, home.pk, home.name, home.path, _why(one)) for one, home in people]

    def __iter__(self):
        return iter(self[:])

    def first_names(self, unit: OrgUnit, children: Iterable[OrgUnit], limit: int) -> dict[str, list[str]]:
        """Path of each of these rows of the board → the first names. One query."""
        row = Substr("home", 1, len(unit.path) + OrgUnit.steplen)
        place = Window(RowNumber(), partition_by=row, order_by=[F("home").asc(), F("pk").asc()])
        first = self.rows.annotate(row=row, place=place).filter(place__lte=limit).values_list("row", "user__name")
        wanted, names = {child.path for child in children}, defaultdict(list)
        for path, name in first:
            if path in wanted:
                names[path].append(name)
        return dict(names)


def absent(unit: OrgUnit, period: Period, subject: str | None = None) -> Absent:
    return Absent(_entries(unit, period, subject))


def read(unit: OrgUnit, period: Period, subject: str) -> Reading:
    """Everything of one training for the page of a unit. Two queries, and that of the names."""
    entries = _entries(unit, period, subject)
    found = results.by_child(entries, unit)
    total = sum((standing for _, standing, _ in found), results.Standing())
    return Reading(
        figures={PARTICIPATION.code: rate(total.came, total.due)},
        rows=[(child, {PARTICIPATION.code: rate(standing.came, standing.due)}) for child, standing, _ in found],
        first_names=partial(Absent(entries).first_names, unit),
    )


_OFFERED = Prepared(
    lambda: results.trainings_of(GivenPeriod, GivenUnit).select_related("trainer")
    .only("title", "starts_at", "settled_at", "trainer__name")
)  # fmt: skip


def subjects(unit: OrgUnit, period: Period) -> list[Subject]:
    return [
        Subject(
            str(one.pk), one.title, f"{day(one.starts_at)}，{one.trainer.name}主讲。", one.settled_at,
            reverse("live:results", args=[one.pk]),
        )
        for one in _OFFERED.all(period.starts_on, period.ends_on, unit.path)
    ]  # fmt: skip


PARTICIPATION = Indicator(
    code="training_participation",
    caption="培训参训率",
    definition="出席、迟到、早退的人数 ÷ 名册人数；补学另计，不算参训；一年里有几场的，每场每人各算一次",
    formula="实到 ÷ 应到",
    compute=took_part,
    by_child=took_part_by_child,
    behind=absent,
    behind_words="缺席的人",
    of_people=True,
    together=took_part_together,
)
HELD = register(Indicator(
    code="trainings_held",
    caption="培训场次",
    definition="期内上完课、签到结果已确定、名册里有本单位人员的实时培训场数",
    compute=held,
    by_child=held_by_child,
    measure="场",
    together=held_together,
))  # fmt: skip

register_board(
    Board(
        code="trainings",
        caption="培训",
        cards=(PARTICIPATION,),
        subjects=subjects,
        missing=absent,
        read=read,
        roles=(Role.LEADER, Role.LIAISON, Role.TRAINER),
        whole_words="应到",
        part_words="实到",
        missing_words="缺席的人",
        all_words="全部到场",
    )
)
