"""The lists of outreach as Excel. Each shows what its page shows, and leaves a line in the log."""
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.downloads import excel_table
from mingfa.numbers import whole
from mingfa.people.access import units_visible_to
from mingfa.people.models import OrgUnit, Role
from mingfa.review.queries import STEP_ROLES
from mingfa.spreadsheets import extra_sheet

from .. import campaigns, listings, queries, quizzes
from ..effects import latest_year
from ..engine.ledger import Account
from ..indicators import figures as figures_of
from ..models import ListedWord
from ..publishing import listing
from ..templatetags.outreach import account_word
from . import chosen, period_of, private, readable
from .calendar import days_shown
from .coverage import rows_shown
from .publishing import releases_asked, units_of_words


def handed_out(request, unit: OrgUnit, header, rows, *, of: str, title: str, what: str, **more):
    """A list as its file, with the line in the log about the unit it is of."""
    told = {"log": (unit, "outreach.export_list"), "by": request.user, "now": timezone.now(), "what": what}
    return excel_table(header, rows, of=of, title=title, **told, **more)


@require_safe
@private
def activities_xlsx(request):
    places, place = chosen(request, readable(request))
    period = period_of(request)
    rows = listings.activity_rows(places, period)
    return handed_out(
        request, place or places[0], listings.HELD, rows, of="宣传活动", title=f"宣传活动 {period.label}", what="activities",
        widths=(12, 32, 18, 24, 24, 18, 24, 18, 12, 18),
    )  # fmt: skip


@require_safe
@private
def campaigns_xlsx(request):
    places = readable(request)
    rows, widths = listings.campaign_rows(places), (32, 22, 12, 12)
    words = {"of": "宣传计划", "title": "宣传计划", "what": "campaigns"}
    return handed_out(request, places[0], listings.CAMPAIGNS, rows, **words, widths=widths)


@require_safe
@private
def campaign_xlsx(request, campaign_id):
    """The stops of one campaign, and what was to be handed out on a sheet of its own."""
    campaign = get_object_or_404(campaigns.campaigns_of(readable(request)), pk=campaign_id)
    handed = extra_sheet(
        listings.ALLOTTED, listings.allotted_rows(campaign), sheet="资料", title=f"{campaign.name}资料", of="宣传计划，资料",
        now=timezone.now(), widths=(32, 10, 10, 8),
    )  # fmt: skip
    return handed_out(
        request, campaign.unit, listings.STOPS, listings.stop_rows(campaign), of="场次", title=f"{campaign.name}场次",
        what=f"campaign {campaign.pk}", widths=(12, 22, 24, 14, 18, 10, 12, 32), beside=[handed] if handed.rows else [],
    )  # fmt: skip


@require_safe
@private
def figures_xlsx(request):
    everywhere = readable(request)
    _, place = chosen(request, everywhere)
    unit, period = place or everywhere[0], period_of(request)
    return handed_out(
        request, unit, listings.FIGURES, listings.figure_rows(figures_of(unit, period)), of="宣传数据",
        title=f"{unit.name}宣传数据 {period.label}", what="figures", widths=(24, 12, 10, 10, 8, 70),
    )  # fmt: skip


@require_safe
@private
def lines_xlsx(request, account):
    if account not in [one.value for one in Account]:
        raise Http404
    places, place = chosen(request, readable(request))
    period, asked = period_of(request), whole(request.GET.get("material", ""))
    material = get_object_or_404(queries.materials_of(readable(request)), pk=asked) if asked else None
    rows = listings.line_rows(queries.lines_behind(places, period, account=Account(account), material=material))
    return handed_out(
        request, place or places[0], listings.LINES, rows, of="资料台账明细",
        title=f"资料台账{account_word(account)}明细 {period.label}", what=f"lines {account}", widths=(12, 28, 16, 28, 10, 10, 28),
    )  # fmt: skip


@require_safe
@private
def material_xlsx(request, material_id):
    """One material: where it lies in the period, and on a sheet of its own what came and went."""
    places, place = chosen(request, readable(request))
    material = get_object_or_404(queries.materials_of(readable(request)), pk=material_id)
    period = period_of(request)
    history = extra_sheet(
        listings.HISTORY, listings.history_rows(queries.history(material, places)), sheet="往来明细",
        title=f"{material.name}往来明细", of="资料台账，往来明细", now=timezone.now(),
        widths=(12, 10, 16, 32, 10, 10, 28, 12, 20),
    )  # fmt: skip
    rows = listings.stock_rows(queries.totals_by_place(material, places, period), material.measure)
    return handed_out(
        request, place or places[0], listings.STOCKS, rows, of="各处结存", title=f"{material.name}各处结存 {period.label}",
        what=f"material {material.pk}", widths=(24, *[10] * 9), beside=[history],
    )  # fmt: skip


@require_safe
@private
def pages_xlsx(request):
    unit = units_visible_to(request.user, Role.OUTREACH, *STEP_ROLES).order_by("path").first()
    if unit is None:
        raise Http404
    rows = listings.page_rows(listing.written(listing.pages_of(request.user)))
    words = {"of": "公开页面", "title": "公开页面", "what": "pages"}
    return handed_out(request, unit, listings.PAGES, rows, **words, widths=(48, 12, 14, 18))


@require_safe
@private
def published_xlsx(request):
    releases, place, units, period, _ = releases_asked(request)
    return handed_out(
        request, place or units[0], listings.PUBLISHED, listings.published_rows(releases), of="发布记录",
        title=f"发布记录 {period.label}", what="published", widths=(48, 12, 24, 24, 18, 18, 24),
    )  # fmt: skip


@require_safe
@private
def words_xlsx(request):
    units = units_of_words(request)
    rows = listings.word_rows(ListedWord.objects.filter(unit__in=units).select_related("unit"))
    words = {"of": "校对用词", "title": "校对用词", "what": "words"}
    return handed_out(request, units.order_by("path").first(), listings.WORDS, rows, **words, widths=(24, 28, 14, 24))


@require_safe
@private
def calendar_xlsx(request):
    rows, year, towns = days_shown(request)
    return handed_out(
        request, readable(request)[0], listings.DAYS, listings.day_rows(rows, towns), of="普法日历", title=f"{year} 年普法日历",
        what=f"calendar {year}", widths=(32, 12, 12, 48, 40, 20, 14, 8),
    )  # fmt: skip


@require_safe
@private
def coverage_xlsx(request):
    rows, town, quarter = rows_shown(request)
    return handed_out(
        request, town or readable(request)[0], listings.coverage_header(quarter), listings.coverage_rows(rows), of="覆盖",
        title=f"镇街覆盖 {quarter.label}", what="coverage", widths=(24,),
    )  # fmt: skip


@require_safe
@private
def codes_xlsx(request):
    """The codes that the person may read, of all quizzes or of one."""
    places, asked = readable(request), whole(request.GET.get("quiz", ""))
    quiz = get_object_or_404(quizzes.quizzes_of(places), pk=asked) if asked else None
    codes = quizzes.codes_of(places)
    return handed_out(
        request, places[0], listings.CODES, listings.code_rows(codes.filter(quiz=quiz) if quiz else codes), of="扫码答题",
        title=f"{quiz.name}答题码" if quiz else "扫码答题", what=f"codes {quiz.pk}" if quiz else "codes",
        widths=(24, 18, 32, 12, 12),
    )  # fmt: skip


@require_safe
@private
def effects_xlsx(request):
    """What the page of effects shows: of everything the person may read, never of one place alone (outreach.effects)."""
    places = readable(request)
    year = whole(request.GET.get("year", ""), most=2100) or latest_year(places) or timezone.localdate().year
    return handed_out(
        request, places[0], listings.EFFECTS, listings.effect_rows(places, year), of="宣传效果",
        title=f"{year} 年宣传效果（{listings.EFFECTS_FOLDED}）", what=f"effects {year}", widths=(32, 18),
    )  # fmt: skip


@require_safe
@private
def totals_xlsx(request):
    """A row for each material, as the ledger shows them."""
    places, place = chosen(request, readable(request))
    period, log = period_of(request), "outreach.export_ledger"
    return excel_table(
        listings.TOTALS, listings.total_rows(places, period), of="资料台账", title=f"宣传资料台账 {period.label}",
        log=(place or places[0], log), by=request.user, now=timezone.now(), widths=(28, 12, 24, 18),
    )  # fmt: skip
