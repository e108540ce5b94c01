"""Polls and questions made ready before the class."""
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from mingfa.audit import record
from mingfa.bank.models import Question
from mingfa.people import access
from mingfa.people.models import Role, User

from courses.queries import askable_questions

from ..board.refusals import Gone, TooMany, WrongMoment
from ..board.states import OVER
from ..models import Prepared, Training

MOST = 50


def prepare_poll(
    training: Training, *, kind: str, text: str, options: Sequence[str] = (), anonymous: bool = True,
    seconds: int | None = None, by: User, now: datetime,
) -> Prepared:
    """A poll at the end of the list. Raises board.Refusal: the class is over, or the list is full."""
    facts = {"kind": kind, "text": text, "options": list(options), "anonymous": anonymous, "seconds": seconds}
    return _add(training, facts, by=by, now=now)


def prepare_question(training: Training, question: Question, *, seconds: int = 60, by: User, now: datetime) -> Prepared:
    """A question of a bank at the end of the list. Raises Gone when it is not one that `by` may ask; else as `prepare_poll`."""
    if not askable_questions(by).filter(pk=question.pk).exists():
        raise Gone("question")
    return _add(training, {"kind": Prepared.Kind.QUIZ, "question": question, "seconds": seconds}, by=by, now=now)


@transaction.atomic
def _add(training, facts, *, by, now):
    locked = _open(training, by)
    places = list(locked.prepared.values_list("place", flat=True))
    if len(places) >= MOST:
        raise TooMany("prepared", MOST)
    made = Prepared.objects.create(training=locked, place=max(places, default=0) + 1, **facts)
    record(locked, "live.prepare", user=by, now=now, data={"prepared": made.pk, "kind": made.kind})
    return made


@transaction.atomic
def remove_prepared(prepared: Prepared, *, by: User, now: datetime) -> None:
    """Take one off the list."""
    locked = _open(prepared.training, by)
    record(locked, "live.unprepare", user=by, now=now, data={"prepared": prepared.pk, "kind": prepared.kind})
    prepared.delete()


@transaction.atomic
def move_up(prepared: Prepared, *, by: User, now: datetime) -> None:
    """Before the one it stands after; nothing for the first."""
    locked = _open(prepared.training, by)
    rows = list(locked.prepared.all())
    at = [one.pk for one in rows].index(prepared.pk)
    if at == 0:
        return
    rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for place, one in enumerate(rows, start=1):
        one.place = place
    Prepared.objects.bulk_update(rows, ["place"])
    record(locked, "live.prepare", user=by, now=now, data={"prepared": prepared.pk, "place": at})


def _open(training: Training, by: User) -> Training:
    access.require(by, Role.TRAINER, unit=training.unit)
    locked = Training.objects.select_for_update().get(pk=training.pk)
    if locked.state in OVER:
        raise WrongMoment("prepare", locked.state)
    return locked
