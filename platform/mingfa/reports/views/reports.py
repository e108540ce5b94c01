"""The list of reports, the editor (prose | figures), and what happens to a report."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingfa.downloads import excel_table
from mingfa.indicators.queries import enterable_units
from mingfa.indicators.registry import indicators
from mingfa.people.access import holds, require, units_visible_to
from mingfa.people.models import Role
from mingfa.review.engine import ReviewRefusal

from .. import actions, queries, wording
from ..duty import leaders_for
from ..engine import BadText
from ..forms import ImprintForm, RestateForm, StartForm, TextForm
from ..models import Report
from ..reading import Reading

YEARS_BACK = 3


def report_or_404(user, report_id: int) -> Report:
    report = queries.visible_reports(user).filter(pk=report_id).first()
    if report is None:
        raise Http404
    return report


def written_or_404(user, report_id: int) -> Report:
    """A report that this person drafts; for others the page that changes it does not exist."""
    report = report_or_404(user, report_id)
    require(user, *queries.WRITERS, unit=report.unit)
    return report


@login_required
@never_cache
@require_safe
def report_list(request):
    """The reports this person drafts, leads or reviews, the latest year first."""
    require(request.user, *queries.READERS)
    reports = queries.visible_reports(request.user).select_related("replaces", "replaced_by")[:200]
    form = _start_form(request)
    context = {
        "reports": reports,
        "form": form,
        "may_start": form.fields["unit"].queryset.exists(),
        "leaders": leaders_for(request.user),
        "years": years_offered(),
        "keeps_forms": holds(request.user, Role.LIAISON),
        "entered_unit": enterable_units(request.user).order_by("depth", "path").first(),
    }
    return render(request, "reports/list.html", context)


REPORTS = ("单位", "年度", "报告", "状态", "起草人", "起草时间", "更正的原因", "已有更正")


@login_required
@never_cache
@require_safe
def reports_xlsx(request):
    """The same as Excel."""
    require(request.user, *queries.READERS)
    reports = queries.visible_reports(request.user).select_related("replaces", "replaced_by", "created_by", "unit")
    rows = [
        (
            one.unit.name, one.year, str(one), "已冻结" if one.frozen else "起草中", one.created_by.name, one.created_at,
            one.reason if one.replaces_id else "", "是" if getattr(one, "replaced_by", None) else "否",
        )
        for one in reports
    ]  # fmt: skip
    return excel_table(
        REPORTS, rows, of="年度报告", title="年度报告", log=(request.user, "reports.export"), by=request.user,
        now=timezone.now(), widths=(28, 8, 48, 10, 12, 18, 36, 10), what="list",
    )  # fmt: skip


@login_required
@require_POST
def start(request):
    """A draft for the chosen unit and year; the one there is, if there is one."""
    require(request.user, *queries.WRITERS)
    form = _start_form(request, request.POST)
    if not form.is_valid():
        messages.error(request, "没有建立报告：请从列表里选单位和年度。")
        return redirect("reports:list")
    try:
        report = actions.start_report(form.cleaned_data["unit"], form.cleaned_data["year"], by=request.user, now=timezone.now())
    except actions.Exists as there:
        messages.info(request, wording.refusal(there))
        report = there.report
    return redirect("reports:report", report.pk)


def years_offered() -> list[int]:
    """This year and those before that are still written about."""
    return [timezone.localdate().year - back for back in range(YEARS_BACK)]


def _start_form(request, data=None) -> StartForm:
    units = units_visible_to(request.user, *queries.WRITERS).order_by("path")
    return StartForm(data, units=units, years=years_offered())


@login_required
@never_cache
def edit(request, report_id):
    """The editor; for those who only read, and once frozen, the report with its figures."""
    report = report_or_404(request.user, report_id)
    if request.method != "POST":
        return _page(request, report)
    require(request.user, *queries.WRITERS, unit=report.unit)
    form = TextForm(request.POST)
    overrides = form.overrides() if form.is_valid() else {}
    if not form.is_valid():
        return _page(request, report, form=form, status=422)
    try:
        text = actions.save_text(report.pk, overrides=overrides, by=request.user, now=timezone.now(), **form.cleaned_data)
    except (BadText, actions.ReportRefusal) as refused:
        form.add_error(None, wording.refusal(refused))
        return _page(request, report, form=form, status=422)
    messages.success(request, f"已保存为第 {text.number} 稿")
    return redirect("reports:report", report.pk)


def _page(request, report: Report, *, form=None, imprint=None, status: int = 200):
    compiled = queries.Compiled(report)
    text, review = compiled.text, queries.review_of(compiled.text)
    facts = {
        "title": report.title, "addressee": report.addressee, "signer": report.signer, "body": text.body, "seen": text.number,
    }  # fmt: skip
    context = {
        "report": report,
        "compiled": compiled,
        "reading": Reading(compiled, form.typed() if form else None),
        "now": timezone.now(),
        "form": form or TextForm(initial=facts),
        "may": queries.may(request.user, compiled, review),
        "review": review,
        "replaced": getattr(report, "replaced_by", None),
        "imprint": imprint or ImprintForm(initial=model_to_dict(report), year=report.year),
        "restate": RestateForm(),
        "differences": compiled.differences(),
        "computed": [one for one in indicators() if not one.entered],
        "entered": [one for one in indicators() if one.entered],
    }
    return render(request, "reports/report.html", context, status=status)


@login_required
@require_POST
def imprint(request, report_id):
    """发文字号, 印章 and 版记; what was signed stays signed."""
    report = written_or_404(request.user, report_id)
    form = ImprintForm(request.POST, year=report.year)
    if not form.is_valid():
        return _page(request, report, imprint=form, status=422)
    return _done(request, report, "发文字号、印章和版记已保存", actions.set_imprint, **form.cleaned_data)


@login_required
@require_POST
def submit(request, report_id):
    """送审."""
    report = written_or_404(request.user, report_id)
    return _done(request, report, "已送审，等待一审", actions.submit_report)


@login_required
@require_POST
def freeze(request, report_id):
    """冻结 of a report that has passed its review."""
    report = written_or_404(request.user, report_id)
    return _done(request, report, "报告和数据已冻结", actions.freeze_report)


@login_required
@require_POST
def restate(request, report_id):
    """更正: another draft beside the frozen report."""
    report = written_or_404(request.user, report_id)
    form = RestateForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有开始更正：请写明原因。")
        return redirect("reports:report", report.pk)
    return _done(request, report, "已建立更正稿，原报告保留", actions.restate_report, reason=form.cleaned_data["reason"])


def _done(request, report: Report, words: str, act, **more):
    try:
        made = act(report.pk, by=request.user, now=timezone.now(), **more)
    except (actions.ReportRefusal, ReviewRefusal) as refused:
        messages.error(request, wording.refusal(refused))
        return redirect("reports:report", report.pk)
    messages.success(request, words)
    return redirect("reports:report", made.pk if isinstance(made, Report) else report.pk)
