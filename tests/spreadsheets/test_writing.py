"""IF4: what looks like a formula stays text, and reading it back gives the same text."""
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.spreadsheets import plain_cell, read_rows, safe_cell, write_csv, write_xlsx

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
