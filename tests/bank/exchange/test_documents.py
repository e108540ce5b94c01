"""Word and plain text: the layout people pass on, and that a reader of it gets the same questions."""

import io
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from docx.oxml.ns import qn
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.exchange.documents import in_sections
from mingfa.bank.exchange.exporting import FORMATS, export
from mingfa.bank.importing import parse_file
from mingfa.library.citations import CitationRef, format_citation

BESIDE = {
    "explanation": "见条文。\n第二行", "difficulty": 3, "topic": "信访渠道", "marks": Decimal("2.5"),
    "citations": (CitationRef("信访工作条例", 17, 0, 2, 3), CitationRef("民法典", 1)),
}  # fmt: skip
PARTS = (
    QuestionDraft("single", "最多几人", ("3 人", "5 人"), answer="B", marks=Decimal("2.0")),
    QuestionDraft("short", "怎么处理", answer="先登记\n后转送", difficulty=2),
    QuestionDraft("judge", "应当推选代表。", answer="T"),
    QuestionDraft("blank", "期限____日", answer="60"),
    QuestionDraft("multiple", "怎么办", ("甲", "乙", "丙"), answer="AC"),
)
QUESTIONS = [
    QuestionDraft("short", "简述程序", answer="一是申请\n二是复核", **BESIDE),
    QuestionDraft("single", "代表不得超过（ ）人。", ("3", "5 人", "=1+1"), answer="B", **BESIDE),
    QuestionDraft("multiple", "可以（ ）。\n第二行", ("甲", "乙", "丙", "丁"), answer="ACD", **BESIDE),
    QuestionDraft("judge", "应当登记。", answer="F", **BESIDE),
    QuestionDraft("single", "没有别的（ ）", ("甲", "乙"), answer="A", difficulty=1),
    QuestionDraft("blank", "应当在____日内，延长____日", answer="60|六十\n30", **BESIDE),
    QuestionDraft("case", "某镇村民走访。\n要求见领导。", children=PARTS, **BESIDE),
]


def lines(code, *drafts):
    data = export(drafts, code).data
    if code == "txt":
        return data.decode("utf-8-sig").split("\r\n")
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def expected(draft):
    """What the importer makes of a draft: 依据 also stands in the explanation (domain guide §9.2)."""
    cited = "；".join(map(format_citation, draft.citations))
    explanation = "\n".join(filter(None, [draft.explanation, cited]))
    return replace(draft, explanation=explanation, children=tuple(expected(child) for child in draft.children))


def bare(draft):
    return replace(draft, source="", confidence=1.0, children=tuple(bare(child) for child in draft.children))


@pytest.mark.parametrize("code", ["docx", "txt"])
def test_a_question_stands_in_the_layout_people_know(code):
    assert [line for line in lines(code, QUESTIONS[1]) if line] == [
        "一、单项选择题",
        "1. 代表不得超过（ ）人。",
        "A. 3",
        "B. 5 人",
        "C. =1+1",
        "答案：B",
        "解析：见条文。",
        "第二行",
        "依据：《信访工作条例》第十七条第二款第三项；《民法典》第一条",
        "难度：难",
        "知识点：信访渠道",
        "分值：2.5",
    ]


@pytest.mark.parametrize("code", ["docx", "txt"])
def test_sections_follow_the_types_and_numbers_run_through(code):
    heads = [line for line in lines(code, *QUESTIONS) if line[1:2] == "、"]
    assert heads == [
        "一、单项选择题", "二、多项选择题", "三、判断题", "四、填空题", "五、简答题", "六、案例分析题",
    ]  # fmt: skip
    numbers = [line.split(".")[0] for line in lines(code, *QUESTIONS) if line.split(".")[0].isdigit()]
    assert numbers == ["1", "2", "3", "4", "5", "6", "7"]


def test_Word_has_a_Chinese_face_and_bold_heads():
    document = docx.Document(io.BytesIO(export(QUESTIONS[:1], "docx").data))
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"
    assert document.paragraphs[0].runs[0].bold is True


@pytest.mark.parametrize(
    "line", ["2. 又一题", "A. 甲", "B、乙", "答案：C", "【答案】C", "解析：", "二、判断题", "（1）小题", "分值：3", "正确答案:A"]
)
@pytest.mark.parametrize("code", ["docx", "txt"])
def test_a_question_with_a_line_that_would_mislead_a_reader_is_left_out_and_named(code, line):
    misleading = replace(QUESTIONS[1], stem=f"题干\n{line}")
    exported = export([misleading, QUESTIONS[3]], code)
    assert (exported.count, [loss.places for loss in exported.losses]) == (1, [(0,)])


def test_the_basis_is_not_said_twice_when_the_explanation_says_it():
    said = replace(QUESTIONS[1], explanation="见《信访工作条例》第十七条第二款第三项、《民法典》第一条")
    assert not any(line.startswith("依据") for line in lines("txt", said))


@pytest.mark.parametrize("code", ["docx", "txt"])
def test_a_bank_survives_document_bank_document(code):
    exported = export(QUESTIONS, code)
    assert exported.losses == ()
    parsed = parse_file(exported.data, f"题{FORMATS[code].ending}")
    assert parsed.errors == ()
    first = [bare(question.draft) for question in parsed.questions]
    assert first == [expected(draft) for draft in in_sections(QUESTIONS)]
    again = parse_file(export(first, code).data, f"题{FORMATS[code].ending}")
    assert [bare(question.draft) for question in again.questions] == first
