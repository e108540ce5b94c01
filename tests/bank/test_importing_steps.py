"""Each step of the pipeline on its own."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.importing.answers import blank_answers, choice_letters, judge_answer, without_label
from mingfa.bank.importing.citing import cited_articles
from mingfa.bank.importing.folding import fold_gaps, fold_text
from mingfa.bank.importing.options import split_options, without_labels
from mingfa.bank.importing.stems import choice_in_stem, judgement_in_stem
from mingfa.bank.importing.words import difficulty_named, is_section_head, marks_each, marks_given, type_named
from mingfa.library.citations import CitationRef


@pytest.mark.parametrize(
    "spelling",
    ["ABD", "A、B、D", "a,b，d", "A|B|D", "ＡＢＤ", "（ABD）", "A B D", "D B A", "答案：ABD", "【答案】:答案:A;B;D"],
)
def test_choice_answers_in_all_spellings(spelling):
    assert choice_letters(spelling) == "ABD"


@pytest.mark.parametrize("text", ["", "甲", "A和甲", "13", "对"])
def test_what_is_no_letters_is_not_guessed(text):
    assert choice_letters(text) is None


@pytest.mark.parametrize(
    "spelling",
    ["√", "✓", "✔", "对", "正确", "是", "T", "true", "TRUE", "（√）", "答案:对", "A", "A(正确)", "正确。", "Ｔ"],
)
def test_right_in_all_spellings(spelling):
    assert judge_answer(spelling, ()) == "T"


@pytest.mark.parametrize(
    "spelling", ["×", "✗", "x", "X", "错", "错误", "否", "F", "False", "(×)", "不正确", "B", "B(错误)", "B.错"]
)
def test_wrong_in_all_spellings(spelling):
    assert judge_answer(spelling, ()) == "F"


@pytest.mark.parametrize("text", ["", "也许", "C", "1", "0", "对错", "AB"])
def test_no_other_word_is_a_judgement(text):
    assert judge_answer(text, ()) is None


def test_judgement_letters_are_read_through_the_options():
    assert judge_answer("A", ("错误", "正确")) == "F"
    assert judge_answer("B", ("错", "对")) == "T"
    assert judge_answer("A", ("甲", "乙")) is None


def test_accepted_answers_of_blanks():
    assert blank_answers("答案：60；30") == "60\n30"
    assert blank_answers("六十/60；30") == "六十|60\n30"
    assert blank_answers("") == ""


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("A.3\nB.5\nC.7\nD.10", ("3", "5", "7", "10")),
        ("A.省部级；B.厅局级；C.县处级", ("省部级", "厅局级", "县处级")),
        ("A、甲;B、乙", ("甲", "乙")),
        ("(A)甲\n(B)乙", ("甲", "乙")),
        ("A）甲\nB）乙", ("甲", "乙")),
        ("A:甲\nB：乙", ("甲", "乙")),
        ("A 甲\nB 乙", ("甲", "乙")),
        ("Ａ．甲\nＢ．乙", ("甲", "乙")),
        ("甲;乙;丙", ("甲", "乙", "丙")),
        ("甲\n乙\n", ("甲", "乙")),
        ("A.甲B.乙C.丙", ("甲", "乙", "丙")),
        ("A.甲 B.乙\nC.丙 D.丁", ("甲", "乙", "丙", "丁")),
        ("A.优秀\nB.称职\nD.不称职", ("优秀", "称职", "", "不称职")),
        ("A.甲；第二句\nB.乙", ("甲；第二句", "乙")),
        ("A.由 GB18030 规定\nB.乙", ("由 GB18030 规定", "乙")),
        ("", ()),
    ],
)
def test_options_of_one_cell(text, options):
    assert split_options(text) == options


def test_options_of_own_columns_lose_their_letter_only_when_each_has_its_own():
    assert without_labels(("A.甲", "B.乙")) == ("甲", "乙")
    assert without_labels(("A.甲", "", "C.丙")) == ("甲", "", "丙")
    assert without_labels(("A.甲", "乙")) == ("A.甲", "乙")
    assert without_labels(("B.甲", "A.乙")) == ("B.甲", "A.乙")


@given(st.lists(st.text("甲乙丙丁1234", min_size=1, max_size=6), min_size=2, max_size=8), st.sampled_from("\n;；"))
def test_labelled_options_of_one_cell_come_back_as_they_were(options, separator):
    text = separator.join(f"{chr(65 + place)}.{option}" for place, option in enumerate(options))
    assert split_options(text) == tuple(options)


@pytest.mark.parametrize(
    ("word", "type"),
    [
        ("单选题", "single"),
        ("单项选择题", "single"),
        ("【多选】", "multiple"),
        ("不定项选择题", "multiple"),
        ("判断", "judge"),
        ("是非题", "judge"),
        ("填空题", "blank"),
        ("论述题", "short"),
        ("案例分析题", "case"),
        ("连线题", None),
        ("单选多选题库", None),
        ("", None),
    ],
)
def test_words_for_types(word, type):
    assert type_named(word) == type


def test_section_heads_and_their_marks():
    assert is_section_head("一、单项选择题（每题2分，共40分）")
    assert is_section_head("判断题")
    assert not is_section_head("下列关于填空题以外的各种说法中正确的是")
    assert marks_each("二、填空题（每空1.5分）") == "1.5"
    assert marks_each("判断题") == ""


def test_words_for_difficulty_and_marks():
    assert [difficulty_named(word) for word in ("易", "简单", "中", "中等", "难", "较难", "0.8", "")] == [
        1,
        1,
        2,
        2,
        3,
        3,
        None,
        None,
    ]
    assert [marks_given(word) for word in ("2", "1.5分", "２分")] == [Decimal("2.0"), Decimal("1.5"), Decimal("2.0")]
    assert [marks_given(word) for word in ("0", "-1", "1.25", "NaN", "两分", "99999")] == [None] * 6


def test_labels_before_answers_go():
    assert [without_label(text) for text in ("答案:C", "【答案】C", "【答案】:答案:C", "正确答案：C", "C")] == ["C"] * 5


def test_letters_in_the_stem_that_are_words_of_the_question_stay():
    assert choice_in_stem("甲（A）类企业（ ）。", "B", "AB") == ("甲（A）类企业（ ）。", "B")
    assert choice_in_stem("自（B）起。", "B", "AB") == ("自（ ）起。", "B")
    assert choice_in_stem("自（Z）起。", "", "AB") == ("自（Z）起。", "")


def test_marks_at_either_end_of_a_judgement_go_unless_they_contradict():
    assert judgement_in_stem("（√）应当登记。", "") == ("应当登记。", "T")
    assert judgement_in_stem("应当登记（ 对 ）。", "") == ("应当登记。", "T")
    assert judgement_in_stem("应当登记。（√）", "F") == ("应当登记。（√）", "F")
    assert judgement_in_stem("应当登记（条例）。", "") == ("应当登记（条例）。", "")


def test_folding_keeps_chinese_punctuation_and_drops_what_nobody_sees():
    assert fold_text("\ufeff２０２２年，Ａ。\u200b\r\n次") == "2022年，A。\n次"
    assert fold_gaps("自()起(　)。____", underlines=True) == "自（ ）起（ ）。（ ）"
    assert fold_gaps("____日", underlines=False) == "____日"


@pytest.mark.parametrize(
    ("laws", "articles", "refs", "understood"),
    [
        ("信访工作条例", "17", (CitationRef("信访工作条例", 17),), True),
        ("《信访工作条例》", "第17、20条", (CitationRef("信访工作条例", 17), CitationRef("信访工作条例", 20)), True),
        ("", "《宪法》第二条", (CitationRef("宪法", 2),), True),
        ("《宪法》第二条", "", (CitationRef("宪法", 2),), True),
        ("宪法", "", (), False),
        ("宪法；民法典", "第二条", (), False),
        ("", "", (), True),
    ],
)
def test_citation_columns(laws, articles, refs, understood):
    assert cited_articles(laws, articles, "") == (refs, understood)
