"""One command as it comes from a socket or by HTTP: to its action, and the frame that answers it."""
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from mingfa.audit import record
from mingfa.people.models import User

from . import actions
from .actions import Given
from .board import Actor, Refusal
from .board.refusals import NotAllowed, TooOften
from .models import Training
from .wording import sentence

ANSWERS = frozenset({"answer", "qa.vote"})
SIGNING = {"checkin": actions.check_in, "tick": actions.tick, "confirm": actions.confirm}
BETWEEN_QUESTIONS = 20  # seconds, each person


@dataclass(frozen=True)
class Handled:
    """The frame for the sender, and envelopes for the room."""

    frame: dict
    envelopes: tuple[dict, ...] = ()

    @property
    def refused(self) -> bool:
        return "refused" in self.frame


def handle(training_id: int, kind: object, data: object, *, actor: Actor, idem: str, now: datetime, at: object = None) -> Handled:
    """Carry out one command.

    Args:
        at: when it was made by the device's own clock, in milliseconds; untrusted. Sign-ins keep both times.

    Raises:
        django.db.Error: it could not be stored; the sender keeps it and tries again.
        Training.DoesNotExist
    """
    try:
        if kind in ANSWERS:
            return answered(idem, actions.take_answers(training_id, [Given(kind, data, actor, at)], now=now)[0])
        if isinstance(kind, str) and kind in SIGNING:
            if kind != "confirm" and isinstance(data, dict) and type(at) is int:
                data = {"made_at": at, **data}
            SIGNING[kind](training_id, data, actor=actor, now=now)
            return Handled({"ack": idem})
        if kind == "qa.new":
            _wait_between(training_id, actor, idem)
        done = actions.do(training_id, kind, data, actor=actor, idem=idem, now=now)
        return Handled({"ack": idem, "seq": done.seq}, done.envelopes)
    except NotAllowed as refusal:
        said = {"kind": refusal.kind, "role": actor.role, "venue": actor.venue}
        user = User(pk=actor.id) if actor.id else None
        record(Training.objects.get(pk=training_id), "live.refused", user=user, now=now, data=said)
        return refused(idem, refusal)
    except Refusal as refusal:
        return refused(idem, refusal)


def answered(idem: str, refusal: Refusal | None) -> Handled:
    """What the sender of an answer is told."""
    return refused(idem, refusal) if refusal else Handled({"ack": idem})


def refused(idem: str, refusal: Refusal) -> Handled:
    return Handled({"refused": idem, "code": refusal.code, "why": sentence(refusal)})


def _wait_between(training_id: int, actor: Actor, idem: str) -> None:
    """Raises TooOften for a second question within 20 s; the same one sent again is none."""
    key = f"live.question.{training_id}.{actor.key}"
    if not cache.add(key, idem, BETWEEN_QUESTIONS) and cache.get(key) != idem:
        raise TooOften(BETWEEN_QUESTIONS)
