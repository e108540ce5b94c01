"""Writing entries into the ledger: the one place that adds lines and changes a stock.

Every entry locks the stocks it touches, always in the same order, reads their days, asks the engine and writes
movement, lines and stocks in one transaction. On SQLite the transaction itself is the lock.
"""
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from mingfa.people.models import User
from wagtail.log_actions import log

from ..engine import ledger
from ..engine.ledger import Books, Kind, Lines, Pair
from ..engine.refusals import FormUsed, InTheFuture, Short
from ..models import Activity, LedgerImport, Line, Movement, Stock, StockTaking


@dataclass(frozen=True)
class Entry:
    """What is to be written. A stock-taking has no lines yet: they depend on what the books say under the lock."""

    kind: Kind
    day: date
    lines: Lines = ()
    count: tuple[int, int, int] | None = None  # batch, place, what was counted
    spot: str = ""
    note: str = ""
    reverses: Movement | None = None
    activity: Activity | None = None
    source: LedgerImport | None = None
    key: UUID = field(default_factory=uuid4)

    @property
    def pairs(self) -> set[Pair]:
        return {self.count[:2]} if self.count else {(one.batch, one.place) for one in self.lines}


def post(entries: Sequence[Entry], *, by: User, now: datetime) -> list[Movement]:
    """Write entries in this order, all or none. An entry whose key is written already is not written again.

    Raises:
        Short: with the number of the entry (from 0) that would take what is not there.
        InTheFuture, FormUsed
    """
    today = timezone.localdate(now)
    for entry in entries:
        if entry.day > today:
            raise InTheFuture(entry.day)
    with transaction.atomic():
        stocks = _locked(sorted(set().union(*(entry.pairs for entry in entries))))
        known = {one.key: one for one in Movement.objects.filter(key__in=[entry.key for entry in entries])}
        fresh = [entry for entry in entries if entry.key not in known]
        for entry in entries:
            if entry.key in known:
                _same_or_refuse(entry, known[entry.key])
        found, booked, changes = _entered(fresh, Books(_days(stocks)))
        made = Movement.objects.bulk_create(
            Movement(
                kind=entry.kind.value, happened_on=entry.day, spot=entry.spot, note=entry.note,
                reverses=entry.reverses, activity=entry.activity, key=entry.key, source=entry.source, recorded_at=now, by=by,
            )
            for entry in fresh
        )  # fmt: skip
        _write_lines(made, found)
        _write_takings(made, fresh, booked)
        _write_stocks(stocks, changes)
        for entry, movement in zip(fresh, made, strict=True):
            # A file of entries is one line of the log, written by its own action.
            if entry.source is None:
                data = {"day": entry.day.isoformat(), "stocks": sorted(entry.pairs)}
                log(movement, f"outreach.{entry.kind.value}", user=by, timestamp=now, data=data)
    known |= {one.key: one for one in made}
    return [known[entry.key] for entry in entries]


def _locked(pairs: list[Pair]) -> dict[Pair, Stock]:
    """The stocks of these pairs, made where there was none, locked in the order of their keys."""
    batches, places = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    asked = Stock.objects.filter(batch__in=batches, place__in=places).order_by("batch", "place")
    there = {(one.batch_id, one.place_id) for one in asked}
    missing = [Stock(batch_id=batch, place_id=place) for batch, place in pairs if (batch, place) not in there]
    Stock.objects.bulk_create(missing, ignore_conflicts=True)
    locked = {(one.batch_id, one.place_id): one for one in asked.select_for_update()}
    return {pair: locked[pair] for pair in pairs}


def _days(stocks: dict[Pair, Stock]) -> dict[Pair, dict[date, int]]:
    """What changed each stock on each day, read after the locks are held."""
    sums = Line.objects.filter(
        account=Line.Account.STOCK, batch__in={pair[0] for pair in stocks}, place__in={pair[1] for pair in stocks}
    )
    daily: dict[Pair, dict[date, int]] = defaultdict(dict)
    rows = sums.values_list("batch", "place", "movement__happened_on").annotate(Sum("quantity")).order_by()
    for batch, place, day, change in rows:
        daily[batch, place][day] = change
    return daily


def _entered(entries: list[Entry], books: Books) -> tuple[list[Lines], list[int], dict[Pair, int]]:
    """The lines of each entry, what the books said before each 盘点 (else 0), and what all do to each stock."""
    found: list[Lines] = []
    booked: list[int] = []
    changes: dict[Pair, int] = defaultdict(int)
    for number, entry in enumerate(entries):
        lines, said = entry.lines, 0
        if entry.count:
            batch, place, counted = entry.count
            said = books.stock(batch, place, entry.day)
            lines = ledger.count(batch, place, booked=said, counted=counted)
        try:
            done = books.enter(lines, entry.day)
        except Short as short:
            short.entry = number
            raise
        for pair, change in done.items():
            changes[pair] += change
        found.append(lines)
        booked.append(said)
    return found, booked, changes


def _write_lines(movements: list[Movement], found: list[Lines]) -> None:
    Line.objects.bulk_create(
        Line(
            movement=movement, batch_id=one.batch, place_id=one.place, account=one.account.value, quantity=one.quantity
        )
        for movement, lines in zip(movements, found, strict=True)
        for one in lines
    )


def _write_takings(movements: list[Movement], entries: list[Entry], booked: list[int]) -> None:
    StockTaking.objects.bulk_create(
        StockTaking(movement=movement, batch_id=entry.count[0], place_id=entry.count[1], booked=said, counted=entry.count[2])
        for movement, entry, said in zip(movements, entries, booked, strict=True)
        if entry.count
    )


def _write_stocks(stocks: dict[Pair, Stock], changes: dict[Pair, int]) -> None:
    changed = [stocks[pair] for pair, change in changes.items() if change]
    for pair, change in changes.items():
        stocks[pair].balance += change
    Stock.objects.bulk_update(changed, ["balance"])


def _same_or_refuse(entry: Entry, movement: Movement) -> None:
    """The same form again is the same entry; a changed one was meant to be another."""
    same = movement.kind == entry.kind and movement.happened_on == entry.day
    if entry.count:
        taken = StockTaking.objects.filter(movement=movement).values_list("batch_id", "place_id", "counted").first()
        same = same and taken == entry.count
    else:
        written = {(one.batch_id, one.place_id, one.account, one.quantity) for one in movement.lines.all()}
        same = same and written == {(one.batch, one.place, one.account.value, one.quantity) for one in entry.lines}
    if not same:
        raise FormUsed
