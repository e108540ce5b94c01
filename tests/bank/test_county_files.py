"""Layouts of files as offices send them round, each in a few lines of its own."""
import io

import openpyxl
import pytest
from docx import Document
from mingfa.bank.importing import parse_file


def read(text, name="试题.txt"):
    parsed = parse_file(text.encode(), name)
    assert parsed.errors == ()
    return [one.draft for one in parsed.questions]


def xlsx_bytes(rows):
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def keys(text):
    return [(one.type, one.answer) for one in read(text)]


def test_keys_under_the_bare_number_of_their_section():
    text = """一、单选题（每小题2分，共4分）
1. 我国的根本政治制度是（　　）
   A. 人民代表大会制度    B. 民族区域自治制度
2. 下列哪一项不属于行政处罚的种类？
   A. 警告
   B. 记过
二、多选题（每题4分，多选、少选、错选均不得分）
1. 行政处罚应当遵循的原则有（　　）。
   A. 公开  B. 公正  C. 保密
三、判断题（对的打√，错的打×）
1. 公民的人身自由不受侵犯。（　　）
2. 行政机关可以委托任何组织实施行政处罚。（　　）

参考答案及解析
一、1.A  2.B
二、1.AB
三、1.√  2.×
"""
    assert keys(text) == [("single", "A"), ("single", "B"), ("multiple", "AB"), ("judge", "T"), ("judge", "F")]


@pytest.mark.parametrize("key", ["答案【C】", "答案（C）", "正确答案[C]", "【答案】C", "答案 C"])
def test_a_key_in_brackets_behind_its_label(key):
    assert keys(f"1、（单选）应当自受理之日起（  ）日内办结。\nA、15 B、30 C、60 D、90\n{key}\n") == [("single", "C")]


HEADS = ["第1题 单选题 分值：2分\n", "第1题 单选题\n", "1. 单选题 ", "题目1：（单选题）", "1、单选题：\n"]


@pytest.mark.parametrize("head", HEADS)
def test_the_type_on_its_own_behind_the_number(head):
    (one,) = read(f"{head}宪法的修改由（ ）通过。\nA：二分之一\nB：三分之二\n标准答案：B\n")
    assert (one.type, one.stem, one.answer) == ("single", "宪法的修改由（ ）通过。", "B")


MARKED = [("公务员可以兼职。 ×", "F"), ("听证不收费用。√", "T"), ("听证由当事人付费。F", "F"), ("法无授权不可为。 （对）", "T")]


@pytest.mark.parametrize(("line", "key"), MARKED)
def test_the_mark_of_a_judgement_without_brackets(line, key):
    (one,) = read(f"一、判断题\n1.{line}\n")
    assert (one.type, one.answer, one.stem) == ("judge", key, line[: line.index("。") + 1])


def test_a_plain_sentence_is_no_judgement_because_it_ends_in_a_word_like_one():
    parsed = parse_file("一、判断题\n1.行政行为应当合法、适当、正确\n".encode(), "试题.txt")
    assert [error.code for error in parsed.errors] == ["no_answer"]


def test_labels_of_all_parts_in_brackets():
    (one,) = read("【题型】单选\n【题干】起诉期限一般是（）。\n【选项】A.三个月 B.六个月\n【答案】B\n【解析】见法条\n")
    assert (one.stem, one.options, one.answer) == ("起诉期限一般是（ ）。", ("三个月", "六个月"), "B")


def test_numbers_written_as_words_open_questions():
    text = "题目1：下列属于主刑的是？\n选项：\nA. 管制\nB. 罚金\n正确答案：A\n"
    text += "题目2：不满十二周岁的人不负刑事责任。\n正确答案：正确\n"
    assert keys(text) == [("single", "A"), ("judge", "T")]


def test_a_key_behind_the_last_option_is_taken_and_to_be_checked():
    parsed = parse_file("1. 裁决自（ ）起生效。 A. 作出之日  B. 送达之日 （A）\n".encode(), "试题.txt")
    (one,) = parsed.questions
    assert (one.draft.answer, one.draft.options[-1]) == ("A", "送达之日")
    assert one.draft.confidence <= 0.6
    assert any("请核对" in note for note in one.notes)


def test_options_of_one_sentence_lose_its_full_stop():
    (one,) = read("1. 国家的权力属于(   )。A.公民；B.人民；C.国民。答案：B。\n")
    assert (one.options, one.answer) == (("公民", "人民", "国民"), "B")


def test_each_question_of_a_case_gets_its_own_of_the_answers_below():
    text = """一、单选题
1.国家的根本法是（）。
A.宪法 B.刑法
二、案例分析题
案例一：某镇政府没有告知陈述申辩权，对张某罚款2000元。
问题：
（1）该处罚决定是否合法？
（2）张某可以怎样救济？
参考答案：
（1）不合法，处罚前应当告知。
（2）可以申请复议或者起诉。

参考答案
一、1.A
"""
    single, case = read(text)
    assert (single.answer, case.type) == ("A", "case")
    assert [(one.type, one.answer) for one in case.children] == [
        ("short", "不合法，处罚前应当告知。"), ("short", "可以申请复议或者起诉。")
    ]  # fmt: skip


def test_headings_of_other_examination_systems_are_known():
    rows = [
        ["试题类别", "题目描述", "答案选项A", "答案选项B", "参考答案", "答案说明", "难度系数"],
        ["单项选择", "商标有效期为几年？", 5, 10, "B", "见法条", "中"],
        ["是非题", "著作权自作品完成之日起产生。", "", "", True, "", "易"],
    ]
    parsed = parse_file(xlsx_bytes(rows), "题库.xlsx")
    assert parsed.errors == ()
    assert [(one.draft.type, one.draft.options, one.draft.answer) for one in parsed.questions] == [
        ("single", ("5", "10"), "B"), ("judge", (), "T")
    ]  # fmt: skip


def test_a_letter_without_options_or_type_is_never_taken_for_a_judgement():
    parsed = parse_file(xlsx_bytes([["题目", "甲", "乙", "答案"], ["有效期为几年？", "5", "10", "B"]]), "题库.xlsx")
    assert [error.code for error in parsed.errors] == ["unknown_type"]
    assert parsed.notes == (
        "工作表“Sheet”的“甲”列没有认出，没有读入。", "工作表“Sheet”的“乙”列没有认出，没有读入。"
    )  # fmt: skip


def test_a_key_written_on_the_line_of_the_stem():
    (one,) = read("一、单选题\n1. 行政行为自__C__起生效。\nA. 申请 B. 审批 C. 送达\n")
    assert (one.stem, one.answer) == ("行政行为自（ ）起生效。", "C")


def test_what_somebody_once_answered_is_left_out():
    (one,) = read("一、单选题\n1.职责不包括：（1.5分）\nA.受理 B.审判\n正确答案：B\n考生答案：A\n得分：0\n")
    assert (one.answer, one.explanation, str(one.marks)) == ("B", "", "1.5")


def test_a_header_of_two_rows():
    rows = [
        ["某局2026年题库"], ["序号", "题型", "题目", "选项", None, None, "答案"], [None, None, None, "A", "B", "C", None],
        [1, "单选", "许可期限一般为几日？", "10", "20", "30", "B"], [2, "判断", "许可可以转让。", "对", "错", None, "B"],
    ]  # fmt: skip
    parsed = parse_file(xlsx_bytes(rows), "题库.xlsx")
    assert (parsed.errors, parsed.notes) == ((), ())
    assert [(one.draft.type, one.draft.answer) for one in parsed.questions] == [("single", "B"), ("judge", "F")]


def test_a_cell_that_holds_all_of_a_question():
    rows = [
        ["题目", "答案"], ["1.（单选）立法权属于\nA.人大\nB.政府", "A"], ["2.（判断）法院独立行使审判权。", "正确"],
        ["3.（多选）司法机关包括\nA.法院\nB.检察院\nC.工商", "AB"],
    ]  # fmt: skip
    parsed = parse_file(xlsx_bytes(rows), "题库.xlsx")
    assert parsed.errors == ()
    assert [(one.draft.type, one.draft.stem, one.draft.answer) for one in parsed.questions] == [
        ("single", "立法权属于", "A"), ("judge", "法院独立行使审判权。", "T"), ("multiple", "司法机关包括", "AB")
    ]  # fmt: skip


def test_the_words_of_several_options_are_a_key_only_when_all_are_options():
    header = ["题型", "题干", "A", "B", "C", "正确答案"]
    rows = [header, ["多选题", "自治组织有", "居委会", "村委会", "街道办", "居委会、村委会"]]
    (one,) = parse_file(xlsx_bytes(rows), "题库.xlsx").questions
    assert (one.draft.answer, one.draft.confidence) == ("AB", 0.8)
    rows[1][-1] = "居委会、乡政府"
    assert [error.code for error in parse_file(xlsx_bytes(rows), "题库.xlsx").errors] == ["answer_not_in_options"]


def test_a_word_table_with_section_rows_and_no_header():
    document, data = Document(), io.BytesIO()
    table = document.add_table(rows=0, cols=3)
    for words in (("一、单选题",), ("1", "成年人满几岁？\nA.16 B.18", "B"), ("二、判断题",), ("2", "胎儿不享有任何权利。", "×")):
        cells = table.add_row().cells
        for cell, text in zip([cells[0].merge(cells[2])] if len(words) == 1 else cells, words, strict=True):
            cell.text = text
    document.save(data)
    parsed = parse_file(data.getvalue(), "题库.docx")
    assert parsed.errors == ()
    assert [(one.draft.type, one.draft.options, one.draft.answer) for one in parsed.questions] == [
        ("single", ("16", "18"), "B"), ("judge", (), "F")
    ]  # fmt: skip
