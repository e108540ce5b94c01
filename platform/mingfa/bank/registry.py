"""What the bank asks and tells without knowing whom. Domain apps register theirs in AppConfig.ready()."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mingfa.bank.heads import Held

# (user, now) → ids of the questions on papers the person is sitting right now.
on_open_papers: list[Callable[[object, datetime], Iterable[int]]] = []

# (question ids, now) → those of them that an exam still to be sat keeps to itself.
on_coming_exams: list[Callable[[Iterable[int], datetime], Iterable[int]]] = []

# (question, by, now) → told, inside the transaction, that a question can no longer be asked in practice.
on_leaving: list[Callable[[object, object, datetime], None]] = []


def tell_left(question, by, now: datetime) -> None:
    """Call everybody who registered. question: just retired, or kept for exams from now on."""
    for callback in on_leaving:
        callback(question, by, now)


def withheld_from(user, now: datetime) -> set[int]:
    """Ids of questions whose keys nobody may tell this person now: they stand on a paper he or she is sitting."""
    return {question_id for ask in on_open_papers for question_id in ask(user, now)}


def kept_back(question_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of the questions that nobody is asked in practice now: an open or coming exam may draw them (AL2)."""
    question_ids = set(question_ids)
    return {question_id for ask in on_coming_exams for question_id in ask(question_ids, now)} if question_ids else set()


@dataclass(frozen=True)
class Asked:
    """Which answers are counted: to questions that offer one of `beliefs` (ids), of people of `unit` and below, handed in
    from `since` to `until`, both included; nothing that somebody may still be sitting at `now` (AL4)."""

    beliefs: frozenset[int]
    unit: object
    since: date
    until: date
    now: datetime


# (groups, asked) → group → rows. A group is belief (its id), law (title), unit (path of the next level below, or its
# own), month or quarter (first day). People are counted, each once a group.
beliefs_held: list[Callable[[tuple[str, ...], Asked], Mapping[str, Iterable[Held]]]] = []
