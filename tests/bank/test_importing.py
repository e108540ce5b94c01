"""Whole files through the pipeline. Rules: domain guide §9.2."""

import io
import json
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.preview import as_data
from mingfa.library.citations import CitationRef
from mingfa.spreadsheets import write_csv, write_xlsx

DATA = Path(__file__).parents[1] / "data/qbank"
HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "正确答案", "解析", "难度", "知识点", "分值"]
HEADER += ["依据法律", "依据条款"]
GOOD = ["单选题", "公务员职级在（ ）以下设置。", "省部级", "厅局级", "县处级", "乡科级", "B", "", "易", "职级", 2]
GOOD += ["公务员法", "第十九条"]


def parse(*rows, header=HEADER, sheet="Sheet1", title=""):
    return parse_file(write_xlsx(header, rows, sheet=sheet, title=title), "题库.xlsx")


def drafts(*rows, **options):
    parsed = parse(*rows, **options)
    assert parsed.errors == ()
    return [question.draft for question in parsed.questions]


def findings(parsed):
    return [(error.row, error.column, error.code, error.other) for error in parsed.errors]


@pytest.mark.parametrize("name", ["v11_wide.xlsx", "v12_options_in_cell.xlsx"])
def test_the_sample_files_give_exactly_what_is_expected(name):
    expected = json.loads((DATA / "expected.json").read_text())[name]
    data = as_data(parse_file((DATA / name).read_bytes(), name))
    assert (data["errors"], data["repeats"]) == ([], [])
    for question in data["questions"]:
        assert question.pop("source").startswith(name)
        assert question.pop("confidence") == 1.0
        question.pop("citations")
    assert data["questions"] == expected


def test_one_row_gives_every_part_of_a_question():
    (draft,) = drafts(GOOD)
    assert asdict(draft) == {
        "type": "single",
        "stem": "公务员职级在（ ）以下设置。",
        "options": ("省部级", "厅局级", "县处级", "乡科级"),
        "answer": "B",
        "explanation": "",
        "difficulty": 1,
        "topic": "职级",
        "marks": Decimal("2.0"),
        "citations": (asdict(CitationRef("公务员法", 19)),),
        "source": "题库.xlsx，Sheet1，第 2 行",
        "confidence": 1.0,
        "prompts": (),
        "children": (),
        "beliefs": (),
    }


def test_columns_are_found_by_name_in_any_order_with_synonyms_and_a_title_above():
    header = ["序号", "标准答案", "备选答案", "试题内容", "题目类型", "答案解析"]
    row = [1, "A、C", "A.甲\nB.乙\nC.丙", "下列正确的有（ ）。", "多选", "解析：见条文"]
    (draft,) = drafts(row, header=header, title="2026 年题库")
    assert (draft.type, draft.options, draft.answer) == ("multiple", ("甲", "乙", "丙"), "AC")
    assert (draft.stem, draft.explanation) == ("下列正确的有（ ）。", "见条文")


def test_a_csv_file_gives_the_same_questions_as_excel():
    (from_excel,) = drafts(GOOD)
    parsed = parse_file(write_csv(HEADER, [GOOD]), "题库.csv")
    (from_csv,) = [question.draft for question in parsed.questions]
    assert asdict(from_csv) | {"source": ""} == asdict(from_excel) | {"source": ""}
    assert from_csv.source == "题库.csv，第 2 行"
    in_gb18030 = write_csv(HEADER, [GOOD]).decode("utf-8-sig").encode("gb18030")
    assert [question.draft for question in parse_file(in_gb18030, "题库.csv").questions] == [from_csv]


@pytest.mark.parametrize(
    ("sheet", "title", "type"),
    [("多选题", "", "multiple"), ("Sheet1", "题库（多选题）", "multiple"), ("单选题", "", "single")],
)
def test_without_a_type_column_the_sheet_or_the_title_names_the_type(sheet, title, type):
    header = ["题干", "选项", "答案"]
    (draft,) = drafts(["可以（ ）。", "A.甲;B.乙", "A"], header=header, sheet=sheet, title=title)
    assert (draft.type, draft.confidence) == (type, 1.0)


@pytest.mark.parametrize(
    ("options", "answer", "type", "canonical"),
    [
        ("A.甲;B.乙;C.丙", "AC", "multiple", "AC"),
        ("A.甲;B.乙;C.丙", "C", "single", "C"),
        ("A.正确;B.错误", "B", "judge", "F"),
        ("A.错误;B.正确", "B", "judge", "T"),
        ("", "×", "judge", "F"),
        ("", "对", "judge", "T"),
    ],
)
def test_without_any_hint_the_shape_tells_the_type_with_less_confidence(options, answer, type, canonical):
    (draft,) = drafts(["依法可以调解。", options, answer], header=["题干", "选项", "答案"])
    assert (draft.type, draft.answer, draft.confidence) == (type, canonical, 0.8)


def test_a_section_row_inside_the_table_sets_type_and_marks_for_what_follows():
    header = ["题干", "选项", "答案"]
    rows = [
        ["一、多项选择题(每题2分,共20分)", "", ""],
        ["可以（ ）。", "A.甲;B.乙", "A"],
        ["二、判断题（每题1.5分）", "", ""],
        ["应当登记。", "", "是"],
    ]
    first, second = drafts(*rows, header=header)
    assert (first.type, first.marks) == ("multiple", Decimal("2.0"))
    assert (second.type, second.marks, second.answer) == ("judge", Decimal("1.5"), "T")


def test_rows_with_only_a_number_and_repeated_headers_are_no_questions():
    header = ["序号", "题型", "题干", "选项", "答案"]
    rows = [[1, "单选", "可以（ ）。", "A.甲;B.乙", "A"], header, [2, "", "", "", ""]]
    assert [draft.stem for draft in drafts(*rows, header=header)] == ["可以（ ）。"]


def test_answer_letters_inside_the_stem_are_the_answer_and_leave_a_gap():
    header = ["题型", "题干", "选项", "答案"]
    (draft,) = drafts(["单选", "自（C）起施行。", "A.一;B.二;C.三", ""], header=header)
    assert (draft.stem, draft.answer, draft.confidence) == ("自（ ）起施行。", "C", 0.9)
    (draft,) = drafts(["判断", "可以收费。（×）", "", ""], header=header)
    assert (draft.stem, draft.answer, draft.confidence) == ("可以收费。", "F", 0.9)


def test_several_laws_and_articles_become_citations():
    row = [*GOOD[:-2], "信访工作条例；宪法", "第十七条、第二十条第二款；2"]
    (draft,) = drafts(row)
    assert draft.citations == (
        CitationRef("信访工作条例", 17),
        CitationRef("信访工作条例", 20, paragraph=2),
        CitationRef("宪法", 2),
    )


def test_citations_come_from_the_explanation_where_there_are_no_columns_for_them():
    (draft,) = drafts(["判断", "不收费。", "对", "《人民调解法》第四条"], header=["题型", "题干", "答案", "解析"])
    assert draft.citations == (CitationRef("人民调解法", 4),)


def test_what_is_not_understood_beside_the_key_is_noted_and_never_invented():
    parsed = parse([*GOOD[:8], "五颗星", "职级", "很多", "公务员法", "见后"])
    (question,) = parsed.questions
    assert (question.draft.difficulty, question.draft.marks, question.draft.citations) == (None, None, ())
    assert question.draft.confidence == 0.8
    assert question.notes == (
        "难度没有认出，按“中”处理",
        "分值没有认出，没有写入",
        "依据没有全部认出，请补上法律名称和条号",
    )


def test_IF5_every_error_names_sheet_row_column_and_reason_at_once():
    rows = [
        ["单选题", "第一题", "甲", "乙", "", "", ""],
        ["单选题", "第二题", "甲", "乙", "", "", "D"],
        ["单选题", "第三题", "甲", "乙", "", "", "AB"],
        ["单选题", "", "甲", "乙", "", "", "A"],
        ["连线题", "第五题", "甲", "乙", "", "", "A"],
        ["判断题", "第六题", "", "", "", "", "也许"],
        ["多选题", "第七题", "甲", "", "丙", "", "AC"],
        ["多选题", "第八题", "甲", "乙", "乙", "", "AB"],
        ["单选题", "", "甲", "甲", "", "", ""],
        GOOD,
    ]
    parsed = parse(*rows)
    assert findings(parsed) == [
        (2, "G", "no_answer", None),
        (3, "G", "answer_not_in_options", None),
        (4, "G", "single_with_many_answers", None),
        (5, "B", "empty_stem", None),
        (6, "A", "unknown_type", None),
        (7, "G", "bad_judge_answer", None),
        (8, "D", "option_letter_gap", None),
        (9, "E", "duplicate_options", None),
        (10, "B", "empty_stem", None),
        (10, "D", "duplicate_options", None),
        (10, "G", "no_answer", None),
    ]
    assert {error.sheet for error in parsed.errors} == {"Sheet1"}
    assert parsed.errors[1].message == "答案“D”不在选项里，本题有 2 个选项。请改答案或补选项。"
    assert [question.place.row for question in parsed.questions] == [11]


def test_the_same_stem_with_another_answer_is_an_error_that_names_the_first_row():
    other = [*GOOD]
    other[6] = "C"
    parsed = parse(GOOD, other)
    assert findings(parsed) == [(3, "B", "duplicate_stem_different_answer", 2)]
    assert [question.place.row for question in parsed.questions] == [2]


def test_IF6_25_repeated_stems_inside_one_file_are_reported_with_where_they_already_are():
    rows = [[*GOOD[:1], f"第 {number} 题（ ）", *GOOD[2:]] for number in range(25)]
    parsed = parse(*rows, *rows)
    assert parsed.errors == ()
    assert len(parsed.questions) == 25
    assert [(repeat.place.row, repeat.other) for repeat in parsed.repeats] == [(27 + n, 2 + n) for n in range(25)]


def test_a_repeat_is_known_whatever_the_order_of_its_options():
    turned = ["单选题", GOOD[1], "乡科级", "县处级", "厅局级", "省部级", "C"]
    parsed = parse(GOOD, turned)
    assert [(repeat.place.row, repeat.other) for repeat in parsed.repeats] == [(3, 2)]


def test_a_repeat_on_another_sheet_is_found_too():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for sheet in ("一", "二"):
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, HEADER)
            page.write_row(1, 0, GOOD)
    parsed = parse_file(out.getvalue(), "题库.xlsx")
    assert [(repeat.place.sheet, repeat.place.row, repeat.other) for repeat in parsed.repeats] == [("二", 2, 2)]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"hello", "a.pdf", "unknown_format"),
        (b"hello", "a.xlsx", "unknown_format"),
        (b"PK\x03\x04rubbish", "a.xlsx", "broken_file"),
        ("姓名,单位\n张三,嘉禾区".encode(), "a.csv", "no_header"),
        ("题干,答案\n".encode(), "a.csv", "no_questions"),
    ],
)
def test_a_file_without_questions_is_refused_with_one_sentence(data, name, code):
    parsed = parse_file(data, name)
    assert [error.code for error in parsed.errors] == [code]
    assert parsed.questions == ()


def test_IF4_text_that_looks_like_a_formula_stays_text():
    row = ["单选题", "=1+1", "+甲", "-乙", "@丙", "＝丁", "A"]
    (draft,) = drafts(row)
    assert (draft.stem, draft.options) == ("=1+1", ("+甲", "-乙", "@丙", "＝丁"))
    (draft,) = [question.draft for question in parse_file(write_csv(HEADER, [row]), "题库.csv").questions]
    assert (draft.stem, draft.options) == ("=1+1", ("+甲", "-乙", "@丙", "＝丁"))


def test_a_file_name_with_a_path_leaves_only_its_last_part_in_the_source():
    parsed = parse_file(write_csv(HEADER, [GOOD]), "../..\\etc/题库.csv")
    assert [question.draft.source for question in parsed.questions] == ["题库.csv，第 2 行"]
