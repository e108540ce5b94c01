"""Every figure of a unit and a period, live and frozen, and what has changed since."""
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingfa.people.access import units_visible_to
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Period

from .entered import figure_of, kinds
from .figures import Figure
from .models import EnteredFigure, FrozenFigure, Snapshot
from .registry import Before, Indicator, indicator, indicators

# Who types figures in and who checks them; whoever typed one in does not check it.
ENTERERS = (Role.LIAISON, Role.LEADER)


def codes() -> set[str]:
    """The codes of everything that can be counted or typed in."""
    return {one.code for one in indicators()}


def figures_of(unit: OrgUnit, period: Period, wanted: Iterable[str]) -> dict[str, Figure]:
    """Code → figure of this unit and all below; unknown codes are left out."""
    known = codes()
    return {code: indicator(code).compute(unit, period) for code in wanted if code in known}


def figures_of_units(wanted: Mapping[str, Sequence[OrgUnit]], period: Period) -> dict[tuple[str, int], Figure]:
    """(code, key of the unit) → figure, of the units wanted for each code; unknown codes are left out."""
    known, found = codes(), {}
    for code, units in wanted.items():
        if code in known:
            found |= {(code, pk): figure for pk, figure in indicator(code).of_units(units, period).items()}
    return found


def figures_by_child(unit: OrgUnit, period: Period, code: str) -> list[tuple[OrgUnit, Figure]]:
    """The figure of each unit directly below, empty for figures that have none."""
    by_child = indicator(code).by_child
    return by_child(unit, period) if by_child else []


@dataclass(frozen=True)
class EnteredLine:
    """One figure that can be typed in, what stands now, what stood before it was corrected (the latest first), and what
    stood the year before, to see at once when a digit is wrong."""

    indicator: Indicator
    row: EnteredFigure | None
    replaced: list[EnteredFigure]
    last_year: EnteredFigure | None

    @property
    def figure(self) -> Figure | None:
        return figure_of(self.row) if self.row else None

    @property
    def corrections(self) -> list[tuple[EnteredFigure, Figure]]:
        return [(row, figure_of(row)) for row in self.replaced]

    @property
    def last_figure(self) -> Figure | None:
        return figure_of(self.last_year) if self.last_year else None


def entered_lines(unit: OrgUnit, period: Period) -> list[EnteredLine]:
    """Everything that can be typed in for the unit, in the order of the list. One query."""
    before = str(period.previous())
    rows = EnteredFigure.objects.filter(unit=unit, period__in=[str(period), before]).order_by("-entered_at", "-pk")
    standing: dict[str, EnteredFigure] = {}
    last: dict[str, EnteredFigure] = {}
    replaced: dict[str, list[EnteredFigure]] = {}
    for row in rows.select_related("entered_by", "checked_by"):
        if row.period == before:
            if row.replaced_at is None:
                last[row.code] = row
        elif row.replaced_at is None:
            standing[row.code] = row
        else:
            replaced.setdefault(row.code, []).append(row)
    return [
        EnteredLine(one, standing.get(one.code), replaced.get(one.code, []), last.get(one.code)) for one in kinds()
    ]


def enterable_units(user):
    """The units this person types figures in for."""
    return units_visible_to(user, *ENTERERS)


def waiting_for_check(user):
    """Figures of others that this person may check, the oldest first."""
    rows = EnteredFigure.objects.filter(replaced_at=None, checked_at=None, unit__in=enterable_units(user))
    return rows.exclude(entered_by=user).select_related("unit").order_by("entered_at")


def frozen_figures(snapshot: Snapshot) -> dict[str, Figure]:
    """Code → figure of the snapshot's own unit."""
    return {row.code: _figure(row, snapshot) for row in snapshot.figures.filter(unit=snapshot.unit_id)}


def frozen_before(unit: OrgUnit, period: Period, wanted: list[str]) -> Before | None:
    """What stood for this unit when the period was frozen the last time, its own snapshot or one of a unit above. Two queries
    at most."""
    rows = FrozenFigure.objects.filter(unit=unit, code__in=wanted, snapshot__period=str(period), snapshot__replaced_by=None)
    last = rows.select_related("snapshot").order_by("-snapshot__taken_at", "-snapshot__pk").first()
    if last is None:
        return None
    found = rows.filter(snapshot=last.snapshot_id)
    return Before(f"{period.label}冻结的数据", {row.code: _figure(row, last.snapshot) for row in found})


def _figure(row: FrozenFigure, snapshot: Snapshot) -> Figure:
    value = row.value
    if row.whole is None and value is not None and value == int(value):
        # The column has one decimal; a count is written as it was counted.
        value = Decimal(int(value))
    return Figure(value, row.part, row.whole, snapshot.taken_at)


@dataclass(frozen=True)
class Difference:
    """A frozen figure that would be another one today."""

    row: FrozenFigure
    frozen: Figure
    now: Figure


def differences(snapshot: Snapshot, period: Period) -> list[Difference]:
    """What today's rows say otherwise than the snapshot, in its order."""
    rows = list(snapshot.figures.filter(unit=snapshot.unit_id))
    today = figures_of(snapshot.unit, period, [row.code for row in rows])
    found = []
    for row in rows:
        frozen, now = _figure(row, snapshot), today.get(row.code, Figure(None))
        if (frozen.value, frozen.part, frozen.whole) != (now.value, now.part, now.whole):
            found.append(Difference(row, frozen, now))
    return found


def digest_of(unit_id: int, period: str, rows: Iterable[FrozenFigure]) -> str:
    """SHA-256 over the figures in order. Of the unit its number: it may be moved in the tree, and the figures stay."""
    lines = [
        [row.code, row.unit_id, row.caption, row.definition, row.formula, row.entered, row.part, row.whole,
         None if row.value is None else str(row.value.normalize() + 0)]
        for row in rows
    ]  # fmt: skip
    text = json.dumps([unit_id, period, lines], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
