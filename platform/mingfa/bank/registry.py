"""What the bank asks and tells without knowing whom. Domain apps register theirs in AppConfig.ready()."""

from collections.abc import Callable, Iterable
from datetime import datetime

# (user, now) → ids of the questions on papers the person is sitting right now.
on_open_papers: list[Callable[[object, datetime], Iterable[int]]] = []

# (question, by, now) → told, inside the transaction, that a question can no longer be asked in practice.
on_leaving: list[Callable[[object, object, datetime], None]] = []


def tell_left(question, by, now: datetime) -> None:
    """Call everybody who registered. question: just retired, or kept for exams from now on."""
    for callback in on_leaving:
        callback(question, by, now)


def withheld_from(user, now: datetime) -> set[int]:
    """Ids of questions whose keys nobody may tell this person now: they stand on a paper he or she is sitting."""
    return {question_id for ask in on_open_papers for question_id in ask(user, now)}
