"""Papers on paper: drawn ahead, downloaded as Word documents. Every object is checked."""
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.documents import DOCX
from mingfa.numbers import whole

from .. import actions, fairness, printing
from ..engine.refusals import Refusal
from ..models import Exam, PrintedPaper
from ..queries import DUE, units_due
from ..wording import sentence
from . import exam_set_by, private, tell


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@private
@require_POST
def draw(request, exam_id):
    """One more paper for many."""
    exam = exam_set_by(request, exam_id)
    done = "已抽出 {0.label} 卷".format
    tell(request, done, actions.draw_printed_paper, exam, by=request.user, now=clock.now())
    return redirect("exams:papers", exam.pk)


@private
@require_POST
def own(request, exam_id):
    """A zip with a paper of their own for everybody due of a unit."""
    exam = exam_set_by(request, exam_id)
    unit = get_object_or_404(units_due(exam), pk=whole(request.POST.get("unit", "")) or 0)
    due = exam.candidates.filter(DUE, unit__path__startswith=unit.path).select_related("user", "unit")
    people, now = list(due.order_by("unit__path", "pk")[: actions.MOST_AT_ONCE + 1]), clock.now()
    try:
        papers = actions.draw_own_papers(exam, people, by=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("exams:papers", exam.pk)
    if not papers:
        messages.error(request, f"{unit.name}没有应考的人，没有要打印的")
        return redirect("exams:papers", exam.pk)
    record(exam, "exams.print_papers", user=request.user, data={"unit": unit.pk, "papers": len(papers)}, now=now)
    return _file(printing.archive(exam, papers), "application/zip", f"papers-{exam.pk}-{unit.pk}.zip")


@private
@require_safe
def download(request, printed_id, what):
    """Paper, answer sheet or key of one paper. Keys only when no answer is taken any more (AL4)."""
    printed = get_object_or_404(PrintedPaper.objects.select_related("candidate__user", "candidate__unit"), pk=printed_id)
    exam, now = exam_set_by(request, printed.exam_id), clock.now()
    if what not in printing.WRITERS or exam.state == Exam.State.DRAFT:
        raise Http404
    if what == "key" and not fairness.keys_may_be_shown(exam, now):
        messages.error(request, "考试全部结束、迟到的答案收完以后，才能下载参考答案")
        return redirect("exams:papers", exam.pk)
    record(printed, "exams.print_papers", user=request.user, data={"what": what, "label": printed.label}, now=now)
    return _file(printing.document(exam, printed, what), DOCX, f"{what}-{exam.pk}-{printed.label}.docx")
