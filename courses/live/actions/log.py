"""do(): one command of the room into the log, in one transaction; the socket, HTTP and the server itself use it."""
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from mingfa import sockets
from mingfa.audit import record
from mingfa.people.models import User

from ..board import Actor, BadData, plan, reduce
from ..board.kinds import VERSION
from ..facts import facts_for
from ..models import Event, Training
from ..tasks import plan_look

DOORS = timedelta(minutes=30)  # before the start
GRACE = timedelta(minutes=30)  # after the planned end
SETTLING = timedelta(minutes=30)  # after the class, for sign-ins still on their way
IDEM = re.compile(r"[A-Za-z0-9_-]{8,40}")
SYSTEM = Actor("system")


@dataclass(frozen=True)
class Done:
    """The number of the (last) event a command made, its envelopes, and whether it had been done before."""

    seq: int
    envelopes: tuple[dict, ...] = ()
    again: bool = False


def group_of(training_id: int) -> str:
    """The group the hubs of a training listen to, one per process."""
    return f"live.{training_id}"


def do(training_id: int, kind: str, data: object, *, actor: Actor, idem: str, now: datetime) -> Done:
    """Carry out a command once, however often it is sent: `idem` is unique per actor and training.

    The training's row is locked, so numbers have no gaps and the plan sees the state it changes.

    Raises:
        board.Refusal: not allowed, not now, not so.
        Training.DoesNotExist
    """
    if idem and not IDEM.fullmatch(idem):
        raise BadData("idem")
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        if idem:
            before = training.events.filter(actor_key=actor.key, idem=idem).order_by("seq").last()
            if before is not None:
                return Done(before.seq, again=True)
        return append(training, kind, data, actor=actor, idem=idem, now=now)


def append(training: Training, kind: str, data: object, *, actor: Actor = SYSTEM, idem: str = "", now: datetime) -> Done:
    """The same for a training whose row is locked already; for actions that write more than events."""
    by = User.objects.filter(pk=actor.id).first() if actor.id and kind == "quiz.open" else None
    facts = facts_for(training, kind, _with_venue(data, actor), by)
    at = round(now.timestamp() * 1000)
    events, state = [], training.snapshot
    for name, made in plan(state, kind, data, actor=actor, at=at, facts=facts):
        event = Event(
            training=training, seq=state["seq"] + 1, at=datetime.fromtimestamp(at / 1000, UTC), actor_id=actor.id,
            actor_key=actor.key, role=actor.role, venue_id=actor.venue, kind=name, v=VERSION, data=made,
        )  # fmt: skip
        events.append(event)
        state = reduce(state, event.envelope)
    if not events:
        return Done(training.seq)
    # The last event carries the key: its number is what a repeated command is told.
    events[-1].idem = idem
    Event.objects.bulk_create(events)
    training.seq, training.state, training.snapshot = state["seq"], state["state"], state
    training.save(update_fields=["seq", "state", "snapshot"])
    for event in events:
        if event.kind == "session.state":
            said = {**event.data, "seq": event.seq}
            _plan_looks(training, event)
            record(training, "live.state", user=User(pk=actor.id) if actor.id else None, now=now, data=said)
    envelopes = tuple(event.envelope for event in events)
    sockets.notify(group_of(training.pk), {"type": "live.events", "events": list(envelopes)})
    return Done(training.seq, envelopes)


def _plan_looks(training: Training, event: Event) -> None:
    """Let the clock look when the next step is due, even if nobody is in the room then."""
    moments = {
        "scheduled": [training.starts_at - DOORS, training.ends_at + GRACE], "ended": [event.at + SETTLING],
    }  # fmt: skip
    for moment in moments.get(event.data["to"], ()):
        transaction.on_commit(lambda moment=moment: plan_look(moment))


def _with_venue(data, actor):
    """A steward's own venue where the command names none: the facts need it."""
    if isinstance(data, dict) and data.get("venue") is None and actor.venue is not None:
        return {**data, "venue": actor.venue}
    return data
