"""Who may start: what has to be finished before (domain guide §2.3). It never takes anybody out of those due."""
from dataclasses import dataclass

from django.db.models import BigIntegerField
from mingfa import completions
from mingfa.prepared import Given, Prepared

from .engine.refusals import NotEligible
from .models import Candidate, ExamRequirement


@dataclass(frozen=True)
class Condition:
    """One condition as its candidate reads it."""

    words: str
    met: bool


_REQUIRED = Prepared(lambda: ExamRequirement.objects.filter(exam_id=Given(0, BigIntegerField())).order_by("pk"))


def conditions_of(candidate: Candidate) -> list[Condition]:
    """What this person has to have finished before starting, in the order it was set. No query without conditions."""
    if not candidate.exam.has_requirements:
        return []
    required = _REQUIRED.all(candidate.exam_id)
    done = completions.finished(candidate.user, [(one.kind, one.key) for one in required])
    return [Condition(one.words, (one.kind, one.key) in done) for one in required]


def check_eligible(candidate: Candidate) -> None:
    """Raises NotEligible with what is missing."""
    missing = tuple(one.words for one in conditions_of(candidate) if not one.met)
    if missing:
        raise NotEligible(missing)
