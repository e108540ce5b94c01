"""What stands beside stem and key (type, difficulty, topic, marks, citations) as named fields and as tags.

Formats with a place of their own use it (Moodle's defaultgrade, QTI's MAXSCORE); the rest travels as tags such as
“难度：易”, which other programs show as they are.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, QuestionDraft
from mingfa.bank.importing.words import difficulty_named, marks_given
from mingfa.library.citations import format_citation, parse_citations

TYPE_NAMES = {
    SINGLE: "单选题", MULTIPLE: "多选题", JUDGE: "判断题", BLANK: "填空题", ORDER: "排序题", MATCH: "配对题",
    SHORT: "简答题", CASE: "案例分析题",
}  # fmt: skip
TYPES_NAMED = {name: type for type, name in TYPE_NAMES.items()}
DIFFICULTY_NAMES = {1: "易", 2: "中", 3: "难"}
# English names stand in metadata fields, Chinese ones in tags that people read. `letters` is the key of 配对 and 排序
# in the bank's own order of options; `case` ties the sub-questions of a case to it.
LABELS = {
    "type": "题型", "difficulty": "难度", "topic": "知识点", "marks": "分值", "citation": "依据", "letters": "次序",
    "case": "案例",
}  # fmt: skip
NAMED = {label: name for name, label in LABELS.items()}
TAG = re.compile(r"([^:：]{2,3})[:：](.+)", re.DOTALL)

Fields = list[tuple[str, str]]


def fields_of(draft: QuestionDraft) -> Fields:
    """The named fields of a draft, in a fixed order; what it does not say is left out."""
    fields = [("type", TYPE_NAMES[draft.type])]
    if draft.difficulty:
        fields.append(("difficulty", DIFFICULTY_NAMES[draft.difficulty]))
    if draft.topic:
        fields.append(("topic", draft.topic))
    if draft.marks is not None:
        fields.append(("marks", str(draft.marks)))
    fields += [("citation", format_citation(ref)) for ref in draft.citations]
    if draft.type in (ORDER, MATCH):
        fields.append(("letters", draft.answer))
    return fields


def tags_of(fields: Fields) -> list[str]:
    """题型：单选题, 难度：易 …"""
    return [f"{LABELS[name]}：{value}" for name, value in fields]


def fields_from(tags: Iterable[str]) -> tuple[Fields, list[str]]:
    """(fields, tags without a meaning here) of a question's tags; the first plain tag is its topic if none is named."""
    fields, plain = [], []
    for tag in filter(None, (tag.strip() for tag in tags)):
        match = TAG.fullmatch(tag)
        name = NAMED.get(match[1]) if match else None
        if name:
            fields.append((name, match[2].strip()))
        else:
            plain.append(tag)
    if plain and not any(name == "topic" for name, _ in fields):
        fields.append(("topic", plain.pop(0)))
    return fields, plain


def named(fields: Fields, name: str) -> str:
    """The first value of a field, "" where it is not there."""
    return next((value for field, value in fields if field == name), "")


def stated_type(fields: Fields) -> str | None:
    """The type the file states itself."""
    return TYPES_NAMED.get(named(fields, "type"))


def details_from(fields: Fields, notes: list[str]) -> dict:
    """Arguments of a draft out of fields; what is not understood is told in `notes`."""
    difficulty, marks = named(fields, "difficulty"), named(fields, "marks")
    topic = re.sub(r"\s*\n\s*", " ", named(fields, "topic"))
    cited = [value for name, value in fields if name == "citation"]
    citations = tuple(ref for value in cited for ref in parse_citations(value))
    if difficulty and difficulty_named(difficulty) is None:
        notes.append(f"难度“{difficulty[:20]}”没有导入")
    if len(topic) > 60:
        notes.append("知识点超过 60 字，只留前 60 字")
    if any(not parse_citations(value) for value in cited):
        notes.append("依据没有全部认出，请补上法律名称和条号")
    return {
        "difficulty": difficulty_named(difficulty),
        "topic": topic,
        "marks": marks_from(marks, notes),
        "citations": citations,
    }


def marks_from(text: str, notes: list[str]) -> Decimal | None:
    """Marks as 2, 2.0 or 1.0000000; others are told in `notes` and left out."""
    text = text.strip()
    if re.fullmatch(r"\d+\.\d+", text):
        text = text.rstrip("0").rstrip(".")
    marks = marks_given(text) if text else None
    if text and marks is None:
        notes.append(f"分值“{text[:20]}”没有导入")
    return marks


def by_letters(letters: str, texts: list[str]) -> tuple[str, ...] | None:
    """The options in the bank's order, when `letters` tells it; None when it does not fit.

    texts: the option of each letter, in the order of the letters; the same letter twice means the same option.
    """
    placed: dict[int, str] = {}
    for letter, text in zip(letters, texts, strict=False):
        if placed.setdefault(ord(letter) - 65, text) != text:
            return None
    rest = [text for text in dict.fromkeys(texts) if text not in placed.values()]
    for place in range(len(placed) + len(rest)):
        if place not in placed and rest:
            placed[place] = rest.pop(0)
    if sorted(placed) != list(range(len(placed))):
        return None
    return tuple(placed[place] for place in range(len(placed)))
