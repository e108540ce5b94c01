"""The steps that read a Word document, each on its own."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.word.boxes import lines_of_table, read_as_rows, table_of
from mingfa.bank.importing.word.numbering import numbering_of, written
from mingfa.bank.importing.word.package import open_package
from mingfa.bank.importing.word.paragraphs import Words, with_label, words_of
from mingfa.bank.importing.word.reading import split_words
from mingfa.spreadsheets import SpreadsheetRefused

from tests.bank.odd.builders import LEVELS, level
from tests.bank.word_files import Paragraph, W, document, paragraph_xml, runs_of, table


def tree(xml):
    return etree.fromstring(f"<w:body {W}>{xml}</w:body>")[0]


def boxes(rows):
    def lines_of(paragraph, row):
        return split_words(words_of(paragraph), row, "行", "表格 1")

    return table_of(tree(table(rows).xml), "表格 1", lines_of)


@pytest.mark.parametrize(
    ("form", "shown"),
    [("decimal", "12"), ("decimalZero", "12"), ("upperLetter", "L"), ("lowerRoman", "xii"), ("chineseCounting", "十二"),
     ("decimalEnclosedCircle", "⑫"), ("anything else", "12")],
)  # fmt: skip
def test_a_number_in_the_forms_of_the_program(form, shown):
    assert written(12, form) == shown


def test_letters_after_the_last_one_are_doubled():
    assert (written(26, "upperLetter"), written(27, "upperLetter")) == ("Z", "AA")


def test_levels_are_counted_below_each_other_and_an_overridden_start_begins_again():
    paragraphs = [level("题", 0), level("甲", 1), level("一", 2), level("二", 2), level("乙", 1), level("一", 2),
                  level("题", 0), level("丙", 1), level("丁", 1, 4)]  # fmt: skip
    package = open_package(document(paragraphs, numbering=LEVELS))
    numbering = numbering_of(package)
    assert [numbering.label(one).strip() for one in package.document.iter("{*}p")] == [
        "一、", "1.", "A.", "B.", "2.", "A.", "二、", "1.", "1.",
    ]  # fmt: skip


def test_a_document_without_lists_numbers_nothing():
    package = open_package(document([Paragraph("甲", label="1")], numbering="<w:numbering " + W + "/>"))
    assert [numbering_of(package).label(one) for one in package.document.iter("{*}p")] == [""]


def test_words_carry_where_they_are_red_bold_or_underlined():
    line = runs_of([("甲", "red"), ("乙", "bold"), ("丙", ""), ("丁", "underlined")])
    assert words_of(tree(line.xml)).strong == ((0, 1, "红色"), (1, 2, "粗体"), (3, 4, "下划线"))


def test_underlined_blanks_are_a_gap_to_fill():
    assert words_of(tree(runs_of([("期限为", ""), ("    ", "underlined"), ("日", "")]).xml)).text == "期限为____日"


def test_hidden_words_are_not_read_and_pictures_are_told():
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:t>明</w:t><w:drawing/></w:r></w:p>"
    assert words_of(tree(hidden)) == Words("明", picture=True)


def test_a_typed_number_wins_over_the_automatic_one():
    assert with_label(Words("甲"), "1. ").text == "1. 甲"
    assert with_label(Words("2.甲"), "1. ").text == "2.甲"
    assert with_label(Words("甲", ((0, 1, "红色"),)), "A. ").strong == ((3, 4, "红色"),)


def test_a_break_inside_a_paragraph_begins_a_line_of_the_same_number():
    lines = split_words(Words("甲\n 乙丙", ((3, 4, "红色"),)), 5, "段", "")
    assert [(line.number, line.text, line.strong) for line in lines] == [(5, "甲", ()), (5, "乙丙", ((0, 1, "红色"),))]


def test_a_table_of_numbers_over_keys_becomes_lines_of_keys():
    assert [line.text for line in lines_of_table(boxes([["题号", "1", "2"], ["答案", "B", "√"]]))] == ["1.B", "2.√"]
    assert [line.text for line in lines_of_table(boxes([["1", "B", "2", "C"]]))] == ["1.B", "2.C"]


def test_label_and_value_side_by_side_are_one_line_each():
    lines = lines_of_table(boxes([["题目", "甲（ ）"], ["A", "一"], ["答案", "A"]]))
    assert [line.text for line in lines] == ["甲（ ）", "A.一", "答案：A"]


def test_a_table_of_words_is_no_table_of_questions():
    assert read_as_rows(boxes([["甲", "乙"], ["丙", "丁"]]), "题.docx", []) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_file"), (b"\xd0\xcf\x11\xe0x", "old_format"), (b"text", "unknown_format")],
)
def test_what_is_no_document_is_refused_with_its_reason(data, code):
    with pytest.raises(SpreadsheetRefused) as refused:
        open_package(data)
    assert refused.value.error.code == code


def test_an_archive_of_something_else_is_no_document():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    with pytest.raises(SpreadsheetRefused) as refused:
        open_package(out.getvalue())
    assert refused.value.error.code == "not_a_document"


def test_text_and_tables_come_in_the_order_of_the_document():
    rows = [["题型", "题目", "答案"], ["判断题", "表里的题应当受理。", "对"]]
    lines = [Paragraph(one) for one in ("判断题", "1.前面。", "答案：对", "2.后面。", "答案：错")]
    lines.insert(3, table(rows))
    parsed = parse_file(document(lines), "题.docx")
    assert [one.draft.stem for one in parsed.questions] == ["前面。", "表里的题应当受理。", "后面。"]


@pytest.mark.parametrize("content", [b"<svg onload='x()'/>", b"<html><script>x()</script></html>", b"MZ\x90"])
def test_IF8_whatever_calls_itself_a_picture_in_a_document_stays_there_and_is_told(content):
    drawn = paragraph_xml(Paragraph("1.甲（ ）")).replace("</w:p>", "<w:r><w:drawing/></w:r></w:p>")
    lines = [Paragraph("单选题"), Paragraph("", xml=drawn), Paragraph("A.一"), Paragraph("B.二"), Paragraph("答案：A")]
    parsed = parse_file(document(lines, parts={"word/media/image1.png": content}), "题.docx")
    (question,) = parsed.questions
    assert (question.draft.stem, question.draft.options) == ("甲（ ）", ("一", "二"))
    assert question.notes == ("题里有图片或公式，没有读入",)


LEAVES = st.sampled_from(
    ["<w:t>1.甲（ ）</w:t>", "<w:t>A.一</w:t>", "<w:tab/>", "<w:br/>", "<w:drawing/>", "<w:rPr><w:u/></w:rPr>", "答案：A"]
)
NAMES = st.sampled_from(["p", "r", "tbl", "tr", "tc", "sdt", "ins", "hyperlink", "pPr", "numPr"])


def holding(inner):
    made = st.tuples(NAMES, st.lists(inner, max_size=4))
    return made.map(lambda one: f"<w:{one[0]}>{''.join(one[1])}</w:{one[0]}>")


@given(st.recursive(LEAVES, holding, max_leaves=20))
@settings(max_examples=120, deadline=None)
def test_no_arrangement_of_marks_makes_the_reader_raise(xml):
    parsed = parse_file(document([Paragraph("", xml=xml)]), "题.docx")
    assert parsed.questions or parsed.errors
