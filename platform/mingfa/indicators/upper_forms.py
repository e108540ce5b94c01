"""What a form of the level above is filled with: which figure stands in which cell, and what is still missing."""
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from mingfa.people.access import units_visible_to
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Month, Period, Quarter, Year
from mingfa.spreadsheets import fold_label
from mingfa.spreadsheets.forms import Percent, filled

from .figures import NO_DATA, Figure
from .models import FormCell, UpperForm
from .queries import codes, figures_of_units
from .registry import Indicator, indicator, indicators

NOT_COMPUTED = Figure(None)


def forms_of(user):
    """The forms in use of the units this person fills in for."""
    return UpperForm.objects.filter(unit__in=keepers_units(user), retired_at=None).select_related("unit", "uploaded_by")


def keepers_units(user):
    """Whoever answers for a unit's figures keeps its forms: 单位联络员."""
    return units_visible_to(user, Role.LIAISON)


def units_for(form: UpperForm):
    """The units whose figures the form may show: its own and all below."""
    return OrgUnit.objects.filter(path__startswith=form.unit.path).order_by("path")


def offered() -> list[Indicator]:
    """Everything that can stand in a cell: counted by the system first, then what is typed in."""
    return sorted(indicators(), key=lambda one: one.entered)


@dataclass(frozen=True)
class Filled:
    """A cell with what will stand there. `indicator` is None for one that no app has any more."""

    cell: FormCell
    indicator: Indicator | None
    figure: Figure

    @property
    def value(self):
        """Number or Percent; None where there is no figure: an empty cell is never a 0 (domain guide §7)."""
        if self.cell.shows == FormCell.Shows.PART:
            return self.figure.part
        if self.cell.shows == FormCell.Shows.WHOLE:
            return self.figure.whole
        if self.figure.value is None:
            return None
        return Percent(self.figure.value) if self.figure.is_rate else _number(self.figure.value)

    @property
    def text(self) -> str:
        """As the page shows it."""
        if self.cell.shows == FormCell.Shows.VALUE:
            return self.figure.text
        return NO_DATA if self.value is None else f"{self.value:,}"


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == int(value) else value


def fill_of(form: UpperForm, period: Period) -> list[Filled]:
    """Every mapped cell with its figure, in the order of mapping. Each indicator is asked once for all its units."""
    cells = list(form.cells.select_related("unit"))
    wanted: dict[str, dict[int, OrgUnit]] = defaultdict(dict)
    for cell in cells:
        wanted[cell.code][cell.unit_id] = cell.unit
    figures = figures_of_units({code: list(units.values()) for code, units in wanted.items()}, period)
    known = codes()
    return [
        Filled(
            cell, indicator(cell.code) if cell.code in known else None,
            figures.get((cell.code, cell.unit_id), NOT_COMPUTED),
        )
        for cell in cells
    ]  # fmt: skip


def form_xlsx(form: UpperForm, fill: list[Filled]) -> bytes:
    """The form with these figures. Raises spreadsheets.forms.PlaceTaken."""
    with form.file.open("rb") as file:
        content = file.read()
    return filled(content, {(one.cell.sheet, one.cell.place): one.value for one in fill})


def units_called(form: UpperForm, names: list[tuple[int, str]]) -> tuple[dict[int, OrgUnit], list[tuple[int, str]]]:
    """Row → unit for the names that belong to exactly one unit of the form, and the rows whose name does not.

    Nothing is guessed: blanks and full-width forms are folded, no more.
    """
    called: dict[str, list[OrgUnit]] = defaultdict(list)
    for unit in units_for(form):
        called[fold_label(unit.name)].append(unit)
    found, unknown = {}, []
    for row, name in names:
        units = called.get(fold_label(name), [])
        if len(units) == 1:
            found[row] = units[0]
        else:
            unknown.append((row, name))
    return found, unknown


def periods_offered(today) -> list[Period]:
    """This year and the two before, their quarters and months up to today, the latest first."""
    found: list[Period] = []
    for year in (today.year, today.year - 1, today.year - 2):
        spans = [Year(year), *(Quarter(year, n) for n in (4, 3, 2, 1)), *(Month(year, n) for n in range(12, 0, -1))]
        found += [one for one in spans if one.starts_on <= today]
    return found
