"""What an import found as plain data, for `--json` and for programs."""

from dataclasses import asdict
from decimal import Decimal

from mingfa.bank.drafts import BLANK, CASE, JUDGE, QuestionDraft
from mingfa.bank.importing.results import Parsed, Repeat

DIFFICULTY = {1: "easy", 2: "medium", 3: "hard"}


def as_data(parsed: Parsed) -> dict:
    """{"questions", "errors", "repeats"}; what the file does not say about a question is left out.

    "notes" of a question and "losses" of the file tell what of them was left behind, where anything was.
    """
    lost = {"losses": list(parsed.notes)} if parsed.notes else {}
    return lost | {
        "questions": [
            draft_data(question.draft) | ({"notes": list(question.notes)} if question.notes else {})
            for question in parsed.questions
        ],
        "errors": [error.as_dict() for error in parsed.errors],
        "repeats": [repeat_data(repeat) for repeat in parsed.repeats],
    }


def draft_data(draft: QuestionDraft) -> dict:
    """One question: answers are letters, true or false, lists of accepted words a blank, text, or null."""
    data = {
        "type": draft.type,
        "stem": draft.stem,
        "options": list(draft.options),
        "answer": _answer(draft),
    }
    if draft.explanation:
        data["explanation"] = draft.explanation
    if draft.marks is not None:
        data["score"] = _number(draft.marks)
    if draft.difficulty:
        data["difficulty"] = DIFFICULTY[draft.difficulty]
    if draft.topic:
        data["topic"] = draft.topic
    if draft.prompts:
        data["prompts"] = list(draft.prompts)
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
