"""Lists and numbers of the room while an exam runs: who has not started, who sits, who is in trouble."""
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from mingfa.people.models import OrgUnit

from .models import Candidate, Exam, LateAnswer, RoomMessage, Sitting, SittingEvent
from .queries import DUE
from .venues import facts_of, reached, within

# An open page saves or asks at least this often while somebody works; later than this is worth a look.
SILENT_AFTER = timedelta(minutes=10)
AT_ONCE = 500  # a database takes only so many values in one statement

_OPEN = Sitting.objects.filter(candidate=OuterRef("pk"), state=Sitting.State.OPEN)
STATES = {"waiting": "未进入", "in": "作答中", "trouble": "要留意", "done": "已交卷"}


def _marked(candidates: QuerySet[Candidate], now: datetime) -> QuerySet[Candidate]:
    silent = Q(saved_at__lt=now - SILENT_AFTER) | Q(saved_at=None, started_at__lt=now - SILENT_AFTER)
    return candidates.annotate(
        sits=Exists(_OPEN), troubled=Exists(_OPEN.filter(~Q(frozen_reason="") | silent))
    )


_STATE = {
    "waiting": Q(attempts_used=0),
    "in": Q(sits=True, troubled=False),
    "trouble": Q(sits=True, troubled=True),
    "done": Q(sits=False, attempts_used__gt=0),
}


def heads(exam: Exam, *, now: datetime, unit: OrgUnit | None = None) -> dict[str, int]:
    """Heads by key of STATES of those due, in one query."""
    rows = _marked(_due(exam, unit), now)
    return rows.aggregate(**{key: Count("pk", filter=condition) for key, condition in _STATE.items()})


def first_state(heads: dict[str, int]) -> str:
    """The key of STATES the board opens with: those who sit; where nobody does, the first that has people."""
    return next((key for key in ("in", "trouble", "waiting", "done") if heads[key]), "in")


def pulse(exam_id: int, now: datetime) -> tuple:
    """Different as soon as the board would look different: heads by state, answers and reports that wait."""
    exam = Exam.objects.get(pk=exam_id)
    late = LateAnswer.objects.filter(sitting__candidate__exam=exam, state=LateAnswer.State.PENDING).count()
    events = SittingEvent.objects.filter(sitting__candidate__exam=exam).count()
    return (*heads(exam, now=now).values(), late, events, exam.closes_at, exam.over_at)


def _due(exam: Exam, unit: OrgUnit | None) -> QuerySet[Candidate]:
    rows = exam.candidates.filter(DUE)
    return rows if unit is None else rows.filter(unit__path__startswith=unit.path)


@dataclass(frozen=True)
class Line:
    candidate: Candidate
    sitting: Sitting | None
    trouble: str
    facts: tuple[str, ...] = ()


def lines(exam: Exam, *, now: datetime, state: str, unit: OrgUnit | None = None) -> QuerySet[Candidate]:
    """Those due in one state (a key of STATES), in order of the unit tree."""
    rows = _marked(_due(exam, unit), now).filter(_STATE.get(state, _STATE["in"]))
    return rows.select_related("user", "unit").order_by("unit__path", "pk")


def with_sittings(candidates, *, now: datetime) -> list[Line]:
    """The last sitting of each of a page of candidates, and what is to be looked at. Two queries."""
    sittings = Sitting.objects.filter(candidate__in=[one.pk for one in candidates]).defer("answers").order_by("number")
    latest = {one.candidate_id: one for one in sittings}
    facts = facts_of([one.pk for one in latest.values()])
    return [
        Line(one, found, _trouble(found, now), tuple(facts.get(found and found.pk, ())))
        for one in candidates
        for found in [latest.get(one.pk)]
    ]


def all_with_sittings(candidates: QuerySet[Candidate], *, now: datetime) -> list[Line]:
    """`with_sittings` of however many there are, some hundreds at a time."""
    found = list(candidates)
    return [one for at in range(0, len(found), AT_ONCE) for one in with_sittings(found[at : at + AT_ONCE], now=now)]


def _trouble(sitting: Sitting | None, now: datetime) -> str:
    if sitting is None or sitting.state != Sitting.State.OPEN:
        return ""
    if sitting.frozen_reason:
        return f"已冻结：{sitting.frozen_reason}"
    last = sitting.saved_at or sitting.started_at
    return f"{int((now - last).total_seconds()) // 60} 分钟没有保存" if now - last > SILENT_AFTER else ""


def ended_in_outages(exam: Exam) -> list[Sitting]:
    """Sittings whose time ran out during a logged outage: nothing can be given back to them but another attempt."""
    found = Q(pk__in=[])
    for one in exam.time_grants.filter(kind="outage").select_related("unit").prefetch_related("apart"):
        inside = Q(ends_at__gt=one.began_at, ends_at__lte=one.ended_at)
        found |= inside & within(reached(one), "candidate__unit__path")
    handed_in = [Sitting.State.SUBMITTED, Sitting.State.MARKED]
    rows = Sitting.objects.filter(found, candidate__exam=exam, ending=Sitting.Ending.TIME, state__in=handed_in)
    return list(rows.select_related("candidate__user", "candidate__unit").defer("answers")[:200])


def late_sittings(exam: Exam) -> list[Sitting]:
    """Sittings with answers that wait for a decision, each with `waiting` and the highest id of them. Two queries."""
    waiting = LateAnswer.objects.filter(state=LateAnswer.State.PENDING).order_by("changed_at")
    rows = Sitting.objects.filter(candidate__exam=exam, late_answers__state=LateAnswer.State.PENDING).distinct()
    rows = rows.select_related("candidate__user", "candidate__unit").order_by("pk")
    found = list(rows.prefetch_related(Prefetch("late_answers", waiting, to_attr="waiting"))[:200])
    for sitting in found:
        sitting.seen = max(one.pk for one in sitting.waiting)
    return found


def messages_for(candidate_id: int, exam_id: int, unit_path: str) -> list[RoomMessage]:
    """Messages to one candidate, newest first: his own, those to a unit above him, those to everybody. One query."""
    above = Q(unit__path__in=OrgUnit.paths_down_to(unit_path))
    mine = Q(candidate=None, unit=None) | Q(candidate=candidate_id) | above
    return list(RoomMessage.objects.filter(mine, exam=exam_id)[:20])
