"""谁这个季度还没有: townships by months, and inside one township its villages."""
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.people.models import OrgUnit
from mingfa.periods import Quarter, parse_period

from .. import activities
from . import chosen, private, readable

SHOWN = 4  # quarters to choose from, this one and those before it


def this_quarter() -> Quarter:
    today = timezone.localdate()
    return Quarter(today.year, (today.month + 2) // 3)


def quarter_of(request) -> Quarter:
    """The quarter of the address; this one where there is none."""
    try:
        asked = parse_period(request.GET.get("period", ""))
    except ValueError:
        asked = None
    return asked if isinstance(asked, Quarter) else this_quarter()


def latest_quarters() -> list[Quarter]:
    found = [this_quarter()]
    while len(found) < SHOWN:
        found.append(found[-1].previous())
    return found


def _asked(request):
    """(the rows, the township they are of or None, the quarter)."""
    everywhere = readable(request)
    places, place = chosen(request, everywhere)
    towns = [one for one in places if one.kind == OrgUnit.Kind.TOWNSHIP]
    quarter = quarter_of(request)
    if len(towns) == 1:
        return activities.coverage_within(towns[0], places, quarter), towns[0], quarter
    return activities.coverage(everywhere if place and place.kind == OrgUnit.Kind.DISTRICT else places, quarter), None, quarter


def rows_shown(request):
    """(the rows, the township they are of or None, the quarter) with the filter of the page."""
    rows, town, quarter = _asked(request)
    return [one for one in rows if not one.total] if _only(request) else rows, town, quarter


def _only(request) -> bool:
    return request.GET.get("show") == "none"


@require_safe
@private
def coverage(request):
    """The matrix; a number leads to its activities, a township to its villages."""
    rows, town, quarter = _asked(request)
    without = [one for one in rows if not one.total]
    only, months, quarters = _only(request), activities.months_of(quarter), latest_quarters()
    shown = without if only else rows
    return render(request, "outreach/activities/coverage.html", {
        "rows": [(one, list(zip(months, one.months, strict=True))) for one in shown], "all": len(rows), "without": len(without),
        "months": months, "town": town, "quarter": quarter, "only": only,
        "quarters": quarters if quarter in quarters else [quarter, *quarters],
        "several": sum(1 for one in readable(request) if one.kind == OrgUnit.Kind.TOWNSHIP) > 1,
    })  # fmt: skip
