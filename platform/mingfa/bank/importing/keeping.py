"""A reading as plain data that can be kept and taken up again: drafts, places, and whether the key is certain. Pure."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from mingfa.bank.drafts import CASE, QuestionDraft
from mingfa.bank.importing.results import Parsed, ParsedQuestion, Place, Rejected, Repeat
from mingfa.bank.importing.sheets import cells_of
from mingfa.library.citations import CitationRef
from mingfa.spreadsheets import SheetError

# Up to here something was guessed that a key hangs on; see the steps' doubts in gathering, drafting and doubting.
KEY_UNSURE = 0.6
WRONG, LOOK, GOOD, REPEAT = "wrong", "look", "good", "repeat"
LONGEST_HEADLINE = 120
# The sub-questions of a case are mended in its file, so a guessed key of one cannot be resolved on the page.
CASE_UNSURE = "案例里有拿不准的地方，可能是小题的答案。请在原文件里写明后再导入，或不要这一题。"


@dataclass(frozen=True)
class Kept:
    """One question of a file, whatever became of it, in plain data (models.ImportEntry)."""

    sort: str
    confidence: int
    headline: str
    where: str
    draft: dict
    reading: dict
    findings: list


def draft_document(draft: QuestionDraft) -> dict:
    """The draft as plain data."""
    data = asdict(draft)
    data["marks"] = None if draft.marks is None else str(draft.marks)
    data["children"] = [draft_document(child) for child in draft.children]
    return data


def draft_from(document: dict) -> QuestionDraft:
    """The draft that `draft_document` wrote."""
    marks = document["marks"]
    return QuestionDraft(**document | {
        "options": tuple(document["options"]),
        "prompts": tuple(document["prompts"]),
        "marks": None if marks is None else Decimal(marks),
        "citations": tuple(CitationRef(**ref) for ref in document["citations"]),
        "children": tuple(map(draft_from, document["children"])),
        "beliefs": tuple(map(tuple, document["beliefs"])),
    })  # fmt: skip


def place_from(reading: dict) -> Place:
    """Where a question stood, as `kept_questions` wrote it."""
    return Place(**reading["place"])


def kept_questions(parsed: Parsed, compared: Parsed) -> list[Kept]:
    """Every question of a file in the order of the file: good, to be looked at, wrong and repeated ones.

    `compared` is `parsed` as a bank sees it. The order is that of `parsed` alone: the same file gives the same order,
    whatever has come into the bank since.
    """
    places = [one.place for one in (*parsed.questions, *parsed.rejected, *parsed.repeats)]
    sheets = {sheet: order for order, sheet in enumerate(dict.fromkeys(place.sheet for place in places))}
    places.sort(key=lambda place: (sheets[place.sheet], place.row or 0))
    order = {id(place): number for number, place in enumerate(places)}
    found = [(one.place, _of_question(one)) for one in compared.questions]
    found += [(one.place, _of_rejected(one)) for one in compared.rejected]
    found += [(one.place, _of_repeat(one)) for one in compared.repeats]
    found.sort(key=lambda pair: order[id(pair[0])])
    return [kept for _, kept in found]


def of_the_file(parsed: Parsed) -> list[list[str]]:
    """(place, sentence) of each error that belongs to no question."""
    told = {id(error) for one in parsed.rejected for error in one.errors}
    return [finding(error) for error in parsed.errors if id(error) not in told]


def finding(error: SheetError) -> list[str]:
    """(place, sentence) of an error."""
    return [error.place, error.message]


def rejected_row(kept_reading: dict, findings: list) -> list:
    """The cells of a question for the table that is mended and brought again."""
    place, reasons = kept_reading["place"], "\n".join("：".join(filter(None, told)) for told in findings)
    return [*kept_reading["cells"], place["sheet"], place["row"], reasons]


def _where(place: Place) -> str:
    return f"{place.sheet}，{place.span}" if place.sheet else place.span


def _reading(place: Place, *, raw=None, notes=(), guess: str = "", repeat: Repeat | None = None) -> dict:
    return {
        "place": asdict(place),
        "excerpt": raw.excerpt if raw else "",
        "cells": cells_of(raw) if raw else [],
        "notes": list(notes),
        "guess": guess,
        "same": {"row": repeat.other, "question": repeat.question_id} if repeat else None,
    }


def _of_question(one: ParsedQuestion) -> Kept:
    draft, guess, findings = one.draft, "", []
    sort = LOOK if one.notes or draft.confidence < 1 else GOOD
    if draft.confidence <= KEY_UNSURE and draft.type == CASE:
        sort, findings = WRONG, [[_where(one.place), CASE_UNSURE]]
    elif draft.confidence <= KEY_UNSURE:
        draft, guess = replace(draft, answer=""), draft.answer
    headline = findings[0][1] if findings else _weightiest(one)
    return Kept(
        sort, 0 if findings else round(one.draft.confidence * 100), headline[:LONGEST_HEADLINE], _where(one.place)[:120],
        draft_document(draft),
        _reading(one.place, raw=one.raw, notes=one.notes, guess=guess), findings,
    )  # fmt: skip


def _weightiest(one: ParsedQuestion) -> str:
    """The note that says most about why the question needs a look; "" without notes."""
    doubts = sorted(one.raw.doubts, key=lambda doubt: doubt.confidence)
    if doubts and doubts[0].confidence <= one.draft.confidence:
        return doubts[0].note
    return one.notes[-1] if one.notes else ""


def _of_rejected(one: Rejected) -> Kept:
    findings = [finding(error) for error in one.errors]
    headline = findings[0][1] if findings else ""
    return Kept(
        WRONG, 0, headline[:LONGEST_HEADLINE], _where(one.place)[:120], draft_document(one.draft),
        _reading(one.place, raw=one.raw, notes=one.notes), findings,
    )  # fmt: skip


def _of_repeat(one: Repeat) -> Kept:
    where = f"题库里编号 {one.question_id} 的试题" if one.question_id else f"第 {one.other} {one.place.unit}"
    draft = draft_document(QuestionDraft("", one.stem, source=str(one.place)))
    reading = _reading(one.place, repeat=one)
    return Kept(REPEAT, 100, f"和{where}相同"[:LONGEST_HEADLINE], _where(one.place)[:120], draft, reading, [])
