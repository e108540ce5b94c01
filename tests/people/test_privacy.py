"""Telephone and identity numbers: one spelling, checks, masks."""
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.people.privacy import (
    IdentityError,
    check_character,
    check_identity,
    fold_phone,
    mask_identity,
    mask_phone,
)


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "+86 13800000001",
        "0086-13800000001",
        "8613800000001",
        "１３８００００００01",
        "\t13800000001",
    ],
)
def test_all_spellings_of_a_number_are_one(text):
    assert fold_phone(text) == "13800000001"


@pytest.mark.parametrize("text", ["1380000000", "138000000011", "12345", "电话", "13800000001/13900000002"])
def test_what_is_no_mobile_number_is_refused(text):
    with pytest.raises(ValueError, match="phone"):
        fold_phone(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("99000119661203081", "identity_length"),
        ("9900011966120308100", "identity_length"),
        ("99000119661203081Y", "identity_length"),
        ("990001196613030810", "identity_date"),
        ("990001197805120410", "identity_checksum"),
    ],
)
def test_wrong_identity_numbers_say_what_is_wrong(text, code):
    with pytest.raises(IdentityError) as wrong:
        check_identity(text)
    assert wrong.value.code == code


def test_the_check_character_x_is_accepted_in_both_cases_and_widths():
    spellings = ("99000119991020101X", "99000119991020101x", "99000119991020101Ｘ")

    assert {check_identity(text).number for text in spellings} == {"99000119991020101X"}


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_check(body, place, shift):
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]

    assert check_character(wrong) != check_character(body)


def test_masks_show_no_more_than_the_rules_allow():
    assert mask_phone("13812345678") == "138****5678"
    assert mask_identity("110101199001011234") == "110101********1234"
    assert (mask_phone(""), mask_identity("")) == ("", "")
