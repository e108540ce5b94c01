"""Questions as people pass them on: a Word document or plain text, in the layout of domain guide §9.2.

Section heads name the type, stems are numbered through, then options, 答案：, 解析：, 依据：, 难度：, 知识点：, 分值：.
Both outputs are made of the same lines.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.text.run import Run

from mingfa.bank.drafts import BLANK, CASE, CHOICES, JUDGE, MULTIPLE, SHORT, SINGLE, QuestionDraft, letters
from mingfa.bank.exchange.details import DIFFICULTY_NAMES
from mingfa.bank.exchange.markup import NOT_XML
from mingfa.bank.exchange.sheets import JUDGED
from mingfa.library.citations import format_citation, int_to_chinese, parse_citations

TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK, SHORT, CASE)
HEADS = {
    SINGLE: "单项选择题", MULTIPLE: "多项选择题", JUDGE: "判断题", BLANK: "填空题", SHORT: "简答题", CASE: "案例分析题",
}  # fmt: skip
PART_TYPES = {SINGLE: "单选", MULTIPLE: "多选", JUDGE: "判断", BLANK: "填空", SHORT: "简答"}
# A line inside a text that a reader would take for the next question, option, answer or head.
MISLEADING = re.compile(
    r"^\s*([(（【\[]?\d{1,4}[)）】\]]?\s*[.、．)）:：]|[(（]\d{1,4}[)）]|第\s*\d+\s*题|[(（【\[]?[A-Za-z][)）】\]]?\s*[.、．:：)）]"
    r"|[(（【\[]?(正确|标准|参考)?答案|[【\[]?(答案)?解析|[【\[]?(依据|理由|出处|难度|知识点|考点|分值|案例|题型)[】\]:：]"
    r"|第?[一二三四五六七八九十]+(部分)?[、.．])"
)
HEAD_SIZE, TEXT_SIZE = Pt(14), Pt(12)


@dataclass(frozen=True)
class Line:
    """One paragraph. is_head: opens a section."""

    text: str
    is_head: bool = False


def in_sections(drafts: list[QuestionDraft]) -> list[QuestionDraft]:
    """The questions in the order they are written: by type, and as given within one."""
    return [draft for type in TYPES for draft in drafts if draft.type == type]


def write_text(drafts: list[QuestionDraft]) -> bytes:
    """Plain text in UTF-8 with byte order mark, which Chinese Windows opens without asking."""
    text = "\r\n".join(("\r\n" if line.is_head else "") + line.text.replace("\n", "\r\n") for line in _lines(drafts))
    return (text.strip() + "\r\n").encode("utf-8-sig")


def write_word(drafts: list[QuestionDraft]) -> bytes:
    """A .docx; each line of a text is a paragraph of its own."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "宋体", TEXT_SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    # Elements by hand: adding forty thousand paragraphs through the document takes it most of a minute.
    end = document.element.body.sectPr
    for line in _lines(drafts):
        for text in NOT_XML.sub("", line.text).split("\n"):
            paragraph = OxmlElement("w:p")
            run = Run(paragraph.add_r(), document)
            run.text = text
            if line.is_head:
                run.bold, run.font.size = True, HEAD_SIZE
            end.addprevious(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def is_plain(draft: QuestionDraft) -> bool:
    """Whether no line inside a text of the question looks like something else, so that it can be read again."""
    texts = [draft.stem, *draft.options, draft.explanation]
    inner = [line for text in texts for line in text.split("\n")[1:]]
    inner += draft.answer.split("\n")[1:] if draft.type == SHORT else []
    inner += [option for option in draft.options if MISLEADING.match(option)]
    is_blank_line = any(not line.strip() for line in inner)
    return not is_blank_line and not any(MISLEADING.match(line) for line in inner) and all(map(is_plain, draft.children))


def _lines(drafts: list[QuestionDraft]) -> Iterator[Line]:
    section, last = 0, ""
    for number, draft in enumerate(in_sections(drafts), 1):
        if draft.type != last:
            section, last = section + 1, draft.type
            yield Line(f"{int_to_chinese(section)}、{HEADS[draft.type]}", is_head=True)
        yield from _case(draft, number) if draft.type == CASE else _question(draft, f"{number}. {draft.stem}")


def _question(draft: QuestionDraft, first: str) -> Iterator[Line]:
    yield Line(first)
    if draft.type in CHOICES:
        for letter, option in zip(letters(draft.options), draft.options, strict=True):
            yield Line(f"{letter}. {option}")
    label = "参考答案" if draft.type == SHORT else "答案"
    answer = JUDGED.get(draft.answer, "") if draft.type == JUDGE else draft.answer
    yield Line(f"{label}：{answer.replace(chr(10), '；') if draft.type == BLANK else answer}")
    yield from _beside(draft)


def _case(draft: QuestionDraft, number: int) -> Iterator[Line]:
    yield Line(f"{number}. 【案例】{draft.stem}")
    yield from _beside(draft)
    for place, child in enumerate(draft.children, 1):
        yield from _question(child, f"（{place}）{child.stem}（{PART_TYPES[child.type]}）")


def _beside(draft: QuestionDraft) -> Iterator[Line]:
    if draft.explanation:
        yield Line(f"解析：{draft.explanation}")
    # Readers put 依据 into the explanation; said again it would grow with every trip through a document.
    if set(draft.citations) - set(parse_citations(draft.explanation)):
        yield Line("依据：" + "；".join(format_citation(ref) for ref in draft.citations))
    if draft.difficulty:
        yield Line(f"难度：{DIFFICULTY_NAMES[draft.difficulty]}")
    if draft.topic:
        yield Line(f"知识点：{draft.topic}")
    if draft.marks is not None:
        yield Line(f"分值：{draft.marks.normalize():f}")
