"""What the bank asks and tells without knowing whom. Domain apps register theirs in AppConfig.ready()."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Use:
    """Where a question is used, as the asking person may see it. `kind` is a heading (考试), `facts` a line."""

    kind: str
    name: str
    url: str
    facts: str = ""


# (question, user, now) → where it is used, as far as this person may see it.
where_used: list[Callable[[object, object, datetime], Iterable[Use]]] = []


@dataclass(frozen=True)
class Answered:
    """How one version was answered: on how many papers that count it stood, how many wrote something, how many got
    full marks. options: chosen letters → how many; discrimination as in 试题分析, None where it says nothing."""

    version_id: int
    asked: int
    answered: int
    right: int
    discrimination: float | None = None
    options: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AnswerKind:
    """Things of one kind that are answered.

    over: (now) → keys of those that are over (AL4: nothing of the others is counted or shown). Asked often.
    is_final: (key) → whether the marks of one that is over are final.
    answers: (key) → how each version was answered in one of them.
    named: (keys, user) → {key: (name, address)} of those this person may see.
    """

    over: Callable[[datetime], Iterable[str]]
    is_final: Callable[[str], bool]
    answers: Callable[[str], list[Answered]]
    named: Callable[[Iterable[str], object], dict[str, tuple[str, str]]]


answer_kinds: dict[str, AnswerKind] = {}


def uses_of(question, user, now: datetime) -> list[Use]:
    """Everywhere a question is used that this person may see, in the order of the kinds."""
    return [use for ask in where_used for use in ask(question, user, now)]
