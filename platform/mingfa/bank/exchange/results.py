"""What readers and writers of other programs' formats hand back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mingfa.bank.drafts import Problem, QuestionDraft, problems, tidy
from mingfa.bank.importing.results import Place
from mingfa.spreadsheets import SheetError

# Something of the question stayed behind: worth a look, though nothing was guessed.
WITH_LOSSES = 0.9
LONGEST_TOPIC = 60


@dataclass(frozen=True)
class Found:
    """One question of a file: its draft, where it stood, what was left behind, what keeps it out of a bank."""

    draft: QuestionDraft
    place: Place
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Exchanged:
    """Everything a file holds. `losses` are sentences about what of the file as a whole was left behind."""

    format: str
    questions: tuple[Found, ...] = ()
    errors: tuple[SheetError, ...] = ()
    losses: tuple[str, ...] = ()


def found(draft: QuestionDraft, place: Place, notes: Iterable[str] = (), unreadable: Iterable[Problem] = ()) -> Found:
    """The draft tidied and judged. notes: what was lost; unreadable: problems the reader met itself."""
    notes, unreadable = tuple(dict.fromkeys(notes)), tuple(unreadable)
    confidence = WITH_LOSSES if notes else 1.0
    draft = tidy(replace(draft, source=str(place), confidence=confidence, topic=draft.topic[:LONGEST_TOPIC]))
    known = {problem.part for problem in unreadable}
    told = [problem for problem in problems(draft) if problem.part not in known]
    return Found(draft, place, notes, (*unreadable, *told))


def unsupported(place: Place, what: str) -> SheetError:
    """The finding for a question of a kind that has no place in a bank here."""
    message = f"这一题是{what}，题库里没有这种题，没有导入。请改成选择、判断、填空、排序、配对或简答题。"
    return SheetError(place.sheet, place.row, None, "unsupported_question", message)


def unreadable(place: Place, message: str) -> SheetError:
    """The finding for a passage that does not keep the rules of its format."""
    return SheetError(place.sheet, place.row, None, "broken_question", message)
