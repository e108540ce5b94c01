"""Years, quarters and months as values."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.periods import Month, Quarter, Year, parse_period

years = st.integers(1, 9998)
periods = st.one_of(
    st.builds(Year, years),
    st.builds(Quarter, years, st.integers(1, 4)),
    st.builds(Month, years, st.integers(1, 12)),
)


@given(periods)
def test_what_is_written_can_be_read_again(period):
    assert parse_period(str(period)) == period


@given(periods)
def test_a_period_ends_the_day_before_the_next_one(period):
    assert period.ends_on + timedelta(days=1) == period.next().starts_on
    assert period.next().previous() == period


@given(periods)
def test_both_ends_belong_to_the_period(period):
    assert period.starts_on in period
    assert period.ends_on in period
    assert period.next().starts_on not in period


def test_a_leap_february_has_29_days():
    assert Month(2028, 2).ends_on == date(2028, 2, 29)


def test_periods_are_named_in_chinese():
    assert [Year(2026).label, Quarter(2026, 3).label, Month(2026, 9).label] == [
        "2026 年", "2026 年第 3 季度", "2026 年 9 月",
    ]


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-Q5", "2026-1", "0000", "9999", "２０２６", "2026\n"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="not a period"):
        parse_period(text)


def test_there_is_no_fifth_quarter_and_no_thirteenth_month():
    with pytest.raises(ValueError, match="no quarter"):
        Quarter(2026, 5)
    with pytest.raises(ValueError, match="no month"):
        Month(2026, 13)
