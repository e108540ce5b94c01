"""Every number and list of exams. Figures follow domain guide §3 (docs/rules.md “统计口径”)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from mingfa.bank.models import QuestionVersion
from mingfa.people.models import Category, OrgUnit, Posting, User
from mingfa.people.queries import people_called, roster_on
from mingfa.prepared import Given, Prepared

from .engine.disclosure import visible
from .makeups import due_again, reasons
from .models import Candidate, Exam, Sitting
from .papers import paper_of

DUE = Q(exempt_reason="", deferred_reason="")
SAT = DUE & Q(counted__isnull=False)

COUNTS = {
    "on_roster": Count("id"),
    "exempt": Count("id", filter=~Q(exempt_reason="")),
    "deferred": Count("id", filter=~Q(deferred_reason="")),
    "due": Count("id", filter=DUE),
    "sat": Count("id", filter=SAT),
    "passed": Count("id", filter=SAT & Q(passed=True)),
    "excellent": Count("id", filter=SAT & Q(counted_mark__gte=F("exam__excellent_mark"))),
}


@dataclass(frozen=True)
class Standing:
    """Heads of one exam and unit: 在册 N, 免考 E, 缓考 D, 应考 Y, 实考 S, 合格 P, 优秀. Y = N − E − D."""

    on_roster: int = 0
    exempt: int = 0
    deferred: int = 0
    due: int = 0
    sat: int = 0
    passed: int = 0
    excellent: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(*(getattr(self, name) + getattr(other, name) for name in COUNTS))


def _below(unit: OrgUnit) -> Q:
    return Q(unit__path__startswith=unit.path)


def standing(exams: Iterable[Exam] | Exam, unit: OrgUnit | None = None) -> Standing:
    """Heads of one exam (or the sum over several) in `unit` and all below it; the whole exam without unit."""
    exams = [exams] if isinstance(exams, Exam) else list(exams)
    rows = Candidate.objects.filter(exam__in=exams)
    if unit is not None:
        rows = rows.filter(_below(unit))
    return standing_of(rows)


def standing_of(candidates: QuerySet[Candidate]) -> Standing:
    """Heads of these lines of one exam's roster. One query."""
    return Standing(**candidates.aggregate(**COUNTS))


def units_due(exam: Exam) -> QuerySet[OrgUnit]:
    """The units an exam is for: those chosen and everything below them."""
    below = Q(pk__in=[])
    for path in exam.due_units.values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return OrgUnit.objects.filter(below)


def candidate_of(exam_id: int, user: User) -> Candidate | None:
    """The person's own line on the roster of an exam that is published, with all that starting needs; else None."""
    own = _CANDIDATE.first(exam_id, user.pk)
    if own is None or own.exam.state == Exam.State.DRAFT:
        return None
    own.user = user
    return own


_CANDIDATE = Prepared(
    lambda: Candidate.objects.select_related("exam__blueprint__bank", "unit").filter(
        exam_id=Given(0, BigIntegerField()), user_id=Given(1, BigIntegerField())
    )
)
_SITTING = Prepared(
    lambda: Sitting.objects.select_related("candidate__exam", "candidate__unit").filter(
        pk=Given(0, BigIntegerField()), candidate__user_id=Given(1, BigIntegerField())
    )
)


def sitting_of(sitting_id: int, user: User) -> Sitting | None:
    """The person's own sitting with candidate, exam and unit; None for anybody else's."""
    return _SITTING.first(sitting_id, user.pk)


def last_sat(user: User, now: datetime) -> datetime | None:
    """`now` while a sitting of this person runs, else when the last one was handed in."""
    # One voided before its end would hold the session until that end.
    sittings = Sitting.objects.filter(candidate__user=user).exclude(state=Sitting.State.VOID)
    if sittings.filter(state=Sitting.State.OPEN, ends_at__gt=now).exists():
        return now
    return sittings.aggregate(last=Max(Coalesce("submitted_at", "ends_at")))["last"]


@dataclass(frozen=True)
class Task:
    """An exam as one person meets it. `state`: early, open, resume, done, missed or excused."""

    exam: Exam
    candidate: Candidate
    sitting: Sitting | None
    state: str

    @property
    def attempts_left(self) -> int:
        return self.candidate.attempts_allowed - self.candidate.attempts_used


def _state(candidate: Candidate, sitting: Sitting | None, now: datetime) -> str:
    exam = candidate.exam
    if sitting is not None and sitting.state == Sitting.State.OPEN and now < sitting.ends_at:
        return "resume"
    if candidate.exempt_reason or candidate.deferred_reason:
        return "excused"
    if now < exam.opens_at:
        return "early"
    # Failed people may try again while attempts are left; who has passed and may know it is done.
    used_up = candidate.attempts_used and candidate.attempts_used >= candidate.attempts_allowed
    if used_up or (candidate.passed and _mark_is_shown(exam, now)):
        return "done"
    if now >= exam.closes_at:
        return "done" if candidate.attempts_used else "missed"
    return "open"


def _mark_is_shown(exam: Exam, now: datetime) -> bool:
    shown = visible(exam.result_policy, now=now, keys_from=exam.keys_from, released_at=exam.released_at)
    return shown != "none"


def tasks_of(user: User, *, now: datetime) -> list[Task]:
    """Every published or closed exam the person is on the roster of, newest first, with its state."""
    candidates = list(
        Candidate.objects.filter(user=user, exam__state__in=[Exam.State.PUBLISHED, Exam.State.CLOSED])
        .select_related("exam", "unit")
        .order_by("-exam__opens_at", "-id")
    )
    latest = {
        sitting.candidate_id: sitting
        for sitting in Sitting.objects.filter(candidate__in=candidates).defer("answers").order_by("number")
    }
    return [
        Task(one.exam, one, latest.get(one.pk), _state(one, latest.get(one.pk), now)) for one in candidates
    ]


def task_of(candidate: Candidate, *, now: datetime) -> Task:
    """The same for one candidate."""
    sitting = None
    if candidate.attempts_used:  # every sitting used one up
        sitting = candidate.sittings.defer("answers").order_by("-number").first()
    return Task(candidate.exam, candidate, sitting, _state(candidate, sitting, now))


def questions_on_open_papers(user: User, now: datetime) -> set[int]:
    """Ids of the questions on papers this person is sitting now. One query while there is none."""
    running = Sitting.objects.filter(candidate__user=user, state=Sitting.State.OPEN, ends_at__gt=now)
    items = [item for pk in running.values_list("pk", flat=True) for item in paper_of(pk).items]
    if not items:
        return set()
    versions = QuestionVersion.objects.filter(pk__in=[item.version_id for item in items])
    return set(versions.values_list("question_id", flat=True))


def question_ids(version_ids: Iterable[int]) -> dict[int, int]:
    """Version id → question id. One query."""
    return dict(QuestionVersion.objects.filter(pk__in=list(version_ids)).values_list("pk", "question_id"))


def manageable(units: QuerySet[OrgUnit]) -> QuerySet[Exam]:
    """Exams organised by these units with the heads that matter for a list."""
    return Exam.objects.filter(unit__in=units).select_related("unit").annotate(
        due=Count("candidates", filter=Q(candidates__exempt_reason="", candidates__deferred_reason="")),
        sat=Count(
            "candidates",
            filter=Q(
                candidates__exempt_reason="", candidates__deferred_reason="", candidates__counted__isnull=False
            ),
        ),
    )


def expected_people(exam: Exam, *, on: date, words: str = "") -> QuerySet[Posting] | list[Candidate]:
    """Who would be frozen into the roster on a date, each with user, unit and 人员类别, in the order of the tree.

    Args:
        words: only those with this name, as in people.queries.people_called.
    """
    if exam.makeup_of_id:
        people = due_again(exam.makeup_of)
        if not words:
            return people
        called = set(people_called(User.objects.all(), words).values_list("pk", flat=True))
        return [one for one in people if one.user_id in called]
    categories = [one.category for one in exam.categories.all()] or None
    rows = roster_on(on, units=units_due(exam), categories=categories).select_related("user", "unit")
    if exam.named_from:
        rows = rows.filter(user__in=exam.named.values("user"))
    if words:
        rows = rows.filter(user__in=people_called(User.objects.all(), words))
    return rows.order_by("unit__path", "pk")


def expected_roster(exam: Exam, *, on: date) -> list[tuple[str, int]]:
    """How many would be: (人员类别, of a makeup the reason, heads), and the sum last as 合计."""
    if exam.makeup_of_id:
        return reasons(due_again(exam.makeup_of))
    rows = expected_people(exam, on=on).order_by()
    counts = list(rows.values_list("category").annotate(heads=Count("id")).order_by("category"))
    names = dict(Category.choices)
    listed = [(names.get(category, "未填类别"), heads) for category, heads in counts]
    return [*listed, ("合计", sum(heads for _, heads in listed))]


def left_out_without_category(exam: Exam, *, on: date) -> int:
    """People of the due units whom an exam for named 人员类别 leaves out only because theirs was never filled in."""
    if exam.makeup_of_id or not exam.categories.exists():
        return 0
    return roster_on(on, units=units_due(exam), categories=[""]).count()
