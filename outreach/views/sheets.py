"""The ledger in and out of Excel."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.downloads import excel, excel_table
from mingfa.spreadsheets import Limits, SpreadsheetRefused, read_rows

from .. import actions, sheets
from ..forms import LedgerUploadForm
from ..importing.ledger import read_ledger
from ..ledgers import digest_of, plan_ledger
from ..models import LedgerImport
from ..wording import count
from . import chosen, kept, period_of, private, readable

SHOWN_ERRORS = 200


@require_safe
@private
def entries_xlsx(request):
    """All entries of the places and the time shown, in the columns that can be imported again."""
    places, place = chosen(request, readable(request))
    period = period_of(request)
    return excel_table(
        sheets.ENTRIES, sheets.entry_rows(places, period), of="宣传资料台账", title=f"宣传资料台账明细 {period.label}",
        log=(place or places[0], "outreach.export_ledger"), by=request.user, now=timezone.now(), widths=sheets.WIDTHS,
        importable=True,
    )  # fmt: skip


@require_safe
@private
def template(request):
    """The empty table."""
    kept(request)
    return excel(sheets.template_xlsx(), "宣传资料台账模板.xlsx")


@private
def upload(request):
    """Read a file and try every row; with all of them right and the person's word for it, the background writes them."""
    places = kept(request)
    form = LedgerUploadForm(request.POST or None, request.FILES or None)
    plan = None
    if request.method == "POST" and form.is_valid():
        file, skip = form.cleaned_data["file"], request.POST.get("repeats") != "write"
        content = file.read(Limits().file + 1)
        try:
            parsed = read_ledger(read_rows(content, file.name), today=timezone.localdate())
        except SpreadsheetRefused as refused:
            form.add_error("file", refused.error.message)
        else:
            plan = plan_ledger(parsed, digest=digest_of(content), unit=places[0], places=places, skip_repeats=skip)
            if not plan.errors and not plan.steps:
                messages.info(request, _nothing_new(plan))
                return redirect("outreach:ledger")
            if not plan.errors and request.POST.get("do") == "write":
                return _begun(request, content, plan, places[0], file.name, skip)
    wrong = bool(form.errors or (plan and plan.errors))
    context = {
        "form": form, "plan": plan, "errors": plan.errors[:SHOWN_ERRORS] if plan else (),
        "repeats": plan.repeats[:SHOWN_ERRORS] if plan else (),
        "runs": LedgerImport.objects.filter(unit__in=places).exclude(state=LedgerImport.State.DONE)[:5],
    }  # fmt: skip
    return render(request, "outreach/entries/upload.html", context, status=422 if wrong else 200)


def _nothing_new(plan) -> str:
    said = [f"{count(plan.known)} 笔以前都导入过"] if plan.known else []
    said += [f"{count(len(plan.repeats))} 笔和台账里已有的一样"] if plan.repeats else []
    return f"这个文件的 {'，'.join(said)}，没有再写一遍"


def _begun(request, content: bytes, plan, unit, name: str, skip: bool):
    run = actions.begin_import(
        content, unit=unit, file_name=name, rows=plan.total, skip_repeats=skip, by=request.user, now=timezone.now()
    )
    return redirect("outreach:import_run", run.pk)


@require_safe
@private
def import_run(request, run_id):
    """How far a file is. The page looks again by itself until it is done."""
    run = get_object_or_404(LedgerImport.objects.filter(unit__in=kept(request)), pk=run_id)
    if run.state == LedgerImport.State.DONE:
        messages.success(request, f"已导入，文件 {run.file_name} 的 {count(run.done)} 笔都在台账里")
        return redirect("outreach:ledger")
    response = render(request, "outreach/entries/run.html", {"run": run, "share": 100 * run.done // max(run.total, 1)})
    if run.state == LedgerImport.State.RUNNING:
        response["Refresh"] = "3"
    return response
