"""What lessons cite that the library does not hold or that is no longer in force."""
from collections.abc import Iterable
from dataclasses import dataclass

from mingfa.library.citations import CitationRef
from mingfa.library.queries import statuses_of

from . import study
from .models import CoursePage, LessonPage


@dataclass(frozen=True)
class LessonFinding:
    """`standing` is missing or not_in_force (mingfa.library.queries)."""

    course: CoursePage
    lesson: LessonPage
    ref: CitationRef
    standing: str


@dataclass(frozen=True)
class LessonCheck:
    """What the lessons' citations are worth today; `lessons` and `citations` are how many were looked at."""

    lessons: int
    citations: int
    findings: tuple[LessonFinding, ...]


def check_lessons(courses: Iterable[CoursePage]) -> LessonCheck:
    """Every citation in the text of published lessons of these courses. A constant number of queries."""
    above = {course.path: course for course in courses}
    lessons = LessonPage.objects.live().order_by("path")
    cited = [
        (above[lesson.path[: -LessonPage.steplen]], lesson, ref)
        for lesson in lessons
        if lesson.path[: -LessonPage.steplen] in above
        for ref in study.citations_of(lesson)
    ]
    standings = statuses_of({ref for _, _, ref in cited})
    findings = tuple(
        LessonFinding(course, lesson, ref, standings[ref])
        for course, lesson, ref in cited
        if standings[ref] != "in_force"
    )
    return LessonCheck(len({lesson.pk for _, lesson, _ in cited}), len(cited), findings)
