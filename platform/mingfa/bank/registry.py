"""Whose open papers hold which questions. Exams register theirs in AppConfig.ready(); checks and practice ask here."""

from collections.abc import Callable, Iterable
from datetime import datetime

# (user, now) → ids of the questions on papers the person is sitting right now.
on_open_papers: list[Callable[[object, datetime], Iterable[int]]] = []


def withheld_from(user, now: datetime) -> set[int]:
    """Ids of questions whose keys nobody may tell this person now: they stand on a paper he or she is sitting."""
    return {question_id for ask in on_open_papers for question_id in ask(user, now)}
