"""Writing a bank in a format of others, with everything the format does not carry.

What is lost is not looked up in a list: the file is read back by our own reader and compared question by question.
A question whose type, words or key would come back otherwise is left out and told; what else differs is told, too.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from mingfa.bank.drafts import BLANK, QuestionDraft, stem_hash, tidy
from mingfa.bank.exchange import aiken, documents, gift, moodle, packages, qti2_writing, sheets
from mingfa.bank.exchange.details import TYPE_NAMES
from mingfa.bank.exchange.dialects import DIALECTS
from mingfa.bank.exchange.reading import read_exchange
from mingfa.bank.importing.drafting import draft_question
from mingfa.bank.importing.tables import read_tables
from mingfa.spreadsheets import XLSX

ZIP, XML, TEXT = "application/zip", "application/xml", "text/plain; charset=utf-8"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PARTS = {
    "explanation": "解析", "difficulty": "难度", "topic": "知识点", "marks": "分值", "citations": "依据",
    "beliefs": "误区", "shape": "原来的空白、换行或全角写法",
}  # fmt: skip
FAITHFUL = ("explanation", "difficulty", "topic", "marks", "citations", "beliefs")

Read = list[QuestionDraft | None]


@dataclass(frozen=True)
class Format:
    """A format to export to. types: kinds of question it has; read: each question as the file gives it back, None for none."""

    code: str
    name: str
    ending: str
    content_type: str
    types: tuple[str, ...]
    write: Callable[[list[QuestionDraft]], bytes]
    read: Callable[[bytes, list[QuestionDraft], "Format"], Read]


@dataclass(frozen=True)
class Loss:
    """What some questions lose. part: of PARTS, or "" when the question is left out for `reason`.

    places: counted from 0, in the order the questions were given.
    """

    part: str
    places: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class Exported:
    """The file, how many questions are in it, and what is not."""

    format: Format
    data: bytes
    count: int
    losses: tuple[Loss, ...]


def export(drafts: Sequence[QuestionDraft], code: str) -> Exported:
    """The questions in the format `code` of FORMATS, without those it cannot carry. Raises KeyError for another."""
    return _export(drafts, FORMATS[code])


def export_item(draft: QuestionDraft, code: str) -> Exported:
    """One question as a QTI item by itself, without package and so without what stands in a manifest.

    code: of DIALECTS. Raises KeyError for another.
    """
    dialect = DIALECTS[code]
    alone = {"ending": ".xml", "content_type": XML, "write": lambda drafts: qti2_writing.write_item(drafts[0], "q00001", dialect)}
    return _export([draft], replace(FORMATS[code], **alone))


def _export(drafts: Sequence[QuestionDraft], format: Format) -> Exported:
    drafts = [tidy(draft) for draft in drafts]
    lost: dict[tuple[str, str], list[int]] = defaultdict(list)
    carried = []
    for place, draft in enumerate(drafts):
        reason = _reason(format, draft)
        if reason:
            lost["", reason].append(place)
        else:
            carried.append(place)
    data, carried = _written(format, drafts, carried, lost)
    losses = [Loss(part, tuple(places), reason) for (part, reason), places in lost.items()]
    order = ["", *PARTS]
    losses.sort(key=lambda loss: (order.index(loss.part), loss.places))
    return Exported(format, data, len(carried), tuple(losses))


def sentence(format: Format, loss: Loss, labels: Sequence[str]) -> str:
    """“Aiken 不能带解析：第 3、7–9 题”. labels: how the reader knows each question, by its place."""
    where = f"第 {'、'.join(_runs(loss.places, labels))} 题"
    if loss.part:
        return f"{format.name} 不能带{PARTS[loss.part]}：{where}"
    return f"{format.name} {loss.reason}，没有导出：{where}"


def _runs(places: Sequence[int], labels: Sequence[str]) -> list[str]:
    """The labels in order, three and more that follow each other in the list as first–last."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    words = []
    for run in runs:
        names = [labels[place] for place in run]
        words += [f"{names[0]}–{names[-1]}"] if len(names) > 2 else names
    return words


def _reason(format: Format, draft: QuestionDraft) -> str:
    """Why a question is not even tried, "" if it is."""
    types = {draft.type, *(child.type for child in draft.children)}
    unknown = [TYPE_NAMES[type] for type in TYPE_NAMES if type in types and type not in format.types]
    if unknown:
        return f"没有{'、'.join(unknown)}"
    if format.code == "gift" and any("\n" in one.answer for one in (draft, *draft.children) if one.type == BLANK):
        return "不能带几个空的填空题"
    if format.code == "xlsx" and len(draft.options) > len(sheets.LETTERS):
        return "最多写 8 个选项"
    if format.code in ("docx", "txt") and not documents.is_plain(draft):
        return "会把题里以编号、字母或“答案”开头的行认成别的"
    return ""


def _written(format: Format, drafts, carried: list[int], lost) -> tuple[bytes, list[int]]:
    """The file, written again without the questions that did not come back as they were."""
    tried = [drafts[place] for place in carried]
    data = format.write(tried) if tried else b""
    back_again = format.read(data, tried, format) if tried else []
    kept = []
    for place, draft, back in zip(carried, tried, back_again, strict=True):
        if back is None or not _same_question(draft, back):
            lost["", "写不下这样的文字或答案"].append(place)
            continue
        kept.append(place)
        for part in _different(draft, back):
            lost[part, ""].append(place)
    if kept != carried:
        data = format.write([drafts[place] for place in kept]) if kept else b""
    return data, kept


def _same_question(one: QuestionDraft, other: QuestionDraft) -> bool:
    """Whether type, words and key are the same but for white space and width, as the bank itself compares."""
    same = (one.type, len(one.children)) == (other.type, len(other.children)) and stem_hash(one.stem) == stem_hash(other.stem)
    texts = [(one.answer, other.answer), *_paired(one.options, other.options), *_paired(one.prompts, other.prompts)]
    children = zip(one.children, other.children, strict=False)
    return same and all(_folded(a) == _folded(b) for a, b in texts) and all(_same_question(a, b) for a, b in children)


def _paired(one: tuple[str, ...], other: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return zip(one, other, strict=True) if len(one) == len(other) else [("0", "1")]


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _different(one: QuestionDraft, other: QuestionDraft) -> list[str]:
    """The parts of PARTS in which a question differs, its sub-questions included."""
    found = []
    for part in FAITHFUL:
        if getattr(one, part) != getattr(other, part):
            is_text = part in ("explanation", "topic") and _folded(getattr(one, part)) == _folded(getattr(other, part))
            found.append("shape" if is_text else part)
    if (one.stem, one.options, one.prompts, one.answer) != (other.stem, other.options, other.prompts, other.answer):
        found.append("shape")
    for child, back in zip(one.children, other.children, strict=True):
        found += _different(child, back)
    return list(dict.fromkeys(found))


def _read_back(data: bytes, drafts: list[QuestionDraft], format: Format) -> Read:
    """By our own reader of the format; questions are matched by their order."""
    name = f"x{format.ending}"
    questions = read_exchange(data, name).questions
    if len(questions) == len(drafts):
        return [None if question.problems else question.draft for question in questions]
    # A question broke the file apart: each in a file of its own tells which.
    alone = [read_exchange(format.write([draft]), name).questions for draft in drafts]
    return [found[0].draft if len(found) == 1 and not found[0].problems else None for found in alone]


def _rows_back(data: bytes, drafts: list[QuestionDraft], format: Format) -> Read:
    """By the importer's reader of tables, each row by its number."""
    rows = {raw.place.row: draft_question(raw) for raw in read_tables(data, f"x{format.ending}")[0]}
    numbers = range(2, len(drafts) + 2)
    return [rows[number].draft if number in rows and not rows[number].problems else None for number in numbers]


def _as_written(data: bytes, drafts: list[QuestionDraft], format: Format) -> Read:
    """Documents are for people; what would mislead a reader was left out before (documents.is_plain)."""
    return [_without_beliefs(draft) for draft in drafts]


def _without_beliefs(draft: QuestionDraft) -> QuestionDraft:
    return replace(draft, beliefs=(), children=tuple(map(_without_beliefs, draft.children)))


def _package(dialect: str) -> Callable[[list[QuestionDraft]], bytes]:
    return lambda drafts: packages.write_package(drafts, DIALECTS[dialect])


FORMATS = {
    format.code: format
    for format in (
        Format("docx", "Word 文档", ".docx", WORD, documents.TYPES, documents.write_word, _as_written),
        Format("xlsx", "Excel 表格", ".xlsx", XLSX, sheets.TYPES, sheets.write_sheet, _rows_back),
        Format("txt", "纯文本", ".txt", TEXT, documents.TYPES, documents.write_text, _as_written),
        Format("gift", "GIFT", ".gift", TEXT, gift.TYPES, gift.write_gift, _read_back),
        Format("aiken", "Aiken", ".txt", TEXT, aiken.TYPES, aiken.write_aiken, _read_back),
        Format("moodle", "Moodle XML", ".xml", XML, moodle.TYPES, moodle.write_moodle, _read_back),
        Format("qti12", "QTI 1.2", ".zip", ZIP, qti2_writing.TYPES, packages.write_qti12_package, _read_back),
        Format("qti21", "QTI 2.1", ".zip", ZIP, qti2_writing.TYPES, _package("qti21"), _read_back),
        Format("qti22", "QTI 2.2", ".zip", ZIP, qti2_writing.TYPES, _package("qti22"), _read_back),
        Format("qti30", "QTI 3.0", ".zip", ZIP, qti2_writing.TYPES, _package("qti30"), _read_back),
    )
}
