"""Every write of courses."""
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from mingfa.bank.marking import is_right
from mingfa.bank.registry import withheld_from
from mingfa.people import access
from mingfa.people.models import OrgUnit, Role, User
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from . import queries, study
from .models import (
    Assignment,
    AssignmentCategory,
    CheckQuestion,
    Completion,
    CoursePage,
    CoursesPage,
    LessonAnswer,
    LessonPage,
    LessonResult,
)

SITE_NAME = "明法"
TRAINERS = Role.TRAINER.label
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
# Who adds a file may change it; the files of others can only be chosen.
FILE_PERMISSIONS = ("add_document", "choose_document", "add_image", "choose_image")


class Refusal(Exception):
    """Why something was not done; carries facts, the sentence is written at the edge."""


class NothingToCheck(Refusal):
    """The lesson has no question that can be asked today."""


class CheckChanged(Refusal):
    """The questions were changed after the page was opened."""


class OnOpenPaper(Refusal):
    """A question of the check stands on a paper the person is sitting now: marking it would tell its key."""


class NothingAnswered(Refusal):
    """Every question was left blank."""


class DueDatePast(Refusal):
    """The due date lies before today. Carries today's date."""


@transaction.atomic
def prepare_site(*, by: User | None, now: datetime) -> CoursesPage:
    """First run: the site root 明法 with the course list below it, and the trainers' group. Safe to repeat."""
    courses = CoursesPage.objects.first()
    if courses is None:
        courses = CoursesPage(title="学习", slug="courses", owner=by, first_published_at=now)
        _site_root().add_child(instance=courses)
        log(courses, "courses.prepare_site", user=by, timestamp=now)
    _prepare_trainers(courses)
    return courses


def _site_root() -> Page:
    """The plain page all others stand below. The welcome page of Wagtail's first migration becomes ours."""
    Locale.objects.get_or_create(language_code=get_supported_content_language_variant(settings.LANGUAGE_CODE))
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = site.root_page if site else root.add_child(instance=Page(title=SITE_NAME, slug="mingfa"))
    if home.title != SITE_NAME:
        home.title = home.draft_title = SITE_NAME
        home.slug = "mingfa"
        home.save()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "site_name": SITE_NAME, "root_page": home}
    )
    return home


def _prepare_trainers(courses: CoursesPage) -> None:
    """The group that lets trainers edit courses and their files in the admin, and nothing else there."""
    group, _ = Group.objects.get_or_create(name=TRAINERS)
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS
    ):
        GroupPagePermission.objects.get_or_create(group=group, page_id=courses.pk, permission=permission)
    files = Collection.get_first_root_node() or Collection.add_root(name="Root")
    earlier = GroupCollectionPermission.objects.filter(group=group)
    earlier.exclude(permission__codename__in=FILE_PERMISSIONS).delete()
    for permission in Permission.objects.filter(
        content_type__app_label__in=["wagtaildocs", "wagtailimages"], codename__in=FILE_PERMISSIONS
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=files, permission=permission)


@transaction.atomic
def create_course(*, title: str, unit: OrgUnit, intro: str = "", by: User, now: datetime) -> CoursePage:
    """A published course without lessons. `by` has to be trainer of the unit."""
    access.require(by, Role.TRAINER, unit=unit)
    page = CoursePage(title=title, unit=unit, intro=intro, owner=by, first_published_at=now)
    CoursesPage.objects.get().add_child(instance=page)
    log(page, "wagtail.create", user=by, timestamp=now)
    return page


@transaction.atomic
def add_lesson(
    course: CoursePage, *, title: str, body: list, questions: Iterable, minutes: int = 10, by: User, now: datetime
) -> LessonPage:
    """A published lesson at the end of the course.

    `body` is a list of (block, value) as courses.blocks.LessonBody takes them; `questions` are bank questions
    for the check, refused with a ValidationError when a check may not ask them.
    """
    access.require(by, Role.TRAINER, unit=course.unit)
    page = LessonPage(title=title, minutes=minutes, body=body, owner=by, first_published_at=now)
    page.check_questions = [
        CheckQuestion(question=question, sort_order=place) for place, question in enumerate(questions)
    ]
    for row in page.check_questions.all():
        row.clean()
    asked = {row.question_id for row in page.check_questions.all()}
    if asked - set(queries.askable_questions(by).filter(pk__in=asked).values_list("pk", flat=True)):
        raise ValidationError("有的题不在您能用的题库里，请另选。")
    course.add_child(instance=page)
    log(page, "wagtail.create", user=by, timestamp=now)
    return page


@transaction.atomic
def assign_course(
    course: CoursePage,
    *,
    units: Iterable[OrgUnit],
    categories: Iterable[str] = (),
    due_on: date,
    by: User,
    now: datetime,
) -> Assignment:
    """布置: everybody of these units and below (of these categories, all without any) finishes by `due_on`.

    `by` has to be trainer of the course's unit and of every unit named. Raises DueDatePast.
    """
    units = list(units)
    for unit in (course.unit, *units):
        access.require(by, Role.TRAINER, unit=unit)
    if due_on < timezone.localdate(now):
        raise DueDatePast(timezone.localdate(now))
    assignment = Assignment.objects.create(course=course, due_on=due_on, assigned_at=now, assigned_by=by)
    assignment.units.set(units)
    AssignmentCategory.objects.bulk_create(
        AssignmentCategory(assignment=assignment, category=category) for category in sorted(set(categories))
    )
    log(
        assignment,
        "courses.assign",
        user=by,
        timestamp=now,
        data={"course": course.title, "units": [unit.name for unit in units], "due_on": str(due_on)},
    )
    return assignment


@transaction.atomic
def withdraw_assignment(assignment: Assignment, *, by: User, now: datetime) -> None:
    """撤回: nobody is due by this assignment any more; what was finished stays. Repeating changes nothing."""
    access.require(by, Role.TRAINER, unit=assignment.course.unit)
    if Assignment.objects.filter(pk=assignment.pk, withdrawn_at=None).update(withdrawn_at=now):
        log(assignment, "courses.withdraw", user=by, timestamp=now, data={"course": assignment.course.title})


@transaction.atomic
def finish_lesson(user: User, lesson: LessonPage, answers: dict[int, str], *, now: datetime) -> LessonResult:
    """Hand in a lesson's check: all right finishes the lesson, the last lesson finishes the course.

    `answers` is version id → canonical answer, blank ones allowed. It may be repeated as often as one likes.
    Raises NothingToCheck, OnOpenPaper, CheckChanged when the answers are not to the questions asked now,
    NothingAnswered.
    """
    # Two last lessons handed in at once would each find the other one open.
    User.objects.select_for_update().get(pk=user.pk)
    questions = study.check_questions(lesson, now=now)
    versions = list(questions.values())
    if not versions:
        raise NothingToCheck
    if questions.keys() & withheld_from(user, now):
        raise OnOpenPaper
    if set(answers) != {version.id for version in versions}:
        raise CheckChanged
    if not any(answers.values()):
        raise NothingAnswered
    rights = {one.id: is_right(one.type, one.answer, answers[one.id]) for one in versions}
    passed = all(rights.values())
    result = LessonResult.objects.create(
        user=user, lesson=lesson, answered_at=now, right=sum(rights.values()), asked=len(versions), passed=passed
    )
    LessonAnswer.objects.bulk_create(
        LessonAnswer(result=result, version_id=one.id, given=answers[one.id], right=rights[one.id])
        for one in versions
    )
    log(result, "courses.check", user=user, timestamp=now, data={"right": result.right, "asked": result.asked})
    if passed:
        _complete_course(user, lesson, now)
    return result


@transaction.atomic
def complete_remaining(course: CoursePage, *, by: User | None, now: datetime) -> int:
    """Finish the course for everybody who has passed all that is left of it, after a lesson or a question left.

    Nothing to do while the course itself is offline or asks for nothing. Returns for how many people it was.
    """
    course = CoursePage.objects.live().filter(pk=course.pk).first()
    required = course and list(study.live_lessons().child_of(course).filter(has_check=True).values_list("pk", flat=True))
    if not required:
        return 0
    passed = LessonResult.objects.filter(lesson__in=required, passed=True).order_by().values("user")
    done = passed.annotate(lessons=Count("lesson", distinct=True)).filter(lessons=len(required))
    done = done.exclude(user__in=Completion.objects.filter(course=course).values("user"))
    people = list(done.values_list("user", flat=True))
    Completion.objects.bulk_create(
        (Completion(user_id=pk, course=course, finished_at=now) for pk in people), ignore_conflicts=True
    )
    if people:
        log(course, "courses.complete_remaining", user=by, timestamp=now, data={"people": len(people)})
    return len(people)


def _complete_course(user: User, lesson: LessonPage, now: datetime) -> None:
    course = CoursePage.objects.parent_of(lesson).get()
    if not study.lessons_to_pass(user, course).exists():
        Completion.objects.get_or_create(user=user, course=course, defaults={"finished_at": now})


