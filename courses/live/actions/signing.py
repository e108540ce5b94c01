"""Signing in: by the QR on the wall, by the spoken code, by the steward; one row per person and round."""
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from mingfa import sockets
from mingfa.audit import record
from mingfa.people.models import User

from ..board import Actor, check_command, proof
from ..board.refusals import BadCode, Gone, NotAllowed, NotOnRoster, OtherDevice, SamePerson, TooOften
from ..facts import events_of
from ..models import CheckIn, RosterEntry, Training, Venue
from .log import group_of

# Steps of 10 s that a device's clock may be off when it sends late.
SLACK = 12
TRIES = 5  # a minute: each person's, and the wrong ones of a venue
MINUTE = 60
# How far a device's clock may be ahead of ours.
AHEAD = timedelta(minutes=2)


def check_in(training_id: int, data: object, *, actor: Actor, now: datetime) -> CheckIn:
    """Sign `actor` in with a scanned or spoken code. Once more in the same round is the same sign-in.

    A phone that had no line sends later what it scanned, with `made_at`: it is kept with both times and counts
    when the steward has confirmed it, because a forwarded picture could be sent the same way (LR5).

    Raises:
        board.Refusal: TooOften, BadCode, NotOnRoster, OtherDevice, Gone (no round), WrongMoment, BadData.
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        data = check_command("checkin", data, role=actor.role, state=training.state)
        entry = RosterEntry.objects.select_related("venue").filter(training=training, user=actor.id).first()
        if entry is None:
            raise NotOnRoster
        _count_try(f"u{actor.id}", training_id)
        found = _prove(training, entry.venue, data["code"], _made_at(data["made_at"], now), now)
        facts = {
            "how": found.how, "needs_second": found.late, "device": data["device"], "made_at": found.made_at,
            "received_at": now,
        }  # fmt: skip
        row = keep_once(training, found.venue, actor.id, found.round, facts)
    sockets.notify(group_of(training_id), {"type": "live.rows"})
    return row


def tick(training_id: int, data: object, *, actor: Actor, now: datetime) -> CheckIn:
    """代签: the steward ticks somebody without a phone on the roster; it counts when a second person has confirmed.

    Raises:
        board.Refusal: NotOnRoster (of this venue), WrongMoment, BadData.
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        data = check_command("tick", data, role=actor.role, state=training.state)
        entry = _entry(training, data["who"], actor)
        made_at = _made_at(data["made_at"], now) or now
        # The round that ran when it was ticked; a tick between rounds stands for the whole class (round 0).
        number = data["round"] or round_at(training, made_at) or 0
        if data["round"] and not training.events.filter(kind="checkin.open", data__round=number).exists():
            raise Gone("checkin")
        facts = {"made_at": made_at, "received_at": now, "how": CheckIn.How.STEWARD, "needs_second": True}
        found = keep_once(training, entry.venue, data["who"], number, {**facts, "ticked_by_id": actor.id, "device": ""})
    sockets.notify(group_of(training_id), {"type": "live.rows"})
    return found


def confirm(training_id: int, data: object, *, actor: Actor, now: datetime) -> int:
    """A second person confirms what was ticked or came late for somebody; how many sign-ins count now that did not.

    Raises:
        board.Refusal: NotOnRoster, SamePerson, Gone (nothing waits), WrongMoment, BadData.
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        data = check_command("confirm", data, role=actor.role, state=training.state)
        entry = _entry(training, data["who"], actor)
        waiting = CheckIn.objects.filter(training=training, user=data["who"], needs_second=True, confirmed_by=None)
        if not waiting.exists():
            raise Gone("checkin")
        mine = waiting.exclude(ticked_by=actor.id).exclude(user=actor.id)
        confirmed = mine.update(confirmed_by=actor.id, confirmed_at=now)
        if not confirmed:
            raise SamePerson
        said = {"who": data["who"], "venue": entry.venue_id, "checkins": confirmed}
        record(training, "live.confirm_checkin", user=User(pk=actor.id), now=now, data=said)
    sockets.notify(group_of(training_id), {"type": "live.rows"})
    return confirmed


def _entry(training: Training, who: int, actor: Actor) -> RosterEntry:
    """The roster's line of somebody the actor looks after."""
    entry = RosterEntry.objects.select_related("venue").filter(training=training, user=who).first()
    if entry is None:
        raise NotOnRoster
    if actor.role == "steward" and entry.venue_id != actor.venue:
        raise NotAllowed("tick", actor.role)
    return entry


def _made_at(milliseconds: int | None, now: datetime) -> datetime | None:
    """When the device says it was made, if that is not now; a clock that is ahead is not believed."""
    if milliseconds is None:
        return None
    try:
        made_at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadCode from None
    if made_at > now + AHEAD:
        return None
    return made_at if now - made_at > timedelta(milliseconds=2 * proof.STEP) else None


def round_at(training: Training, at: datetime) -> int | None:
    """The round that was open at a moment, by the log."""
    number = None
    for event in events_of(training.pk, ["checkin.open", "checkin.close"]):
        if event.at > at:
            break
        if event.kind == "checkin.open":
            closes_at = event.data["closes_at"]
            over = closes_at is not None and at.timestamp() * 1000 > closes_at
            number = None if over else event.data["round"]
        elif number == event.data["round"]:
            number = None
    return number


@dataclass(frozen=True)
class _Proof:
    round: int
    venue: Venue
    how: str
    made_at: datetime
    late: bool


def _prove(training: Training, own: Venue, code: str, made_at: datetime | None, now: datetime) -> _Proof:
    """What a code proves at this moment; else what it proved when the device says it was made.

    A phone's clock may be wrong: what is good now needs none of its word.
    """
    try:
        return _Proof(*_proved(training, own, code, now, slack=0), now, False)
    except (Gone, BadCode):
        if made_at is None:
            raise
    return _Proof(*_proved(training, own, code, made_at, slack=SLACK), made_at, True)


def _proved(training: Training, own: Venue, code: str, at: datetime, *, slack: int) -> tuple[int, Venue, str]:
    """(round, venue, how) of a code at a moment. `slack` is how many steps a QR may be off, beside the usual one."""
    number = round_at(training, at)
    if number is None:
        raise Gone("checkin")
    scanned = proof.read(code)
    if scanned is None:
        _check_wrong(f"v{own.pk}", training.pk)
        if code.strip() != proof.spoken(own.secret, training.pk, own.pk, number):
            _count_wrong(f"v{own.pk}", training.pk)
            raise BadCode
        return number, own, CheckIn.How.CODE
    venue = own if scanned.venue == own.pk else training.venues.filter(pk=scanned.venue).first()
    if venue is None or scanned.training != training.pk or not proof.is_genuine(venue.secret, scanned):
        raise BadCode
    milliseconds = round(at.timestamp() * 1000)
    near = abs(proof.step_at(milliseconds) - scanned.step) <= slack
    if not near and not proof.is_fresh(scanned, milliseconds):
        raise BadCode
    return number, venue, CheckIn.How.QR


def keep_once(training: Training, venue: Venue, user_id: int, number: int, facts: dict) -> CheckIn:
    """The person's sign-in of this round: the one there is, else a new one."""
    found = CheckIn.objects.filter(training=training, user=user_id, round=number).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return CheckIn.objects.create(training=training, venue=venue, user_id=user_id, round=number, **facts)
    except IntegrityError:
        raise OtherDevice from None


def _key(who: str, training_id: int) -> str:
    return f"live.tries.{training_id}.{who}"


def _count_try(who: str, training_id: int) -> None:
    """Raises TooOften after TRIES in a minute; counts per process, which is enough against four digits."""
    key = _key(who, training_id)
    cache.add(key, 0, MINUTE)
    if cache.incr(key) > TRIES:
        raise TooOften(MINUTE)


def _check_wrong(who: str, training_id: int) -> None:
    if cache.get(_key(who, training_id), 0) >= TRIES:
        raise TooOften(MINUTE)


def _count_wrong(who: str, training_id: int) -> None:
    key = _key(who, training_id)
    cache.add(key, 0, MINUTE)
    cache.incr(key)
