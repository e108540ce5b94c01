"""How well a file was read, against what it truly holds."""

import re
import unicodedata
from dataclasses import dataclass, field

from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.importing import Parsed

from tests.bank.truths import Truth


@dataclass
class Judgement:
    """questions: how many the file holds; right: read as they are; silent: wrong or lost without a word about it."""

    questions: int = 0
    right: int = 0
    doubted: int = 0
    silent: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def judge(parsed: Parsed, truths: list[Truth]) -> Judgement:
    """A question counts as right when type, stem, options, key and all details are exactly those of the file."""
    found = Judgement(questions=len(truths))
    left = {facts_of_truth(one): one for one in truths}
    wrong = []
    for question in parsed.questions:
        facts = facts_of_draft(question.draft)
        if left.pop(facts, None):
            found.right += 1
            found.doubted += bool(question.notes)
        else:
            wrong.append(question)
    for question in wrong:
        found.wrong.append(f"{facts_of_draft(question.draft)} {question.notes}")
        if question.draft.confidence == 1.0 and not question.notes:
            found.silent.append(str(facts_of_draft(question.draft)))
    said = plain("".join(error_words(parsed)) + "".join(one.raw.excerpt for one in wrong if one.notes))
    for truth in left.values():
        found.wrong.append(f"missing {facts_of_truth(truth)} {[error.code for error in parsed.errors][:3]}")
        if plain(truth.stem)[:12] not in said and not parsed.errors:
            found.silent.append(f"lost {truth.stem}")
    return found


def error_words(parsed: Parsed) -> list[str]:
    return [one.raw.excerpt for one in parsed.rejected] + [one.stem for one in parsed.repeats]


def plain(text: str) -> str:
    return re.sub(r"[\s_()]", "", unicodedata.normalize("NFKC", text))


def facts_of_truth(one: Truth) -> tuple:
    answer = tuple(plain(part) for part in one.answer.split("\n"))
    return (
        one.type, plain(one.stem), tuple(map(plain, one.options)), tuple(map(plain, one.prompts)), answer,
        plain(one.explanation), None if one.marks is None else float(one.marks), one.difficulty,
        tuple(facts_of_truth(child) for child in one.children),
    )  # fmt: skip


def facts_of_draft(draft: QuestionDraft) -> tuple:
    answer = tuple(plain(part) for part in draft.answer.split("\n"))
    return (
        draft.type, plain(draft.stem), tuple(map(plain, draft.options)), tuple(map(plain, draft.prompts)), answer,
        plain(draft.explanation), None if draft.marks is None else float(draft.marks), draft.difficulty,
        tuple(facts_of_draft(child) for child in draft.children),
    )  # fmt: skip
