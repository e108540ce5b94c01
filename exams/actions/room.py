"""During the exam: time given, outages made good, messages. Every change of an end counts the revision up."""
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from mingfa.audit import record
from mingfa.people.models import OrgUnit, User

from ..engine.refusals import AlreadyLogged, BadSpan, NobodySits, Outdated, OwnCase, WrongState
from ..engine.timing import lost_minutes
from ..engine.venues import Reach, reach_of
from ..models import Candidate, Exam, RoomMessage, Sitting, TimeGrant, Venue
from ..tasks import plan_ending
from ..venues import reached, within
from .sitting import hint

MINUTE = timedelta(minutes=1)


def grant_time(
    exam: Exam, *, minutes: int, reason: str, by: User, now: datetime,
    candidate: Candidate | None = None, unit: OrgUnit | None = None, venue: Venue | None = None,
) -> TimeGrant:
    """延时 for one person (now and for later starts), for a unit, a 考点, or everybody who sits at this moment.

    Given time runs past the closing of the exam: otherwise it would be worth nothing in the last hour
    (docs/rules.md “个人结束时间”).

    Raises:
        OwnCase: nobody gives himself time.
        WrongState: the exam is not running.
        NobodySits: nobody of the unit, the 考点 or the exam sits now, so there is nothing to prolong.
        Outdated: the 考点 has been taken back.
    """
    if candidate is not None and candidate.user_id == by.pk:
        raise OwnCase()
    with transaction.atomic():
        exam = _running(exam)
        scope, apart = _scope(exam, unit, venue)
        open_now = _open(exam, candidate, _reach(scope["unit"], apart), now)
        told = list(open_now.values_list("candidate__user_id", "pk"))
        if candidate is None and not told:
            raise NobodySits()
        if candidate is not None:
            Candidate.objects.filter(pk=candidate.pk).update(extra_minutes=F("extra_minutes") + minutes)
        _prolong(open_now, minutes)
        latest = None
        if candidate is not None:
            candidate.refresh_from_db(fields=["extra_minutes"])
            latest = exam.closes_at + candidate.extra_minutes * MINUTE
        grant = TimeGrant.objects.create(
            exam=exam, kind=TimeGrant.Kind.EXTRA, candidate=candidate, **scope, minutes=minutes, reason=reason,
            given_by=by, given_at=now, affected=len(told),
        )  # fmt: skip
        grant.apart.set(apart)
        _tell(exam, told, latest)
        record(exam, "exams.grant_time", user=by, data=_facts(grant), now=now)
    return grant


def log_outage(
    exam: Exam, *, began_at: datetime, ended_at: datetime, reason: str, by: User, now: datetime,
    unit: OrgUnit | None = None, venue: Venue | None = None,
) -> TimeGrant:
    """故障补时: give back to everybody who sat during an outage exactly the minutes it took from them.

    Args:
        began_at, ended_at: when nobody (of the unit, at the 考点) could work; begun minutes count as whole ones.
        unit, venue: the place it concerned; neither for the server.

    Raises:
        WrongState: the exam is not running.
        BadSpan: the outage ends before it begins, lies ahead, or is longer than a day.
        AlreadyLogged: an outage over the same time and people has been given back already.
        Outdated: the 考点 has been taken back.
    """
    if not (began_at < ended_at <= now and ended_at - began_at <= timedelta(days=1)):
        raise BadSpan()
    with transaction.atomic():
        exam = _running(exam)
        scope, apart = _scope(exam, unit, venue)
        reach = _reach(scope["unit"], apart)
        same = exam.time_grants.filter(kind=TimeGrant.Kind.OUTAGE, began_at__lt=ended_at, ended_at__gt=began_at)
        if any(reach.overlaps(reached(one)) for one in same.select_related("unit").prefetch_related("apart")):
            raise AlreadyLogged()
        lost: dict[int, list[tuple[int, int]]] = {}
        for user_id, pk, started_at in _open(exam, None, reach, now).values_list("candidate__user_id", "pk", "started_at"):
            minutes = lost_minutes(started_at, began_at=began_at, ended_at=ended_at)
            if minutes:
                lost.setdefault(minutes, []).append((user_id, pk))
        for minutes, sittings in lost.items():
            _prolong(Sitting.objects.filter(pk__in=[pk for _, pk in sittings]), minutes)
        told = [one for sittings in lost.values() for one in sittings]
        grant = TimeGrant.objects.create(
            exam=exam, kind=TimeGrant.Kind.OUTAGE, **scope, reason=reason, given_by=by, given_at=now,
            began_at=began_at, ended_at=ended_at, affected=len(told),
            minutes=lost_minutes(began_at, began_at=began_at, ended_at=ended_at),
        )  # fmt: skip
        grant.apart.set(apart)
        _tell(exam, told)
        record(exam, "exams.log_outage", user=by, data=_facts(grant), now=now)
    return grant


def send_message(
    exam: Exam, *, text: str, by: User, now: datetime, candidate: Candidate | None = None, unit: OrgUnit | None = None
) -> RoomMessage:
    """Show a message on the papers that are open now, and on those that are opened later.

    Raises:
        WrongState: the exam is not running.
    """
    with transaction.atomic():
        exam = _running(exam)
        message = RoomMessage.objects.create(
            exam=exam, candidate=candidate, unit=unit, text=text, sent_by=by, sent_at=now
        )
        for user_id, sitting_id in _open(exam, candidate, _reach(unit), now).values_list("candidate__user_id", "pk"):
            hint(user_id, sitting_id)
        record(exam, "exams.send_message", user=by, data={"message": message.pk}, now=now)
    return message


def _running(exam: Exam) -> Exam:
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    if locked.state != Exam.State.PUBLISHED:
        raise WrongState(locked.state, "published")
    return locked


def _scope(exam: Exam, unit: OrgUnit | None, venue: Venue | None) -> tuple[dict, list[OrgUnit]]:
    """(unit and name of the 考点, units below with a 考点 of their own) as they are now; the exam's row is locked."""
    if venue is None:
        return {"unit": unit}, []
    rows = {one.pk: one for one in exam.venues.select_related("unit")}
    if venue.pk not in rows:
        raise Outdated()
    found = rows[venue.pk]
    apart = reach_of(found.unit.path, [one.unit.path for one in rows.values()]).apart
    return {"unit": found.unit, "venue": found.name}, [one.unit for one in rows.values() if one.unit.path in apart]


def _reach(unit: OrgUnit | None, apart: Iterable[OrgUnit] = ()) -> Reach:
    return Reach(unit.path if unit else "", tuple(one.path for one in apart))


def _open(exam, candidate, reach, now) -> QuerySet[Sitting]:
    """Sittings of the exam that run, of one person or of a reach. One at its end is over: nothing revives it."""
    rows = Sitting.objects.filter(state=Sitting.State.OPEN, ends_at__gt=now, candidate__exam=exam)
    if candidate is not None:
        return rows.filter(candidate=candidate)
    return rows.filter(within(reach, "candidate__unit__path"))


def _prolong(sittings: QuerySet[Sitting], minutes: int) -> None:
    sittings.update(ends_at=F("ends_at") + minutes * MINUTE, revision=F("revision") + 1)


def _tell(exam: Exam, told: list[tuple[int, int]], latest: datetime | None = None) -> None:
    """Keep when the exam is over for everybody, plan the new ends, tell the pages.

    Args:
        told: (user id, sitting id) of those whose end has moved.
        latest: an end that somebody may still come to who has not started.
    """
    ends = set(Sitting.objects.filter(pk__in=[pk for _, pk in told]).values_list("ends_at", flat=True))
    over_at = max([*ends, latest or exam.closes_at])
    if over_at > exam.over_for_everybody:
        exam.over_at = over_at
        exam.save(update_fields=["over_at"])
    for end in ends:
        transaction.on_commit(lambda end=end: plan_ending(end))
    for user_id, sitting_id in told:
        hint(user_id, sitting_id)


def _facts(grant: TimeGrant) -> dict:
    return {
        "grant": grant.pk, "minutes": grant.minutes, "reason": grant.reason, "affected": grant.affected,
        "candidate": grant.candidate_id, "unit": grant.unit_id, "venue": grant.venue,
    }  # fmt: skip
