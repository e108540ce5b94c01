"""A report as Word, PDF, HTML, Excel and as one file with its evidence. Every export leaves a line in the log."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from mingfa.documents import DOCX
from mingfa.spreadsheets import XLSX

from .. import documents, queries
from .reports import report_or_404


@login_required
@never_cache
@require_safe
def docx(request, report_id):
    """The report with its annex; a draft with findings is not written."""
    return _printed(request, report_id, documents.report_docx, "Word", DOCX, "docx")


@login_required
@never_cache
@require_safe
def pdf(request, report_id):
    """The same, to be printed as it is."""
    return _printed(request, report_id, documents.report_pdf, "PDF", "application/pdf", "pdf")


@login_required
@never_cache
@require_safe
def portal(request, report_id):
    """Clean HTML for the portal, as a file."""
    report = report_or_404(request.user, report_id)
    compiled = queries.Compiled(report)
    if compiled.findings and not report.frozen:
        messages.error(request, "没有生成网页：还有地方要改，见“检查”一栏。")
        return redirect("reports:report", report.pk)
    return _sent(request, report, documents.report_html(compiled).encode(), "text/html; charset=utf-8", "html")


@login_required
@never_cache
@require_safe
def figures(request, report_id):
    """The table of figures."""
    report = report_or_404(request.user, report_id)
    return _sent(request, report, documents.figures_xlsx(queries.Compiled(report)), XLSX, "xlsx")


@login_required
@never_cache
@require_safe
def evidence(request, report_id):
    """Everything behind a frozen report."""
    report = report_or_404(request.user, report_id)
    if not report.frozen:
        messages.error(request, "没有生成依据包：报告冻结以后才有。")
        return redirect("reports:report", report.pk)
    return _sent(request, report, documents.evidence_zip(queries.Compiled(report)), "application/zip", "zip")


def _printed(request, report_id: int, written, called: str, kind: str, ending: str) -> HttpResponse:
    report = report_or_404(request.user, report_id)
    try:
        content = written(queries.Compiled(report))
    except documents.Unfinished:
        messages.error(request, f"没有生成 {called}：还有地方要改，见“检查”一栏。")
        return redirect("reports:report", report.pk)
    return _sent(request, report, content, kind, ending)


def _sent(request, report, content: bytes, kind: str, ending: str) -> HttpResponse:
    log(report, "reports.export", user=request.user, timestamp=timezone.now(), data={"file": ending, "bytes": len(content)})
    name = f"{report.unit.name}{report.year}年法治建设情况报告.{ending}"
    headers = {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
