"""The roster of an exam: the list, one person, approvals, the frozen sheet. Every object is checked."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.downloads import excel_table
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import actions, queries, rosters
from ..engine.refusals import Refusal
from ..forms import ReasonForm, RosterChangeForm
from ..models import Candidate, Exam, RosterChange, Sitting
from ..proofs import ENDINGS
from ..wording import changed, sentence
from . import private, tell

PAGE_SIZE = 50
HEADER = ("序号", "单位", "姓名", "人员类别", "名册情况", "批准人")


def exam_seen_by(request, exam_id) -> tuple[Exam, object]:
    """The exam and the part of its roster the person may see; without any part it does not exist for them."""
    exam = get_object_or_404(Exam.objects.select_related("unit"), pk=exam_id)
    candidates = rosters.candidates_for(request.user, exam)
    if not _organises(request, exam) and not candidates.exists():
        raise Http404
    return exam, candidates


def _organises(request, exam) -> bool:
    return exam.state != Exam.State.DRAFT and holds(request.user, Role.SETTER, unit=exam.unit)


def _decides(request, exam) -> bool:
    return holds(request.user, Role.SETTER, Role.LEADER, unit=exam.unit)


def _candidate(request, candidate_id) -> Candidate:
    candidate = get_object_or_404(
        Candidate.objects.select_related("exam__unit", "user", "unit", "approved_by"), pk=candidate_id
    )
    if not rosters.candidates_for(request.user, candidate.exam).filter(pk=candidate.pk).exists():
        raise Http404
    return candidate


@require_safe
@private
def roster(request, exam_id):
    """The people of the roster with how each of them stands, and what waits for approval."""
    exam, candidates = exam_seen_by(request, exam_id)
    words, show = request.GET.get("q", "")[:60], request.GET.get("show", "all")
    told = rosters.marks_told(request.user, exam, clock.now())
    if not told and show in rosters.TELLS_MARKS:
        show = "all"
    page = Paginator(rosters.roster(candidates, words=words, show=show), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exams/roster/list.html", {
        "exam": exam, "page": page, "words": words, "show": show,
        "choices": [(key, label) for key, (label, _) in rosters.SHOWN.items() if told or key not in rosters.TELLS_MARKS],
        "told": told,
        "standing": queries.standing(exam), "waiting": rosters.waiting_changes(candidates),
        "decides": _decides(request, exam), "organises": _organises(request, exam),
    })  # fmt: skip


@private
def person(request, candidate_id):
    """One person of the roster: standing, sittings, changes, and the form for another change."""
    candidate = _candidate(request, candidate_id)
    form = RosterChangeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content, kind = form.cleaned_data["proof"]
        try:
            change = actions.change_standing(
                candidate, kind=form.cleaned_data["kind"], reason=form.cleaned_data["reason"], by=request.user,
                now=clock.now(), proof=content, proof_type=kind,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, changed(change, candidate.user.name))
            return redirect("exams:roster_person", candidate.pk)
    changes, sittings = rosters.history(candidate)
    return render(request, "exams/roster/person.html", {
        "candidate": candidate, "exam": candidate.exam, "form": form, "changes": changes, "sittings": sittings,
        "stands": actions.standing_words(candidate), "decides": _decides(request, candidate.exam),
        "told": rosters.marks_told(request.user, candidate.exam, clock.now()),
        "organises": _organises(request, candidate.exam), "own": candidate.user_id == request.user.pk,
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
@private
def decide(request, change_id):
    """Approve or refuse one change."""
    change = get_object_or_404(RosterChange.objects.select_related("candidate__exam__unit"), pk=change_id)
    candidate = _candidate(request, change.candidate_id)
    if not _decides(request, candidate.exam):
        raise Http404
    note = request.POST.get("note", "").strip()[:100]
    approved = request.POST.get("do") == "approve"
    done = "已批准，名册已更新" if approved else "已退回，名册没有改动"
    given = {"approved": approved, "note": note, "by": request.user, "now": clock.now()}
    tell(request, done, actions.decide_change, change, **given)
    return redirect("exams:roster_person", candidate.pk)


@require_safe
@private
def proof(request, change_id):
    """The written proof of one change, as a download that no browser runs."""
    change = get_object_or_404(RosterChange, pk=change_id)
    _candidate(request, change.candidate_id)
    if not change.proof:
        raise Http404
    name = f"proof-{change.pk}.{ENDINGS[change.proof_type]}"
    response = FileResponse(change.proof.open("rb"), as_attachment=True, filename=name, content_type=change.proof_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _sitting(request, sitting_id) -> Sitting:
    """A sitting of an exam the person organises."""
    sitting = get_object_or_404(Sitting.objects.select_related("candidate__exam__unit", "candidate__user"), pk=sitting_id)
    if not _organises(request, sitting.candidate.exam):
        raise Http404
    return sitting


@require_POST
@private
def void(request, sitting_id):
    """作废 one sitting, with the reason."""
    sitting, form = _sitting(request, sitting_id), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有作废：" + form.errors["reason"][0])
        return redirect("exams:roster_person", sitting.candidate_id)
    done = f"{sitting.candidate.user.name}的第 {sitting.number} 次作答已作废，成绩已重新计算"
    given = {"reason": form.cleaned_data["reason"], "again": "again" in request.POST, "by": request.user, "now": clock.now()}
    tell(request, done, actions.void_sitting, sitting, **given)
    return redirect("exams:roster_person", sitting.candidate_id)


@require_POST
@private
def unfreeze(request, sitting_id):
    """Let a frozen sitting go on."""
    sitting = _sitting(request, sitting_id)
    done = "已恢复，本人重新打开试卷就能接着作答。结束时间不变"
    tell(request, done, actions.unfreeze_sitting, sitting, by=request.user, now=clock.now())
    return redirect("exams:roster_person", sitting.candidate_id)


def _whole_roster(request, exam_id) -> Exam:
    """The exam, for who may see all of its roster."""
    exam, _ = exam_seen_by(request, exam_id)
    if not _decides(request, exam):
        raise Http404
    return exam


@require_safe
@private
def sheet(request, exam_id):
    """名册冻结表, to be printed and signed."""
    exam = _whole_roster(request, exam_id)
    context = {"exam": exam, "sheet": rosters.frozen_sheet(exam), "now": clock.now()}
    return render(request, "exams/roster/sheet.html", context)


@require_safe
@private
def sheet_xlsx(request, exam_id):
    """The whole roster as an Excel file; the download is logged."""
    exam = _whole_roster(request, exam_id)
    people = rosters.roster(exam.candidates.select_related("approved_by"))
    rows = [
        (n, one.unit.name, one.user.name, one.get_category_display(), actions.standing_words(one),
         one.approved_by.name if one.approved_by else "")
        for n, one in enumerate(people, 1)
    ]  # fmt: skip
    return excel_table(
        HEADER, rows, of="名册冻结表", title=f"{exam.name}名册", log=(exam, "exams.print_roster"), by=request.user,
        now=clock.now(),
    )  # fmt: skip
