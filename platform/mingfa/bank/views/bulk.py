"""Bulk actions: chosen on the list, looked at, carried out, taken back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingfa.bank import actions, bulk, listing
from mingfa.bank.filters import filter_from
from mingfa.bank.forms import BulkForm
from mingfa.bank.models import BulkRun
from mingfa.bank.tasks import carry_out_run, undo_bulk_run
from mingfa.bank.views.access import bank_or_404, for_setters, visible_banks
from mingfa.numbers import whole

# More than a page's worth is done in the background, with progress.
AT_ONCE = 100


@for_setters
@require_POST
def choose(request, bank_id):
    """What a bulk action would do to what was chosen; with `confirm` and the same count as was shown, it is done."""
    bank = bank_or_404(request.user, bank_id)
    chosen = filter_from(request.POST.get("query", ""), bank)
    form = BulkForm(request.POST, bank=bank, targets=bulk.targets_of(bank, visible_banks(request.user)))
    questions = _chosen(request, bank, chosen)
    if questions is None or not form.is_valid_action:
        messages.error(request, "还没有选试题，请先勾选。" if form.is_valid_action else "还没有选要做什么。")
        return redirect(f"{bank.list_address}?{chosen.query}")
    judged = None
    if form.is_complete:
        judged = bulk.judge(form.action, form.value, bank, questions, now=timezone.now())
        if judged.doable and request.POST.get("confirm") == str(len(judged.doable)):
            return _begin(request, bank, form, judged)
    context = {
        "bank": bank, "form": form, "judged": judged, "action": bulk.ACTIONS[form.action], "chosen": chosen,
        "refused": [(bulk.WHY_NOT[code], count) for code, count in judged.refused.most_common()] if judged else (),
        "given": form.value, "value": bulk.value_words(form.action, form.value) if form.value and judged else "",
        "picked": request.POST.getlist("pick"), "everything": request.POST.get("everything", ""),
        "outdated": judged is not None and "confirm" in request.POST, "undoable": form.action in bulk.UNDOABLE,
    }  # fmt: skip
    return render(request, "bank/bulk.html", context)


def _chosen(request, bank, chosen):
    """The questions that were ticked, or everything the filter finds; None when nothing was chosen."""
    if request.POST.get("everything") == "yes":
        return listing.narrowed(bank, chosen.narrowed)
    ids = [pk for text in request.POST.getlist("pick")[: listing.PAGE] if (pk := whole(text)) is not None]
    return bulk.questions_of(bank, ids) if ids else None


def _begin(request, bank, form, judged):
    now = timezone.now()
    run = actions.begin_run(bank, form.action, form.value, judged.doable, by=request.user, now=now)
    if len(judged.doable) <= AT_ONCE:
        actions.carry_out(run, now=now)
    else:
        carry_out_run.enqueue(run.pk)
    return redirect("bank:run", bank.pk, run.pk)


@for_setters
@require_safe
def run(request, bank_id, run_id):
    """How far a bulk run is, and what it left alone."""
    bank, found = _run(request, bank_id, run_id)
    left = bulk.left_to_undo(found)
    stalled = (found.state == BulkRun.State.RUNNING or left) and timezone.now() - found.touched_at > bulk.SILENT
    context = {
        "bank": bank, "run": found, "action": bulk.ACTIONS[found.action], "left": bulk.left_alone(found),
        "value": bulk.value_words(found.action, found.value) if found.value else "", "stalled": stalled,
        "left_to_undo": left,
        "undoable": found.action in bulk.UNDOABLE and found.state == BulkRun.State.DONE and found.done,
    }  # fmt: skip
    return render(request, "bank/bulk_run.html", context)


@for_setters
@require_POST
def go_on(request, bank_id, run_id):
    """Go on with a run, or with taking it back, that was cut off."""
    bank, found = _run(request, bank_id, run_id)
    if found.state == BulkRun.State.UNDONE:
        _require_target(request, found)
        undo_bulk_run.enqueue(found.pk, request.user.pk)
    else:
        carry_out_run.enqueue(found.pk)
    return redirect("bank:run", bank.pk, found.pk)


@for_setters
@require_POST
def undo(request, bank_id, run_id):
    """Take a run back."""
    bank, found = _run(request, bank_id, run_id)
    _require_target(request, found)
    stamp = {"by": request.user, "now": timezone.now()}
    try:
        actions.begin_undo(found, **stamp)
    except actions.NotPossible:
        messages.info(request, "这次批量操作不能撤销，或者已经撤销了")
    else:
        if found.done <= AT_ONCE:
            messages.success(request, f"已撤销，{actions.carry_undo(found, **stamp)} 题恢复原样")
        else:
            undo_bulk_run.enqueue(found.pk, request.user.pk)
    return redirect("bank:run", bank.pk, found.pk)


def _require_target(request, found: BulkRun) -> None:
    """Questions that were moved are taken back from a bank which the person must see, too."""
    if found.action == "move" and not visible_banks(request.user).filter(pk=int(found.value)).exists():
        raise Http404


@for_setters
@require_safe
def runs(request, bank_id):
    """The last bulk runs of a bank."""
    bank = bank_or_404(request.user, bank_id)
    lines = [(one, bulk.ACTIONS[one.action]) for one in bulk.runs_of(bank)]
    return render(request, "bank/bulk_runs.html", {"bank": bank, "lines": lines})


def _run(request, bank_id: int, run_id: int):
    bank = bank_or_404(request.user, bank_id)
    runs = BulkRun.objects.exclude(state=BulkRun.State.PREPARING).select_related("bank", "made_by")
    found = runs.filter(bank=bank, pk=run_id).first()
    if found is None:
        raise Http404
    return bank, found
