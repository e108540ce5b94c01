"""The indicators of all apps and the boards that show them. Discovers `<app>.indicators`, knows no app.

An app registers what it can count (Indicator) and, where leaders ask whom to talk to today, a Board: the
indicators read together for one subject (an exam, a course), who is still missing, and who is excused.
"""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mingfa.indicators.figures import Figure
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Period


@dataclass(frozen=True)
class Indicator:
    """数据 with its definition.

    `compute(unit, period, subject=None)` gives the figure of the unit and all below it.
    `by_child(unit, period, subject=None)` gives `[(unit, Figure), …]`, one entry a direct child that has
    anybody to count, and `unit` itself when people stand directly in it. `subject` is the key of a Subject.
    `behind(unit, period, subject)` names those in the whole who are not in the part, called `behind_words`.
    """

    code: str
    caption: str
    definition: str
    compute: Callable[..., Figure]
    by_child: Callable[..., list[tuple[object, Figure]]] | None = None
    formula: str = ""
    behind: Callable[..., Sequence["Missing"]] | None = None
    behind_words: str = ""
    # Whether numerator and denominator are people: a small group is not singled out in public.
    of_people: bool = False
    # 份, 场, 人次: what a count counts. `entered`: typed in from a document (entered.py), not counted here.
    measure: str = ""
    entered: bool = False
    entered_rate: bool = False
    # (units, period) -> key of each unit -> its figure; the same number of statements whatever the number of units.
    together: Callable[..., dict[int, Figure]] | None = None

    def of_units(self, units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
        """Key of each unit → what `compute` gives for it."""
        if self.together is not None:
            return self.together(units, period)
        return {unit.pk: self.compute(unit, period) for unit in units}

    @property
    def has_names(self) -> bool:
        """For templates, which would call `behind` itself."""
        return self.behind is not None


@dataclass(frozen=True)
class Subject:
    """What a board can be narrowed to: one exam, one course. `facts` is a sentence for its head, `url` a page with more
    of it that checks its reader itself."""

    key: str
    name: str
    facts: str = ""
    as_of: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Missing:
    """Somebody who still has to do it. `path` is the unit's place in the tree, `why` how far it got."""

    name: str
    unit_id: int
    unit: str
    path: str
    why: str = ""


@dataclass(frozen=True)
class Excused:
    """Somebody who is not counted, by name and reason (domain guide §3): 免考, 缓考."""

    name: str
    unit: str
    kind: str
    reason: str


# Who may see by name whom something still waits for (domain guide §1).
NAMES_FOR = (Role.LEADER, Role.LIAISON)


def _nobody(unit, period, subject) -> list:
    return []


@dataclass(frozen=True)
class Day:
    """How many came on one day; `most` on the busiest of the days it stands with."""

    day: date
    heads: int
    most: int

    @property
    def width(self) -> str:
        return f"{self.heads * 100 // self.most if self.most else 0}%"


@dataclass(frozen=True)
class Forecast:
    """What the leading figure will be at the end if it goes on like this; `how` names the pace."""

    figure: Figure
    at: str
    how: str


@dataclass(frozen=True)
class Before:
    """The same figures a year before, by code: of `name`, on the board of `key` and `period` where there is one."""

    name: str
    figures: dict[str, Figure]
    key: str = ""
    period: str = ""


@dataclass(frozen=True)
class Reading:
    """A board read for one unit at one moment, so that the rows add up to the totals.

    `figures` by code of the indicator, of the unit and all below it; `rows` the same for each child with anybody to count
    and for `unit` itself where people stand directly in it. `first_names(children, limit)` gives the first missing ones of
    these rows by path. `excused` are (kind, heads), `excused_people` who they are; `sum_words` says how the whole comes about.
    """

    figures: dict[str, Figure]
    rows: list[tuple[object, dict[str, Figure]]]
    first_names: Callable[..., dict[str, list[str]]]
    excused: tuple[tuple[str, int], ...] = ()
    excused_people: Sequence[Excused] = ()
    sum_words: str = ""
    days: tuple[Day, ...] = ()
    forecast: Forecast | None = None
    before: Before | None = None


@dataclass(frozen=True)
class Board:
    """Indicators of one kind of subject on one page.

    `cards` stand above the table as large figures; the first of them leads: its bar, its missing people, its
    order of rows. `columns` stand in the table beside it. `subjects(unit, period)` lists what can be chosen
    for a unit, the most pressing first; `missing` and `excused` take `(unit, period, subject)` and give a sequence that
    may read only the part that is asked of it. `read` takes the same and gives everything at once; without it every
    indicator is asked for itself. `roles` may read the figures; names are for 领导 and 单位联络员 only. The words are
    said of people: 还没参加的人.
    """

    code: str
    caption: str
    cards: tuple[Indicator, ...]
    subjects: Callable[[object, Period], list[Subject]]
    missing: Callable[..., Sequence[Missing]]
    columns: tuple[Indicator, ...] = ()
    excused: Callable[..., Sequence[Excused]] = _nobody
    read: Callable[..., Reading] | None = None
    roles: tuple[str, ...] = NAMES_FOR
    whole_words: str = "应考"
    part_words: str = "实考"
    missing_words: str = "还没参加的人"
    all_words: str = "全部参加"

    @property
    def lead(self) -> Indicator:
        return self.cards[0]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Each once, in the order shown."""
        return tuple(dict.fromkeys((*self.cards, *self.columns)))


_indicators: dict[str, Indicator] = {}
_boards: dict[str, Board] = {}


def register(indicator: Indicator) -> Indicator:
    """Raises ValueError when another indicator already has this code."""
    if _indicators.setdefault(indicator.code, indicator) is not indicator:
        raise ValueError(f"indicator {indicator.code} registered twice")
    return indicator


def register_board(board: Board) -> Board:
    """Register the board and its indicators."""
    if _boards.setdefault(board.code, board) is not board:
        raise ValueError(f"board {board.code} registered twice")
    for indicator in board.indicators:
        register(indicator)
    return board


def indicators() -> list[Indicator]:
    return list(_indicators.values())


def indicator(code: str) -> Indicator:
    """Raises KeyError for an unknown code."""
    return _indicators[code]


def boards() -> list[Board]:
    return list(_boards.values())
