"""A figure is written by the rules of domain guide §3."""
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.indicators.figures import Figure, count, rate, rate_text, share, total


@st.composite
def counts(draw):
    whole = draw(st.integers(1, 2_000_000))
    return draw(st.integers(0, whole)), whole


def test_the_worked_example_of_the_domain_guide():
    due, sat, passed = 130 - 2 - 3, 124, 120
    assert rate_text(rate(sat, due)) == "99.2%"
    assert rate_text(rate(passed, sat)) == "96.8%"
    assert rate_text(rate(passed, due)) == "96.0%"


def test_the_year_of_the_worked_example():
    assert rate_text(rate(128, 128)) == "100%"
    assert rate_text(rate(127, 128)) == "99.2%"


def test_one_missing_in_ten_thousand_is_never_a_hundred():
    assert rate_text(rate(2499, 2500)) == "99.9%"  # 99.96
    assert rate_text(rate(99_999, 100_000)) == "99.9%"


def test_nothing_to_divide_by_is_a_dash():
    figure = rate(0, 0)
    assert (figure.value, rate_text(figure), figure.full, figure.width) == (None, "—", False, "0%")


def test_nobody_of_some_is_zero_with_its_decimal():
    assert rate_text(rate(0, 7)) == "0.0%"


def test_half_goes_up():
    assert rate_text(rate(1, 16)) == "6.3%"  # 6.25
    assert rate_text(rate(1, 2000)) == "0.1%"  # 0.05


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (1, 0), (0, -1)])
def test_counts_that_are_no_part_of_a_whole_are_refused(part, whole):
    with pytest.raises(ValueError, match="is not a rate"):
        rate(part, whole)


@given(counts())
def test_a_hundred_is_written_only_for_everybody(pair):
    part, whole = pair
    assert (rate_text(rate(part, whole)) == "100%") is (part == whole)


@given(counts())
def test_the_value_is_within_half_a_tenth_except_just_below_everybody(pair):
    part, whole = pair
    exact = Decimal(part) * 100 / Decimal(whole)
    shown = rate(part, whole).value
    if exact >= Decimal("99.95"):
        assert shown == (Decimal("100.0") if part == whole else Decimal("99.9"))
    else:
        assert Decimal("-0.05") < exact - shown <= Decimal("0.05") or exact - shown == Decimal("-0.05")


@given(counts())
def test_numerator_denominator_and_bar_stay_with_the_value(pair):
    part, whole = pair
    figure = rate(part, whole)
    assert (figure.part, figure.whole, figure.short) == (part, whole, whole - part)
    assert 0 <= share(figure) <= 100
    assert figure.full is (part == whole)


@given(st.lists(counts(), max_size=30))
def test_a_total_is_the_sum_of_counts(pairs):
    figure = total([rate(part, whole) for part, whole in pairs])
    assert figure == rate(sum(p for p, _ in pairs), sum(w for _, w in pairs))


def test_a_total_is_not_the_mean_of_rates():
    assert rate_text(total([rate(1, 1), rate(0, 99)])) == "1.0%"


def test_a_total_is_as_old_as_its_oldest_part():
    old, new = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    assert total([rate(1, 2, as_of=new), rate(1, 2, as_of=old)]).as_of == old


def test_a_bar_is_as_long_as_its_value():
    assert [rate(801, 1000).width, rate(1, 1).width, rate(1, 2).width, rate(0, 3).width] == [
        "80.1%", "100%", "50%", "0%",
    ]


def test_thousands_are_grouped():
    assert (count(6137).text, rate(1200, 1500).fraction) == ("6,137", "1,200 / 1,500")


def test_a_figure_set_large_leaves_its_sign_out():
    assert (rate(451, 587).number, rate(0, 0).number) == ("76.8", "—")


def test_an_empty_count_is_a_dash():
    assert Figure(None).text == "—"
