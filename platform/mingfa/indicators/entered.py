"""填报: figures that this product does not count itself, typed in from a document and checked by a second person.

They are aggregates of a unit and a year. Petition matters are never kept here as cases or persons (domain guide §7).
"""
import csv
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from mingfa.people.models import OrgUnit
from mingfa.periods import Period

from .figures import Figure, count, rate
from .models import EnteredFigure
from .registry import Indicator, indicators, register

DATA = Path(__file__).parent / "data/entered.csv"
NOTHING = Figure(None)


def register_all() -> None:
    """Register what data/entered.csv lists."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            is_rate = row["kind"] == "rate"
            register(
                Indicator(
                    code=row["code"], caption=row["caption"], definition=row["definition"],
                    compute=partial(_compute, row["code"]), measure=row["measure"], entered=True, entered_rate=is_rate,
                    together=partial(_together, row["code"]),
                )
            )  # fmt: skip


def kinds() -> list[Indicator]:
    """Everything that can be typed in, in the order of the list."""
    return [one for one in indicators() if one.entered]


def figure_of(row: EnteredFigure) -> Figure:
    """The typed figure as every page shows figures."""
    if row.whole is not None:
        return rate(row.part, row.whole, as_of=row.checked_at)
    return count(row.part, as_of=row.checked_at)


def _compute(code: str, unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
    """What was typed in for exactly this unit and period and checked by a second person; nothing otherwise."""
    return _together(code, [unit], period)[unit.pk]


def _together(code: str, units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
    rows = EnteredFigure.objects.filter(
        unit__in=units, code=code, period=str(period), replaced_at=None, checked_at__isnull=False
    )
    found = {row.unit_id: figure_of(row) for row in rows}
    return {unit.pk: found.get(unit.pk, NOTHING) for unit in units}
