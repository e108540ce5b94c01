"""Who may start: what has to be finished before (domain guide §2.3). It never takes anybody out of those due."""
from dataclasses import dataclass

from mingfa import completions

from .arrangements import Arrangements
from .engine.refusals import NotEligible
from .models import Candidate


@dataclass(frozen=True)
class Condition:
    """One condition as its candidate reads it."""

    words: str
    met: bool


def conditions_of(candidate: Candidate, arranged: Arrangements) -> list[Condition]:
    """What this person has to have finished before starting, in the order it was set. No query without conditions."""
    if not arranged.conditions:
        return []
    done = completions.finished(candidate.user, [(kind, key) for kind, key, _ in arranged.conditions])
    return [Condition(words, (kind, key) in done) for kind, key, words in arranged.conditions]


def check_eligible(candidate: Candidate, arranged: Arrangements) -> None:
    """Raises NotEligible with what is missing."""
    missing = tuple(one.words for one in conditions_of(candidate, arranged) if not one.met)
    if missing:
        raise NotEligible(missing)
