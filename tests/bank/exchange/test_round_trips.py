"""Export, then import: the same questions, and every other one named."""

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.exchange.exporting import FORMATS, export, sentence
from mingfa.bank.exchange.reading import read_exchange
from mingfa.bank.importing import parse_file
from mingfa.library.citations import CitationRef
from mingfa.spreadsheets import read_rows

from tests.bank.exchange.corpus import questions

WHOLE = ("moodle", "qti12", "qti21", "qti22", "qti30")
thoroughly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SINGLE = QuestionDraft(
    "single", "代表不得超过（ ）人。", ("3", "5", "7"), answer="B", explanation="见条文。", difficulty=3, topic="走访",
    marks=Decimal("2.0"), citations=(CitationRef("信访工作条例", 20),),
)  # fmt: skip


def bare(draft):
    """A draft without what only tells where it was read."""
    return replace(draft, source="", confidence=1.0, children=tuple(bare(child) for child in draft.children))


def left_out(exported):
    return {place: loss.reason for loss in exported.losses if not loss.part for place in loss.places}


def parts_lost(exported):
    return {loss.part for loss in exported.losses if loss.part}


def read_back(exported):
    if not exported.count:
        return []
    return [question.draft for question in read_exchange(exported.data, f"题{exported.format.ending}").questions]


def kept(drafts, exported):
    return [draft for place, draft in enumerate(drafts) if place not in left_out(exported)]


def folded(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("code", WHOLE)
@given(data=st.data())
@thoroughly
def test_every_type_with_every_character_comes_back_equal(code, data):
    drafts = data.draw(questions(FORMATS[code].types))
    exported = export(drafts, code)
    # Only a text that itself holds a field of Moodle's cloze cannot stand in one.
    for place in left_out(exported):
        assert code == "moodle"
        assert "{1:SA:" in str(drafts[place])
    assert parts_lost(exported) == set()
    assert [bare(draft) for draft in read_back(exported)] == kept(drafts, exported)


@given(data=st.data())
@thoroughly
def test_GIFT_comes_back_equal_but_for_what_is_named(data):
    drafts = data.draw(questions(FORMATS["gift"].types))
    exported = export(drafts, "gift")
    for place, reason in left_out(exported).items():
        draft = drafts[place]
        whole = (draft, *draft.children)
        several = any(one.type == "blank" and "\n" in one.answer for one in whole)
        assert several or any("->" in prompt for one in whole for prompt in one.prompts), reason
    assert parts_lost(exported) <= {"explanation"}
    back = [bare(draft) for draft in read_back(exported)]
    expected = [replace(draft, explanation="") if draft.type == "case" else draft for draft in kept(drafts, exported)]
    assert back == expected


@given(data=st.data())
@thoroughly
def test_Aiken_keeps_words_and_keys(data):
    drafts = data.draw(questions(FORMATS["aiken"].types))
    exported = export(drafts, "aiken")
    for back, draft in zip(read_back(exported), kept(drafts, exported), strict=True):
        assert (back.type, back.answer) == (draft.type, draft.answer)
        assert list(map(folded, back.options)) == list(map(folded, draft.options))
        assert folded(back.stem) == folded(draft.stem)


@given(data=st.data())
@thoroughly
def test_IF4_Excel_comes_back_through_the_importer_with_the_same_keys_and_no_formula(data):
    drafts = data.draw(questions(FORMATS["xlsx"].types))
    exported = export(drafts, "xlsx")
    # A file with one stem twice is judged as a whole by the importer, so each is looked at alone.
    for draft in kept(drafts, exported):
        parsed = parse_file(export([draft], "xlsx").data, "题库.xlsx")
        assert parsed.errors == ()
        (back,) = [question.draft for question in parsed.questions]
        assert (back.type, folded(back.answer)) == (draft.type, folded(draft.answer))
        assert list(map(folded, back.options)) == list(map(folded, draft.options))
        assert (back.marks, back.citations) == (draft.marks, draft.citations or back.citations)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "＝1", "＋1", "\t=1", "'=1"])
def test_IF4_text_that_could_be_a_formula_is_the_same_text_again(text):
    draft = replace(SINGLE, stem=f"{text}（ ）", options=(text, "乙"), answer="A", explanation=text, topic=text)
    exported = export([draft], "xlsx")
    (sheet,) = read_rows(exported.data, "题库.xlsx")
    assert sheet.rows[1].text(2) == text.strip()
    (back,) = [question.draft for question in parse_file(exported.data, "题库.xlsx").questions]
    assert (back.options[0], back.answer) == (folded(text) if "＝" not in text and "＋" not in text else text, "A")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "＝1", "＠甲", "'=1", '=HYPERLINK("x")'])
@pytest.mark.parametrize("code", FORMATS)
def test_IF4_text_that_could_be_a_formula_is_text_in_every_format(code, text):
    draft = QuestionDraft("single", f"{text} 表示（ ）", (text, "乙"), answer="A", explanation=f"{text}。")
    exported = export([draft], code)
    assert left_out(exported) == {}
    (back,) = [question.draft for question in parse_file(exported.data, f"题{exported.format.ending}").questions]
    assert (folded(back.stem), back.options, back.answer) == (folded(draft.stem), (text, "乙"), "A")
    assert folded(back.explanation) == ("" if code == "aiken" else folded(draft.explanation))
    if exported.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
            parts = b"".join(archive.read(name) for name in archive.namelist())
        assert not re.search(rb"<(?:\w+:)?(?:f|instrText|fldSimple)[ >]", parts)


def test_what_Aiken_cannot_carry_is_named_for_each_question():
    plain = QuestionDraft("judge", "应当登记。", answer="T")
    order = QuestionDraft("order", "排列步骤", ("甲", "乙"), answer="BA")
    exported = export([plain, SINGLE, order, replace(SINGLE, stem="又一题")], "aiken")
    labels = ["3", "5", "8", "9"]
    assert [sentence(exported.format, loss, labels) for loss in exported.losses] == [
        "Aiken 没有排序题，没有导出：第 8 题",
        "Aiken 不能带解析：第 5、9 题",
        "Aiken 不能带难度：第 5、9 题",
        "Aiken 不能带知识点：第 5、9 题",
        "Aiken 不能带分值：第 5、9 题",
        "Aiken 不能带依据：第 5、9 题",
    ]
    assert exported.count == 3


def test_questions_that_follow_each_other_are_named_as_a_run():
    shorts = [QuestionDraft("short", f"简述 {number}", answer="要点") for number in range(4)]
    exported = export([*shorts, SINGLE, shorts[0]], "aiken")
    labels = ["11", "12", "15", "16", "17", "20"]
    assert sentence(exported.format, exported.losses[0], labels) == "Aiken 没有简答题，没有导出：第 11–16、20 题"


def test_an_export_of_nothing_that_fits_is_an_empty_file_and_says_so():
    exported = export([QuestionDraft("short", "简述程序", answer="要点")], "aiken")
    assert (exported.count, exported.data) == (0, b"")
    assert [loss.reason for loss in exported.losses] == ["没有简答题"]


def test_a_cell_longer_than_Excel_allows_is_named_and_not_cut():
    exported = export([replace(SINGLE, stem="长" * 32768), SINGLE], "xlsx")
    assert left_out(exported) == {0: "写不下这样的文字或答案"}
    assert exported.count == 1


@pytest.mark.parametrize("code", FORMATS)
def test_an_unknown_character_of_XML_never_breaks_a_file(code):
    exported = export([replace(SINGLE, stem="题\ufffe干\uffff（ ）")], code)
    assert exported.count + len(left_out(exported)) == 1
