"""After an exam: the score sheet, what the questions were worth, and each person's 错题本."""
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value, When
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
WITH_OPTIONS = [name for name, kind in KINDS.items() if kind.shows == "options"]


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
    """Every question that was on a paper that counts, the suspicious ones first. Only for exams that are over (AL4).

    The database counts answers that are alike (same question, same answer, same marks of answer and paper), so what is
    read grows with the bank and the marks there are, not with the people. Three statements.
    """
    counted = Sitting.objects.filter(pk__in=exam.candidates.filter(counted_mark__isnull=False).values("counted"))
    groups = _alike(counted)
    known = versions_of(groups)
    questions = dict(Question.objects.filter(versions__in=groups).values_list("versions", "pk"))
    corrected = corrections_of(exam)
    found = []
    for version, rows in groups.items():
        view, correction = known[version], corrected.get(version)
        letters = ""
        if KINDS[view.type].shows == "options":
            letters = "TF" if view.type == "judge" else LETTERS[: len(view.options)]
        key = "".join(correction.accepted) if correction and correction.accepted else view.answer
        analysis = analyse(rows, key=key, letters=letters, single=view.type in ("single", "judge"))
        found.append(Item(questions[version], version, view.stem, analysis))
    return sorted(found, key=lambda one: (-len(one.analysis.flags), one.analysis.difficulty or 1, one.question_id))


def _alike(counted: QuerySet[Sitting]) -> dict[int, list[Answered]]:
    """The answers of these sittings by version, those that are alike as one. One statement."""
    full_of_paper = Response.objects.filter(sitting=OuterRef("sitting")).order_by().values("sitting").annotate(all=Sum("full"))
    # What somebody wrote in words tells nothing here but that it is there, and hardly two write the same.
    told = Q(answer="") | Q(version__type__in=WITH_OPTIONS)
    chosen = Case(When(told, then="answer"), default=Value("…"), output_field=TextField())
    rows = Response.objects.filter(sitting__in=counted).order_by().annotate(
        chosen=chosen, paper=Subquery(full_of_paper.values("all"))
    )  # fmt: skip
    found: dict[int, list[Answered]] = defaultdict(list)
    alike = rows.values_list("version_id", "chosen", "mark", "full", "sitting__mark", "paper").annotate(times=Count("pk"))
    for version, answer, mark, full, mark_of_paper, paper, times in alike.iterator():
        rest = float(mark_of_paper - mark) / float(paper - full) if paper > full else 0.0
        found[version].append(Answered(answer, float(mark / full), rest, times))
    return found


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
