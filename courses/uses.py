"""Where lessons use a question of a bank."""

from datetime import datetime

from mingfa.bank.models import Question
from mingfa.bank.registry import Use
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

from courses.models import CoursePage, LessonPage


def uses_in_lessons(question: Question, user, now: datetime) -> list[Use]:
    """The lessons that ask a question in their check, of courses of the units this person trains or sets questions for.

    Two statements.
    """
    lessons = list(LessonPage.objects.filter(check_questions__question=question).order_by("path").distinct())
    if not lessons:
        return []
    paths = {lesson.path[: -CoursePage.steplen] for lesson in lessons}
    units = units_visible_to(user, Role.TRAINER, Role.SETTER)
    courses = {one.path: one for one in CoursePage.objects.filter(path__in=paths, unit__in=units)}
    return [
        Use("课", f"{course.title}：{lesson.title}", lesson.url or "" if lesson.live else "", "" if lesson.live else "没有发布")
        for lesson in lessons
        if (course := courses.get(lesson.path[: -CoursePage.steplen]))
    ]
