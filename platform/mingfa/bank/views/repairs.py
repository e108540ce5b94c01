"""核对: one question of an upload a page, its source beside it. Nothing comes into the bank from here."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from mingfa.bank import actions, repairs
from mingfa.bank.drafts import BadDraft
from mingfa.bank.importing.keeping import draft_from
from mingfa.bank.importing.messages import sentence
from mingfa.bank.models import ImportEntry, QuestionImport, QuestionType
from mingfa.bank.repair_forms import WRITABLE_TYPES, RepairForm, type_of, writable
from mingfa.bank.views.access import for_setters, keys_of_bank_or_404
from mingfa.bank.views.assist import suggestions_for, with_accepted
from mingfa.numbers import whole

DECISION_WORDS = {"confirmed": "已确认", "changed": "已改正并确认", "refused": "不要"}


def run_or_404(bank, import_id: int) -> QuestionImport:
    """An upload of this bank; gone once its file has been swept."""
    run = QuestionImport.objects.filter(bank=bank, pk=import_id).exclude(file="").first()
    if run is None:
        raise Http404
    run.bank = bank
    return run


@for_setters
def repair(request, bank_id, import_id, place):
    """Look at a question; POST keeps what was decided (confirm, refuse), or only what was typed (keep, type)."""
    run = run_or_404(keys_of_bank_or_404(request.user, bank_id), import_id)
    entry = run.entries.filter(place=place).first()
    if entry is None:
        raise Http404
    entry.run = run
    if request.method != "POST":
        return page(request, run, entry)
    data = with_accepted(request.POST)
    form = RepairForm(data, entry=entry, type=type_of(entry, data.get("was", ""))) if writable(draft_from(entry.draft)) else None
    try:
        return _decided(request, run, entry, form)
    except actions.EntryChanged as changed:
        who = changed.entry.decided_by or "别人"
        messages.warning(request, f"这一题刚由{who}处理过，您这次没有保存。下面是现在的样子")
    except actions.EntryClosed:
        messages.info(request, "这一题已经在题库里，没有再改。要改请到题库里改")
    except actions.AlreadyTaken as taken:
        messages.info(request, f"这个文件{taken.state}，现在不能改。请稍后再试")
    return redirect("bank:repair", bank_id, run.pk, entry.place)


def _decided(request, run, entry, form):
    _, _, _, after = repairs.beside(run, entry.place)
    do, stamp = request.POST.get("do", "confirm"), {"by": request.user, "now": timezone.now()}
    stamp["seen"] = whole(request.POST.get("seen", "")) or 0
    if do in ("keep", "type") and form:
        actions.keep_typed(entry, form.typed(), **stamp)
        goto = whole(request.POST.get("goto", ""))
        return _to(run, entry.place if do == "type" else goto or after or entry.place)
    if do == "refuse":
        actions.decide_entry(entry, decision="refused", **stamp)
        messages.success(request, f"第 {entry.place} 题不要。可以在“全部题目”里改回来")
        return _to(run, after)
    if not form and entry.findings:
        return _refused(request, run, entry, form, entry.findings[0][1])
    if form and not form.is_valid():
        return page(request, run, entry, form, status=400)
    try:
        actions.decide_entry(entry, decision="confirmed", draft=form.draft if form else None, **stamp)
    except actions.StemTaken as taken:
        told = f"题干和本文件第 {taken.other.place} 题（{taken.other.where}）相同。请只留一题，或把题干写得能分清。"
        return _refused(request, run, entry, form, told)
    except BadDraft as bad:
        return _refused(request, run, entry, form, sentence(bad.problems[0]))
    messages.success(request, f"第 {entry.place} 题已确认，入库时一起进题库")
    return _to(run, after)


def _refused(request, run, entry, form, told: str):
    if form:
        form.add_error("stem", told)
    return page(request, run, entry, form, status=400, told=told)


def _to(run, place):
    return redirect("bank:repair", run.bank_id, run.pk, place) if place else redirect("bank:import", run.bank_id, run.pk)


def page(request, run, entry: ImportEntry, form=None, *, status: int = 200, told: str = ""):
    """The three panes for one question. The same number of statements whatever the file holds."""
    draft = draft_from(entry.draft)
    if form is None and writable(draft):
        form = RepairForm(entry=entry, type=type_of(entry))
    listed, offset, before, after = repairs.beside(run, entry.place)
    counts, lines = repairs.counts_of(run), repairs.source_lines(entry)
    context = {
        "bank": run.bank, "run": run, "entry": entry, "draft": draft, "form": form, "counts": counts, "told": told,
        "listed": listed, "offset": offset, "before": before, "after": after, "lines": lines,
        "position": next((offset + at for at, one in enumerate(listed, 1) if one.place == entry.place), 0),
        "near": repairs.near_of(entry), "articles": repairs.articles_of(draft.citations), "suggested": suggestions_for(draft),
        "types": WRITABLE_TYPES, "type_label": QuestionType(draft.type).label if draft.type in QuestionType else "",
        "decided": DECISION_WORDS.get(entry.decision, ""), "same": entry.reading["same"], "guess": entry.reading["guess"],
        "waiting": run.compared < run.total, "closed": entry.taken or entry.sort == ImportEntry.Sort.REPEAT,
        "stands": not form and not entry.findings and not entry.reading["guess"],
    }  # fmt: skip
    return render(request, "bank/import_repair.html", context, status=status)
