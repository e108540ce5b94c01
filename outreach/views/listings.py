"""The lists of outreach as Excel. Each shows what its page shows, and leaves a line in the log."""
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.downloads import excel
from mingfa.numbers import whole
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role
from mingfa.review.queries import STEP_ROLES

from .. import actions, listings, queries
from ..engine.ledger import Account
from ..indicators import figures as figures_of
from ..publishing import listing
from ..templatetags.outreach import account_word
from . import chosen, period_of, private, readable


def _took(request, unit, what: str, rows: int, now) -> None:
    actions.log_list_export(unit, what=what, rows=rows, by=request.user, now=now)


@require_safe
@private
def activities_xlsx(request):
    places, place = chosen(request, readable(request))
    period, now = period_of(request), timezone.now()
    content, rows = listings.activities_xlsx(places, period, now=now)
    _took(request, place or places[0], "activities", rows, now)
    return excel(content, f"宣传活动 {period.label}.xlsx")


@require_safe
@private
def campaigns_xlsx(request):
    places, now = readable(request), timezone.now()
    content, rows = listings.campaigns_xlsx(places, now=now)
    _took(request, places[0], "campaigns", rows, now)
    return excel(content, "宣传计划.xlsx")


@require_safe
@private
def figures_xlsx(request):
    everywhere = readable(request)
    _, place = chosen(request, everywhere)
    unit, period, now = place or everywhere[0], period_of(request), timezone.now()
    rows = figures_of(unit, period)
    _took(request, unit, "figures", len(rows), now)
    return excel(listings.figures_xlsx(rows, unit, period, now=now), f"{unit.name}宣传数据 {period.label}.xlsx")


@require_safe
@private
def lines_xlsx(request, account):
    if account not in [one.value for one in Account]:
        raise Http404
    places, place = chosen(request, readable(request))
    period, now, asked = period_of(request), timezone.now(), whole(request.GET.get("material", ""))
    material = get_object_or_404(queries.materials_of(readable(request)), pk=asked) if asked else None
    found = queries.lines_behind(places, period, account=Account(account), material=material)
    word = account_word(account)
    content, rows = listings.lines_xlsx(found, word=word, period=period, now=now)
    _took(request, place or places[0], f"lines {account}", rows, now)
    return excel(content, f"资料台账{word}明细 {period.label}.xlsx")


@require_safe
@private
def pages_xlsx(request):
    units = units_visible_to(request.user, Role.OUTREACH, *STEP_ROLES)
    unit = units.order_by("path").first()
    if unit is None:
        raise Http404
    rows, now = listing.written(listing.pages_of(request.user)), timezone.now()
    _took(request, unit, "pages", len(rows), now)
    return excel(listings.pages_xlsx(rows, now=now), "公开页面.xlsx")
