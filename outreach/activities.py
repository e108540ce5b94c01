"""Lists and numbers of activities."""
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth
from mingfa.people.models import OrgUnit
from mingfa.periods import Month, Period

from .models import Activity, Line
from .models.material import PRINT, measure_of
from .queries import STORES

HELD = (Activity.State.RECORDED, Activity.State.APPROVED)


def activities_of(places: Iterable[OrgUnit], period: Period | None = None) -> QuerySet[Activity]:
    """Activities of these units, the latest first."""
    found = Activity.objects.filter(unit__in=list(places)).select_related("unit", "by", "decided_by", "campaign")
    if period is not None:
        found = found.filter(held_on__gte=period.starts_on, held_on__lte=period.ends_on)
    return found.order_by("-held_on", "-pk")


def units_by_day(places: Iterable[OrgUnit], *years: int) -> dict[tuple[str, int], int]:
    """How many of these units have a record for each 节点 of these years. One query."""
    found = Activity.objects.filter(unit__in=list(places), year__in=years, state__in=HELD).exclude(legal_day="")
    rows = found.values_list("legal_day", "year").annotate(number=Count("unit", distinct=True)).order_by()
    return {(key, year): number for key, year, number in rows}


@dataclass(frozen=True)
class Heads:
    """Sums over activities. Counted and estimated heads stand apart."""

    activities: int
    counted: int
    estimated: int
    consulted: int


_HEADS = {
    "activities": Count("pk"), "counted": Sum("audience", filter=Q(is_counted=True), default=0),
    "estimated": Sum("audience", filter=Q(is_counted=False), default=0), "consulted": Sum("consulted", default=0),
}  # fmt: skip


def heads_in(places: Iterable[OrgUnit], period: Period) -> Heads:
    """What was held in a period, checked or waiting for the check. One query."""
    return heads_of(activities_of(places, period))


def heads_of(found: QuerySet[Activity]) -> Heads:
    """What of these activities was held. One query."""
    return Heads(**found.filter(state__in=HELD).order_by().aggregate(**_HEADS))


def heads_by_place(period: Period) -> dict[str, Heads]:
    """Path of each place that can have a store → what it held itself, in the whole tree. One query."""
    found = Activity.objects.filter(
        unit__kind__in=STORES, state__in=HELD, held_on__gte=period.starts_on, held_on__lte=period.ends_on
    )
    return {path: Heads(*heads) for path, *heads in found.order_by().values_list("unit__path").annotate(**_HEADS)}


@dataclass(frozen=True)
class Coverage:
    """A place's row: activities by month, and what left its store for the public. `alone`: of the place itself only, without
    what is below it."""

    unit: OrgUnit
    months: tuple[int, ...]
    copies: int = 0
    alone: bool = False

    @property
    def total(self) -> int:
        return sum(self.months)


def months_of(period: Period) -> list[Month]:
    first, months = Month(period.starts_on.year, period.starts_on.month), []
    while first.starts_on <= period.ends_on:
        months.append(first)
        first = first.next()
    return months


def coverage(places: list[OrgUnit], period: Period) -> list[Coverage]:
    """Who held what in each month of a period, with all below it; those with nothing first. Two queries."""
    towns = [one for one in places if one.kind == OrgUnit.Kind.TOWNSHIP]
    return _covered([(town, False) for town in towns], places, period)


def coverage_within(town: OrgUnit, places: list[OrgUnit], period: Period) -> list[Coverage]:
    """The same for a township itself and each of its villages."""
    below = [one for one in places if one.path.startswith(town.path)]
    return _covered([(one, one.pk == town.pk) for one in below], below, period)


def _covered(units: list[tuple[OrgUnit, bool]], places: list[OrgUnit], period: Period) -> list[Coverage]:
    months = [one.month for one in months_of(period)]
    held = (
        activities_of(places, period).filter(state__in=HELD).order_by()
        .values_list("unit__path", ExtractMonth("held_on")).annotate(number=Count("pk"))
    )  # fmt: skip
    handed = (
        Line.objects.filter(
            place__in=places, account=Line.Account.HANDED, batch__material__category__in=PRINT,
            movement__happened_on__gte=period.starts_on, movement__happened_on__lte=period.ends_on,
        )
        .order_by().values_list("place__path").annotate(number=Sum("quantity"))
    )  # fmt: skip
    held, handed = list(held), list(handed)
    found = []
    for unit, alone in units:
        counts = dict.fromkeys(months, 0)
        for path, month, number in held:
            if _counts_for(path, unit, alone):
                counts[month] += number
        copies = sum(number for path, number in handed if _counts_for(path, unit, alone))
        found.append(Coverage(unit, tuple(counts.values()), copies, alone))
    return sorted(found, key=lambda row: (row.total > 0, row.unit.path))


def _counts_for(path: str, unit: OrgUnit, alone: bool) -> bool:
    return path == unit.path if alone else path.startswith(unit.path)


def handed_at(activity: Activity) -> list[tuple[object, int]]:
    """(batch with material, copies) that the activity's entries come to, reversals taken off."""
    sums = (
        Line.objects.filter(movement__activity=activity, account=Line.Account.HANDED)
        .select_related("batch__material", "place").order_by("batch", "place", "pk")
    )  # fmt: skip
    found: dict[tuple[int, int], list] = {}
    for one in sums:
        found.setdefault((one.batch_id, one.place_id), [one, 0])[1] += one.quantity
    return [(line, number) for line, number in found.values() if number]


# What few records tell, with its word and what it counts.
DETAILS = (
    ("received", "接待群众", "人次"), ("aided", "受理法律援助", "件"), ("suggestions", "意见建议", "条"),
    ("displays", "横幅、展板等", "条次"), ("online", "线上阅读、答题", "人次"),
)  # fmt: skip


def details_of(activity: Activity) -> list[tuple[str, int, str]]:
    """(word, number, measure) of what this record tells besides."""
    found = [(word, getattr(activity, name), measure) for name, word, measure in DETAILS]
    return [(word, number, measure) for word, number, measure in found if number is not None]


def handed_in(found: QuerySet[Activity]) -> dict[int, list[tuple[str, str, int]]]:
    """(material, measure, copies) that each of these activities handed out, reversals taken off. One query."""
    rows = (
        Line.objects.filter(movement__activity__in=found.order_by().values("pk"), account=Line.Account.HANDED)
        .values_list("movement__activity", "batch__material__name", "batch__material__category")
        .annotate(copies=Sum("quantity")).order_by("batch__material__name", "batch__material")
    )  # fmt: skip
    handed: dict[int, list[tuple[str, str, int]]] = {}
    for activity, name, category, copies in rows:
        if copies:
            handed.setdefault(activity, []).append((name, measure_of(category), copies))
    return handed


def waiting_for(user, places: Iterable[OrgUnit]) -> QuerySet[Activity]:
    """Records that this person may check."""
    return activities_of(places).filter(state=Activity.State.RECORDED).exclude(by=user)
