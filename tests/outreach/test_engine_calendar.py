"""Rules of the campaign calendar and the days on which it reminds."""
import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outreach
from outreach.engine.calendar import BadRule, Span, parse_rule, reminder_due, spans_near

TABLE = Path(outreach.__file__).parent / "data/calendar.csv"


@pytest.mark.parametrize(
    ("rule", "year", "first", "last"),
    [
        ("12-4", 2026, (12, 4), (12, 4)), ("5月", 2026, (5, 1), (5, 31)), ("2月", 2028, (2, 1), (2, 29)),
        ("12-1…12-7", 2026, (12, 1), (12, 7)), ("12-1 至 12-7", 2026, (12, 1), (12, 7)),
        ("9月第3个星期六", 2026, (9, 19), (9, 19)), ("9月第3个星期六", 2025, (9, 20), (9, 20)),
        ("9月第3个星期六", 2024, (9, 21), (9, 21)), ("5月最后一个星期日", 2026, (5, 31), (5, 31)),
        ("9月第2周", 2026, (9, 14), (9, 20)), ("8月第5个周一", 2026, (8, 31), (8, 31)),
    ],
)  # fmt: skip
def test_a_rule_gives_the_days_of_a_year(rule, year, first, last):
    assert parse_rule(rule).in_year(year) == Span(date(year, *first), date(year, *last))


@pytest.mark.parametrize("words", ["", "春天", "13-1", "2-30", "0月", "13月", "12-7…12-1", "9月第6个星期六", "12/4", "13月第1周"])
def test_words_that_are_no_rule_are_refused(words):
    with pytest.raises(BadRule):
        parse_rule(words)


def test_a_day_that_a_year_does_not_have_is_left_out_of_it():
    assert parse_rule("2-29").in_year(2027) is None
    assert parse_rule("2-29").in_year(2028) == Span(date(2028, 2, 29), date(2028, 2, 29))
    assert parse_rule("9月第5个星期六").in_year(2026) is None


@given(st.integers(1, 12), st.integers(1, 4), st.sampled_from("一二三四五六日"), st.integers(2000, 2100))
def test_an_nth_weekday_is_that_weekday_in_the_nth_week_of_days(month, number, weekday, year):
    span = parse_rule(f"{month}月第{number}个星期{weekday}").in_year(year)
    assert span.starts_on.weekday() == "一二三四五六日".index(weekday)
    assert (span.starts_on.month, (span.starts_on.day - 1) // 7 + 1) == (month, number)


WEEK = parse_rule("12-1…12-7").in_year(2026)


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2026, 10, 31), None), (date(2026, 11, 1), (-30, "定方案")), (date(2026, 11, 23), (-30, "定方案")),
     (date(2026, 11, 24), (-7, "备资料、定人员")), (date(2026, 12, 1), (0, "今天开始")), (date(2026, 12, 13), (0, "今天开始")),
     (date(2026, 12, 14), (7, "录入活动记录"))],
)  # fmt: skip
def test_reminders_come_thirty_and_seven_days_before_on_the_day_and_a_week_after_the_end(day, due):
    assert reminder_due(WEEK, day) == due


def test_what_is_near_is_found_across_the_turn_of_the_year():
    rule = parse_rule("1-10")
    assert spans_near(rule, date(2026, 12, 20)) == [Span(date(2027, 1, 10), date(2027, 1, 10))]
    assert spans_near(rule, date(2026, 1, 20)) == [Span(date(2026, 1, 10), date(2026, 1, 10))]
    assert spans_near(rule, date(2026, 6, 1)) == []


def test_every_row_of_the_table_is_a_rule_with_a_name_a_basis_and_tasks():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["key"] for row in rows}) == len(rows) == 16
    for row in rows:
        assert parse_rule(row["rule"]).in_year(2026)
        assert all(row.values())
    spans = {row["key"]: parse_rule(row["rule"]).in_year(2026) for row in rows}
    assert spans["constitution-day"].starts_on - spans["constitution-week"].starts_on == timedelta(days=3)
