"""Files that would keep a reader busy for hours, or make it fail: read or refused in seconds, with a sentence.

Each of these took minutes or did not end before its step was mended; a limit of seconds leaves slow machines room.
"""

import io
import zipfile
from time import process_time

import pytest
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.units import LONGEST_LINE, WIDEST_BLANK, without_wide_blanks

from tests.bank.word_files import Paragraph, document

SECONDS = 5
WIDE = " " * 20_000
OPTIONS = "\nA.甲\nB.乙\n答案：A"


def read(text: str):
    started = process_time()
    parsed = parse_file(text.encode(), "题库.txt")
    assert process_time() - started < SECONDS
    return parsed


@pytest.mark.parametrize(
    "words",
    [f"1.{WIDE}题干（ ）", f"1.题干（{WIDE}）", "1.题干\u3000" + "\u3000" * 20_000 + "（ ）"],
    ids=["before", "inside a gap", "full width"],
)
def test_rows_of_blanks_say_nothing_and_take_no_time(words):
    (question,) = read(words + OPTIONS).questions
    assert (question.draft.options, question.draft.answer) == (("甲", "乙"), "A")


def test_blanks_in_Word_are_cut_and_what_is_red_stays_red():
    red = Paragraph(f"B.乙{WIDE}丙", strong="red")
    started = process_time()
    parsed = parse_file(document([Paragraph("1.题干（ ）"), Paragraph("A.甲"), red, Paragraph("C.丁")]), "题库.docx")
    assert process_time() - started < SECONDS
    assert [one.draft.answer for one in parsed.questions] == ["B"]


def test_spans_follow_the_words_they_were_on():
    text = "甲" + " " * (WIDEST_BLANK + 30) + "乙丙"
    place = text.index("乙")
    cut, spans = without_wide_blanks(text, [(0, 1, "red"), (place, place + 1, "bold")])
    assert cut == "甲" + " " * WIDEST_BLANK + "乙丙"
    assert [(cut[first:last], how) for first, last, how in spans] == [("甲", "red"), ("乙", "bold")]


@pytest.mark.parametrize(
    "words",
    [
        "1.题干（" + "A " * 2000,
        "1.根据（The World Trade Organization rules on trade in services and goods of the many members of the club》，（ ）。",
        "1.题干（ ）" + "A.甲 " * 1000,
    ],
    ids=["letters in a bracket left open", "English in a bracket left open", "the same letter again and again"],
)
def test_letters_without_an_end_are_given_up(words):
    read(words + OPTIONS)


def test_a_row_of_dashes_behind_a_number_is_no_range_of_keys():
    parsed = read("1.题干（ ）" + OPTIONS + "\n参考答案\n1" + "-" * 2000 + "x")
    assert [one.draft.stem for one in parsed.questions] == ["题干（ ）"]


def test_a_whole_bank_in_one_line_is_read_in_time():
    words = "".join(f"{number}.第{number}项说法正确的是（ ）A.甲乙B.丙丁C.戊己D.庚辛答案：A " for number in range(1, 121))
    assert [len(one.draft.options) for one in read("一、单选题 " + words).questions] == [4] * 120


def test_a_line_without_end_is_refused_with_its_number():
    parsed = read("1.题干（ ）" + OPTIONS + "\n2." + "字" * LONGEST_LINE)
    (error,) = parsed.errors
    assert (error.code, parsed.questions) == ("line_too_long", ())
    assert error.message.startswith(f"第 5 行有 {LONGEST_LINE + 2} 字，一行最多读 {LONGEST_LINE} 字。请分成几行")


@pytest.mark.parametrize("encoding", ["UTF-7", "shift_jis", "nonsense"])
@pytest.mark.parametrize("name", ["题库.docx", "题库.xlsx"])
def test_an_encoding_that_the_reader_of_xml_does_not_know_is_a_broken_file(name, encoding):
    part = {"题库.docx": "word/document.xml", "题库.xlsx": "xl/workbook.xml"}[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(part, f'<?xml version="1.0" encoding="{encoding}"?><a/>')
    assert [error.code for error in parse_file(out.getvalue(), name).errors] == ["broken_file"]
