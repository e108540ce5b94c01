"""The marker's desk: progress, and one answer after the other without names. Every object is checked."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.downloads import excel_table

from .. import actions, listings, scripts
from ..engine.refusals import Refusal
from ..forms import ScriptForm
from ..models import Exam, Response, ScriptMark, Sitting
from ..papers import versions_of
from ..rendering import expected_lines
from ..wording import sentence
from . import private


def _exam(request, exam_id) -> Exam:
    exam = get_object_or_404(Exam.objects.select_related("unit").exclude(state=Exam.State.DRAFT), pk=exam_id)
    if not scripts.may_mark(request.user, exam) or scripts.may_still_sit(request.user, exam, clock.now()):
        raise Http404
    return exam


@require_safe
@private
def desk(request, exam_id):
    """How far each question is, and the way to the next answer."""
    exam = _exam(request, exam_id)
    waiting = scripts.waiting_scripts(exam)
    return render(request, "exams/marking/desk.html", {
        "exam": exam, "organises": scripts.may_arbitrate(request.user, exam),
        "lines": scripts.progress(exam, waiting), "waiting": len(waiting),
        "next": scripts.next_script(exam, request.user, waiting), "last": scripts.last_of(exam, request.user),
    })  # fmt: skip


@require_safe
@private
def desk_xlsx(request, exam_id):
    """How far each question is. Nothing of anybody's answers."""
    exam = _exam(request, exam_id)
    rows = listings.progress_rows(scripts.progress(exam, scripts.waiting_scripts(exam)))
    return excel_table(
        listings.PROGRESS, rows, of="阅卷", title=f"{exam.name}阅卷进度", log=(exam, "exams.export_table"), by=request.user,
        now=clock.now(), widths=(60, 8, 8, 10, 10, 10), what="marking",
    )  # fmt: skip


@require_safe
@private
def next_one(request, exam_id):
    """On to the next answer; back to the desk when there is none for this person."""
    exam = _exam(request, exam_id)
    found = scripts.next_script(exam, request.user, scripts.waiting_scripts(exam))
    if found is None:
        return redirect("exams:marking", exam.pk)
    return redirect("exams:script", exam.pk, found.sitting_id, found.place)


def _script(request, exam_id, sitting_id, place):
    """(exam, sitting, response, own mark) of an answer that waits; the own paper does not exist here."""
    exam = _exam(request, exam_id)
    sitting = get_object_or_404(
        Sitting.objects.select_related("candidate__exam__unit").exclude(candidate__user=request.user),
        pk=sitting_id, candidate__exam=exam, state=Sitting.State.SUBMITTED,
    )  # fmt: skip
    response = get_object_or_404(Response, sitting=sitting, place=place)
    own = ScriptMark.objects.filter(sitting=sitting, place=place, marker=request.user).first()
    if own is None and response.mark is not None:
        raise Http404
    return exam, sitting, response, own


@private
def script(request, exam_id, sitting_id, place):
    """One answer with the points to look for, and the field for its mark."""
    exam, sitting, response, own = _script(request, exam_id, sitting_id, place)
    initial = {"mark": own.mark, "note": own.note} if own else None
    form = ScriptForm(request.POST or None, initial=initial, full=response.full)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_script(sitting, place, **form.cleaned_data, by=request.user, now=clock.now())
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
        return redirect("exams:marking_next", exam.pk)
    view = versions_of([response.version_id])[response.version_id]
    case = versions_of([view.parent_id])[view.parent_id] if view.parent_id else None
    others = ScriptMark.objects.filter(sitting=sitting, place=place).exclude(marker=request.user)
    waiting = scripts.waiting_scripts(exam)
    same = [one for one in scripts.progress(exam, waiting) if one.version_id == response.version_id]
    mine = scripts.Script(sitting.pk, place, response.version_id, response.answer, response.full, 0, frozenset())
    # A second marker does not see the first mark; who arbitrates sees both.
    shown = list(others) if len(others) == 2 and scripts.may_arbitrate(request.user, exam) else []
    return render(request, "exams/marking/script.html", {
        "exam": exam, "response": response, "form": form, "view": view, "case": case, "points": expected_lines(view),
        "code": mine.code, "progress": same[0] if same else None, "others": shown, "own": own,
    }, status=400 if form.is_bound else 200)  # fmt: skip
