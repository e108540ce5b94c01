"""What an import found as plain data, for `--json` and for programs."""

from dataclasses import asdict, replace
from decimal import Decimal

from mingfa.bank.drafts import BLANK, CASE, JUDGE, TYPES, QuestionDraft
from mingfa.bank.importing.results import Parsed, RawQuestion, Rejected, Repeat

DIFFICULTY = {1: "easy", 2: "medium", 3: "hard"}


def as_data(parsed: Parsed) -> dict:
    """{"questions", "errors", "repeats", "readings", "rejected", "notes"}.

    What the file does not say about a question is left out. `readings` has for each of `questions` where it was read,
    the words it was read from, and what was inferred; `rejected` the same for questions with errors, with what was
    recognised so far; `notes` what was left out of the file.
    """
    return {
        "questions": [draft_data(question.draft) for question in parsed.questions],
        "errors": [error.as_dict() for error in parsed.errors],
        "repeats": [repeat_data(repeat) for repeat in parsed.repeats],
        "readings": [reading_data(question.raw, question.notes) for question in parsed.questions],
        "rejected": [rejected_data(one) for one in parsed.rejected],
        "notes": list(parsed.notes),
    }


def reading_data(raw: RawQuestion, notes: tuple[str, ...]) -> dict:
    """Where a question was read: `first` to `last` count `unit`s (行 or 段) of `sheet`."""
    place = raw.place
    return {
        "sheet": place.sheet,
        "unit": place.unit,
        "first": place.row,
        "last": place.last or place.row,
        "number": place.number,
        "excerpt": raw.excerpt,
        "notes": list(notes),
    }


def rejected_data(one: Rejected) -> dict:
    """A question that could not be saved: place and words, the draft as far as it goes, and its errors.

    The draft's answer is the canonical text, "" where none was read.
    """
    draft = draft_data(replace(one.draft, type=one.draft.type if one.draft.type in TYPES else ""))
    return reading_data(one.raw, one.notes) | {
        "draft": draft | {"answer": one.draft.answer, "stated_answer": one.raw.answer},
        "errors": [error.as_dict() for error in one.errors],
    }


def draft_data(draft: QuestionDraft) -> dict:
    """One question: answers are letters, true or false, lists of accepted words a blank, text, or null."""
    data = {
        "type": draft.type,
        "stem": draft.stem,
        "options": list(draft.options),
        "answer": _answer(draft),
    }
    if draft.prompts:
        data["prompts"] = list(draft.prompts)
    if draft.explanation:
        data["explanation"] = draft.explanation
    if draft.marks is not None:
        data["score"] = _number(draft.marks)
    if draft.difficulty:
        data["difficulty"] = DIFFICULTY[draft.difficulty]
    if draft.topic:
        data["topic"] = draft.topic
    if draft.children:
        data["children"] = [draft_data(child) for child in draft.children]
    return data | {
        "citations": [asdict(ref) for ref in draft.citations],
        "source": draft.source,
        "confidence": draft.confidence,
    }


def repeat_data(repeat: Repeat) -> dict:
    return {
        "sheet": repeat.place.sheet,
        "row": repeat.place.row,
        "stem": repeat.stem,
        "other": repeat.other,
        "question": repeat.question_id,
    }


def _answer(draft: QuestionDraft):
    if draft.type == JUDGE:
        return draft.answer == "T"
    if draft.type == BLANK:
        return [line.split("|") for line in draft.answer.split("\n")]
    return None if draft.type == CASE else draft.answer


def _number(marks: Decimal) -> int | float:
    return int(marks) if marks == marks.to_integral_value() else float(marks)
