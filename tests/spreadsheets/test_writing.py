"""IF4: what looks like a formula stays text, and reading it back gives the same text."""
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.spreadsheets import (
    digest_of_rows,
    export_xlsx,
    extra_sheet,
    plain_cell,
    read_rows,
    safe_cell,
    write_csv,
    write_xlsx,
)

RISKY = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "＋1", "－1", "＠a", "'=1", "''+1", "'甲", "甲=1", "第\n二行"]


@pytest.mark.parametrize("text", RISKY)
def test_IF4_excel_gives_back_the_same_text(text):
    row = read_rows(write_xlsx(["列"], [[text, "尾"]]), "a.xlsx")[0].rows[1]

    assert row.cells == (text, "尾")


@pytest.mark.parametrize("text", RISKY)
def test_IF4_csv_gives_back_the_same_text(text):
    row = read_rows(write_csv(["列", "尾"], [[text, "尾"]]), "a.csv")[0].rows[1]

    assert row.cells == (text, "尾")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "＋1", "－1", "＠a"])
def test_IF4_no_csv_cell_begins_like_a_formula(text):
    assert safe_cell(text) == "'" + text


def test_numbers_stay_numbers():
    assert safe_cell(-5) == -5
    assert read_rows(write_xlsx(["列"], [[-5]]), "a.xlsx")[0].rows[1].cells == (-5.0,)


@given(st.text())
def test_IF4_neutralising_can_be_undone_for_any_text(text):
    assert plain_cell(safe_cell(text)) == text


NIGHT = datetime(2026, 9, 16, 16, 30, 5, 900, tzinfo=UTC)  # 0:30 of the next day in Beijing
FACTS = {"title": "表", "of": "某页", "now": NIGHT}


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_moment_is_a_date_with_its_time_in_beijing():
    page = opened(write_xlsx(["时间", "日期"], [[NIGHT, date(2026, 9, 16)]])).active
    assert (page["A2"].value, page["A2"].number_format) == (datetime(2026, 9, 17, 0, 30, 5), "yyyy-mm-dd hh:mm")
    assert (page["B2"].value, page["B2"].number_format) == (datetime(2026, 9, 16), "yyyy-mm-dd")


def test_the_digest_is_the_same_wherever_the_clock_of_the_server_stands():
    here = NIGHT.astimezone()
    assert digest_of_rows(["时间"], [[NIGHT]]) == digest_of_rows(["时间"], [[here]])


def test_tables_beside_the_first_are_frozen_filtered_and_have_their_own_source():
    second = extra_sheet(["乙"], [["=1"]], sheet="第二张", **FACTS)
    book = opened(export_xlsx(["甲"], [["x"]], sheet="第一张", beside=[second], **FACTS))
    assert book.sheetnames == ["第一张", "第二张"]
    for page in book:
        assert (page.freeze_panes, page.auto_filter.ref) == ("A3", "A2:A3")
        assert "共 1 行。内容摘要 SHA-256 " in page["A5"].value
    assert book["第二张"]["A3"].data_type == "s"


def test_a_table_that_is_read_in_again_has_its_source_on_a_sheet_of_its_own():
    rows, origin = read_rows(export_xlsx(["甲"], [["x"]], sheet="表", importable=True, **FACTS), "a.xlsx")
    assert [row.cells for row in rows.rows] == [("甲",), ("x",)]
    assert origin.rows[1].text(0).startswith("来源：明法 某页，")
