"""The steps that read running text, each on its own: lines in, lines or pieces out."""


import pytest
from mingfa.bank.drafts import draft_hash
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.answers import choice_key
from mingfa.bank.importing.assigning import assign_keys
from mingfa.bank.importing.chains import find_options, join_lines
from mingfa.bank.importing.decoding import decode_text
from mingfa.bank.importing.doubting import doubts_about
from mingfa.bank.importing.drafting import draft_question
from mingfa.bank.importing.gathering import read_group
from mingfa.bank.importing.grouping import group_pieces, split_case
from mingfa.bank.importing.heads import head_in_line, head_of, is_chapter, is_file_title, is_odd_head, without_noise
from mingfa.bank.importing.keys import join_grids, keys_with_words, pairs_of, read_keys, split_keys
from mingfa.bank.importing.labels import cut_line
from mingfa.bank.importing.numbers import number_in, number_pieces
from mingfa.bank.importing.options import split_options
from mingfa.bank.importing.results import Place, RawQuestion
from mingfa.bank.importing.stems import filled_brackets
from mingfa.bank.importing.strong import marked_letters, with_lines
from mingfa.bank.importing.tags import take_tags
from mingfa.bank.importing.units import SHAPES, Line, text_lines
from mingfa.bank.importing.unlabelled import bare_judgement, bare_lines, circled_options
from mingfa.spreadsheets import SpreadsheetRefused


def pieces_of(text):
    return [piece for line in text_lines(text) if line.text for piece in cut_line(line)]


def grouped(text):
    return group_pieces(number_pieces(pieces_of(text))).groups


def shown(text):
    return [(piece.number, piece.part, piece.text) for piece in number_pieces(pieces_of(text))]


def keys_of(text):
    return [(group.head, [(key.number, key.text) for key in group.keys]) for group in read_keys(text_lines(text))]


def raw(number="1", **parts):
    return RawQuestion(Place("题.txt", "", 1, number=number), parts.pop("stem", "题干（ ）"), **parts)


# decoding and units


@pytest.mark.parametrize("data", [b"\x81", b"\xff", b"\xfe\xff\xd8"])
def test_bytes_in_no_encoding_are_refused_with_a_reason(data):
    with pytest.raises(SpreadsheetRefused) as refused:
        decode_text(data)
    assert refused.value.error.code in ("unknown_encoding", "unknown_format")


def test_bytes_with_zeros_that_are_no_text_are_refused():
    with pytest.raises(SpreadsheetRefused):
        decode_text("题\0目".encode())


def test_lines_are_numbered_as_an_editor_shows_them_and_signs_have_one_form():
    lines = text_lines("⒈甲\r\n\n⑵乙\r丙")
    assert [(line.number, line.text) for line in lines] == [(1, "1.甲"), (2, ""), (3, "(2)乙"), (4, "丙")]
    assert lines[0].raw == "⒈甲"


# heads and noise


@pytest.mark.parametrize("line", ["一、单项选择题（每题2分,共40分）", "第一部分 单选题", "判断题", "（二）多选题", "3、简答题"])
def test_a_whole_line_is_a_head(line):
    shape = line.translate(SHAPES)
    assert head_of(shape) == len(shape)


@pytest.mark.parametrize("line", ["判断一个人是否成年", "一、选择题干部应当（ ）。", "简述登记的程序。", "1.单选（ ）"])
def test_words_that_look_like_a_head_are_none(line):
    assert head_of(line.translate(SHAPES)) == 0


def test_a_head_inside_a_line_is_found_before_the_first_number():
    shape = "答案:对二、单选题1.期限"
    assert shape[slice(*head_in_line(shape))] == "二、单选题"
    assert head_in_line("《一、单选题》说明") is None


def test_chapters_titles_and_unknown_heads():
    assert [is_chapter(one) for one in ("第一章 总则", "二、信访类", "二、应当登记。")] == [True, True, False]
    assert [is_file_title(one) for one in ("2026年法治考试题库", "应当建立题库。")] == [True, False]
    assert [is_odd_head(one) for one in ("四、看图题", "四、看图说明")] == [True, False]


@pytest.mark.parametrize(
    "noise",
    ["— 3 —", "第 3 页 共 12 页", "- 5 -", "3/12", "————", "姓名：____ 单位：____", "制表人：甲某  审核人：乙某", "审核人:乙某"],
)  # fmt: skip
def test_pages_rules_and_signatures_are_no_words(noise):
    assert without_noise(text_lines(f"1.应当登记。\n{noise}\n答案：对"))[1:] == text_lines("\n\n答案：对")[2:]


def test_a_title_on_every_page_is_noise_and_a_title_once_is_not():
    twice = text_lines("某区法治考试题库\n1.甲\n某区法治考试题库")
    assert [line.text for line in without_noise(twice)] == ["1.甲"]
    assert len(without_noise(twice[:2])) == 2


# labels


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("答案：C 解析：见条例", [("answer", "C"), ("explanation", "见条例")]),
        ("【答案】C", [("answer", "C")]),
        ("应当说明答案：的来源", [("", "应当说明答案：的来源")]),
        ("答案 对 该事项属实", [("answer", "对 该事项属实")]),
        ("故选：C", [("answer", "C")]),
        ("【案例】甲到区里", [("case", "甲到区里")]),
        ("难度：易", [("difficulty", "易")]),
        ("答案的来源", [("", "答案的来源")]),
    ],
)
def test_a_line_is_cut_where_a_label_opens_a_part(line, parts):
    assert [(piece.part, piece.text) for piece in cut_line(text_lines(line)[0])] == parts


# numbers


@pytest.mark.parametrize(("digits", "number"), [("7", 7), ("七", 7), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31)])
def test_digits_and_chinese_numerals(digits, number):
    assert number_in(digits) == number


@pytest.mark.parametrize("mark", ["{}.", "{}、", "（{}）", "第{}题 ", "{} ", "1-{} ", "[{}]", "√ {}.", "（×）{}."])
def test_a_number_of_any_form_opens_a_question(mark):
    text = "判断题\n" + "\n".join(f"{mark.format(n)}应当登记（ ）。\n答案：对" for n in (1, 2))
    assert [number for number, part, _ in shown(text) if part == ""] == [1, 2]


def test_a_chinese_number_opens_a_question_only_before_a_sign_or_blank():
    assert [one[0] for one in shown("第二题 甲（ ）\n答案：对\n第三题目")] == [2, None, None]


def test_points_of_an_explanation_open_no_question():
    found = shown("1.甲（ ）\nA.一\nB.二\n答案：A\n解析：\n1.一；\n2.二；\n2.乙（ ）\nA.一\nB.二\n答案：B")
    assert [(number, text) for number, _, text in found if number] == [(1, "甲（ ）"), (2, "乙（ ）")]


# chains


def test_the_chain_of_letters_that_begins_lines_wins_over_words():
    text = "下列关于A、B两镇的说法（ ）。\nA.甲 B.乙\nC.丙"
    assert find_options(text, text.translate(SHAPES)).texts == ("甲", "乙", "丙")


def test_a_letter_left_out_is_a_gap_and_one_letter_is_no_chain():
    text = "题\nA.甲\nB.乙\nD.丁"
    assert find_options(text, text).texts == ("甲", "乙", "", "丁")
    assert find_options("A.甲", "A.甲") is None


def test_lines_of_one_sentence_are_joined_and_ended_ones_stay():
    assert join_lines("应当在\n十日内\n答复。\n另一句") == "应当在十日内答复。\n另一句"
    assert join_lines("use\nit") == "use it"


# keys and assigning


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("1-5 CBCBB", [(1, "C"), (2, "B"), (3, "C"), (4, "B"), (5, "B")]),
        ("6.ABCD 7.ABD", [(6, "ABCD"), (7, "ABD")]),
        ("1、√ 2、×", [(1, "√"), (2, "×")]),
        ("1-3 CB", None),
        ("1.应当登记", None),
    ],
)
def test_a_line_of_keys(line, pairs):
    assert pairs_of(line) == pairs


def test_keys_with_words_behind_them_share_a_line():
    line = "1.正确;2.错误,应当登记。"
    assert [(number, line[a:b]) for number, a, b in keys_with_words(line)] == [(1, "正确"), (2, "错误,应当登记。")]
    assert keys_with_words("1.正确处理;2.错误登记") == []


def test_a_grid_of_numbers_over_keys_is_one_line_and_too_few_keys_are_nobodys():
    whole = join_grids(text_lines("题号 1 2 3\n答案 B A C\n完"))
    assert [line.text for line in whole] == ["1.B 2.A 3.C", "完"]
    (short,) = join_grids(text_lines("题号 1 2 3\n答案 B A"))
    assert pairs_of(short.shape) is None
    assert [group.broken for group in read_keys([short])] == [[short]]


def test_a_block_is_taken_out_from_its_title_on_even_when_spaced():
    kept, groups = split_keys(text_lines("1.甲\n参 考 答 案\n1.C\n2.D"))
    assert [line.text for line in kept] == ["1.甲"]
    assert [(group.behind, [key.text for key in group.keys]) for group in groups] == [(1, ["C", "D"])]


def test_points_in_brackets_belong_to_the_numbered_answer_before_them():
    assert keys_of("1.（1）登记；\n（2）答复；\n2.转送。") == [("", [(1, "（1）登记；\n（2）答复；"), (2, "转送。")])]
    assert keys_of("（1）A\n（2）B") == [("", [(1, "A"), (2, "B")])]


def test_a_key_goes_to_the_one_question_of_its_number_or_to_nobody():
    (group,) = read_keys(text_lines("1.A 2.B"))
    group.behind = 9
    raws, errors = assign_keys([raw("1"), raw("2")], [1, 1], [0, 1], [group])
    assert ([one.answer for one in raws], errors) == (["A", "B"], [])
    raws, errors = assign_keys([raw("1"), raw("1")], [1, 1], [0, 1], [group])
    assert [one.answer for one in raws] == ["", ""]
    assert [error.code for error in errors] == ["answer_without_question"] * 2


# grouping and gathering


def test_a_group_is_a_question_with_the_head_it_stands_under():
    found = grouped("一、单选题\n1.甲（ ）\nA.一\nB.二\n答案：A\n二、判断题\n2.乙\n答案：对")
    assert [(group.head, group.section, group.number, len(group.pieces)) for group in found] == [
        ("一、单选题", 1, 1, 4), ("二、判断题", 2, 2, 2),
    ]  # fmt: skip


def test_a_chapter_after_an_answer_belongs_to_no_question():
    found = grouped("第一章 总则\n1-1 甲（ ）\nA.一\nB.二\n答案：A\n第二章 附则\n2-1 乙（ ）\nA.一\nB.二\n答案：B")
    assert [[piece.text for piece in group.pieces][-1] for group in found] == ["A", "B"]


def test_sub_questions_of_a_case_are_its_children():
    (group,) = grouped("案例分析题\n1.甲到区里。\n（1）谁受理？\n答案：乙\n（2）何时？\n答案：丙")
    assert [child.number for child in split_case(group).children] == [1, 2]


def test_a_group_becomes_stem_options_answer_and_what_stands_beside():
    (group,) = grouped("单选题\n3.甲（ ）（2分）\nA.一\nB.二\n答案：B\n解析：见条例\n难度：难\n知识点：期限")
    found = read_group(group, (), "题.txt")
    assert (found.stem, found.options, found.answer, found.explanation) == ("甲（ ）", ("一", "二"), "B", "见条例")
    assert (found.marks, found.difficulty, found.topic, found.place.number) == ("2", "难", "期限", "3")


# parts without their sign


def test_options_behind_circles_are_read_only_with_an_answer_in_circles():
    assert circled_options("属于（ ）。\n①甲\n②乙\n③丙", "①③") == ("属于（ ）。", ("甲", "乙", "丙"), "AC")
    assert circled_options("属于（ ）。①甲②乙", "A") is None
    assert circled_options("属于（ ）。①甲②乙", "①④") is None


def test_lines_without_letters_are_options_only_of_a_choice_whose_key_they_can_be():
    assert bare_lines("期限（ ）。\n七日\n十日", "B", "single") == ("期限（ ）。", ("七日", "十日"))
    assert bare_lines("期限（ ）。\n七日\n十日", "C", "single") is None
    assert bare_lines("期限（ ）。\n七日\n十日", "B", "short") is None
    assert bare_lines("期限（ ）。\n七日\n十日", "十日", "single") is None


def test_a_bare_line_of_right_or_wrong_answers_a_judgement_only():
    assert bare_judgement("应当登记。\n错误，应当转送。", "judge") == ("应当登记。", "错误，应当转送。")
    assert bare_judgement("应当登记。\n错误地登记", "judge") is None
    assert bare_judgement("应当登记。\n对", "short") is None
    assert bare_judgement("对", "judge") is None


@pytest.mark.parametrize("part", ["options without letters", "circles", "judgement", "brackets"])
def test_whatever_has_no_sign_is_marked_for_a_look(part):
    text = {
        "options without letters": "单选题\n1.期限（ ）。\n七日\n十日\n答案：B",
        "circles": "单选题\n1.期限（ ）。\n①七日\n②十日\n答案：②",
        "judgement": "判断题\n1.应当登记。\n对",
        "brackets": "填空题\n1.期限为（十日）。",
    }[part]
    (question,) = parse_file(text.encode(), "题.txt").questions
    assert question.draft.confidence < 1
    assert question.notes


def test_words_in_brackets_are_answers_of_a_blank_but_short_names_and_years_are_not():
    assert filled_brackets("期限为（十日），由（区）办。") == ("期限为____，由____办。", ["十日", "区"])
    assert filled_brackets("条例（以下简称本条例）（2022年修订）（一）规定")[1] == []


# tags and type marks


def test_tags_at_both_ends_go_and_words_of_the_question_stay():
    tagged = take_tags("【单选】期限（ ）。（2分，难）")
    assert (tagged.stem, tagged.type, tagged.marks, tagged.difficulty) == ("期限（ ）。", "单选", "2", "难")
    assert take_tags("期限（ ）。（见条例）").stem == "期限（ ）。（见条例）"


@pytest.mark.parametrize("how", ["红色", "粗体", "下划线"])
def test_a_key_is_the_option_printed_otherwise_than_the_others(how):
    text = "题\nA.甲\nB.乙"
    options = find_options(text, text)
    second = options.spans[1]
    assert marked_letters(options, [(*second, how)]) == ("B", how)
    assert marked_letters(options, []) == ("", "")


def test_all_options_in_bold_or_underlined_say_nothing():
    text = "题\nA.甲\nB.乙"
    options = find_options(text, text)
    for how in ("粗体", "下划线"):
        assert marked_letters(options, [(*span, how) for span in options.spans]) == ("", "")


def test_underlined_words_get_lines_and_runs_next_to_each_other_are_one():
    spans = [(1, 2, "下划线"), (2, 3, "下划线"), (0, 4, "粗体")]
    assert with_lines("期十日内", spans) == "期__十日__内"
    assert with_lines("期限", []) == "期限"


# keys in words, options in a cell


@pytest.mark.parametrize(
    ("text", "key"),
    [("选A。", ("A", "")), ("应选：B", ("B", "")), ("B 见条例。", ("B", "见条例。")), ("C、", ("C", "")),
     ("选择题", ("", "选择题"))],
)
def test_a_key_with_words_around_it(text, key):
    assert choice_key(text) == key


def test_words_of_an_option_that_begin_like_a_key_are_the_option():
    (question,) = parse_file("单选题\n1.哪里（ ）\nA.B 镇\nB.C 镇\n答案：B 镇".encode(), "题.txt").questions
    assert (question.draft.answer, question.draft.confidence < 1) == ("A", True)


def test_an_upright_line_parts_options_of_a_cell():
    assert split_options("街道|区|市") == ("街道", "区", "市")
    assert split_options("A.街道|B.区") == ("街道", "区")


# doubting, and questions that are the same


def test_a_plain_draft_has_no_doubt_and_traces_of_labels_have_one():
    def notes(**parts):
        one = raw(excerpt="x", type_tag="单选题", **parts)
        return [doubt.note for doubt in doubts_about(draft_question(one).draft, one)]

    assert notes(options=("甲", "乙"), answer="A") == []
    assert notes(options=("甲 C.丙", "乙"), answer="A") == ["选项里还有像选项字母的文字，请核对是否要再拆开"]
    assert notes(options=("甲",), answer="A") == ["选择题只认出 1 个选项"]


def test_cases_on_the_same_material_are_the_same_only_with_the_same_sub_questions():
    case = "【案例】甲到区里。\n（1）{}？（判断）\n答案：对\n"
    one, other = (parse_file(("案例题\n" + case.format(words)).encode(), "题.txt").questions[0].draft for words in "乙丙")
    assert draft_hash(one) != draft_hash(other)
    parsed = parse_file(("案例题\n" + case.format("乙") + case.format("丙") + case.format("乙")).encode(), "题.txt")
    assert (len(parsed.questions), len(parsed.repeats)) == (2, 1)


def test_a_line_knows_its_place_in_its_file():
    assert Line(7, "甲：乙").shape == "甲:乙"
