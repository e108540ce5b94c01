"""Handing in a check, and the trainer's assignments. The pages themselves are served by Wagtail."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from mingfa.people import access
from mingfa.people.models import Role
from mingfa.wording import day

from . import actions, queries, study
from .citing import check_lessons
from .forms import AssignmentForm, CheckForm
from .models import LessonPage


@login_required
@require_POST
def check(request, lesson_id):
    """Mark the check and come back to the lesson with the result under it."""
    lesson = get_object_or_404(LessonPage.objects.live(), pk=lesson_id)
    now = timezone.now()
    form = CheckForm(request.POST, study.check_versions(lesson, now=now))
    try:
        if not form.is_valid():
            raise actions.CheckChanged
        result = actions.finish_lesson(request.user, lesson, form.answers(), now=now)
    except actions.NothingToCheck:
        return _back(request, lesson, "这一课现在没有可答的题，请过些时候再来。您的学习记录没有变化。")
    except actions.OnOpenPaper:
        return _back(request, lesson, "这里有题在您正在进行的考试里，交卷后再做。这次作答没有计入。")
    except actions.CheckChanged:
        return _back(request, lesson, "这一课的题刚刚更新过，这次作答没有计入。请看一遍新题再答。")
    except actions.NothingAnswered:
        return _back(request, lesson, "还没有选答案。选好后再按“看对错”。")
    return redirect(f"{lesson.url}?result={result.pk}#check")


def _back(request, lesson, words):
    messages.warning(request, words)
    return redirect(f"{lesson.url}#check")


@login_required
def assignments(request):
    """布置学习: the form, and what is assigned now."""
    access.require(request.user, Role.TRAINER)
    today = timezone.localdate()
    form = AssignmentForm(
        request.POST or None,
        courses=queries.courses_of(request.user),
        units=queries.units_to_assign(request.user),
        today=today,
        initial={"course": request.GET.get("course")},
    )
    if request.method == "POST" and form.is_valid():
        assignment = actions.assign_course(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, f"已布置：{assignment.course.title}，{day(assignment.due_on)}前完成。")
        return redirect("assignments")
    rows = Paginator(queries.assignments_of(request.user), 30).get_page(request.GET.get("page"))
    findings = check_lessons(queries.courses_of(request.user)).findings
    context = {"form": form, "rows": rows, "today": today, "findings": findings}
    return render(request, "courses/assignments.html", context)


@login_required
@require_POST
def withdraw(request, assignment_id):
    """撤回 one assignment."""
    assignment = get_object_or_404(queries.assignments_of(request.user), pk=assignment_id)
    actions.withdraw_assignment(assignment, by=request.user, now=timezone.now())
    messages.success(request, f"已撤回：{assignment.course.title}。大家已经完成的学习都保留。")
    return redirect("assignments")
