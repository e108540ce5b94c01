"""看板: district → township → names still missing. The board knows no domain app, only the registry."""
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from mingfa.errors import NotFound
from mingfa.people import access
from mingfa.people.models import OrgUnit
from mingfa.periods import Year, parse_period

from . import boards
from .registry import NAMES_FOR
from .registry import boards as all_boards

YEARS_BACK = 3


@login_required
def home(request):
    """The board of the highest unit this person may read."""
    units = _readable_units(request.user)
    unit = units.order_by("depth", "path").first()
    if unit is None:
        access.require(request.user, *NAMES_FOR)
        return render(request, "indicators/nothing.html")
    query = request.GET.urlencode()
    response = redirect("board_unit", unit.pk)
    if query:
        response["Location"] += f"?{query}"
    return response


@login_required
def unit_board(request, unit_id):
    """Figures of one unit and its children for the chosen exam or course."""
    unit = get_object_or_404(_readable_units(request.user), pk=unit_id)
    period = _period(request)
    choices = boards.choices(request.user, unit, period)
    choice = _chosen(request, choices)
    return render(
        request,
        "indicators/board.html",
        {
            "unit": unit,
            "above": _units_above(request.user, unit),
            "tops": _tops(request.user),
            "period": period,
            "years": [Year(timezone.localdate().year - back) for back in range(YEARS_BACK)],
            "choices": choices,
            "choice": choice,
            "table": boards.table(request.user, choice, unit, period) if choice else None,
            "query": _query(choice, period),
            "now": timezone.now(),
        },
    )


@login_required
def names(request, unit_id):
    """Everybody still missing in one unit and below, for whoever asks them."""
    unit = get_object_or_404(access.units_visible_to(request.user, *NAMES_FOR), pk=unit_id)
    period = _period(request)
    choice = _chosen(request, boards.choices(request.user, unit, period))
    if choice is None:
        return redirect("board_unit", unit.pk)
    indicator = boards.figure_named(choice, request.GET.get("figure", ""))
    if indicator is None:
        raise NotFound("这个数据没有名单。请从看板点进来。")
    people = Paginator(boards.people_behind(choice, indicator, unit, period), 100).get_page(request.GET.get("page"))
    return render(
        request,
        "indicators/names.html",
        {
            "unit": unit,
            "above": _units_above(request.user, unit),
            "choice": choice,
            "words": indicator.behind_words or choice.board.missing_words,
            "people": people,
            "query": _query(choice, period),
            "now": timezone.now(),
        },
    )


def _readable_units(user):
    roles = {role for board in all_boards() for role in board.roles}
    return access.units_visible_to(user, *(roles or NAMES_FOR))


def _tops(user) -> list[OrgUnit]:
    """The units this person can start from, if there are several."""
    units = list(_readable_units(user).order_by("path").only("path", "name"))
    tops: list[OrgUnit] = []
    for unit in units:
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops if len(tops) > 1 else []


def _units_above(user, unit) -> list[OrgUnit]:
    """The way down to this unit, as far as this person may see it."""
    above = [unit.path[:end] for end in range(OrgUnit.steplen, len(unit.path), OrgUnit.steplen)]
    return list(_readable_units(user).filter(path__in=above).order_by("path"))


def _period(request):
    """The year asked for, this year by default and for anything that is none."""
    try:
        return parse_period(request.GET.get("period", ""))
    except ValueError:
        return Year(timezone.localdate().year)


def _query(choice, period) -> str:
    """What is chosen, for the links of the page."""
    return urlencode({"of": choice.key, "period": str(period)} if choice else {"period": str(period)})


def _chosen(request, choices):
    """The choice named in the address; the first one when none is, 404 for one that is not offered."""
    key = request.GET.get("of", "")
    if not key:
        return choices[0] if choices else None
    choice = next((one for one in choices if one.key == key), None)
    if choice is None and not request.GET.get("period"):
        raise NotFound("没有这场考试或这门课程的数据，或者您不能看。")
    return choice or (choices[0] if choices else None)
