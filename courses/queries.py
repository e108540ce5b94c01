"""Every number and list of courses that is about units: who is due, who has finished (docs/rules.md)."""
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from mingfa.bank.models import Question
from mingfa.indicators.figures import Figure, rate
from mingfa.people import access
from mingfa.people.models import OrgUnit, Role, User
from mingfa.people.queries import roster_on
from mingfa.periods import Period
from wagtail.models import Page

from .models import CHECK_TYPES, Assignment, Completion, CoursePage, LessonPage, LessonResult


@dataclass
class DuePerson:
    """Somebody due in a period: where he or she counts, and for which courses."""

    user_id: int
    name: str
    unit_id: int
    unit: str
    path: str
    courses: set[int] = field(default_factory=set)
    finished: set[int] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        return self.courses <= self.finished


def assignments_in(period: Period, courses: Iterable[int] | None = None) -> QuerySet[Assignment]:
    """The assignments that fall due in the period, withdrawn ones left out."""
    rows = Assignment.objects.filter(
        withdrawn_at=None, due_on__gte=period.starts_on, due_on__lte=period.ends_on
    )
    return rows if courses is None else rows.filter(course__in=courses)


def due_people(
    unit: OrgUnit, period: Period, *, courses: Iterable[int] | None = None, today: date
) -> list[DuePerson]:
    """Everybody of `unit` and below whom an assignment of the period reaches, each person once.

    Who is due is read from the main postings of the due date, or of today while that lies ahead: people who
    come or go before it come and go with the roster, afterwards the list stands.
    """
    people = _due_in([unit.path], period, courses=courses, today=today)[unit.path]
    return sorted(people.values(), key=lambda person: (person.path, person.user_id))


def _due_in(
    paths: Iterable[str], period: Period, *, courses: Iterable[int] | None, today: date
) -> dict[str, dict[int, DuePerson]]:
    """Path of each unit → person → what is due, each person once in each of them. One read of each assignment's roster."""
    found: dict[str, dict[int, DuePerson]] = {path: {} for path in paths}
    first, last = min(found, default=""), max(found, default="")
    common = next((path for path in reversed(OrgUnit.paths_down_to(first)) if last.startswith(path)), "")
    for assignment in assignments_in(period, courses).prefetch_related("units", "categories"):
        postings = roster_on(
            min(today, assignment.due_on),
            units=units_below(assignment.units.all(), common),
            categories=[one.category for one in assignment.categories.all()] or None,
        )
        rows = postings.order_by("id").values_list(
            "user_id", "user__name", "unit_id", "unit__name", "unit__path"
        )
        for row in rows:
            for path in OrgUnit.paths_down_to(row[-1]):
                if path in found:
                    found[path].setdefault(row[0], DuePerson(*row)).courses.add(assignment.course_id)
    _mark_finished(found.values(), period)
    return found


def units_below(tops: Iterable[OrgUnit], path: str) -> QuerySet[OrgUnit]:
    """Units that are below (or one of) `tops` and below (or at) `path`."""
    below = Q(pk__in=[])
    for top in tops:
        below |= Q(path__startswith=top.path)
    return OrgUnit.objects.filter(below, path__startswith=path)


def _mark_finished(groups: Iterable[dict[int, DuePerson]], period: Period) -> None:
    lines: dict[int, list[DuePerson]] = defaultdict(list)
    for group in groups:
        for person in group.values():
            lines[person.user_id].append(person)
    courses = {course for some in lines.values() for person in some for course in person.courses}
    rows = Completion.objects.filter(course__in=courses, finished_at__lt=end_of(period))
    for user_id, course_id in rows.order_by().values_list("user_id", "course_id"):
        for person in lines.get(user_id, ()):
            person.finished.add(course_id)


def end_of(period: Period) -> datetime:
    return timezone.make_aware(datetime.combine(period.ends_on + timedelta(days=1), time.min))


def completion(unit: OrgUnit, period: Period, *, course: int | None = None, today: date) -> Figure:
    """学习完成率 = persons who finished everything assigned ÷ persons due (domain guide §3).

    `course` narrows it to one course. Finishing late counts as long as it is within the period.
    """
    return _figure(due_people(unit, period, courses=_only(course), today=today))


def completion_of_units(units: Iterable[OrgUnit], period: Period, *, today: date) -> dict[int, Figure]:
    """The same for each of these units, by its key; as many queries as for one."""
    units = list(units)
    people = _due_in([unit.path for unit in units], period, courses=None, today=today)
    return {unit.pk: _figure(list(people[unit.path].values())) for unit in units}


def completion_by_unit(
    parent: OrgUnit, period: Period, *, course: int | None = None, today: date
) -> list[tuple[OrgUnit, Figure]]:
    """The same for each child of `parent` with everything below it, and for people directly in `parent`."""
    step = len(parent.path) + OrgUnit.steplen
    groups: dict[str, list[DuePerson]] = defaultdict(list)
    for person in due_people(parent, period, courses=_only(course), today=today):
        groups[person.path[:step]].append(person)
    units = OrgUnit.objects.filter(path__in=groups).order_by("path")
    return [(unit, _figure(groups[unit.path])) for unit in units]


def _only(course: int | None) -> list[int] | None:
    return None if course is None else [course]


def _figure(people: list[DuePerson]) -> Figure:
    return rate(sum(person.complete for person in people), len(people))


def courses_assigned_in(period: Period, unit: OrgUnit, *, today: date) -> list[tuple[int, str, date]]:
    """(key, title, last due date) of each course with an assignment due in the period that reaches `unit` or one below it.

    Those still running come first, the next to fall due at the top; then those that are over, the latest first.
    """
    above = [unit.path[:end] for end in range(OrgUnit.steplen, len(unit.path), OrgUnit.steplen)]
    reaching = Q(units__path__startswith=unit.path) | Q(units__path__in=above)
    found = assignments_in(period).filter(reaching).order_by("course_id").values_list("course_id", "course__title")
    rows = found.annotate(last=Max("due_on"))
    running = sorted((row for row in rows if row[2] >= today), key=lambda row: row[2])
    over = sorted((row for row in rows if row[2] < today), key=lambda row: row[2], reverse=True)
    return running + over


def assignments_of(user: User) -> QuerySet[Assignment]:
    """The assignments a trainer may see and withdraw: of courses of the units he or she is trainer of."""
    units = access.units_visible_to(user, Role.TRAINER)
    return (
        Assignment.objects.filter(course__unit__in=units, withdrawn_at=None)
        .select_related("course", "assigned_by")
        .prefetch_related("units", "categories")
        .order_by("-due_on", "-id")
    )


def courses_of(user: User) -> QuerySet[CoursePage]:
    """The published courses a trainer may assign."""
    units = access.units_visible_to(user, Role.TRAINER)
    return CoursePage.objects.live().filter(unit__in=units).order_by("title")


def askable_questions(user: User) -> QuerySet[Question]:
    """The questions a trainer may put into a check: in use, not reserved or held, of a bank of the own units or above."""
    own = access.units_visible_to(user, Role.TRAINER)
    above = {
        path[:end]
        for path in own.values_list("path", flat=True)
        for end in range(OrgUnit.steplen, len(path), OrgUnit.steplen)
    }
    banks = Q(bank__unit__in=own) | Q(bank__unit__path__in=above)
    return (
        Question.objects.filter(
            banks, status=Question.Status.USABLE, reserved=False, held=False, current__type__in=CHECK_TYPES
        )
        .select_related("current", "bank")
        .order_by("-id")
    )


def courses_asking(question: Question) -> list[CoursePage]:
    """The courses one of whose checks has this question."""
    paths = LessonPage.objects.filter(check_questions__question=question).values_list("path", flat=True)
    return list(CoursePage.objects.filter(path__in={path[: -CoursePage.steplen] for path in paths}))


def records_of_page(page: Page) -> int:
    """How many results, completions and assignments stand on this page or one below it."""
    courses = CoursePage.objects.descendant_of(page, inclusive=True)
    lessons = LessonPage.objects.descendant_of(page, inclusive=True)
    return (
        LessonResult.objects.filter(lesson__in=lessons).count()
        + Completion.objects.filter(course__in=courses).count()
        + Assignment.objects.filter(course__in=courses).count()
    )


def units_to_assign(user: User) -> QuerySet[OrgUnit]:
    """What the assignment form offers: the units a trainer holds the role for, and their direct children."""
    own = access.units_visible_to(user, Role.TRAINER)
    depth = own.aggregate(top=Min("depth"))["top"]
    return own.filter(depth__lte=(depth or 0) + 1).order_by("path")
