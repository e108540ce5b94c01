"""What people write into the ledger, one function for each 事项. Corrections are reversing entries, never edits."""
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from mingfa.people.models import OrgUnit, User

from ..engine import ledger
from ..engine.ledger import Account, Kind
from ..engine.refusals import AlreadyReversed, IsReversal, NoReason, NotUpwards
from ..models import Batch, Material, Movement
from .posting import Entry, post


def _write(entry: Entry, *, by: User, now: datetime) -> Movement:
    return post([entry], by=by, now=now)[0]


def receive_print(
    material: Material, *, label: str, place: OrgUnit, quantity: int, day: date, by: User, now: datetime,
    note: str = "", key: UUID | None = None,
) -> Movement:  # fmt: skip
    """入库: copies of the batch `label` arrive at `place`; the batch is made with its first entry.

    Raises:
        NotPositive, TooMuch, InTheFuture, FormUsed
    """
    with transaction.atomic():
        batch, _ = Batch.objects.get_or_create(material=material, label=label.strip())
        lines = ledger.receive(batch.pk, place.pk, quantity)
        return _write(Entry(Kind.RECEIVE, day, lines, note=note, key=key or uuid4()), by=by, now=now)


def transfer_stock(
    batch: Batch, *, place: OrgUnit, to: OrgUnit, quantity: int, day: date, by: User, now: datetime, note: str = "",
    key: UUID | None = None,
) -> Movement:  # fmt: skip
    """调拨: from one place to another, at once.

    Raises:
        Short, SamePlace, NotPositive, TooMuch, InTheFuture, FormUsed
    """
    lines = ledger.transfer(batch.pk, place.pk, to.pk, quantity)
    return _write(Entry(Kind.TRANSFER, day, lines, note=note, key=key or uuid4()), by=by, now=now)


def send_back(
    batch: Batch, *, place: OrgUnit, to: OrgUnit, quantity: int, day: date, by: User, now: datetime, note: str = "",
    key: UUID | None = None,
) -> Movement:  # fmt: skip
    """退回: what is left over goes back to a store above.

    Raises:
        NotUpwards, Short, NotPositive, TooMuch, InTheFuture, FormUsed
    """
    if place.pk == to.pk or not place.path.startswith(to.path):
        raise NotUpwards(to.pk)
    lines = ledger.transfer(batch.pk, place.pk, to.pk, quantity)
    return _write(Entry(Kind.SEND_BACK, day, lines, note=note, key=key or uuid4()), by=by, now=now)


def hand_out(
    items: Iterable[tuple[Batch, int]], *, place: OrgUnit, day: date, by: User, now: datetime, spot: str, note: str = "",
    key: UUID | None = None,
) -> Movement:  # fmt: skip
    """发放: copies of one or more batches out of the stock of `place`, in one entry, to the people at `spot`.

    Raises:
        Short, NotPositive, TooMuch, InTheFuture, FormUsed
    """
    wanted: dict[int, int] = {}
    for batch, quantity in items:
        wanted[batch.pk] = wanted.get(batch.pk, 0) + quantity
    lines = tuple(line for batch, quantity in wanted.items() for line in ledger.hand_out(batch, place.pk, quantity))
    return _write(Entry(Kind.HAND_OUT, day, lines, spot=spot, note=note, key=key or uuid4()), by=by, now=now)


def record_loss(
    batch: Batch, *, place: OrgUnit, quantity: int, day: date, by: User, now: datetime, note: str, key: UUID | None = None
) -> Movement:
    """损耗: spoilt or lost, with the reason.

    Raises:
        NoReason, Short, NotPositive, TooMuch, InTheFuture, FormUsed
    """
    if not note.strip():
        raise NoReason
    lines = ledger.lose(batch.pk, place.pk, quantity)
    return _write(Entry(Kind.LOSE, day, lines, note=note, key=key or uuid4()), by=by, now=now)


def take_stock(
    batch: Batch, *, place: OrgUnit, counted: int, day: date, by: User, now: datetime, note: str = "",
    key: UUID | None = None,
) -> Movement:  # fmt: skip
    """盘点: what lies there at the end of `day`. The books follow the count; one that agrees is written down too.

    Raises:
        Short: later hand-outs need more than was counted.
        NotPositive, TooMuch, InTheFuture, FormUsed
    """
    # The lines are made again under the lock; this refuses an impossible number before anything is locked.
    ledger.count(batch.pk, place.pk, booked=0, counted=counted)
    entry = Entry(Kind.COUNT, day, count=(batch.pk, place.pk, counted), note=note, key=key or uuid4())
    return _write(entry, by=by, now=now)


def reverse_movement(movement: Movement, *, note: str, by: User, now: datetime, key: UUID | None = None) -> Movement:
    """冲正: today's entry with the other sign, once. The entry itself stays as it is.

    Raises:
        NoReason, IsReversal, AlreadyReversed, NothingToReverse, Short
    """
    if not note.strip():
        raise NoReason
    with transaction.atomic():
        movement = Movement.objects.select_for_update().get(pk=movement.pk)
        if movement.kind == Movement.Kind.REVERSE:
            raise IsReversal
        if Movement.objects.filter(reverses=movement).exists():
            raise AlreadyReversed
        lines = ledger.reverse(
            ledger.Line(one.batch_id, one.place_id, Account(one.account), one.quantity) for one in movement.lines.all()
        )
        entry = Entry(
            Kind.REVERSE, timezone.localdate(now), lines, note=note, reverses=movement, activity=movement.activity,
            key=key or uuid4(),
        )  # fmt: skip
        return _write(entry, by=by, now=now)
