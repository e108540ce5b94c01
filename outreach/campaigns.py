"""Lists and numbers of campaigns and of the 普法责任清单."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from mingfa.people.models import OrgUnit

from .activities import HELD
from .models import Activity, Campaign, DutyItem, Line, Material, Stop

# Five-year plans: every campaign and list belongs to one (domain guide §5.1).
FIRST_PLAN, FIRST_YEAR = 7, 2016
NUMBERS = {7: "七五", 8: "八五", 9: "九五", 10: "十五", 11: "十一五"}


def plan_of(year: int) -> str:
    """“九五普法” for 2026 to 2030; empty for years whose plan has no name here."""
    number = FIRST_PLAN + (year - FIRST_YEAR) // 5
    return f"{NUMBERS[number]}普法" if number in NUMBERS else ""


def _paths(places: Iterable[OrgUnit]) -> set[str]:
    return {path for one in places for path in OrgUnit.paths_down_to(one.path)}


def campaigns_of(places: Iterable[OrgUnit]) -> QuerySet[Campaign]:
    """Campaigns of these units and, once approved, of the units above them, which they take part in."""
    places = list(places)
    above = Q(unit__path__in=_paths(places), state__in=(Campaign.State.APPROVED, Campaign.State.CLOSED))
    found = Campaign.objects.filter(Q(unit__in=places) | above).select_related("unit", "by", "decided_by")
    return found.order_by("-starts_on", "-pk")


def campaigns_for(places: Iterable[OrgUnit]) -> QuerySet[Campaign]:
    """Campaigns that an activity of these units may belong to now."""
    return campaigns_of(places).filter(state=Campaign.State.APPROVED)


@dataclass(frozen=True)
class Progress:
    """Planned stops and how many of them were held; `beside` were held without having been planned."""

    planned: int
    held: int
    beside: int


def progress_of(campaigns: Iterable[Campaign]) -> dict[int, Progress]:
    """For each of the campaigns. Two queries whatever their number."""
    ids = [one.pk for one in campaigns]
    planned = dict(
        Stop.objects.filter(campaign__in=ids).values_list("campaign").annotate(number=Count("pk")).order_by()
    )
    rows = (
        Activity.objects.filter(campaign__in=ids, state__in=HELD).values_list("campaign")
        .annotate(held=Count("stop"), all=Count("pk")).order_by()
    )  # fmt: skip
    held = {campaign: (number, every) for campaign, number, every in rows}
    found = {}
    for pk in ids:
        number, every = held.get(pk, (0, 0))
        found[pk] = Progress(planned.get(pk, 0), number, every - number)
    return found


def stops_of(campaign: Campaign) -> QuerySet[Stop]:
    """The stops with the activity that holds each, in order of their days."""
    return campaign.stops.select_related("unit", "activity").order_by("planned_on", "pk")


def is_held(stop: Stop) -> bool:
    activity = getattr(stop, "activity", None)
    return activity is not None and activity.state in HELD


def activities_beside(campaign: Campaign) -> QuerySet[Activity]:
    """What was held for the campaign without a planned stop."""
    return campaign.activities.filter(stop=None, state__in=HELD).select_related("unit").order_by("held_on", "pk")


@dataclass(frozen=True)
class Allotted:
    material: object
    planned: int
    handed: int


def handed_of_plan(campaign: Campaign) -> list[Allotted]:
    """What was to be handed out, and what the entries of its activities come to; also what nobody had planned."""
    lines = Line.objects.filter(movement__activity__campaign=campaign, account=Line.Account.HANDED)
    handed = dict(lines.values_list("batch__material").annotate(total=Sum("quantity")).order_by())
    planned = {one.material_id: one for one in campaign.allotments.select_related("material")}
    materials = {pk: one.material for pk, one in planned.items()}
    missing = set(handed) - set(materials)
    if missing:
        materials |= Material.objects.in_bulk(missing)
    rows = [
        Allotted(one, planned[pk].quantity if pk in planned else 0, handed.get(pk, 0)) for pk, one in materials.items()
    ]
    return sorted(rows, key=lambda row: (row.material.name, row.material.pk))


def years_of_duties(places: Iterable[OrgUnit]) -> list[int]:
    return list(DutyItem.objects.filter(unit__in=list(places)).order_by("-year").values_list("year", flat=True).distinct())


def duties_of(places: Iterable[OrgUnit], year: int) -> QuerySet[DutyItem]:
    """The list of a year with what was done for each item: `done`, held activities of its campaigns. One query and two more."""
    held = Activity.objects.filter(state__in=HELD).select_related("unit").order_by("held_on", "pk")
    done = Count("campaigns__activities", filter=Q(campaigns__activities__state__in=HELD), distinct=True)
    return (
        DutyItem.objects.filter(unit__in=list(places), year=year).select_related("unit").annotate(done=done)
        .prefetch_related("campaigns", Prefetch("campaigns__activities", held, to_attr="held"))
        .order_by("unit__path", "pk")
    )  # fmt: skip


def open_duties(unit: OrgUnit, day: date) -> QuerySet[DutyItem]:
    """Items that a campaign of this unit may serve: those of the year, of the unit, and of units below it."""
    found = DutyItem.objects.filter(year=day.year, unit__path__startswith=unit.path)
    return found.select_related("unit").order_by("unit__path", "pk")
