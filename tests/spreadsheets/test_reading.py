"""Rows with positions out of Excel and CSV, and refusals of files that are none."""
import pytest
from mingfa.spreadsheets import (
    Limits,
    SheetError,
    SpreadsheetRefused,
    cell_text,
    column_letters,
    find_header,
    read_rows,
    write_xlsx,
)

WORDS = {"name": ("姓名",), "unit": ("工作单位", "单位")}


def sheet(*rows, code="utf-8"):
    text = "\r\n".join(",".join(row) for row in rows)
    return read_rows(text.encode(code), "名册.csv")[0]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_chinese_offices_write(code):
    rows = sheet(("姓名", "单位"), ("阿娜尔·古丽", "东一镇"), code=code).rows

    assert [(row.number, row.cells) for row in rows] == [(1, ("姓名", "单位")), (2, ("阿娜尔·古丽", "东一镇"))]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_is_read_with_any_usual_separator(mark):
    rows = read_rows(f"姓名{mark}单位\n甲一{mark}东一镇".encode(), "a.csv")[0].rows

    assert rows[1].cells == ("甲一", "东一镇")


def test_row_numbers_count_blank_rows_as_excel_does():
    content = write_xlsx(["姓名"], [["甲一"], [""], ["乙二"]])

    read = read_rows(content, "a.xlsx")[0]

    assert [(row.number, row.text(0)) for row in read.rows_after(1)] == [(2, "甲一"), (4, "乙二")]


def test_the_header_is_found_among_ten_rows_in_any_order_with_blanks_inside():
    rows = [("某区花名册",), ("填报单位：区信访办", "2026年3月"), ("工 作 单 位", "序号", "姓　名(必填)")]

    header = find_header(sheet(*rows), WORDS, required=("name", "unit"))

    assert (header.row, header.columns, header.letters("name")) == (3, {"unit": 0, "name": 2}, "C")


def test_a_header_in_row_eleven_is_not_looked_for():
    assert find_header(sheet(*[("说明",)] * 10, ("姓名", "单位")), WORDS) is None


def test_the_row_with_most_headings_is_the_header():
    header = find_header(sheet(("单位", "东一镇"), ("姓名", "单位")), WORDS)

    assert header.row == 2


@pytest.mark.parametrize(
    ("value", "text"), [(13800000001.0, "13800000001"), (1.5, "1.5"), (None, ""), ("  a ", "a"), (True, "是")]
)
def test_cells_become_text_as_people_read_them(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_in_excel(index, letters):
    assert column_letters(index) == letters


def test_a_finding_names_its_place():
    assert SheetError("花名册", 7, "C", "x", "…").place == "花名册，第 7 行，C 列"


def refusal(data, name="a.xlsx", **limits):
    with pytest.raises(SpreadsheetRefused) as refused:
        read_rows(data, name, limits=Limits(**limits))
    return refused.value.error


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b"  \n", "a.csv", "empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.xlsx", "old_format"),
        (b"%PDF-1.7", "a.pdf", "unknown_format"),
        (b"a\0b", "a.csv", "unknown_format"),
        (b"\xff\xfe\x00\xd8", "a.csv", "unknown_encoding"),
        (b"PK\x03\x04", "a.xlsx", "broken_file"),
        (b'"a' * 200_000, "a.csv", "broken_file"),
    ],
)
def test_what_is_no_table_is_refused(data, name, code):
    assert refusal(data, name).code == code


def test_limits_hold_for_csv():
    assert refusal(b"a\n" * 20, "a.csv", rows=10).code == "too_many_rows"
    assert refusal(b"a," * 20, "a.csv", columns=10).code == "too_many_columns"
    assert refusal(b"a,b\n" * 6, "a.csv", cells=11).code == "too_many_cells"
    assert refusal(b"a" * 2000, "a.csv", text=1000).code == "too_much_text"
    assert refusal(b"a" * 2000, "a.csv", file=1000).code == "file_too_large"


def test_hidden_sheets_are_not_read():
    import io

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("名册").write_string(0, 0, "姓名")
    hidden = book.add_worksheet("底稿")
    hidden.write_string(0, 0, "旧数据")
    hidden.hide()
    book.close()

    assert [one.name for one in read_rows(out.getvalue(), "a.xlsx")] == ["名册"]
