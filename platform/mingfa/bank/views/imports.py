"""Importing a file: upload, look at what was found, save. Nothing is saved before the setter says so."""

from datetime import timedelta
from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import SuspiciousFileOperation
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mingfa.bank import actions, queries, repairs
from mingfa.bank.forms import UploadForm
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.sheets import rejected_table, template_xlsx
from mingfa.bank.models import QuestionImport, QuestionType
from mingfa.bank.tasks import bring_import, check_bank, read_import
from mingfa.bank.views.access import for_setters, keys_of_bank_or_404
from mingfa.bank.views.repairs import page as repair_page
from mingfa.bank.views.repairs import run_or_404
from mingfa.spreadsheets import XLSX, Limits

# What a request may do itself, about a second each: parse this many bytes, compare or bring this many questions.
PARSED_AT_ONCE, COMPARED_AT_ONCE, BROUGHT_AT_ONCE = 60_000, 40, 300
PAGE = 50
SHOWS = {"": "全部", "open": "要核对的", "ready": "可入库的", "refused": "不要的", "repeat": "跳过的", "taken": "已入库的"}
STAGING_SILENT = timedelta(minutes=10)


@for_setters
def upload(request, bank_id):
    """Choose a file. A small one that holds nothing to import is refused here, with its reasons; large ones are read later."""
    bank = keys_of_bank_or_404(request.user, bank_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, now = form.cleaned_data["file"], timezone.now()
        data = file.read(Limits().file + 1)
        if PARSED_AT_ONCE < len(data) <= Limits().file:
            name = PurePath(file.name.replace("\\", "/")).name
            kept = actions.keep_upload(bank, data=data, name=name, by=request.user, now=now)
            read_import.enqueue(kept.pk)
            return redirect("bank:import", bank.pk, kept.pk)
        parsed = parse_file(data, file.name)
        if parsed.questions or parsed.rejected:
            kept = actions.keep_upload(bank, data=data, name=parsed.file, by=request.user, now=now)
            _read(kept, parsed)
            return redirect("bank:import", bank.pk, kept.pk)
        for error in parsed.errors:
            place = f"{error.place}：" if error.place else ""
            form.add_error("file", place + error.message)
    status = 400 if form.errors else 200
    recent = queries.recent_imports(bank)
    return render(request, "bank/import_upload.html", {"bank": bank, "form": form, "recent": recent}, status=status)


def _read(run: QuestionImport, parsed=None) -> None:
    """Read a small file at once; what takes longer goes to the background."""
    now = timezone.now()
    actions.read_upload(run, now=now, parsed=parsed)
    if run.total <= COMPARED_AT_ONCE:
        actions.compare_upload(run, now=now)
    else:
        read_import.enqueue(run.pk)


@for_setters
def preview(request, bank_id, import_id):
    """The first question that needs a look, or the whole file when none does. POST saves what was decided."""
    bank = keys_of_bank_or_404(request.user, bank_id)
    run = run_or_404(bank, import_id)
    now = timezone.now()
    if run.read_at is None:
        try:
            if run.file.size <= PARSED_AT_ONCE:
                _read(run)
        except (FileNotFoundError, SuspiciousFileOperation) as gone:
            raise Http404 from gone
    if request.method == "POST":
        return _save(request, run, now)
    if run.read_at is None or (run.state == QuestionImport.State.STAGING and run.touched_at > now - STAGING_SILENT):
        staged = run.questions.filter(status="staged").count()
        context = {"bank": bank, "run": run, "stalled": repairs.stalled(run, now), "staged": staged, "read": run.entries.count()}
        return render(request, "bank/import_progress.html", context)
    first = repairs.open_entries(run).first()
    if first is None:
        return _everything(request, run)
    first.run = run
    return repair_page(request, run, first)


@for_setters
def everything(request, bank_id, import_id):
    """All questions of an upload, a page at a time."""
    return _everything(request, run_or_404(keys_of_bank_or_404(request.user, bank_id), import_id))


def _everything(request, run):
    shown = request.GET.get("show", "") if request.GET.get("show", "") in SHOWS else ""
    page = Paginator(repairs.entries_shown(run, shown), PAGE).get_page(request.GET.get("page"))
    lines = [(entry, dict(QuestionType.choices).get(entry.draft["type"], "")) for entry in page]
    context = {
        "bank": run.bank, "run": run, "page": page, "lines": lines, "counts": repairs.counts_of(run), "shown": shown,
        "views": SHOWS.items(), "waiting": run.compared < run.total, "stalled": repairs.stalled(run, timezone.now()),
    }  # fmt: skip
    return render(request, "bank/import_all.html", context)


def _save(request, run: QuestionImport, now):
    again = redirect("bank:import", run.bank_id, run.pk)
    if request.POST.get("again") == "yes":
        read_import.enqueue(run.pk)
        messages.info(request, "已接着读，请过一会儿刷新")
        return again
    counts = repairs.counts_of(run)
    if run.read_at is None or run.compared < run.total:
        messages.info(request, "还在读文件、查近似题，没有入库。请等一会儿再点")
    elif counts.open and request.POST.get("accept_good") != "yes":
        messages.error(request, f"还有 {counts.open} 题没有核对，没有入库。请先核对，或选择先入库其余的题")
    elif counts.ready > BROUGHT_AT_ONCE:
        bring_import.enqueue(run.pk, request.user.pk)
        messages.info(request, f"已开始入库 {counts.ready} 题，可以先做别的事，再回来看")
    elif _bring(request, run, now) and not repairs.open_entries(run).exists():
        return redirect("bank:question_list", run.bank_id)
    return again


def _bring(request, run: QuestionImport, now) -> bool:
    """Whether the questions came in; what happened is told either way."""
    try:
        outcome = actions.import_decided(run, by=request.user, now=now)
    except actions.AlreadyTaken as taken:
        messages.info(request, f"这个文件{taken.state}，没有再做一遍。请稍后刷新页面看结果")
        return False
    except actions.BankChanged:
        messages.error(request, "题库或核对的结果刚被别人改过，没有入库。请核对后再点一次入库")
        return False
    if outcome.imported:
        check_bank.enqueue(run.bank_id)
    skipped = f"，重复 {len(outcome.repeats)} 题已跳过" if outcome.repeats else ""
    clash = f"，{len(outcome.errors)} 题和题库里的答案不一样，请核对" if outcome.errors else ""
    messages.success(
        request, f"已入库 {outcome.imported} 题{skipped}{clash}。题库原有 {outcome.before} 题，现有 {outcome.after} 题"
    )
    return True


@for_setters
def rejected(request, bank_id, import_id):
    """The questions that have errors or were not wanted, as a spreadsheet to mend and bring again."""
    run = run_or_404(keys_of_bank_or_404(request.user, bank_id), import_id)
    if run.read_at is None and run.file.size <= PARSED_AT_ONCE:
        _read(run)
    rows = repairs.rows_to_mend(run)
    if not rows:
        raise Http404
    return _spreadsheet(rejected_table(rows), f"questions-to-mend-{import_id}.xlsx")


@for_setters
def template(request):
    """The empty table."""
    return _spreadsheet(template_xlsx(), "questions-template.xlsx")


def _spreadsheet(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
