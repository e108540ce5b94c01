"""During the exam: time given, outages made good, messages. Every change of an end counts the revision up."""
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from mingfa.audit import record
from mingfa.people.models import OrgUnit, User
from mingfa.sockets import notify

from ..engine.refusals import AlreadyLogged, BadSpan, NobodySits, WrongState
from ..engine.timing import lost_minutes
from ..models import Candidate, Exam, RoomMessage, Sitting, TimeGrant
from ..tasks import plan_ending

MINUTE = timedelta(minutes=1)


def grant_time(
    exam: Exam, *, minutes: int, reason: str, by: User, now: datetime,
    candidate: Candidate | None = None, unit: OrgUnit | None = None,
) -> TimeGrant:
    """延时 for one person (now and for later starts), for a unit, or for everybody who sits at this moment.

    Given time runs past the closing of the exam: otherwise it would be worth nothing in the last hour
    (docs/rules.md “个人结束时间”).

    Raises:
        WrongState: the exam is not running.
        NobodySits: nobody of the unit or the exam sits now, so there is nothing to prolong.
    """
    with transaction.atomic():
        exam = _running(exam)
        open_now = _open(exam, candidate, unit, now)
        told = list(open_now.values_list("candidate__user_id", "pk"))
        if candidate is None and not told:
            raise NobodySits()
        if candidate is not None:
            Candidate.objects.filter(pk=candidate.pk).update(extra_minutes=F("extra_minutes") + minutes)
        _prolong(open_now, minutes)
        latest = Sitting.objects.filter(pk__in=[pk for _, pk in told]).aggregate(at=Max("ends_at"))["at"]
        if candidate is not None:
            candidate.refresh_from_db(fields=["extra_minutes"])
            latest = max(filter(None, (latest, exam.closes_at + candidate.extra_minutes * MINUTE)))
        grant = TimeGrant.objects.create(
            exam=exam, kind=TimeGrant.Kind.EXTRA, candidate=candidate, unit=unit, minutes=minutes, reason=reason,
            given_by=by, given_at=now, affected=len(told),
        )  # fmt: skip
        _tell(exam, told, latest)
        record(exam, "exams.grant_time", user=by, data=_facts(grant), now=now)
    return grant


def log_outage(
    exam: Exam, *, began_at: datetime, ended_at: datetime, reason: str, by: User, now: datetime,
    unit: OrgUnit | None = None,
) -> TimeGrant:
    """故障补时: give back to everybody who sat during an outage exactly the minutes it took from them.

    Args:
        began_at, ended_at: when nobody (of the unit) could work; begun minutes count as whole ones.
        unit: the place it concerned; None for the server.

    Raises:
        WrongState: the exam is not running.
        BadSpan: the outage ends before it begins, lies ahead, or is longer than a day.
        AlreadyLogged: an outage over the same time and people has been given back already.
    """
    if not (began_at < ended_at <= now and ended_at - began_at <= timedelta(days=1)):
        raise BadSpan()
    with transaction.atomic():
        exam = _running(exam)
        same = exam.time_grants.filter(kind=TimeGrant.Kind.OUTAGE, began_at__lt=ended_at, ended_at__gt=began_at)
        if unit is not None:
            # Above it: then these people have their minutes. Below it: then some of them have.
            above = Q(unit=None) | Q(unit__path__in=[unit.path[:n] for n in range(4, len(unit.path) + 1, 4)])
            same = same.filter(above | Q(unit__path__startswith=unit.path))
        if same.exists():
            raise AlreadyLogged()
        told, latest = [], None
        for sitting in _open(exam, None, unit, now).select_related("candidate").defer("answers"):
            minutes = lost_minutes(sitting.started_at, began_at=began_at, ended_at=ended_at)
            if minutes:
                _prolong(Sitting.objects.filter(pk=sitting.pk), minutes)
                end = sitting.ends_at + minutes * MINUTE
                latest = end if latest is None else max(latest, end)
                told.append((sitting.candidate.user_id, sitting.pk))
        grant = TimeGrant.objects.create(
            exam=exam, kind=TimeGrant.Kind.OUTAGE, unit=unit, reason=reason, given_by=by, given_at=now,
            began_at=began_at, ended_at=ended_at, affected=len(told),
            minutes=lost_minutes(began_at, began_at=began_at, ended_at=ended_at),
        )  # fmt: skip
        _tell(exam, told, latest)
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
        _hint(list(_open(exam, candidate, unit, now).values_list("candidate__user_id", "pk")))
        record(exam, "exams.send_message", user=by, data={"message": message.pk}, now=now)
    return message


def _running(exam: Exam) -> Exam:
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    if locked.state != Exam.State.PUBLISHED:
        raise WrongState(locked.state, "published")
    return locked


def _open(exam, candidate, unit, now) -> QuerySet[Sitting]:
    """Sittings of the exam that run, of one person, of a unit, or all. One at its end is over: nothing revives it."""
    rows = Sitting.objects.filter(state=Sitting.State.OPEN, ends_at__gt=now, candidate__exam=exam)
    if candidate is not None:
        return rows.filter(candidate=candidate)
    return rows if unit is None else rows.filter(candidate__unit__path__startswith=unit.path)


def _prolong(sittings: QuerySet[Sitting], minutes: int) -> None:
    sittings.update(ends_at=F("ends_at") + minutes * MINUTE, revision=F("revision") + 1)


def _tell(exam: Exam, told: list[tuple[int, int]], latest: datetime | None) -> None:
    """Keep when the exam is over for everybody, plan the new ends, tell the pages."""
    if latest and latest > exam.over_for_everybody:
        exam.over_at = latest
        exam.save(update_fields=["over_at"])
    ends = Sitting.objects.filter(pk__in=[pk for _, pk in told]).values_list("ends_at", flat=True).distinct()
    for end in ends:
        transaction.on_commit(lambda end=end: plan_ending(end))
    _hint(told)


def _hint(told: list[tuple[int, int]]) -> None:
    for user_id, sitting_id in told:
        notify(f"user.{user_id}", {"type": "hint", "content": {"kind": "sitting", "id": sitting_id}})


def _facts(grant: TimeGrant) -> dict:
    return {
        "grant": grant.pk, "minutes": grant.minutes, "reason": grant.reason, "affected": grant.affected,
        "candidate": grant.candidate_id, "unit": grant.unit_id,
    }  # fmt: skip
