"""A board put together: the figures of a unit and its children, who is missing, who is excused."""
from collections import Counter
from dataclasses import dataclass

from mingfa.people import access
from mingfa.people.models import OrgUnit, User
from mingfa.periods import Period

from .figures import Figure
from .registry import NAMES_FOR, Board, Excused, Indicator, Missing, Subject, boards

NAMES_IN_A_ROW = 4


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
    names: tuple[str, ...]

    @property
    def more(self) -> bool:
        return self.figure.short > len(self.names)


@dataclass(frozen=True)
class Table:
    """Everything on the page of one unit."""

    unit: OrgUnit
    choice: Choice
    cards: tuple[tuple[Indicator, Figure], ...]
    columns: tuple[Figure, ...]
    rows: tuple[Row, ...]
    excused: tuple[Excused, ...]
    with_names: bool

    @property
    def figure(self) -> Figure:
        return self.cards[0][1]

    @property
    def excused_counts(self) -> list[tuple[str, int]]:
        """(免考, heads), (缓考, heads), those without anybody left out."""
        return list(Counter(one.kind for one in self.excused).items())


def choices(user: User, unit: OrgUnit, period: Period) -> list[Choice]:
    """What this person may look at for this unit."""
    return [
        Choice(board, subject)
        for board in boards()
        if access.holds(user, *board.roles, unit=unit)
        for subject in board.subjects(unit, period)
    ]


def may_see_names(user: User, unit: OrgUnit) -> bool:
    return access.holds(user, *NAMES_FOR, unit=unit)


def figure_named(choice: Choice, code: str) -> Indicator | None:
    """The figure of the board that an address asks names for, the leading one by default; None if it has none."""
    if not code:
        return choice.board.lead
    return next((one for one in choice.board.indicators if one.code == code and one.has_names), None)


def people_behind(choice: Choice, indicator: Indicator, unit: OrgUnit, period: Period) -> list[Missing]:
    """Those who still stand between this figure and 100%."""
    names = indicator.behind or choice.board.missing
    return names(unit, period, choice.subject.key)


def table(user: User, choice: Choice, unit: OrgUnit, period: Period) -> Table:
    """The board of one unit; rows sorted by how many are missing, most first. The same number of queries
    whatever the number of units and people."""
    board, subject = choice.board, choice.subject.key
    with_names = may_see_names(user, unit)
    figures = {one.code: one.compute(unit, period, subject) for one in board.indicators}
    beside = [dict(_by_unit(one, unit, period, subject)) for one in board.columns]
    names = _names_by_path(board.missing(unit, period, subject), unit) if with_names else {}
    rows = [
        Row(child, figure, tuple(column[child] for column in beside), tuple(names.get(child.path, ())))
        for child, figure in _by_unit(board.lead, unit, period, subject)
    ]
    return Table(
        unit=unit,
        choice=choice,
        cards=tuple((one, figures[one.code]) for one in board.cards),
        columns=tuple(figures[one.code] for one in board.columns),
        rows=tuple(sorted(rows, key=lambda row: (-row.figure.short, row.unit.path))),
        excused=tuple(board.excused(unit, period, subject)) if with_names else (),
        with_names=with_names,
    )


def _by_unit(indicator: Indicator, unit: OrgUnit, period: Period, subject: str) -> list[tuple[OrgUnit, Figure]]:
    return indicator.by_child(unit, period, subject)


def _names_by_path(people: list[Missing], unit: OrgUnit) -> dict[str, list[str]]:
    """The first names of each child of `unit`."""
    step = len(unit.path) + OrgUnit.steplen
    names: dict[str, list[str]] = {}
    for person in people:
        row = names.setdefault(person.path[:step], [])
        if len(row) < NAMES_IN_A_ROW:
            row.append(person.name)
    return names
