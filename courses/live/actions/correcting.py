"""After the result is settled: reasons, and corrections that leave a line."""
from datetime import datetime

from django.db import transaction
from mingfa.audit import record
from mingfa.people.models import User

from ..board import Actor, BadData
from ..board.refusals import NotAllowed, WrongMoment
from ..models import AttendanceChange, RosterEntry, Training

# Reasons may be known before the class; nothing is written into an archived one.
REASONS = frozenset({"scheduled", "lobby", "live", "paused", "ended", "processing", "replay"})
LONGEST = 100


def give_reason(entry: RosterEntry, reason: str, *, actor: Actor, now: datetime) -> None:
    """Write why somebody came late, left early or was absent; empty takes it away. Changes no result.

    Raises:
        NotAllowed: a steward of another hall; WrongMoment; BadData: too long.
    """
    reason = " ".join(reason.split())
    if len(reason) > LONGEST:
        raise BadData("reason")
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=entry.training_id)
        _check(entry, actor)
        if training.state not in REASONS:
            raise WrongMoment("reason", training.state)
        locked = RosterEntry.objects.select_for_update().get(pk=entry.pk)
        if locked.reason == reason:
            return
        before, locked.reason = locked.reason, reason
        locked.save(update_fields=["reason"])
        record(locked, "live.give_reason", user=User(pk=actor.id), now=now, data={"before": before, "after": reason})


def correct_attendance(entry: RosterEntry, attendance: str, reason: str, *, by: User, now: datetime) -> AttendanceChange:
    """Change the settled result of one person by hand. What the log gave stays readable in the line that is left.

    Who is not absent any more has nothing to make up; what was made up stays on record.

    Raises:
        WrongMoment: not settled yet, or archived; BadData: no reason, no such result, or the result it has.
    """
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST:
        raise BadData("reason")
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=entry.training_id)
        if training.state != "replay":
            raise WrongMoment("correct", training.state)
        locked = RosterEntry.objects.select_for_update().get(pk=entry.pk)
        if attendance not in RosterEntry.Attendance or attendance == locked.attendance:
            raise BadData("attendance")
        change = AttendanceChange.objects.create(
            entry=locked, before=locked.attendance, after=attendance, reason=reason, by=by, at=now
        )
        locked.attendance = attendance
        locked.save(update_fields=["attendance"])
        said = {"before": change.before, "after": change.after, "reason": reason}
        record(locked, "live.correct_attendance", user=by, now=now, data=said)
    return change


def _check(entry: RosterEntry, actor: Actor) -> None:
    if actor.role not in ("steward", "trainer") or (actor.role == "steward" and entry.venue_id != actor.venue):
        raise NotAllowed("reason", actor.role)
