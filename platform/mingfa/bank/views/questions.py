"""One question: its wordings, its next version, how candidates will see it, taking it out of use."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingfa import clock
from mingfa.bank import actions, keeping, listing, queries, sheets
from mingfa.bank.filters import ListFilter
from mingfa.bank.forms import WRITABLE_TYPES, QuestionForm, initial_of
from mingfa.bank.models import Question, QuestionType
from mingfa.bank.registry import uses_of
from mingfa.bank.statistics import statistics_of
from mingfa.bank.views.access import for_setters, keys_of_bank_or_404, keys_of_question_or_404, question_or_404
from mingfa.bank.views.assist import around_draft, around_question, looks, with_accepted
from mingfa.downloads import excel_table
from mingfa.library.queries import articles_for
from mingfa.spreadsheets import extra_sheet


def _version_asked(request, question, history):
    """The version that `?version=` names, else the current one."""
    number = request.GET.get("version") or str(question.current.number)
    version = next((version for version in history if str(version.number) == number), None)
    if version is None:
        raise Http404
    return version


@for_setters
def detail(request, question_id):
    """A question with key, explanation and law, and every version it ever had; `?version=` shows an earlier one."""
    question = keys_of_question_or_404(request.user, question_id)
    history = list(queries.history_of(question))
    version = _version_asked(request, question, history)
    view = queries.versions([version.pk])[version.pk]
    cited = [ref for part in (view, *view.children) for ref in part.citations]
    form = ListFilter(request.GET, bank=question.bank)
    before, after = listing.neighbours(question.bank, form.narrowed, question, sort=form.sort)
    statistics = statistics_of(question, view, request.user)
    context = {
        "question": question,
        "query": form.query,
        "filter_words": form.words,
        "before": before,
        "after": after,
        "statistics": statistics,
        "uses": uses_of(question, request.user, clock.now()),
        "tags": "、".join(question.tags.values_list("name", flat=True)),
        "remarks": keeping.remarks_of(question),
        "events": keeping.events_of(question),
        "version": version,
        "view": view,
        "parts": list(zip(queries.shown_parts(view), (view, *view.children), strict=True)),
        "history": [(one, statistics.by_version.get(one.number)) for one in history],
        "cited": list(dict.fromkeys(cited)),
        "articles": articles_for(cited),
        "writable": _is_writable(question),
    }
    if looks(request):
        context |= around_question(question, queries.versions([question.current_id])[question.current_id])
    return render(request, "bank/question_detail.html", context)


@for_setters
@require_safe
def statistics_xlsx(request, question_id):
    """答题情况 of the version that is shown: the exams it was in, and its options on a sheet of its own."""
    question = keys_of_question_or_404(request.user, question_id)
    version, now = _version_asked(request, question, queries.history_of(question)), timezone.now()
    found = statistics_of(question, queries.versions([version.pk])[version.pk], request.user)
    title = f"试题 {question.pk} 第 {version.number} 版答题情况"
    options = sheets.option_rows(found)
    second = extra_sheet(
        sheets.OPTIONS, options, sheet="各选项", title=title, of="答题情况，各选项", now=now, widths=(8, 48, 10, 10, 10)
    )
    return excel_table(
        sheets.SOURCES, sheets.source_rows(found), of="答题情况", title=title, log=(question, "bank.export_list"),
        by=request.user, now=now, widths=(48, 10, 10, 10, 10), beside=[second] if options else [], what="statistics",
    )  # fmt: skip


@for_setters
def new_question(request, bank_id):
    """A new question of the type in the address."""
    bank = keys_of_bank_or_404(request.user, bank_id)
    type = _chosen_type(request, QuestionType.SINGLE)
    form = QuestionForm(with_accepted(request.POST or None), bank=bank, type=type)
    if request.method == "POST" and form.is_valid() and not looks(request):
        question = actions.create_question(bank, form.draft, by=request.user, now=timezone.now())
        messages.success(request, f"已保存，编号 {question.pk}")
        return redirect("bank:question", question.pk)
    return _form_page(request, form, bank, None)


@for_setters
def edit(request, question_id):
    """The next version of a question; papers already drawn keep the one they have."""
    question = keys_of_question_or_404(request.user, question_id)
    if question.current.type == QuestionType.CASE:
        raise Http404
    view = queries.versions([question.current_id])[question.current_id]
    type = _chosen_type(request, view.type)
    given = {"bank": question.bank, "type": type, "question": question}
    form = QuestionForm(with_accepted(request.POST or None), initial=initial_of(question, view), **given)
    if request.method == "POST" and form.is_valid() and not looks(request):
        try:
            seen = form.cleaned_data["seen"]
            version = actions.revise_question(question, form.draft, by=request.user, now=timezone.now(), seen=seen)
        except actions.NotPossible as refusal:
            if refusal.code == "retired":
                return _retired(request, question)
            form.ask_again()
            return _form_page(request, form, question.bank, question, status=409)
        messages.success(request, f"已保存为第 {version.number} 版。已经发出的试卷仍用原来的版本")
        return redirect("bank:question", question.pk)
    if not _is_writable(question):
        return _retired(request, question)
    return _form_page(request, form, question.bank, question)


def _retired(request, question):
    messages.warning(request, "这一题已经停用，不能修改。要改请先恢复使用")
    return redirect("bank:question", question.pk)


@for_setters
def preview(request, question_id):
    """The question as candidates see it: nothing on this page depends on the key."""
    question = question_or_404(request.user, question_id)
    view = queries.versions([question.current_id])[question.current_id]
    return render(request, "bank/question_preview.html", {"question": question, "parts": queries.shown_parts(view)})


@for_setters
@require_POST
def retire(request, question_id):
    question = question_or_404(request.user, question_id)
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        actions.retire_question(question, by=request.user, now=timezone.now(), reason=reason)
    except actions.NotPossible:
        messages.info(request, "这一题已经停用")
    else:
        messages.success(request, "已停用。新试卷和练习不再抽到，已经发出的试卷不受影响")
    return redirect("bank:question", question.pk)


@for_setters
@require_POST
def restore(request, question_id):
    question = question_or_404(request.user, question_id)
    try:
        actions.restore_question(question, by=request.user, now=timezone.now())
    except actions.NotPossible:
        messages.info(request, "这一题没有停用")
    else:
        messages.success(request, "已恢复使用")
    return redirect("bank:question", question.pk)


@for_setters
@require_POST
def reserve(request, question_id):
    question = question_or_404(request.user, question_id)
    reserved = request.POST.get("reserved") == "yes"
    actions.reserve_question(question, reserved=reserved, by=request.user, now=timezone.now())
    said = "已设为考试专用，练习和测一测不会抽到" if reserved else "已取消考试专用，练习和测一测可以抽到"
    messages.success(request, said)
    return redirect("bank:question", question.pk)


def _form_page(request, form, bank, question, *, status: int = 400):
    types = [(value, label) for value, label in WRITABLE_TYPES if value != form.type]
    context = {"form": form, "bank": bank, "question": question, "types": types, "type": QuestionType(form.type)}
    if looks(request) and form.is_bound:
        context |= around_draft(form, bank, question)
    return render(request, "bank/question_form.html", context, status=status if form.errors else 200)


def _is_writable(question: Question) -> bool:
    return question.status != Question.Status.RETIRED and question.current.type != QuestionType.CASE


def _chosen_type(request, default: str) -> str:
    asked = request.GET.get("type", "")
    return asked if asked in dict(WRITABLE_TYPES) else default
