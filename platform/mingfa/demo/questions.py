"""Question files of the demo bank: csv for what a table can say, yaml for blanks, orders, pairs, answers and cases."""

from decimal import Decimal
from pathlib import Path

import yaml

from mingfa.bank.drafts import QuestionDraft, letters
from mingfa.bank.forms import pairs_of
from mingfa.bank.importing.words import difficulty_named
from mingfa.library.citations import parse_citations


def drafts_of(path: Path) -> list[QuestionDraft]:
    """The questions of a yaml file.

    `topic` stands once for all; each of `questions` has type, stem, answer, explanation, difficulty (易, 中, 难), marks
    and cites. 排序 lists its options in the right order, 配对 its `pairs` a line each as the form does, 案例 its children.
    """
    document = yaml.safe_load(path.read_text("utf-8"))
    return [draft_of({"topic": document["topic"], "source": path.name, **one}) for one in document["questions"]]


def draft_of(question: dict) -> QuestionDraft:
    """One question of a yaml file as the bank takes it."""
    prompts, options, answer = (), tuple(question.get("options", ())), question.get("answer", "")
    if question["type"] == "order":
        answer = letters(options)
    elif question["type"] == "match":
        prompts, options, answer = pairs_of(question["pairs"])
    return QuestionDraft(
        type=question["type"], stem=question["stem"], options=tuple(options), prompts=tuple(prompts), answer=answer,
        explanation=question.get("explanation", ""), topic=question.get("topic", ""),
        difficulty=difficulty_named(question.get("difficulty", "")),
        marks=Decimal(str(question["marks"])) if "marks" in question else None,
        citations=tuple(parse_citations(question.get("cites", ""))), source=question.get("source", "演示数据"),
        children=tuple(map(draft_of, question.get("children", ()))),
    )  # fmt: skip
