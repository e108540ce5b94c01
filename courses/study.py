"""What one person sees of courses: the list 我的学习, a course's lessons, a lesson with its check."""
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from mingfa.bank import queries as bank
from mingfa.bank.models import Question, QuestionType
from mingfa.bank.registry import withheld_from
from mingfa.indicators.figures import Figure, rate
from mingfa.library.citations import CitationRef
from mingfa.people.models import GONE, Posting, User

from .blocks import reference
from .models import (
    CHECK_TYPES,
    Assignment,
    CheckQuestion,
    Completion,
    CoursePage,
    LessonPage,
    LessonResult,
)

JUDGE_OPTIONS = (("T", "正确"), ("F", "错误"))


@dataclass(frozen=True)
class LessonLine:
    """A lesson in a list. `required` when it has a check: only those have to be passed."""

    number: int
    lesson: LessonPage
    required: bool
    passed: bool
    tried: bool


@dataclass(frozen=True)
class CourseLine:
    """A course as one person meets it."""

    course: CoursePage
    lessons: tuple[LessonLine, ...]
    due_on: date | None
    finished_at: datetime | None

    @property
    def assigned(self) -> bool:
        return self.due_on is not None

    @property
    def progress(self) -> Figure:
        required = [line for line in self.lessons if line.required]
        return rate(sum(line.passed for line in required), len(required))

    @property
    def next(self) -> LessonLine | None:
        """The first lesson still to be passed."""
        return next((line for line in self.lessons if line.required and not line.passed), None)

    @property
    def minutes_left(self) -> int:
        return sum(line.lesson.minutes for line in self.lessons if line.required and not line.passed)


@dataclass(frozen=True)
class Ask:
    """A question of a check as the page prints it; nothing here depends on the key before it was answered.

    `right` is None until answered; `explanation` and `citations` stay empty until then. `withheld` while the
    question stands on a paper the person is sitting: it can neither be answered nor is anything told about it.
    """

    version_id: int
    number: int
    type: str
    stem: str
    options: tuple[tuple[str, str], ...]
    given: str = ""
    right: bool | None = None
    explanation: str = ""
    citations: tuple = ()
    withheld: bool = False

    @property
    def name(self) -> str:
        return f"v{self.version_id}"

    @property
    def many(self) -> bool:
        return self.type == QuestionType.MULTIPLE

    @property
    def type_words(self) -> str:
        return QuestionType(self.type).label


def usable_checks():
    """The check questions that can be asked today: in use, not reserved, of a type a page can draw."""
    return CheckQuestion.objects.filter(
        question__status=Question.Status.USABLE, question__reserved=False, question__current__type__in=CHECK_TYPES
    )


def live_lessons():
    """Published lessons with `has_check`, in the order of their courses."""
    return (
        LessonPage.objects.live()
        .annotate(has_check=Exists(usable_checks().filter(lesson=OuterRef("pk"))))
        .defer("body")
        .order_by("path")
    )


def _lines(lessons, passed: set[int], tried: set[int]) -> tuple[LessonLine, ...]:
    return tuple(
        LessonLine(number, lesson, lesson.has_check, lesson.pk in passed, lesson.pk in tried)
        for number, lesson in enumerate(lessons, 1)
    )


def _results_of(user: User, lessons) -> tuple[set[int], set[int]]:
    """(passed, tried) lesson ids of this person. One query."""
    rows = LessonResult.objects.filter(user=user, lesson__in=lessons).order_by()
    rows = set(rows.values_list("lesson_id", "passed").distinct())
    return {lesson for lesson, passed in rows if passed}, {lesson for lesson, _ in rows}


def my_courses(user: User, *, today: date) -> list[CourseLine]:
    """Every published course with this person's progress: what is due first by date, then the others."""
    courses = list(CoursePage.objects.live().order_by("path"))
    lessons = list(live_lessons())
    passed, tried = _results_of(user, lessons)
    finished = dict(Completion.objects.filter(user=user).values_list("course_id", "finished_at"))
    due = due_dates(user, today=today)
    lines = [
        CourseLine(
            course,
            _lines([one for one in lessons if one.path.startswith(course.path)], passed, tried),
            due.get(course.pk),
            finished.get(course.pk),
        )
        for course in courses
    ]
    return sorted(lines, key=lambda line: (line.due_on is None, line.due_on or today, line.course.path))


def my_course(user: User, course: CoursePage, *, today: date) -> CourseLine:
    """The same for one course."""
    lessons = list(live_lessons().child_of(course))
    finished = Completion.objects.filter(user=user, course=course).values_list("finished_at", flat=True).first()
    return CourseLine(
        course, _lines(lessons, *_results_of(user, lessons)), due_dates(user, today=today).get(course.pk), finished
    )


def lessons_to_pass(user: User, course: CoursePage):
    """The lessons of the course whose check this person has still to pass."""
    passed = LessonResult.objects.filter(user=user, passed=True)
    return live_lessons().child_of(course).filter(has_check=True).exclude(pk__in=passed.values("lesson"))


def due_dates(user: User, *, today: date) -> dict[int, date]:
    """Course id → the date it has to be finished by, for the assignments of this year that reach this person.

    The rule is that of `queries.due_people`: the main posting on the due date, or today while that lies ahead.
    The earliest date still ahead counts; once all have passed, the last one.
    """
    postings = list(
        Posting.objects.filter(user=user, main=True).exclude(duty_status__in=GONE).select_related("unit")
    )
    assignments = Assignment.objects.filter(withdrawn_at=None, due_on__year__gte=today.year)
    dates: dict[int, list[date]] = {}
    for assignment in assignments.prefetch_related("units", "categories"):
        if any(_reaches(assignment, posting, min(today, assignment.due_on)) for posting in postings):
            dates.setdefault(assignment.course_id, []).append(assignment.due_on)
    return {
        course: min((day for day in days if day >= today), default=max(days)) for course, days in dates.items()
    }


def _reaches(assignment: Assignment, posting: Posting, day: date) -> bool:
    categories = {one.category for one in assignment.categories.all()}
    return (
        posting.starts_on <= day
        and (posting.ends_on is None or day <= posting.ends_on)
        and (not categories or posting.category in categories)
        and any(posting.unit.path.startswith(unit.path) for unit in assignment.units.all())
    )


def check_questions(lesson: LessonPage, *, now: datetime) -> dict[int, bank.VersionView]:
    """Question id → what the lesson's check asks now, with the keys: for marking, never for a template."""
    ids = list(lesson.check_questions.values_list("question_id", flat=True))
    return {pk: view for pk, view in bank.checkable(ids, now=now).items() if view.type in CHECK_TYPES}


def check_versions(lesson: LessonPage, *, now: datetime) -> list[bank.VersionView]:
    """The same without the ids."""
    return list(check_questions(lesson, now=now).values())


def options_of(version: bank.VersionView) -> tuple[tuple[str, str], ...]:
    """(letter, text) of a question as a check prints it."""
    if version.type == QuestionType.JUDGE:
        return JUDGE_OPTIONS
    return tuple((chr(65 + place), text) for place, text in enumerate(version.options))


def asks(user: User, lesson: LessonPage, result: LessonResult | None, *, now: datetime) -> list[Ask]:
    """The check as this person may see it: explanations only for what `result` has answered (AL2)."""
    withheld = withheld_from(user, now)
    answers = {answer.version_id: answer for answer in result.answers.all()} if result else {}
    lines = []
    for number, (question_id, version) in enumerate(check_questions(lesson, now=now).items(), 1):
        ask = (version.id, number, version.type, version.stem, options_of(version))
        answer = answers.get(version.id)
        if question_id in withheld:
            lines.append(Ask(*ask, withheld=True))
        elif answer is not None and answer.given:
            lines.append(Ask(*ask, answer.given, answer.right, version.explanation, version.citations))
        else:
            lines.append(Ask(*ask))
    return lines


def result_of(user: User, lesson: LessonPage, result_id: int) -> LessonResult | None:
    """A check this very person handed in for this lesson, None for anything else."""
    return LessonResult.objects.filter(pk=result_id, user=user, lesson=lesson).first()


@dataclass(frozen=True)
class Study:
    """A lesson as one person meets it: where it stands in the course, its check, the last answers."""

    course: CoursePage
    line: LessonLine
    lines: tuple[LessonLine, ...]
    asks: list[Ask]
    result: LessonResult | None
    held: bool = False  # nothing can be asked, because the law changed and the questions are being looked at

    @property
    def done(self) -> int:
        return sum(line.passed for line in self.lines)

    @property
    def kept_back(self) -> bool:
        """Whether the lesson has a check and exams keep all of it to themselves until they are over (AL2)."""
        return self.line.required and not self.asks

    @property
    def withheld(self) -> bool:
        """Whether the check has to wait until a running exam is handed in."""
        return any(ask.withheld for ask in self.asks)

    @property
    def previous(self) -> LessonLine | None:
        place = self.line.number - 2
        return self.lines[place] if place >= 0 else None

    @property
    def next(self) -> LessonLine | None:
        return self.lines[self.line.number] if self.line.number < len(self.lines) else None


def study(user: User, lesson: LessonPage, result_id: int | None, *, now: datetime) -> Study:
    """Everything around a lesson's text. In a preview the lesson may not be published yet."""
    course = CoursePage.objects.ancestor_of(lesson).get()
    lessons = list(live_lessons().child_of(course))
    if lesson.pk not in {one.pk for one in lessons}:
        lesson.has_check = False
        lessons.append(lesson)
    lines = _lines(lessons, *_results_of(user, lessons))
    result = result_of(user, lesson, result_id) if result_id else None
    line = next(line for line in lines if line.lesson.pk == lesson.pk)
    asked = asks(user, lesson, result, now=now)
    held = line.required and not asked and lesson.check_questions.filter(question__held=True).exists()
    return Study(course, line, lines, asked, result, held)


def citations_of(lesson: LessonPage) -> list[CitationRef]:
    """The articles the lesson's text shows, each once, in order."""
    refs = (reference(block.value) for block in lesson.body if block.block_type == "law")
    return list(dict.fromkeys(ref for ref in refs if ref))
