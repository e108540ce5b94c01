"""看板: district → township → names still missing. The board knows no domain app, only the registry."""
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from mingfa.errors import NotFound
from mingfa.people import access
from mingfa.people.models import OrgUnit
from mingfa.periods import Year, parse_period
from mingfa.spreadsheets import XLSX

from . import boards
from .picture import board_png
from .registry import NAMES_FOR
from .registry import boards as all_boards
from .sheets import board_xlsx, excused_xlsx, missing_xlsx

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
            "table": _table(request, choice, unit, period) if choice else None,
            "query": _query(choice, period),
            "now": timezone.now(),
        },
    )


@login_required
@require_safe
def unit_excel(request, unit_id):
    """The same table as a file."""
    return _taken_along(request, unit_id, board_xlsx, XLSX, "xlsx")


@login_required
@require_safe
def unit_picture(request, unit_id):
    """The same figures as a picture, without names."""
    return _taken_along(request, unit_id, board_png, "image/png", "png")


def _taken_along(request, unit_id: int, write, kind: str, ending: str) -> HttpResponse:
    """The board as a file; every one leaves a line in the log."""
    unit = get_object_or_404(_readable_units(request.user), pk=unit_id)
    period, now = _period(request), timezone.now()
    choice = _chosen_alone(request, unit, period)
    if choice is None:
        raise NotFound("没有可以导出的数据。请从看板点进来。")
    content = write(boards.table(request.user, choice, unit, period, page=None), now=now)
    told = {"of": choice.key, "period": str(period), "as": ending}
    log(unit, "indicators.export", user=request.user, timestamp=now, data=told)
    name = content_disposition_header(True, f"{unit.name}{choice.subject.name}看板.{ending}")
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})


@login_required
def names(request, unit_id):
    """Everybody still missing in one unit and below, for whoever asks them."""
    unit, choice, period = _asked_for_names(request, unit_id)
    if choice is None:
        return redirect("board_unit", unit.pk)
    indicator, words = _missing_words(request, choice)
    people = boards.people_behind(choice, indicator, unit, period)
    return _list_of_names(request, "indicators/names.html", people, unit, choice, period, words=words, figure=indicator.code)


@login_required
@require_safe
def names_excel(request, unit_id):
    """The same people as a file."""
    unit, choice, period = _asked_for_names(request, unit_id, as_file=True)
    indicator, words = _missing_words(request, choice)
    return _names_taken_along(request, unit, choice, words, missing_xlsx, boards.people_behind(choice, indicator, unit, period))


@login_required
@require_safe
def excused(request, unit_id):
    """Everybody in one unit and below who is not counted, with the reason."""
    unit, choice, period = _asked_for_names(request, unit_id)
    if choice is None:
        return redirect("board_unit", unit.pk)
    people = boards.excused_people(choice, unit, period)
    return _list_of_names(request, "indicators/excused.html", people, unit, choice, period)


@login_required
@require_safe
def excused_excel(request, unit_id):
    """The same people as a file."""
    unit, choice, period = _asked_for_names(request, unit_id, as_file=True)
    words = f"不计入{choice.board.whole_words}的人"
    return _names_taken_along(request, unit, choice, words, excused_xlsx, boards.excused_people(choice, unit, period))


def _asked_for_names(request, unit_id: int, *, as_file: bool = False):
    """(unit, choice, period) of a list of names; 404 for who may not know them, and for a file of nothing."""
    unit = get_object_or_404(access.units_visible_to(request.user, *NAMES_FOR), pk=unit_id)
    period = _period(request)
    choice = _chosen_alone(request, unit, period)
    if choice is None and as_file:
        raise NotFound("没有可以导出的数据。请从看板点进来。")
    return unit, choice, period


def _missing_words(request, choice):
    """The figure whose missing people are asked for, and what they are called."""
    indicator = boards.figure_named(choice, request.GET.get("figure", ""))
    if indicator is None:
        raise NotFound("这个数据没有名单。请从看板点进来。")
    return indicator, indicator.behind_words or choice.board.missing_words


def _list_of_names(request, template: str, people, unit, choice, period, **more):
    context = {
        "unit": unit,
        "above": _units_above(request.user, unit),
        "choice": choice,
        "people": Paginator(people, 100).get_page(request.GET.get("page")),
        "query": _query(choice, period),
        "now": timezone.now(),
        **more,
    }
    return render(request, template, context)


def _names_taken_along(request, unit, choice, words: str, write, people) -> HttpResponse:
    now, title = timezone.now(), f"{unit.name} {choice.subject.name} {words}"
    content = write(people, title=title, words=words, now=now)
    told = {"of": choice.key, "list": words, "rows": len(people), "as": "xlsx"}
    log(unit, "indicators.export", user=request.user, timestamp=now, data=told)
    name = content_disposition_header(True, f"{title}.xlsx")
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": name})


def _table(request, choice, unit, period):
    return boards.table(request.user, choice, unit, period, page=request.GET.get("page", ""))


def _roles() -> set[str]:
    """Those that may read any board."""
    return {role for board in all_boards() for role in board.roles} or set(NAMES_FOR)


def _readable_units(user):
    return access.units_visible_to(user, *_roles())


def _tops(user) -> list[OrgUnit]:
    """The units this person can start from, if there are several."""
    tops = list(access.top_units(user, *_roles()).order_by("path"))
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


def _chosen_alone(request, unit, period):
    """As _chosen, where what else is offered is not shown."""
    choice = boards.choice_named(request.user, unit, period, request.GET.get("of", ""))
    return choice or _chosen(request, boards.choices(request.user, unit, period))


def _chosen(request, choices):
    """The choice named in the address; the first one when none is, 404 for one that is not offered."""
    key = request.GET.get("of", "")
    if not key:
        return choices[0] if choices else None
    choice = next((one for one in choices if one.key == key), None)
    if choice is None and not request.GET.get("period"):
        raise NotFound("没有这场考试或这门课程的数据，或者您不能看。")
    return choice or (choices[0] if choices else None)
