"""培训参训率, 培训场次 and the board of trainings (docs/rules.md “实时培训的结果”)."""
from collections.abc import Sequence

from django.urls import reverse
from mingfa.indicators.figures import Figure, count, rate
from mingfa.indicators.registry import Board, Indicator, Missing, Subject, register, register_board
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


def absent(unit: OrgUnit, period: Period, subject: str | None = None) -> list[Missing]:
    rows = _entries(unit, period, subject).filter(attendance="absent").select_related("user", "unit", "venue__unit")
    people = [(one, one.unit or one.venue.unit) for one in rows.order_by("home", "pk")]
    return [Missing(one.user.name, home.pk, home.name, home.path, _why(one)) for one, home in people]


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
        roles=(Role.LEADER, Role.LIAISON, Role.TRAINER),
        whole_words="应到",
        part_words="实到",
        missing_words="缺席的人",
        all_words="全部到场",
    )
)
