"""填报数据: typing figures in from documents, and the second person who compares them."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from mingfa.downloads import excel
from mingfa.periods import Year, parse_period

from . import actions, queries
from .forms import FigureForm
from .registry import indicator
from .sheets import entered_xlsx

YEARS_BACK, MOST_UNITS = 3, 300


@login_required
@never_cache
@require_safe
def entered(request, unit_id):
    """Everything that can be typed in for one unit and year, with what stands and what waits for its check."""
    unit = get_object_or_404(queries.enterable_units(request.user), pk=unit_id)
    return _page(request, unit, _year(request.GET.get("period", "")))


def _page(request, unit, period, refused=None):
    """refused: (code, form) of what could not be saved; what was typed stays in its fields."""
    lines = queries.entered_lines(unit, period)
    code, bound = refused or ("", None)
    context = {
        "unit": unit, "period": period, "years": [Year(timezone.localdate().year - back) for back in range(YEARS_BACK)],
        "units": queries.enterable_units(request.user).order_by("path")[:MOST_UNITS], "refused": code,
        "lines": [(line, bound if line.indicator.code == code else _form_of(line)) for line in lines],
        "counts": [
            ("已核对", sum(bool(line.row and line.row.checked_at) for line in lines)),
            ("待核对", sum(bool(line.row and not line.row.checked_at) for line in lines)),
            ("没有填", sum(line.row is None for line in lines)),
        ],
    }  # fmt: skip
    return render(request, "indicators/entered.html", context, status=422 if refused else 200)


def _form_of(line: queries.EnteredLine) -> FigureForm:
    """With what stands, so that a correction begins from it."""
    row = line.row
    initial = {"part": row.part, "whole": row.whole, "source": row.source} if row else None
    return FigureForm(is_rate=line.indicator.entered_rate, initial=initial)


@login_required
@require_POST
def enter(request, unit_id, code):
    """Type one figure in, or correct it."""
    unit = get_object_or_404(queries.enterable_units(request.user), pk=unit_id)
    period = _year(request.POST.get("period", ""))
    if code not in queries.codes() or not indicator(code).entered:
        raise Http404
    form = FigureForm(request.POST, is_rate=indicator(code).entered_rate)
    if not form.is_valid():
        return _page(request, unit, period, refused=(code, form))
    try:
        row = actions.enter_figure(
            unit, code, period, part=form.cleaned_data["part"], whole=form.cleaned_data.get("whole"),
            source=form.cleaned_data["source"], by=request.user, now=timezone.now(),
        )  # fmt: skip
    except actions.PartAboveWhole as refused:
        form.add_error("part", f"达到的 {refused.part} 比总数 {refused.whole} 还多，请和文件核对")
        return _page(request, unit, period, refused=(code, form))
    if row.checked_at:
        messages.success(request, f"“{indicator(code).caption}”和原来一样，没有改动")
    else:
        messages.success(request, f"“{indicator(code).caption}”已保存，等待另一人核对")
    return _back(unit, period)


@login_required
@require_safe
def entered_excel(request, unit_id):
    """What stands for one unit and year as a file; every export leaves a line in the log."""
    unit = get_object_or_404(queries.enterable_units(request.user), pk=unit_id)
    period, now = _year(request.GET.get("period", "")), timezone.now()
    log(unit, "indicators.export_entered", user=request.user, timestamp=now, data={"period": str(period)})
    return excel(entered_xlsx(unit, period, now=now), f"{unit.name}填报数据 {period.label}.xlsx")


@login_required
@require_POST
def check(request, row_id):
    """The second person has compared it with the document."""
    row = get_object_or_404(queries.waiting_for_check(request.user), pk=row_id)
    try:
        actions.check_figure(row.pk, by=request.user, now=timezone.now())
    except actions.FigureRefusal:
        messages.error(request, "没有核对：这个数刚被更正或核对过，请看现在的数。")
    else:
        messages.success(request, f"“{indicator(row.code).caption}”已核对")
    return _back(row.unit, parse_period(row.period))


def _back(unit, period):
    return redirect(f"{reverse('board_entered', args=[unit.pk])}?period={period}")


def _year(text: str) -> Year:
    try:
        period = parse_period(text)
    except ValueError:
        period = None
    return period if isinstance(period, Year) else Year(timezone.localdate().year)
