"""Activities: drafts out of the calendar, the record with what was handed out, and the second person's check."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine import ledger
from ..engine.ledger import Kind, Lines
from ..engine.photos import Clean
from ..engine.refusals import FormUsed, InTheFuture, NoReason, OwnRecord, WrongState
from ..models import Activity, Campaign, Movement, Stock
from .ledger import reverse_movement
from .photos import keep_photos
from .posting import Entry, post

Handed = Sequence[tuple[Stock, int]]


@dataclass(frozen=True)
class Record:
    """What was held, as the form says it."""

    name: str
    form: str
    held_on: date
    spot: str
    audience: int
    consulted: int | None = None
    is_counted: bool = False
    received: int | None = None
    aided: int | None = None
    suggestions: int | None = None
    displays: int | None = None
    online: int | None = None
    media: str = ""
    partners: str = ""
    note: str = ""
    legal_day: str = ""
    staff: str = ""
    campaign: Campaign | None = None


def plan_activities(
    *, legal_day: str, name: str, held_on: date, units: Iterable[OrgUnit], by: User, now: datetime
) -> list[Activity]:
    """A draft for each unit that has neither a draft nor a record for this 节点 in that year; the new ones. A draft
    belongs to the approved campaign for that 节点 of the unit or of one above it, where there is one."""
    units = list(units)
    running = list(
        Campaign.objects.filter(legal_day=legal_day, starts_on__year=held_on.year, state=Campaign.State.APPROVED)
        .select_related("unit").order_by("-unit__depth", "pk")
    )  # fmt: skip
    with transaction.atomic():
        # The lock makes the second of two who press the button wait, and find the drafts.
        list(OrgUnit.objects.select_for_update().filter(pk__in=[one.pk for one in units]).order_by("pk"))
        there = set(
            Activity.objects.filter(legal_day=legal_day, year=held_on.year, unit__in=units).values_list("unit", flat=True)
        )
        made = Activity.objects.bulk_create(
            Activity(
                name=f"{unit.name}{name}活动"[:80], unit=unit, legal_day=legal_day, year=held_on.year, held_on=held_on,
                key=uuid4(), by=by, recorded_at=now,
                campaign=next((one for one in running if unit.path.startswith(one.unit.path)), None),
            )
            for unit in units
            if unit.pk not in there
        )  # fmt: skip
        for activity in made:
            log(activity, "outreach.plan_activities", user=by, timestamp=now, data={"legal_day": legal_day})
    return made


def record_activity(
    record: Record, *, unit: OrgUnit, handed: Handed, by: User, now: datetime, key: UUID | None = None,
    photos: Sequence[Clean] = (),
) -> Activity:  # fmt: skip
    """The record, its hand-outs and photos, all or nothing. The same form sent twice is one activity.

    A draft of the same unit and campaign, or of the same unit and 节点, becomes this record.

    Raises:
        InTheFuture, Short, NotPositive, TooMuch, TooManyPhotos
        FormUsed: the key belongs to another record.
    """
    key = key or uuid4()
    _check_day(record, now)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if there := Activity.objects.filter(key=key).first():
            if (there.name, there.unit_id, there.held_on) != (record.name, unit.pk, record.held_on):
                raise FormUsed
            return there
        activity = _draft_for(record, unit) or Activity(unit=unit)
        _fill(activity, record, by=by, now=now)
        activity.key = key
        activity.save()
        _hand_out(activity, handed, by=by, now=now)
        keep_photos(activity, photos, by=by, now=now)
        log(activity, "outreach.record_activity", user=by, timestamp=now, data={"held_on": record.held_on.isoformat()})
    return activity


def _draft_for(record: Record, unit: OrgUnit) -> Activity | None:
    """The draft that this record is of: the one planned nearest to its day."""
    drafts = Activity.objects.select_for_update().filter(unit=unit, state=Activity.State.DRAFT)
    found: list[Activity] = []
    if record.campaign:
        found = list(drafts.filter(campaign=record.campaign))
    if not found and record.legal_day:
        found = list(drafts.filter(legal_day=record.legal_day, year=record.held_on.year))
    return min(found, key=lambda one: abs(one.held_on - record.held_on), default=None)


def revise_activity(
    activity: Activity, record: Record, *, handed: Handed, by: User, now: datetime, photos: Sequence[Clean] = ()
) -> Activity:
    """The record as it should have been, after it was returned or before anybody looked. It waits for a check again.

    Other hand-outs than before: the entries are reversed and written anew; the ledger keeps both.

    Raises:
        WrongState: it is approved.
        InTheFuture, Short, NotPositive, TooMuch, TooManyPhotos
    """
    _check_day(record, now)
    with transaction.atomic():
        activity = _locked(activity, Activity.State.DRAFT, Activity.State.RECORDED, Activity.State.RETURNED)
        standing = list(_standing(activity))
        before = {(one.batch_id, one.place_id): -one.quantity for entry in standing for one in _stock_lines(entry)}
        wanted = _wanted(handed)
        moved = before != wanted or any(entry.happened_on != record.held_on for entry in standing)
        _fill(activity, record, by=by, now=now)
        activity.save()
        if moved:
            for entry in standing:
                reverse_movement(entry, note="活动记录修改", by=by, now=now)
            _hand_out(activity, handed, by=by, now=now)
        keep_photos(activity, photos, by=by, now=now)
        log(activity, "outreach.revise_activity", user=by, timestamp=now, data={"handed_anew": moved})
    return activity


def decide_activity(activity: Activity, *, approved: bool, opinion: str, by: User, now: datetime) -> Activity:
    """审核 by a second person: approve, or return with a reason.

    Raises:
        WrongState: it does not wait for a check.
        OwnRecord, NoReason
    """
    if not approved and not opinion.strip():
        raise NoReason
    with transaction.atomic():
        activity = _locked(activity, Activity.State.RECORDED)
        if activity.by_id == by.pk:
            raise OwnRecord
        activity.state = Activity.State.APPROVED if approved else Activity.State.RETURNED
        activity.decided_by, activity.decided_at, activity.opinion = by, now, opinion.strip()
        activity.save()
        log(activity, f"outreach.{'approve' if approved else 'return'}_activity", user=by, timestamp=now)
    return activity


def _locked(activity: Activity, *states: str) -> Activity:
    found = Activity.objects.select_for_update().get(pk=activity.pk)
    if found.state not in states:
        raise WrongState(found.get_state_display())
    return found


def _check_day(record: Record, now: datetime) -> None:
    if record.held_on > timezone.localdate(now):
        raise InTheFuture(record.held_on)


def _fill(activity: Activity, record: Record, *, by: User, now: datetime) -> None:
    for one in fields(record):
        setattr(activity, one.name, getattr(record, one.name))
    # What a draft was planned for stays when the form does not say so again.
    if activity.stop_id and activity.campaign_id is None:
        activity.campaign = activity.stop.campaign
    activity.year, activity.state = record.held_on.year, Activity.State.RECORDED
    activity.by, activity.recorded_at = by, now
    activity.decided_by = activity.decided_at = None


def _wanted(handed: Handed) -> dict[tuple[int, int], int]:
    wanted: dict[tuple[int, int], int] = {}
    for stock, quantity in handed:
        pair = stock.batch_id, stock.place_id
        wanted[pair] = wanted.get(pair, 0) + quantity
    return wanted


def _hand_out(activity: Activity, handed: Handed, *, by: User, now: datetime) -> None:
    lines: Lines = tuple(
        line for (batch, place), number in _wanted(handed).items() for line in ledger.hand_out(batch, place, number)
    )
    if lines:
        entry = Entry(Kind.HAND_OUT, activity.held_on, lines, spot=activity.spot, activity=activity)
        post([entry], by=by, now=now)


def _standing(activity: Activity):
    """Its hand-outs that nobody has reversed."""
    return activity.movements.filter(kind=Movement.Kind.HAND_OUT, reversed_by=None)


def _stock_lines(entry: Movement):
    return entry.lines.filter(account="stock")
