"""The days of the calendar: those everybody keeps (data/calendar.csv), and those a unit keeps with all below it."""
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from mingfa.people.models import OrgUnit

from .engine.calendar import Rule, Span, parse_rule, reminder_due, spans_near
from .models import LocalDay

TABLE = Path(__file__).parent / "data/calendar.csv"


@dataclass(frozen=True)
class LegalDay:
    """A row of the calendar. `local` is the unit's own row, None for what everybody keeps."""

    key: str
    name: str
    rule: Rule
    basis: str
    tasks: str
    local: LocalDay | None = None


@cache
def legal_days() -> tuple[LegalDay, ...]:
    """What everybody keeps."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            LegalDay(row["key"], row["name"], parse_rule(row["rule"]), row["basis"], row["tasks"])
            for row in csv.DictReader(file)
        )


def _of(row: LocalDay) -> LegalDay:
    return LegalDay(row.key, row.name, parse_rule(row.rule), row.basis, row.tasks, row)


def days_for(places: Iterable[OrgUnit]) -> list[LegalDay]:
    """What these units keep: the common days, and their own and those of units above and among them. One query."""
    paths = {path for one in places for path in OrgUnit.paths_down_to(one.path)}
    rows = LocalDay.objects.filter(unit__path__in=paths, ended_at=None).select_related("unit").order_by("unit__path", "pk")
    return [*legal_days(), *map(_of, rows)]


def day_named(key: str) -> LegalDay | None:
    """The day with this key; a unit's own also after it has been ended, for what was held on it."""
    common = next((one for one in legal_days() if one.key == key), None)
    if common or not key:
        return common
    row = LocalDay.objects.filter(key=key).select_related("unit").first()
    return _of(row) if row else None


def days_of_year(days: Iterable[LegalDay], year: int) -> list[tuple[LegalDay, Span]]:
    """The calendar of a year, in order."""
    found = [(one, one.rule.in_year(year)) for one in days]
    return sorted(((one, span) for one, span in found if span), key=lambda pair: (pair[1].starts_on, pair[1].ends_on))


def reminders_on(days: Iterable[LegalDay], today: date) -> list[tuple[LegalDay, Span, int, str]]:
    """What reminds today: the day, its span, the offset of the reminder and its words. The soonest first."""
    found = []
    for one in days:
        for span in spans_near(one.rule, today):
            if (today - span.ends_on).days <= 21 and (due := reminder_due(span, today)):
                found.append((one, span, *due))
    return sorted(found, key=lambda row: row[1].starts_on)
