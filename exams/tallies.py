"""How the questions of exams were answered, for the counters of the bank; and where exams use a question."""
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse
from mingfa.bank.models import Question
from mingfa.bank.queries import PoolItem
from mingfa.bank.registry import Answered, Use
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

from .after import items_of
from .models import Blueprint, Exam, LateAnswer, Response, Sitting
from .papers import engine_rule, rules_of

MOST_LISTED = 20


def exams_over(now: datetime) -> list[str]:
    """Exams that are over for everybody, and the grace with it: before that nobody is told how a question went (AL4).

    The rule of 试题分析. One statement.
    """
    over = Exam.objects.filter(state__in=[Exam.State.CLOSED, Exam.State.ARCHIVED], closes_at__lte=now)
    return [str(exam.pk) for exam in over.only("closes_at", "over_at", "grace_minutes") if now >= exam.keys_from]


def are_marks_final(key: str) -> bool:
    """Whether nothing of an exam waits for a mark or for a decision any more. Two statements."""
    unmarked = Sitting.objects.filter(candidate__exam=int(key), state__in=[Sitting.State.OPEN, Sitting.State.SUBMITTED])
    waiting = LateAnswer.objects.filter(sitting__candidate__exam=int(key), state=LateAnswer.State.PENDING)
    return not (unmarked.exists() or waiting.exists())


def answers_in(key: str) -> list[Answered]:
    """How each version was answered on the papers of an exam that count. Three statements, and those of 试题分析."""
    exam = Exam.objects.get(pk=int(key))
    counted = exam.candidates.filter(counted_mark__isnull=False).values("counted")
    rows = Response.objects.filter(sitting__in=counted).order_by()
    analysed = {one.version_id: one.analysis.discrimination for one in items_of(exam)}
    options: dict[int, Counter] = defaultdict(Counter)
    for version, answer, number in rows.filter(
        version__type__in=("single", "multiple", "judge")
    ).exclude(answer="").values_list("version", "answer").annotate(number=Count("sitting")):  # fmt: skip
        options[version][answer] = number
    right = Count("sitting", filter=Q(mark__gte=F("full")) & ~Q(answer=""))
    counts = rows.values_list("version").annotate(
        asked=Count("sitting"), answered=Count("sitting", filter=~Q(answer="")), right=right
    )  # fmt: skip
    return [
        Answered(version, asked, answered, right, analysed.get(version), dict(sorted(options[version].items())))
        for version, asked, answered, right in counts
    ]


def named_exams(keys: Iterable[str], user) -> dict[str, tuple[str, str]]:
    """Name and analysis of the exams that this person sets. One statement."""
    found = _set_by(user).filter(pk__in=[int(key) for key in keys])
    return {str(pk): (name, reverse("exams:items", args=[pk])) for pk, name in found.values_list("pk", "name")}


def uses_in_exams(question: Question, user, now: datetime) -> list[Use]:
    """Exams that may draw a question, and those on whose papers it stands, as far as this person sets them.

    Three statements and the rules of the bank's blueprints. How many papers is told, never how they were answered.
    """
    if question.current is None:
        return []
    version = question.current
    laws = tuple(sorted(set(version.citations.values_list("law_title", flat=True))))
    item = PoolItem(version.pk, question.pk, version.type, question.topic, version.difficulty, laws)
    drawing = set()
    if question.status == Question.Status.USABLE:
        drawing = {
            one.pk for one in Blueprint.objects.filter(bank=question.bank_id)
            if any(engine_rule(rule).admits(item) for rule in rules_of(one))
        }  # fmt: skip
    papers = dict(
        Response.objects.filter(version__question=question).order_by()
        .values_list("sitting__candidate__exam").annotate(Count("sitting", distinct=True))
    )  # fmt: skip
    coming = Q(blueprint__in=drawing, state__in=[Exam.State.DRAFT, Exam.State.PUBLISHED])
    exams = _set_by(user).filter(coming | Q(pk__in=papers)).order_by("-opens_at", "-pk")[:MOST_LISTED]
    return [_use(exam, papers.get(exam.pk, 0), exam.blueprint_id in drawing) for exam in exams]


def _use(exam: Exam, papers: int, may_draw: bool) -> Use:
    facts = [exam.get_state_display()]
    if papers:
        facts.append(f"已交的 {papers} 份试卷上有这一题")
    if may_draw and exam.state in (Exam.State.DRAFT, Exam.State.PUBLISHED):
        facts.append("组卷规则可能抽到")
    return Use("考试", exam.name, reverse("exams:manage", args=[exam.pk]), "，".join(facts))


def _set_by(user):
    return Exam.objects.filter(unit__in=units_visible_to(user, Role.SETTER))
