"""The fairness record of an exam: how alike its papers are, and each paper's own facts (docs/rules.md “抽题”)."""
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db.models import Avg, Count, Max, Min, QuerySet

from .engine import fairness as engine
from .engine.sheet import Sheet
from .models import Blueprint, Exam, Paper, Sitting
from .papers import engine_rule, option_counts, pool_of, rules_of

TRIAL_QUESTIONS, MOST_TRIALS, FEWEST_TRIALS = 6000, 200, 20


@dataclass(frozen=True)
class Spread:
    """Papers drawn so far: how many, their difficulty (1 to 3) and how many articles each rests on."""

    papers: int
    easiest: Decimal | None
    mean: Decimal | None
    hardest: Decimal | None
    fewest_articles: int | None
    most_articles: int | None


def papers_of(exam: Exam) -> QuerySet[Paper]:
    """The papers of an exam with sitting and person, in the order of their starts."""
    papers = Paper.objects.filter(sitting__candidate__exam=exam).order_by("sitting__started_at", "pk")
    return papers.select_related("sitting__candidate__user", "sitting__candidate__unit")


def spread(exam: Exam) -> Spread:
    """How alike the papers drawn so far are. One query."""
    found = Paper.objects.filter(sitting__candidate__exam=exam).aggregate(
        papers=Count("pk"), easiest=Min("difficulty"), mean=Avg("difficulty"), hardest=Max("difficulty"),
        fewest_articles=Min("articles"), most_articles=Max("articles"),
    )  # fmt: skip
    # SQLite computes in floating point.
    for name in ("easiest", "mean", "hardest"):
        found[name] = None if found[name] is None else Decimal(found[name]).quantize(engine.HUNDREDTH)
    return Spread(**found)


def forecast(blueprint: Blueprint, rules=None) -> engine.Forecast:
    """What a blueprint will give, from trial papers: fewer of them the longer they are.

    Args:
        blueprint: with its bank loaded.
        rules: others than the stored ones, while they are being edited.

    Raises:
        PaperShortage
    """
    rules = [engine_rule(one) for one in rules or rules_of(blueprint)]
    pool = pool_of(blueprint)
    trials = max(FEWEST_TRIALS, min(MOST_TRIALS, TRIAL_QUESTIONS // max(1, sum(one.count for one in rules))))
    counts = option_counts(pool)
    return engine.forecast(rules, pool, counts, seeds=range(1, trials + 1), parts=counts.parts)


def left_for(blueprint: Blueprint, rules) -> list[int]:
    """How many questions each rule can choose from."""
    return engine.shortages([engine_rule(one) for one in rules], pool_of(blueprint))


def digest(paper: Paper) -> str:
    """SHA-256, in hexadecimal, of what a paper is made of: it prints the same as long as this is the same."""
    return sha256(f"{paper.seed}\n{paper.items}".encode()).hexdigest()


def handed_in_sheet(sitting: Sitting) -> Sheet:
    """The answers that were marked."""
    return {row.place: (row.answer, 1) for row in sitting.responses.all() if row.answer}


def keys_may_be_shown(exam: Exam, now: datetime) -> bool:
    """Whether anybody may read keys beside a paper: nobody while an answer may still be taken (AL4)."""
    return now >= exam.keys_from
