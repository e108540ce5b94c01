"""The law library, the question bank, the courses and who has finished them."""
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from courses import actions as courses
from courses import study
from courses.models import CoursePage, LessonAnswer, LessonPage, LessonResult
from mingfa.bank import actions as bank_actions
from mingfa.bank.importing import parse_file
from mingfa.bank.models import Bank, Question
from mingfa.people.models import OrgUnit, Posting, User

from . import questions, sources
from .district import CATEGORIES

BANK = "嘉禾区法治题库"


def load_bank(unit: OrgUnit, *, by: User, now: datetime, report: Callable[[int, int], None]) -> Bank:
    """The question bank from fixtures/questions: tables by the importer that setters use, the rest one by one."""
    bank = bank_actions.create_bank(name=BANK, unit=unit, by=by, now=now)
    files = sources.question_files()
    for done, path in enumerate(files, start=1):
        if path.suffix == ".csv":
            bank_actions.import_questions(bank, parse_file(path.read_bytes(), path.name), by=by, now=now)
        else:
            for draft in questions.drafts_of(path):
                bank_actions.create_question(bank, draft, by=by, now=now)
        report(done, len(files))
    return Bank.objects.get(pk=bank.pk)


def load_courses(bank: Bank, unit: OrgUnit, *, by: User, now: datetime) -> list[CoursePage]:
    """The courses of fixtures/courses, assigned to everybody they are for."""
    by_stem = {one.current.stem: one for one in Question.objects.filter(bank=bank).select_related("current")}
    made = []
    for source in sources.courses():
        front = source.front
        course = courses.create_course(title=front["title"], unit=unit, intro=front["intro"], by=by, now=now)
        for lesson in front["lessons"]:
            courses.add_lesson(
                course, title=lesson["title"], body=source.bodies[lesson["title"]],
                questions=[by_stem[stem] for stem in lesson["check"]], minutes=lesson["minutes"],
                by=by, now=now,
            )  # fmt: skip
        courses.assign_course(
            course, units=[unit], categories=[CATEGORIES[label] for label in front["audience"]],
            due_on=timezone.localdate(now) + timedelta(days=front["due_days"]), by=by, now=now,
        )  # fmt: skip
        made.append(course)
    return made


def play_study(
    made: list[CoursePage], *, leave_out: Iterable[User], rng: random.Random, now: datetime,
    report: Callable[[int, int], None],
) -> None:  # fmt: skip
    """Nearly everybody has finished the first course, fewer the others; some have only begun.

    The rows are written course by course: thousands of checks handed in one by one would take half a minute.
    """
    left_out = {user.pk for user in leave_out}
    people = Posting.objects.filter(main=True, ends_on=None).exclude(user__in=left_out).order_by("pk")
    user_ids = list(people.values_list("user_id", flat=True))
    for done, (course, share) in enumerate(zip(made, (0.97, 0.94, 0.9), strict=True), start=1):
        lessons = list(LessonPage.objects.child_of(course).live().order_by("path"))
        checks = {lesson.pk: study.check_versions(lesson, now=now) for lesson in lessons}
        results = [
            LessonResult(user_id=user_id, lesson=lesson, answered_at=now, right=asked, asked=asked, passed=True)
            for user_id in user_ids
            for lesson in (lessons if rng.random() < share else lessons[: rng.randrange(len(lessons))])
            if (asked := len(checks[lesson.pk]))
        ]
        LessonResult.objects.bulk_create(results)
        LessonAnswer.objects.bulk_create(
            LessonAnswer(result=result, version_id=version.id, given=version.answer, right=True)
            for result in results
            for version in checks[result.lesson_id]
        )
        courses.complete_remaining(course, by=None, now=now)
        report(done, len(made))
