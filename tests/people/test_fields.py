"""Cells of a 花名册: dates in every spelling, numbers that lost digits, words of categories and statuses."""
from datetime import date, datetime

import pytest
from mingfa.people.importing import fields


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("1985.03", "1985-03"), ("1985-03", "1985-03"), ("198503", "1985-03"), ("1985年3月", "1985-03"),
        ("1985/3", "1985-03"), ("1985年03月12日", "1985-03"), ("19850312", "1985-03"), ("1985-03-12", "1985-03"),
        (198503.0, "1985-03"), (31107.0, "1985-03"), (date(1985, 3, 1), "1985-03"),
        (datetime(1985, 3, 1, 8), "1985-03"),
        (1985.03, "1985-03"), ("", ""), ("１９８５．０３", "1985-03"),
    ],
)  # fmt: skip
def test_birth_months_are_read_in_every_spelling(value, month):
    assert fields.read_birth_month(value) == month


@pytest.mark.parametrize("value", ["1985", "1985-13", "三月", "2200-01", 1985.1])
def test_what_is_no_month_is_refused(value):
    with pytest.raises(fields.CellError) as wrong:
        fields.read_birth_month(value)
    assert wrong.value.code == "birth_month"


@pytest.mark.parametrize("value", [9.900011990093e17, 990001199009300322, "9.90001E+17", "990001199009300000"])
def test_identity_numbers_that_lost_digits_are_refused(value):
    with pytest.raises(fields.CellError) as wrong:
        fields.read_identity(value)
    assert wrong.value.code == "id_stored_as_number_precision_lost"


def test_an_identity_number_gives_the_birth_month():
    assert fields.read_identity("\t990001198001010115") == ("990001198001010115", "1980-01")


@pytest.mark.parametrize(
    ("value", "category"), [("公务员", "civil"), ("村（社区）干部", "village"), ("事业 编制", "institution"), ("", "")]
)
def test_categories_are_read_with_folded_brackets_and_blanks(value, category):
    assert fields.read_category(value) == category


@pytest.mark.parametrize(("value", "status"), [("产假", "maternity"), ("在职", "on_duty"), ("", "on_duty")])
def test_statuses_are_read(value, status):
    assert fields.read_duty_status(value) == status


def test_an_unknown_word_is_refused_with_the_known_ones():
    with pytest.raises(fields.CellError, match="可以填：在岗、借调") as wrong:
        fields.read_duty_status("云游")
    assert wrong.value.code == "unknown_status"
