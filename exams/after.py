"""After an exam: the score sheet, what the questions were worth, and each person's 错题本."""
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from mingfa.bank.models import Question
from mingfa.bank.types import KINDS, LETTERS
from mingfa.people.models import User

from .actions import corrections_of
from .engine.disclosure import visible
from .engine.items import Analysis, Answered, analyse
from .engine.late import arrived_in_grace
from .engine.scoring import band
from .models import Candidate, Exam, Response, Sitting
from .papers import paper_of, versions_of
from .rendering import Reviewed, review

ABSENT, NOT_YET = "缺考", "未参加"


@dataclass(frozen=True)
class Score:
    """One line of the score sheet. mark is None where nothing counts; standing is a word."""

    candidate_id: int
    unit: str
    name: str
    category: str
    attempts: int
    mark: object
    standing: str


def scores(exam: Exam, candidates: QuerySet[Candidate], *, now: datetime, told: bool = True) -> list[Score]:
    """The score sheet of these people in the order of the tree; without marks when not `told`. One query."""
    words = dict(Candidate._meta.get_field("category").choices)
    limits = {"pass_mark": exam.pass_mark, "good_mark": exam.good_mark, "excellent_mark": exam.excellent_mark}
    absent = ABSENT if now >= exam.over_for_everybody else NOT_YET
    rows = candidates.order_by("unit__path", "pk").values_list(
        "pk", "unit__name", "user__name", "category", "attempts_used", "counted_mark", "exempt_reason", "deferred_reason",
        "counted",
    )
    found = []
    for pk, unit, name, category, attempts, mark, exempt, deferred, counted in rows:
        if exempt:
            standing = "免考"
        elif deferred:
            standing = "缓考"
        elif counted is not None and not told:
            standing, mark = "已交卷", None
        elif counted is not None and mark is None:
            standing = "等待阅卷"
        else:
            standing = absent if mark is None else band(mark, **limits)
        found.append(Score(pk, unit, name, words.get(category, ""), attempts, mark, standing))
    return found


@dataclass(frozen=True)
class Item:
    """A question of an exam with what its answers tell."""

    question_id: int
    version_id: int
    stem: str
    analysis: Analysis


def items_of(exam: Exam) -> list[Item]:
    """Every question that was on a paper that counts, the suspicious ones first. Only for exams that are over (AL4)."""
    rows = Response.objects.filter(sitting__in=exam.candidates.filter(counted_mark__isnull=False).values("counted"))
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    answers: dict[int, list[tuple[int, str, float, float]]] = defaultdict(list)
    for sitting, version, answer, mark, full in rows.values_list("sitting_id", "version_id", "answer", "mark", "full"):
        mark, full = float(mark), float(full)
        sums[sitting][0] += mark
        sums[sitting][1] += full
        answers[version].append((sitting, answer, mark, full))
    known = versions_of(answers)
    questions = dict(Question.objects.filter(versions__in=answers).values_list("versions", "pk"))
    found = []
    for version, given in answers.items():
        view = known[version]
        letters = ""
        if KINDS[view.type].shows == "options":
            letters = "TF" if view.type == "judge" else LETTERS[: len(view.options)]
        answered = [
            Answered(answer, mark / full, _share(sums[sitting][0] - mark, sums[sitting][1] - full))
            for sitting, answer, mark, full in given
        ]
        analysis = analyse(answered, key=view.answer, letters=letters, single=view.type in ("single", "judge"))
        found.append(Item(questions[version], version, view.stem, analysis))
    return sorted(found, key=lambda one: (-len(one.analysis.flags), one.analysis.difficulty or 1, one.question_id))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True)
class Wrong:
    """A question of the 错题本: where it was answered last, and how."""

    exam: Exam
    answered_at: datetime
    item: Reviewed


def wrong_places(user: User, *, now: datetime) -> list[tuple[int, int]]:
    """(sitting, place) of each question this person answered wrongly the last time it came, the latest first.

    Only exams whose policy shows everything now (promise 4). Answered right later, a question leaves the book.
    """
    exams = Exam.objects.filter(candidates__user=user, candidates__attempts_used__gt=0).distinct()
    shown = [
        one.pk for one in exams
        if visible(one.result_policy, now=now, keys_from=one.keys_from, released_at=one.released_at) == "full"
    ]  # fmt: skip
    rows = Response.objects.filter(
        sitting__candidate__user=user, sitting__candidate__exam__in=shown, sitting__state=Sitting.State.MARKED
    ).order_by("-sitting__submitted_at", "-sitting_id", "place")
    waiting = _may_be_late(user, now)
    seen, found = set(), []
    for sitting, place, question, mark, full in rows.values_list(
        "sitting_id", "place", "version__question_id", "mark", "full"
    ):
        if question not in seen and sitting not in waiting:
            seen.add(question)
            if mark < full:
                found.append((sitting, place))
    return found


def _may_be_late(user: User, now: datetime) -> set[int]:
    """Sittings of this person whose late answers may still arrive: nothing of them is explained yet."""
    ended = Sitting.objects.filter(candidate__user=user, ending=Sitting.Ending.TIME, ends_at__gt=now - timedelta(days=1))
    return {
        pk for pk, ends_at, grace in ended.values_list("pk", "ends_at", "candidate__exam__grace_minutes")
        if arrived_in_grace(now, ends_at=ends_at, grace_minutes=grace)
    }  # fmt: skip


def wrong_items(places: list[tuple[int, int]]) -> list[Wrong]:
    """The same with question, key and explanation, for one page of the book."""
    sittings = Sitting.objects.select_related("candidate__exam").in_bulk({sitting for sitting, _ in places})
    rows = {
        (row.sitting_id, row.place): row
        for row in Response.objects.filter(sitting__in=sittings, place__in={place for _, place in places})
    }
    return [
        Wrong(
            sittings[sitting].candidate.exam, sittings[sitting].submitted_at,
            review(paper_of(sitting), [rows[sitting, place]], corrections_of(sittings[sitting].candidate.exam))[0],
        )
        for sitting, place in places
    ]  # fmt: skip
