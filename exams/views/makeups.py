"""The organiser's pages of 补考 and of the names a draft will have on its roster. Every object is checked."""
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa import clock

from .. import actions, makeups, queries
from ..engine.refusals import Refusal
from ..forms import MakeupForm
from ..models import Exam
from ..wording import sentence
from . import exam_set_by, private

PAGE_SIZE = 50


@private
def arrange(request, exam_id):
    """Arrange a round for 缺考, 缓考 and 不合格 of an exam that is over."""
    exam = makeups.first_session(exam_set_by(request, exam_id))
    rounds = makeups.rounds_of(exam).count()
    opens = (timezone.localtime(clock.now()) + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
    initial = {
        "name": f"{exam.name[:90]}补考" + (f"（第 {rounds + 1} 次）" if rounds else ""), "attempts": 1,
        "duration_minutes": exam.duration_minutes, "opens_at": opens, "closes_at": opens + timedelta(days=2),
    }  # fmt: skip
    form = MakeupForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            makeup = actions.create_makeup(exam, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已建立“{makeup.name}”。核对名单后发布")
            return redirect("exams:manage", makeup.pk)
    context = {"exam": exam, "form": form, "reasons": makeups.reasons(makeups.due_again(exam))}
    return render(request, "exams/manage/makeup.html", context, status=422 if form.errors else 200)


@private
@require_safe
def names(request, exam_id):
    """Who will be on the roster of a draft, by name, before it is published."""
    exam = exam_set_by(request, exam_id)
    if exam.state != Exam.State.DRAFT:
        return redirect("exams:roster", exam.pk)
    words = request.GET.get("q", "").strip()[:60]
    people = queries.expected_people(exam, on=timezone.localdate(), words=words)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exams/manage/names.html", {"exam": exam, "page": page, "words": words})
