"""A board put together: the figures of a unit and its children, who is missing, who is excused."""
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from mingfa.people import access
from mingfa.people.models import OrgUnit, User
from mingfa.periods import Period, Year

from .figures import Figure
from .queries import frozen_before
from .registry import NAMES_FOR, Before, Board, Excused, Indicator, Missing, Reading, Subject, boards

NAMES_IN_A_ROW = 4
ROWS_ON_A_PAGE = 50
EXCUSED_UNDER_THE_TABLE = 30


@dataclass(frozen=True)
class Choice:
    """A board narrowed to one subject: what the reader picks from. `key` stands in the address."""

    board: Board
    subject: Subject

    @property
    def key(self) -> str:
        return f"{self.board.code}-{self.subject.key}"


@dataclass(frozen=True)
class Row:
    """A unit with its leading figure, the other columns, and the first of the missing people."""

    unit: OrgUnit
    figure: Figure
    columns: tuple[Figure, ...]
    names: tuple[str, ...] = ()

    @property
    def more(self) -> bool:
        return self.figure.short > len(self.names)


@dataclass(frozen=True)
class Card:
    """A large figure with what it was a year before."""

    indicator: Indicator
    figure: Figure
    before: Figure | None = None


@dataclass(frozen=True)
class Table:
    """Everything on the page of one unit. `rows` are all of them, `page` those shown."""

    unit: OrgUnit
    choice: Choice
    reading: Reading
    cards: tuple[Card, ...]
    columns: tuple[Figure, ...]
    rows: tuple[Row, ...]
    with_names: bool
    before: Before | None = None
    page: Page | None = None
    excused: Sequence[Excused] = ()
    excused_counts: tuple[tuple[str, int], ...] = ()

    @property
    def figure(self) -> Figure:
        return self.cards[0].figure

    @property
    def first_units(self) -> tuple[Row, ...]:
        """The units that most people are missing in, the unit's own level among them."""
        return tuple(row for row in self.rows[:3] if row.figure.short)

    @property
    def other_units(self) -> tuple[int, int]:
        """(units, people) still missing elsewhere."""
        shorts = [row.figure.short for row in self.rows if row.figure.short]
        return len(shorts) - len(self.first_units), sum(shorts) - sum(row.figure.short for row in self.first_units)

    @property
    def full_units(self) -> int:
        return sum(row.figure.full for row in self.rows)

    @property
    def more_excused(self) -> bool:
        return sum(heads for _, heads in self.excused_counts) > len(self.excused)


def choices(user: User, unit: OrgUnit, period: Period, *, code: str | None = None) -> list[Choice]:
    """What this person may look at for this unit; with `code` of that board alone."""
    return [
        Choice(board, subject)
        for board in boards()
        if code in (None, board.code) and access.holds(user, *board.roles, unit=unit)
        for subject in board.subjects(unit, period)
    ]


def choice_named(user: User, unit: OrgUnit, period: Period, key: str) -> Choice | None:
    """The choice of this key, if it is offered; only its own board is asked."""
    found = choices(user, unit, period, code=key.partition("-")[0])
    return next((one for one in found if one.key == key), None)


def may_see_names(user: User, unit: OrgUnit) -> bool:
    return access.holds(user, *NAMES_FOR, unit=unit)


def figure_named(choice: Choice, code: str) -> Indicator | None:
    """The figure of the board that an address asks names for, the leading one by default; None if it has none."""
    if not code:
        return choice.board.lead
    return next((one for one in choice.board.indicators if one.code == code and one.has_names), None)


def people_behind(choice: Choice, indicator: Indicator, unit: OrgUnit, period: Period) -> Sequence[Missing]:
    """Those who still stand between this figure and 100%."""
    names = indicator.behind or choice.board.missing
    return names(unit, period, choice.subject.key)


def excused_people(choice: Choice, unit: OrgUnit, period: Period) -> Sequence[Excused]:
    """Everybody who is not counted, with the reason."""
    return choice.board.excused(unit, period, choice.subject.key)


def table(user: User, choice: Choice, unit: OrgUnit, period: Period, *, page: str | None = "") -> Table:
    """The board of one unit; rows sorted by how many are missing, most first. The same number of queries
    whatever the number of units and people.

    Args:
        page: which rows are shown, with names, as in an address; None for the figures of all rows without names.
    """
    board = choice.board
    with_names = page is not None and may_see_names(user, unit)
    reading = (board.read or _asked_singly(board))(unit, period, choice.subject.key)
    lead, beside = board.lead.code, [one.code for one in board.columns]
    rows = [Row(child, found[lead], tuple(found[code] for code in beside)) for child, found in reading.rows]
    rows.sort(key=lambda row: (-row.figure.short, row.unit.path))
    shown, excused = None, ()
    if page is not None:
        shown = Paginator(rows, ROWS_ON_A_PAGE).get_page(page)
    if with_names:
        names = reading.first_names([row.unit for row in shown.object_list if row.figure.short], NAMES_IN_A_ROW)
        shown.object_list = [
            Row(row.unit, row.figure, row.columns, tuple(names.get(row.unit.path, ()))) for row in shown.object_list
        ]
        excused = reading.excused_people[:EXCUSED_UNDER_THE_TABLE] if reading.excused else ()
    before = reading.before or _frozen(board, unit, period)
    return Table(
        unit=unit,
        choice=choice,
        reading=reading,
        cards=tuple(
            Card(one, reading.figures[one.code], before.figures.get(one.code) if before else None) for one in board.cards
        ),
        columns=tuple(reading.figures[code] for code in beside),
        rows=tuple(rows),
        with_names=with_names,
        before=before,
        page=shown,
        excused=excused,
        excused_counts=reading.excused if with_names else (),
    )


def _asked_singly(board: Board):
    """A reading of a board that has none of its own: each indicator is asked for itself."""

    def read(unit: OrgUnit, period: Period, subject: str) -> Reading:
        rows: dict[OrgUnit, dict[str, Figure]] = {}
        for one in board.indicators:
            for child, figure in one.by_child(unit, period, subject):
                rows.setdefault(child, {})[one.code] = figure
        excused = board.excused(unit, period, subject)
        return Reading(
            figures={one.code: one.compute(unit, period, subject) for one in board.indicators},
            rows=list(rows.items()),
            first_names=lambda children, limit: _names_by_path(board.missing(unit, period, subject), unit, limit),
            excused=tuple(Counter(one.kind for one in excused).items()),
            excused_people=excused,
        )

    return read


def _names_by_path(people: Sequence[Missing], unit: OrgUnit, limit: int) -> dict[str, list[str]]:
    """The first names of each child of `unit`."""
    step = len(unit.path) + OrgUnit.steplen
    names: dict[str, list[str]] = {}
    for person in people:
        row = names.setdefault(person.path[:step], [])
        if len(row) < limit:
            row.append(person.name)
    return names


def _frozen(board: Board, unit: OrgUnit, period: Period) -> Before | None:
    """The figures of a year as they were frozen a year before, where nothing closer is known."""
    if not isinstance(period, Year):
        return None
    return frozen_before(unit, period.previous(), [one.code for one in board.cards])
