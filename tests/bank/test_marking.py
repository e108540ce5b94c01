from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.marking import (
    ALL_OR_NOTHING,
    HALF_FOR_SUBSET,
    HALF_MARK_EACH,
    POLICIES,
    is_right,
    mark_question,
)

letters = st.sets(st.sampled_from("ABCDEFGH"), min_size=1).map(lambda chosen: "".join(sorted(chosen)))
fulls = st.integers(1, 200).map(lambda tenths: Decimal(tenths) / 10)


def test_a_single_choice_is_right_or_nothing():
    assert mark_question("single", "C", "C", Decimal("2")) == Decimal("2.0")
    assert mark_question("single", "C", "B", Decimal("2")) == Decimal("0.0")
    assert mark_question("single", "C", "", Decimal("2")) == Decimal("0.0")
    assert mark_question("single", "C", "BC", Decimal("2")) == Decimal("0.0")


def test_a_judgement_is_right_or_nothing():
    assert mark_question("judge", "F", "F", Decimal("1")) == Decimal("1.0")
    assert mark_question("judge", "F", "T", Decimal("1")) == Decimal("0.0")
    assert mark_question("judge", "F", "", Decimal("1")) == Decimal("0.0")


@pytest.mark.parametrize(
    ("policy", "given", "marks"),
    [
        (ALL_OR_NOTHING, "ABD", "3.0"),
        (ALL_OR_NOTHING, "AB", "0.0"),
        (ALL_OR_NOTHING, "ABCD", "0.0"),
        (HALF_FOR_SUBSET, "ABD", "3.0"),
        (HALF_FOR_SUBSET, "AB", "1.5"),
        (HALF_FOR_SUBSET, "A", "1.5"),
        (HALF_FOR_SUBSET, "AC", "0.0"),
        (HALF_FOR_SUBSET, "", "0.0"),
        (HALF_MARK_EACH, "ABD", "3.0"),
        (HALF_MARK_EACH, "AB", "1.0"),
        (HALF_MARK_EACH, "D", "0.5"),
        (HALF_MARK_EACH, "ABC", "0.0"),
        (HALF_MARK_EACH, "", "0.0"),
    ],
)
def test_a_multiple_choice_is_marked_by_its_policy(policy, given, marks):
    assert mark_question("multiple", "ABD", given, Decimal("3"), policy) == Decimal(marks)


def test_half_marks_each_never_exceed_the_full_marks():
    assert mark_question("multiple", "ABCD", "ABC", Decimal("1"), HALF_MARK_EACH) == Decimal("1.0")


def test_half_of_an_odd_tenth_is_rounded_half_up():
    assert mark_question("multiple", "AB", "A", Decimal("1.5"), HALF_FOR_SUBSET) == Decimal("0.8")


def test_blanks_are_compared_after_trimming_and_width_folding():
    assert mark_question("blank", "60|六十\n30", " ６０ \n30", Decimal("2")) == Decimal("2.0")
    assert mark_question("blank", "60|六十\n30", "六十\n31", Decimal("2")) == Decimal("1.0")
    assert mark_question("blank", "60|六十\n30", "30\n60", Decimal("2")) == Decimal("0.0")
    assert mark_question("blank", "60|六十\n30", "", Decimal("2")) == Decimal("0.0")


def test_three_right_blanks_of_three_give_the_full_marks_and_one_gives_a_rounded_third():
    assert mark_question("blank", "a\nb\nc", "a\nb\nc", Decimal("2")) == Decimal("2.0")
    assert mark_question("blank", "a\nb\nc", "a\nx\ny", Decimal("2")) == Decimal("0.7")


def test_an_empty_answer_never_counts_for_a_blank():
    assert mark_question("blank", "60|\n30", "\n30", Decimal("2")) == Decimal("1.0")


@pytest.mark.parametrize("type", ["short", "case", "essay"])
def test_what_people_mark_is_refused(type):
    with pytest.raises(ValueError, match="not marked by machine"):
        mark_question(type, "key", "given", Decimal("5"))


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="unknown marking policy"):
        mark_question("multiple", "AB", "AB", Decimal("2"), "generous")


def test_right_means_wholly_right():
    assert is_right("multiple", "ABD", "DBA") is True
    assert is_right("multiple", "ABD", "AB") is False


@given(letters, letters, fulls, st.sampled_from(POLICIES))
def test_marks_lie_between_nothing_and_full_with_one_place(key, answer, full, policy):
    marks = mark_question("multiple", key, answer, full, policy)
    assert Decimal(0) <= marks <= full
    assert marks.as_tuple().exponent == -1


@given(letters, fulls, st.sampled_from(POLICIES))
def test_the_key_itself_always_earns_full_marks(key, full, policy):
    assert mark_question("multiple", key, key, full, policy) == full


@given(letters, letters, fulls, st.sampled_from(POLICIES))
def test_one_wrong_option_is_always_nothing(key, answer, full, policy):
    if set(answer) - set(key):
        assert mark_question("multiple", key, answer, full, policy) == 0


@given(letters, letters, fulls, st.sampled_from(POLICIES))
def test_the_order_of_letters_does_not_matter(key, answer, full, policy):
    backwards = mark_question("multiple", key[::-1], answer[::-1], full, policy)
    assert mark_question("multiple", key, answer, full, policy) == backwards


@given(letters, letters, letters, fulls, st.sampled_from(POLICIES))
def test_more_right_options_never_earn_less(key, some, more, full, policy):
    fewer = set(some) & set(key)
    further = fewer | (set(more) & set(key))
    assert mark_question("multiple", key, "".join(fewer), full, policy) <= mark_question(
        "multiple", key, "".join(further), full, policy
    )
