"""法定节点 and 宣传月: rules for the days of a year, written as people write them in a table.

    parse_rule("12-4")              a fixed day
    parse_rule("5月")                a whole month
    parse_rule("12-1…12-7")         from one day to another
    parse_rule("9月第3个星期六")      the nth weekday of a month; 最后一个 for the last
    parse_rule("9月第2周")           Monday to Sunday of the week of the nth Monday
"""
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

# Days from the first day on at which a reminder is due, and what it asks for (domain guide §5.1).
REMINDERS = ((-30, "定方案"), (-7, "备资料、定人员"), (0, "今天开始"), (7, "录入活动记录"))
WEEKDAYS = "一二三四五六日"

FIXED = re.compile(r"(\d{1,2})-(\d{1,2})")
MONTH = re.compile(r"(\d{1,2})月")
RANGE = re.compile(r"(\d{1,2})-(\d{1,2})\s*(?:…|\.\.\.|至|~)\s*(\d{1,2})-(\d{1,2})")
NTH = re.compile(r"(\d{1,2})月(?:第([1-5])个|最后一个)(?:星期|周)([一二三四五六日天])")
WEEK = re.compile(r"(\d{1,2})月第([1-4])周")


class BadRule(ValueError):
    """The words are no rule; `str()` is what was read."""


@dataclass(frozen=True)
class Span:
    """The days of one year, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Fixed:
    """From a day to a day of the same year; a fixed day is both."""

    first: tuple[int, int]
    last: tuple[int, int]

    def in_year(self, year: int) -> Span | None:
        """None in a year without that day (2-29)."""
        try:
            return Span(date(year, *self.first), date(year, *self.last))
        except ValueError:
            return None


@dataclass(frozen=True)
class WholeMonth:
    month: int

    def in_year(self, year: int) -> Span:
        return Span(date(year, self.month, 1), date(year, self.month, monthrange(year, self.month)[1]))


@dataclass(frozen=True)
class NthWeekday:
    """`number` from 1; 0 is the last. `days`: how long it lasts."""

    month: int
    number: int
    weekday: int
    days: int = 1

    def in_year(self, year: int) -> Span | None:
        """None in a year whose month has no fifth one."""
        last = monthrange(year, self.month)[1]
        found = [day for day in range(1, last + 1) if date(year, self.month, day).weekday() == self.weekday]
        if self.number > len(found):
            return None
        first = date(year, self.month, found[self.number - 1])
        return Span(first, first + timedelta(days=self.days - 1))


Rule = Fixed | WholeMonth | NthWeekday


def parse_rule(text: str) -> Rule:
    """Raises BadRule for words that are no rule, and for days that no year has."""
    words = "".join(text.split())
    if match := RANGE.fullmatch(words):
        a, b, c, d = map(int, match.groups())
        rule: Rule = Fixed((a, b), (c, d))
        if (a, b) > (c, d):
            raise BadRule(text)
    elif match := FIXED.fullmatch(words):
        rule = Fixed((int(match[1]), int(match[2])), (int(match[1]), int(match[2])))
    elif match := NTH.fullmatch(words):
        rule = NthWeekday(int(match[1]), int(match[2] or 0), WEEKDAYS.index(match[3].replace("天", "日")))
    elif match := WEEK.fullmatch(words):
        rule = NthWeekday(int(match[1]), int(match[2]), 0, days=7)
    elif match := MONTH.fullmatch(words):
        rule = WholeMonth(int(match[1]))
    else:
        raise BadRule(text)
    # A leap year has every day that any year has.
    if not 1 <= _month(rule) <= 12 or (rule.in_year(2028) is None and not isinstance(rule, NthWeekday)):
        raise BadRule(text)
    return rule


def _month(rule: Rule) -> int:
    return rule.first[0] if isinstance(rule, Fixed) else rule.month


def spans_near(rule: Rule, day: date, *, before: int = 30, after: int = 37) -> list[Span]:
    """The spans of this rule that begin at most `before` days from `day` on, or began at most `after` days ago."""
    found = [rule.in_year(year) for year in (day.year - 1, day.year, day.year + 1)]
    return [one for one in found if one and -after <= (one.starts_on - day).days <= before]


def reminder_due(span: Span, day: date) -> tuple[int, str] | None:
    """The latest reminder whose day has come: (−30, 定方案) … (7, 录入活动记录); None before the first.

    The last is due a week after the end, so that a month is over before its record is asked for.
    """
    passed = [(offset, words) for offset, words in REMINDERS if day >= reminder_day(span, offset)]
    return passed[-1] if passed else None


def reminder_day(span: Span, offset: int) -> date:
    return (span.ends_on if offset > 0 else span.starts_on) + timedelta(days=offset)
