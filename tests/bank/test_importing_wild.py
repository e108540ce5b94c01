"""Text and Word files as offices write them: the samples, odd ones written by hand, and random ones of known truth."""

import json
from pathlib import Path

import pytest
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.preview import as_data

from tests.bank.judging import Judgement, judge
from tests.bank.wild import make

DATA = Path(__file__).parents[1] / "data/qbank"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))
CLEAN = [name for name in EXPECTED if name != "v14_dirty.txt"]
FILES = 60


def questions(text: str, name: str = "题目.txt"):
    """(type, stem, options, answer) of every question; the file has no errors."""
    parsed = parse_file(text.encode(), name)
    assert parsed.errors == ()
    return [(one.draft.type, one.draft.stem, one.draft.options, one.draft.answer) for one in parsed.questions]


def plain(question: dict) -> dict:
    kept = {name: value for name, value in question.items() if name not in ("source", "confidence", "citations")}
    return kept | ({"children": [plain(one) for one in kept["children"]]} if "children" in kept else {})


@pytest.mark.parametrize("name", CLEAN)
def test_every_sample_gives_exactly_what_is_expected(name):
    data = as_data(parse_file((DATA / name).read_bytes(), name))
    assert (data["errors"], data["repeats"]) == ([], [])
    assert [plain(question) for question in data["questions"]] == EXPECTED[name]


def test_the_good_questions_of_the_dirty_sample_are_read():
    parsed = parse_file((DATA / "v14_dirty.txt").read_bytes(), "v14_dirty.txt")
    assert [int(one.place.number) for one in parsed.questions] == EXPECTED["v14_dirty.txt"]["imported"]


def test_the_dirty_sample_gives_every_error_at_its_question_and_its_line():
    parsed = parse_file((DATA / "v14_dirty.txt").read_bytes(), "v14_dirty.txt")
    found = {error.number: error.code for error in parsed.errors}
    wanted = {number: code.removesuffix("_of_6") for number, code in EXPECTED["v14_dirty.txt"]["rejected"].items()}
    assert found == wanted
    lines = (DATA / "v14_dirty.txt").read_text("utf-8").split("\n")
    assert all(lines[error.row - 1].startswith(f"{error.number}.") for error in parsed.errors)
    contradiction = next(error for error in parsed.errors if error.number == "7")
    assert lines[contradiction.other - 1].startswith("6.")


def test_random_files_of_all_traits_are_read_right_or_not_silently():
    total = Judgement()
    for seed in range(FILES):
        data, name, truths, layout = make(seed)
        found = judge(parse_file(data, name), truths)
        assert found.silent == [], f"seed {seed}: {layout}"
        total.questions += found.questions
        total.right += found.right
    assert total.right >= 0.99 * total.questions


def test_a_question_says_where_it_stands_in_which_words_and_what_was_inferred():
    (question,) = parse_file("题库\n\n1. 自（ ）起。\nA.甲B.乙\n答案：B".encode(), "题.txt").questions
    assert (question.place.row, question.place.last, question.place.unit, question.place.number) == (3, 5, "行", "1")
    assert question.raw.excerpt == "1. 自（ ）起。\nA.甲B.乙\n答案：B"
    assert question.draft.confidence == 0.8
    assert question.notes == ("没有写题型，按选项和答案的样子认出", "几个选项粘在一行，已按字母拆开")


def test_a_rejected_question_keeps_what_was_recognised_so_far():
    (one,) = as_data(parse_file("一、单选题\n1.甲（ ）。\nA.一\nB.二\n答案：A或B".encode(), "题.txt"))["rejected"]
    assert (one["first"], one["last"], one["number"]) == (2, 5, "1")
    assert (one["draft"]["type"], one["draft"]["stem"], one["draft"]["options"]) == (
        "single",
        "甲（ ）。",
        ["一", "二"],
    )
    assert (one["draft"]["answer"], one["draft"]["stated_answer"]) == ("", "A或B")
    assert [error["code"] for error in one["errors"]] == ["answer_not_in_options"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding(encoding):
    data = "判断题\r\n1.应当受理。\r\n答案：对\r\n".encode(encoding)
    assert [one.draft.stem for one in parse_file(data, "题.txt").questions] == ["应当受理。"]


def test_keys_at_the_end_go_to_the_section_they_stand_for():
    text = "单选题\n1.甲（ ）\nA.一\nB.二\n多选题\n1.乙（ ）\nA.一\nB.二\n答案：\n单选题：1.B\n多选题：1.AB"
    assert [(kind, answer) for kind, _, _, answer in questions(text)] == [("single", "B"), ("multiple", "AB")]


def test_a_range_with_too_few_keys_gives_nobody_a_key():
    parsed = parse_file("单选题\n1.甲（ ）\nA.一\nB.二\n2.乙（ ）\nA.一\nB.二\n参考答案\n1-2 A".encode(), "题.txt")
    assert {error.code for error in parsed.errors} == {"unread_answers", "no_answer"}
    assert parsed.questions == ()


def test_two_different_answers_to_one_question_are_an_error():
    parsed = parse_file(
        "单选题\n1.甲（ ）\nA.一\nB.二\n答案：A\n2.乙（ ）\nA.一\nB.二\n答案：A\n参考答案\n1.B 2.A".encode(), "题.txt"
    )
    assert [(error.code, error.number) for error in parsed.errors] == [("two_answers", "1")]
    assert [one.draft.answer for one in parsed.questions] == ["A"]


def test_letters_in_two_brackets_of_a_stem_are_no_key():
    parsed = parse_file("单选题\n1.甲（A）类企业应当（C）登记。\nA.自愿\nB.强制\nC.依法".encode(), "题.txt")
    assert [error.code for error in parsed.errors] == ["no_answer"]


def test_an_explanation_that_names_another_letter_is_a_doubt():
    (question,) = parse_file("单选题\n1.甲（ ）\nA.一\nB.二\n答案：A\n解析：故选B。".encode(), "题.txt").questions
    assert question.draft.confidence == 0.6
    assert question.notes == ("解析里说选 B，和答案 A 不一样，请核对",)


def test_numbers_and_letters_inside_a_question_open_nothing():
    text = (
        "单选题\n1.《宪法》第3.5条所述“A.B类”企业，1954年起（ ）。\nA.B超检查\nB.3.5%\nC.第1条\nD.10\n答案：D\n"
        "2.下列关于A、B、C三家公司的说法，正确的是（ ）。\nA、A公司\nB、B公司\nC、C公司\n答案：B（B公司）"
    )
    first, second = questions(text)
    assert (first[2], first[3]) == (("B超检查", "3.5%", "第1条", "10"), "D")
    assert (second[1], second[2], second[3]) == (
        "下列关于A、B、C三家公司的说法，正确的是（ ）。", ("A公司", "B公司", "C公司"), "B",
    )  # fmt: skip


def test_points_of_a_written_answer_are_no_questions():
    text = "简答题（每题10分）\n1.简述要求。\n答：1.合法；\n2.合理；\n3.正当。\n2.什么是信访？\n答：指反映情况。"
    assert [(stem, answer) for _, stem, _, answer in questions(text)] == [
        ("简述要求。", "1.合法；\n2.合理；\n3.正当。"),
        ("什么是信访？", "指反映情况。"),
    ]


def test_order_and_match_are_read_as_files_write_them():
    text = (
        "排序题\n1.先后顺序是（ ）。\nA.登记\nB.答复\nC.转送\n答案：312\n"
        "2.先后顺序（ ）。\nA.登记\nB.答复\nC.转送\n答案：C→A→B\n"
        "连线题\n3.请配对。\n1.甲\n2.乙\nA.书信\nB.走访\n答案：1-B 2-A"
    )
    assert [(kind, answer) for kind, _, _, answer in questions(text)] == [
        ("order", "CAB"),
        ("order", "CAB"),
        ("match", "BA"),
    ]


@pytest.mark.parametrize(
    "mark", ["（√）1.应当受理。", "1.应当受理。（对）", "1.（正确）应当受理。", "1.应当受理。( T )"]
)
def test_a_mark_at_either_end_of_a_judgement_is_its_key(mark):
    assert questions(f"判断题\n{mark}") == [("judge", "应当受理。", (), "T")]
