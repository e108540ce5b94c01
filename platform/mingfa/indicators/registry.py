"""The indicators of all apps and the boards that show them. Discovers `<app>.indicators`, knows no app.

An app registers what it can count (Indicator) and, where leaders ask whom to talk to today, a Board: the
indicators read together for one subject (an exam, a course), who is still missing, and who is excused.
"""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mingfa.indicators.figures import Figure
from mingfa.people.models import Role
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
    behind: Callable[..., list["Missing"]] | None = None
    behind_words: str = ""

    @property
    def has_names(self) -> bool:
        """For templates, which would call `behind` itself."""
        return self.behind is not None


@dataclass(frozen=True)
class Subject:
    """What a board can be narrowed to: one exam, one course. `facts` is a sentence for its head."""

    key: str
    name: str
    facts: str = ""
    as_of: datetime | None = None


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
class Board:
    """Indicators of one kind of subject on one page.

    `cards` stand above the table as large figures; the first of them leads: its bar, its missing people, its
    order of rows. `columns` stand in the table beside it. `subjects(unit, period)` lists what can be chosen
    for a unit, the most pressing first; `missing` and `excused` take `(unit, period, subject)`. `roles` may
    read the figures; names are for 领导 and 单位联络员 only. The words are said of people: 还没参加的人.
    """

    code: str
    caption: str
    cards: tuple[Indicator, ...]
    subjects: Callable[[object, Period], list[Subject]]
    missing: Callable[..., list[Missing]]
    columns: tuple[Indicator, ...] = ()
    excused: Callable[..., list[Excused]] = _nobody
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
