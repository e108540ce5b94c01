"""Fault reports of candidates, and the setter's corrections with a look at what they change. Every object is checked."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.bank.models import QuestionVersion
from mingfa.bank.queries import is_sat_by
from mingfa.bank.types import KINDS
from mingfa.downloads import excel_table
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.spreadsheets import extra_sheet

from .. import actions, corrections, listings
from ..engine.refusals import Refusal
from ..forms import CorrectionForm, FaultForm, ReplyForm
from ..models import Certificate, Exam, FaultReport, KeyCorrection, Paper, Response
from ..papers import paper_of, versions_of
from ..rendering import expected_lines
from ..wording import sentence
from . import exam_set_by, private, tell
from .candidate import own_sitting

MOST_NAMES = 100


@private
def report(request, sitting_id):
    """Say what is wrong with a question of the own paper, while it is open or afterwards."""
    sitting = own_sitting(request, sitting_id)
    total = len(paper_of(sitting.pk).items)
    form = FaultForm(request.POST or None, total=total, initial={"number": request.GET.get("n", "")})
    if request.method == "POST" and form.is_valid():
        place, text = form.cleaned_data["number"] - 1, form.cleaned_data["text"]
        done = f"第 {place + 1} 题的问题已经交给出题人，答复在这一页上看"
        tell(request, done, actions.report_fault, sitting, place, text=text, by=request.user, now=clock.now())
        return redirect("exams:fault", sitting.pk)
    return render(request, "exams/faults/report.html", {
        "exam": sitting.candidate.exam, "sitting": sitting, "form": form, "reports": sitting.fault_reports.order_by("place"),
        "told": corrections.reasons_told(sitting.candidate.exam, clock.now()),
    }, status=400 if form.is_bound else 200)  # fmt: skip


def _exam(request, exam_id) -> Exam:
    exam = exam_set_by(request, exam_id)
    if exam.state == Exam.State.DRAFT:
        raise Http404
    return exam


def _sees_keys(request, exam) -> bool:
    """Whoever keeps the bank sees its keys anyway; others only when no answer is taken any more (AL4). Nobody does while
    sitting a paper of that bank (AL1)."""
    bank, now = exam.blueprint.bank, clock.now()
    keeps = now >= exam.keys_from or holds(request.user, Role.SETTER, unit=bank.unit)
    return keeps and not is_sat_by(request.user, bank, now)


def _made(exam):
    return KeyCorrection.objects.filter(exam=exam).select_related("made_by", "version")


@require_safe
@private
def faults(request, exam_id):
    """Questions that candidates reported, and the corrections made."""
    exam = _exam(request, exam_id)
    return render(request, "exams/faults/list.html", {
        "exam": exam, "reported": corrections.reported(exam), "made": _made(exam), "keys": _sees_keys(request, exam),
    })  # fmt: skip


@require_safe
@private
def faults_xlsx(request, exam_id):
    """Both lists of the page; answers only for whom the page shows them."""
    exam, now = _exam(request, exam_id), clock.now()
    made = extra_sheet(
        listings.CORRECTIONS, listings.correction_rows(_made(exam), keys=_sees_keys(request, exam)), sheet="已作的更正",
        title=f"{exam.name}更正", of="试题报错和更正", now=now, widths=(50, 20, 36, 18, 12),
    )  # fmt: skip
    return excel_table(
        listings.REPORTED, listings.reported_rows(corrections.reported(exam)), of="试题报错和更正", title=f"{exam.name}试题报错",
        log=(exam, "exams.export_table"), by=request.user, now=now, widths=(60, 10, 8), beside=[made], what="faults",
    )  # fmt: skip


def _version(exam, version_id):
    """The question as it was on papers of this exam; any other does not exist here."""
    reported = FaultReport.objects.filter(sitting__candidate__exam=exam, version=version_id)
    answered = Response.objects.filter(sitting__candidate__exam=exam, version=version_id)
    # Open papers are read one by one, so they come last.
    on_papers = reported.exists() or answered.exists() or any(
        item.version_id == version_id
        for pk in Paper.objects.filter(sitting__candidate__exam=exam, sitting__state="open").values_list("pk", flat=True)
        for item in paper_of(pk).items
    )
    if not on_papers:
        raise Http404
    return versions_of([version_id])[version_id]


@private
def correct(request, exam_id, version_id):
    """One question: its reports, and a correction that is looked at before it is made."""
    exam = _exam(request, exam_id)
    view, sees = _version(exam, version_id), _sees_keys(request, exam)
    may = sees and not KINDS[view.type].by_people and exam.state != Exam.State.ARCHIVED
    form = CorrectionForm(request.POST or None, view=view) if may else None
    effect = None
    if request.method == "POST" and form is not None and form.is_valid():
        wanted = form.correction()
        if request.POST.get("do") == "commit":
            try:
                made = actions.correct_question(
                    exam, version_id, wanted, reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"],
                    by=request.user, now=clock.now(),
                )
            except Refusal as refusal:
                messages.error(request, sentence(refusal))
            else:
                messages.success(request, f"已更正，{made.changes.count()} 份试卷的成绩有变动，本人都能看到")
                return redirect("exams:faults", exam.pk)
        effect = corrections.effect_of(exam, version_id, wanted)
    reports = FaultReport.objects.filter(sitting__candidate__exam=exam, version=version_id)
    letters = [(chr(65 + at), text) for at, text in enumerate(view.options)]
    return render(request, "exams/faults/correct.html", {
        "exam": exam, "view": view, "question": QuestionVersion.objects.get(pk=version_id).question_id, "sees": sees,
        "certificates": effect and Certificate.objects.filter(candidate__in=effect.candidates, revoked_at=None).count(),
        "letters": letters, "key": _key_words(view), "form": form, "effect": effect,
        "names": effect.people[:MOST_NAMES] if effect else [], "reports": reports, "reply": ReplyForm(),
        "written": KINDS[view.type].by_people, "open": any(one.state == "open" for one in reports),
    }, status=400 if form is not None and form.is_bound and not form.is_valid() else 200)  # fmt: skip


def _key_words(view) -> str:
    lines = expected_lines(view)
    if lines:
        return "；".join(lines)
    return {"T": "正确", "F": "错误"}.get(view.answer, view.answer) if view.type == "judge" else view.answer


@private
@require_POST
def reply(request, exam_id, version_id):
    """There is nothing wrong with it: one sentence to everybody who reported it."""
    exam = _exam(request, exam_id)
    _version(exam, version_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        given = {"reply": form.cleaned_data["reply"], "by": request.user, "now": clock.now()}
        tell(request, "已答复提出的人", actions.answer_reports, exam, version_id, **given)
        return redirect("exams:faults", exam.pk)
    messages.error(request, "没有答复：" + form.errors["reply"][0])
    return redirect("exams:correct", exam.pk, version_id)
