"""候考: when more people want to start in a minute than the host carries, they wait in order (docs/rules.md “候考”).

How many have started lately is this process's own knowledge, because the limit is that of this host. The queue is in
the database, so that a position is true whichever host is asked. Where there is no limit nothing of this costs anything.
"""
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from django.conf import settings
from django.db import transaction
from mingfa import capacity
from mingfa.prepared import Prepared

from .arrangements import arrangements_of
from .eligibility import check_eligible
from .engine.refusals import Refusal
from .engine.slots import check_slot
from .models import Candidate, Exam, Sitting, WaitingTicket

MINUTE = timedelta(minutes=1)
FORGOTTEN = timedelta(minutes=3)  # whoever has not asked for so long has gone
SOONEST, LATEST = 5, 60  # seconds until a waiting page asks again

_QUEUE = Prepared(lambda: WaitingTicket.objects.order_by()[:1])
_started: deque[datetime] = deque()
_asking = Lock()  # requests run in threads: two of them must not take the same free start


@dataclass(frozen=True)
class Wait:
    """position: 1 is next; minutes: about how long; again: seconds until it is worth asking again."""

    position: int
    minutes: int
    again: int


def limit() -> int:
    """Starts a minute that this host takes: what is set, else what the last rehearsal found where it came to the top of
    it; 0: as many as come."""
    if settings.EXAM_STARTS_PER_MINUTE is not None:
        return settings.EXAM_STARTS_PER_MINUTE
    known = capacity.read()
    return known.per_minute if known and known.full else 0


def wait_for(candidate: Candidate, *, now: datetime) -> Wait | None:
    """None when this person may start now, which is then counted; else the place in the queue.

    Somebody with an open sitting never waits, and whoever may not start at all is told so at once.
    """
    most = limit()
    if not most:
        return None
    if not candidate.attempts_used:
        with _asking:
            if _is_free(most, now):
                return None
    if not _may_start(candidate, now):
        return None
    with _asking:
        ahead = _ahead(candidate, most, now)
    if ahead is None:
        return None
    minutes = ceil((ahead + 1) / most)
    return Wait(ahead + 1, minutes, max(SOONEST, min(LATEST, 60 * (ahead + 1) // most)))


def give_back(now: datetime) -> None:
    """Who was let through at this moment did not start after all: outside the slot, or something is missing."""
    with _asking, suppress(ValueError):
        _started.remove(now)


def _is_free(most: int, now: datetime) -> bool:
    """Whether nobody waits and this minute has a start left, which is then counted. One statement, on an ordinary day
    the only one."""
    if _free(most, now) <= 0 or _QUEUE.first():
        return False
    _started.append(now)
    return True


def _free(most: int, now: datetime) -> int:
    while _started and _started[0] <= now - MINUTE:
        _started.popleft()
    return most - len(_started)


def _ahead(candidate: Candidate, most: int, now: datetime) -> int | None:
    """How many are before this person; None when it is their turn, which is then counted."""
    free = _free(most, now)
    with transaction.atomic():
        # Who comes back after having been forgotten has given the place away.
        WaitingTicket.objects.filter(candidate=candidate, seen_at__lte=now - FORGOTTEN).delete()
        mine = WaitingTicket.objects.filter(candidate=candidate).first()
        queue = WaitingTicket.objects.filter(seen_at__gt=now - FORGOTTEN)
        ahead = (queue.filter(pk__lt=mine.pk) if mine else queue).count()
        if ahead >= free:
            WaitingTicket.objects.update_or_create(candidate=candidate, defaults={"seen_at": now})
            return ahead
        if mine:
            mine.delete()
        _started.append(now)
    return None


def _may_start(candidate: Candidate, now: datetime) -> bool:
    exam = candidate.exam
    if candidate.attempts_used and candidate.sittings.filter(state=Sitting.State.OPEN).exists():
        return False
    try:
        arranged = arrangements_of(exam)
        check_slot(arranged.slot_for(candidate), now=now)
        check_eligible(candidate, arranged)
    except Refusal:
        return False
    return (
        exam.state == Exam.State.PUBLISHED and exam.opens_at <= now < exam.closes_at
        and candidate.attempts_used < candidate.attempts_allowed
        and not candidate.exempt_reason and not candidate.deferred_reason
    )  # fmt: skip


def waiting_now(exam, *, now: datetime) -> int:
    """How many wait to start this exam. One query."""
    return WaitingTicket.objects.filter(candidate__exam=exam, seen_at__gt=now - FORGOTTEN).count()


def forget() -> None:
    """Drop what is remembered of starts: for tests."""
    _started.clear()
