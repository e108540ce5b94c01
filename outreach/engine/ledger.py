"""The materials ledger as double entry (docs/rules.md “宣传资料台账”).

An entry is a handful of lines. A line changes one account of one batch at one place. The account STOCK is what lies
there; the other accounts say where it came from or went to, so that inside every entry the lines of a batch at a place
sum to zero. Hence at any time, for each batch and place, STOCK = −PRINTED − IN − OUT − HANDED − LOST − COUNTED, which
is the office's 结存 = 入库 + 调入 − 调出 − 发放 − 损耗 ± 盘点, as an identity rather than as a check.

    receive(batch, place, 5000)       place: STOCK +5000, PRINTED −5000
    transfer(batch, a, b, 300)        a: STOCK −300, OUT +300; b: STOCK +300, IN −300
    hand_out(batch, place, 120)       place: STOCK −120, HANDED +120
    reverse(lines)                    the same lines with the other sign
"""
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .refusals import NothingToReverse, NotPositive, SamePlace, Short, TooMuch

# One entry moves no more than this: a slip of the finger (a phone number in the box) is told.
MOST = 10_000_000


class Account(StrEnum):
    STOCK = "stock"  # 结存
    PRINTED = "printed"  # 入库
    OUT = "out"  # 调出
    IN = "in"  # 调入
    HANDED = "handed"  # 发放
    LOST = "lost"  # 损耗
    COUNTED = "counted"  # 盘点差异


class Kind(StrEnum):
    RECEIVE = "receive"
    TRANSFER = "transfer"
    HAND_OUT = "hand_out"
    SEND_BACK = "send_back"
    LOSE = "lose"
    COUNT = "count"
    REVERSE = "reverse"


# The sign with which an account enters the office's formula: what a page shows as 入库 is −PRINTED.
SIGNS = {
    Account.STOCK: 1, Account.PRINTED: -1, Account.IN: -1, Account.OUT: 1, Account.HANDED: 1, Account.LOST: 1,
    Account.COUNTED: -1,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """`batch` and `place` are keys; `quantity` is never 0."""

    batch: int
    place: int
    account: Account
    quantity: int


Lines = tuple[Line, ...]
Pair = tuple[int, int]  # batch, place
Daily = Mapping[date, int]  # change of the stock of one pair on each day


def receive(batch: int, place: int, quantity: int) -> Lines:
    """入库: a print batch, or a part of it, arrives."""
    return _change(batch, place, _positive(quantity), Account.PRINTED)


def transfer(batch: int, place: int, to: int, quantity: int) -> Lines:
    """调拨, and 退回 the other way."""
    if place == to:
        raise SamePlace(place)
    _positive(quantity)
    return _change(batch, place, -quantity, Account.OUT) + _change(batch, to, quantity, Account.IN)


def hand_out(batch: int, place: int, quantity: int) -> Lines:
    """发放."""
    return _change(batch, place, -_positive(quantity), Account.HANDED)


def lose(batch: int, place: int, quantity: int) -> Lines:
    """损耗."""
    return _change(batch, place, -_positive(quantity), Account.LOST)


def count(batch: int, place: int, *, booked: int, counted: int) -> Lines:
    """盘点: what brings the books to what was counted; no line when they agree."""
    if not 0 <= counted <= MOST:
        raise TooMuch(MOST) if counted > MOST else NotPositive(counted)
    difference = counted - booked
    return _change(batch, place, difference, Account.COUNTED) if difference else ()


def reverse(lines: Iterable[Line]) -> Lines:
    """冲正: the same with the other sign."""
    reversed_ = tuple(Line(one.batch, one.place, one.account, -one.quantity) for one in lines)
    if not reversed_:
        raise NothingToReverse
    return reversed_


def stock_changes(lines: Iterable[Line]) -> dict[Pair, int]:
    """What these lines do to the stock of each batch at each place, in the order in which all locks are taken."""
    changes: dict[Pair, int] = defaultdict(int)
    for line in lines:
        if line.account is Account.STOCK:
            changes[line.batch, line.place] += line.quantity
    return dict(sorted(changes.items()))


def least_from(daily: Daily, day: date) -> tuple[int, date]:
    """The smallest stock at the end of `day` or of any later day, and that day.

    So much may be taken on `day`: an entry written late must not leave less than nothing on a day that has passed.
    """
    running = sum(change for at, change in daily.items() if at <= day)
    least = (running, day)
    for at in sorted(at for at in daily if at > day):
        running += daily[at]
        least = min(least, (running, at))
    return least


class Books:
    """The stock of some batches at some places, day by day, while entries are tried one after the other."""

    def __init__(self, daily: Mapping[Pair, Daily]):
        self._daily = {pair: dict(days) for pair, days in daily.items()}

    def stock(self, batch: int, place: int, day: date) -> int:
        """At the end of `day`."""
        return sum(change for at, change in self._daily.get((batch, place), {}).items() if at <= day)

    def enter(self, lines: Iterable[Line], day: date) -> dict[Pair, int]:
        """Take an entry in and return its stock changes.

        Raises:
            Short: a stock would be below zero, on that day or later. Nothing was taken in then.
        """
        changes = stock_changes(lines)
        for (batch, place), change in changes.items():
            available, on = least_from(self._daily.get((batch, place), {}), day)
            if available + change < 0:
                raise Short(batch, place, max(available, 0), -change, on)
        for pair, change in changes.items():
            days = self._daily.setdefault(pair, {})
            days[day] = days.get(day, 0) + change
        return changes


def _positive(quantity: int) -> int:
    if quantity <= 0:
        raise NotPositive(quantity)
    if quantity > MOST:
        raise TooMuch(MOST)
    return quantity


def _change(batch: int, place: int, stock: int, other: Account) -> Lines:
    return Line(batch, place, Account.STOCK, stock), Line(batch, place, other, -stock)
