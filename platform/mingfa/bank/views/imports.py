"""Importing a file: upload, look at what was found, save. Nothing is saved before the setter says so."""

from django.contrib import messages
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mingfa.bank import actions, queries
from mingfa.bank.forms import UploadForm
from mingfa.bank.importing import Parsed, parse_file
from mingfa.bank.importing.sheets import rejected_xlsx, template_xlsx
from mingfa.bank.models import QuestionImport
from mingfa.bank.views.access import bank_or_404, for_setters
from mingfa.spreadsheets import XLSX, Limits

SHOWN_QUESTIONS, SHOWN_ERRORS = 100, 300


@for_setters
def upload(request, bank_id):
    """Choose a file. One that holds nothing to import is refused here, with its reasons."""
    bank = bank_or_404(request.user, bank_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read(Limits().file + 1)
        parsed = parse_file(data, file.name)
        if parsed.questions or parsed.rejected:
            kept = actions.keep_upload(bank, data=data, name=parsed.file, by=request.user, now=timezone.now())
            return redirect("bank:import", bank.pk, kept.pk)
        for error in parsed.errors:
            place = f"{error.place}：" if error.place else ""
            form.add_error("file", place + error.message)
    status = 400 if form.errors else 200
    recent = queries.recent_imports(bank)
    return render(request, "bank/import_upload.html", {"bank": bank, "form": form, "recent": recent}, status=status)


@for_setters
def preview(request, bank_id, import_id):
    """What the file holds: errors first. POST saves, with errors only if the good rows were chosen."""
    bank = bank_or_404(request.user, bank_id)
    kept, parsed = _kept(bank, import_id)
    if request.method == "POST" and kept.state != QuestionImport.State.DONE:
        return _save(request, bank, kept, parsed)
    compared = queries.compare_with_bank(bank, parsed)
    unsure = [question for question in compared.questions if question.notes]
    context = {
        "bank": bank,
        "kept": kept,
        "parsed": compared,
        "types": queries.counts_by_type(compared.questions),
        "unsure": sorted(unsure, key=lambda question: question.draft.confidence)[:SHOWN_QUESTIONS],
        "unsure_count": len(unsure),
        "sure_count": len(compared.questions) - len(unsure),
        "errors": compared.errors[:SHOWN_ERRORS],
        "repeats": compared.repeats[:SHOWN_QUESTIONS],
        "questions": compared.questions[:SHOWN_QUESTIONS],
        "done": kept.state == QuestionImport.State.DONE,
    }
    return render(request, "bank/import_preview.html", context)


def _save(request, bank, kept: QuestionImport, parsed: Parsed):
    accept_good = request.POST.get("accept_good") == "yes"
    try:
        outcome = actions.import_questions(
            bank, parsed, by=request.user, now=timezone.now(), accept_good=accept_good, upload=kept
        )
    except actions.ImportRefused as refused:
        messages.error(request, f"有 {len(refused.errors)} 处错误，没有入库。请改正后再导入，或选择先入库没有错误的题")
    except actions.AlreadyTaken as taken:
        messages.info(request, f"这个文件{taken.state}，没有再做一遍。请稍后刷新页面看结果")
    except actions.BankChanged:
        messages.error(request, "题库刚被别人改过，没有入库。请核对后再点一次入库")
    else:
        skipped = f"，重复 {len(outcome.repeats)} 题已跳过" if outcome.repeats else ""
        messages.success(
            request, f"已入库 {outcome.imported} 题{skipped}。题库原有 {outcome.before} 题，现有 {outcome.after} 题"
        )
        if not outcome.errors:
            return redirect("bank:question_list", bank.pk)
    return redirect("bank:import", bank.pk, kept.pk)


@for_setters
def rejected(request, bank_id, import_id):
    """The rows that have errors, as a spreadsheet to mend and bring again."""
    bank = bank_or_404(request.user, bank_id)
    _, parsed = _kept(bank, import_id)
    compared = queries.compare_with_bank(bank, parsed)
    if not compared.rejected:
        raise Http404
    return _spreadsheet(rejected_xlsx(compared), f"questions-to-mend-{import_id}.xlsx")


@for_setters
def template(request):
    """The empty table."""
    return _spreadsheet(template_xlsx(), "questions-template.xlsx")


def _kept(bank, import_id: int) -> tuple[QuestionImport, Parsed]:
    """An upload of this bank and what it holds; gone once its file has been swept."""
    kept = QuestionImport.objects.filter(bank=bank, pk=import_id).exclude(file="").first()
    if kept is None:
        raise Http404
    try:
        with kept.file.open("rb") as file:
            return kept, parse_file(file.read(), kept.name)
    except (FileNotFoundError, SuspiciousFileOperation) as gone:
        raise Http404 from gone


def _spreadsheet(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
