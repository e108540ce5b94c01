"""The exams of a period, and figures over several sessions of one exam: 补考 and the year (docs/rules.md)."""
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from mingfa import clock
from mingfa.people.models import OrgUnit
from mingfa.people.queries import rows_below
from mingfa.periods import Period

from .engine.disclosure import visible
from .models import Candidate, Exam, UnitStanding

PUBLIC_STATES = (Exam.State.PUBLISHED, Exam.State.CLOSED, Exam.State.ARCHIVED)


# All that marks_known asks.
FOR_MARKS_KNOWN = ("closes_at", "result_policy", "over_at", "grace_minutes", "released_at")


def published_exams() -> QuerySet[Exam]:
    """Exams with a frozen roster: only those have figures."""
    return Exam.objects.filter(state__in=PUBLIC_STATES)


def exams_of(period: Period, unit: OrgUnit | None = None) -> QuerySet[Exam]:
    """Published exams that close in the period, the latest first; with `unit`, those somebody of the unit or
    below is on the roster of."""
    exams = published_exams().filter(
        closes_at__date__gte=period.starts_on, closes_at__date__lte=period.ends_on
    )
    if unit is not None:
        # Asked of the counters: the same exams, without reading a million lines of rosters.
        on_roster = UnitStanding.objects.filter(unit__path__startswith=unit.path, on_roster__gt=0)
        exams = exams.filter(pk__in=on_roster.values("exam"))
    return exams.order_by("-closes_at", "-id")


def sessions_in(period: Period) -> QuerySet[Exam]:
    """What the figures of a period are made of: the first sessions that close in it, each with its makeups.

    A makeup belongs to the period of its first session, also when it closes in the next one: its people would else be
    missing from the year they make up for, and stand alone in the following year.
    """
    first = exams_of(period).filter(makeup_of=None).order_by().values("pk")
    return published_exams().filter(Q(pk__in=first) | Q(makeup_of__in=first))


def marks_known(exam: Exam) -> bool:
    """Whether candidates know their marks by now; before that no figure of passing tells them, and no list."""
    shown = visible(exam.result_policy, now=clock.now(), keys_from=exam.keys_from, released_at=exam.released_at)
    return shown != "none"


@dataclass(frozen=True)
class YearStanding:
    """Heads over a first session and its makeups: 在册 N, 免考 E, 全年应考 Yᵧ = N − E, 实考, 合格, 优秀.

    缓考 is no deduction here, because it comes back in the makeup (domain guide §3).
    """

    on_roster: int = 0
    exempt: int = 0
    sat: int = 0
    passed: int = 0
    excellent: int = 0

    @property
    def due(self) -> int:
        return self.on_roster - self.exempt


@dataclass
class _Person:
    path: str
    exempt: bool = True
    sat: bool = False
    passed: bool = False
    excellent: bool = False


def _people(sessions: Iterable[Exam]) -> list[_Person]:
    """Each person of these sessions once, in the unit of the first session that has him or her."""
    people: dict[int, _Person] = {}
    rows = Candidate.objects.filter(exam__in=list(sessions)).order_by("exam__opens_at", "id")
    for user_id, path, exempt_reason, deferred_reason, counted, mark, passed, excellent_mark in rows.values_list(
        "user_id", "unit__path", "exempt_reason", "deferred_reason", "counted", "counted_mark", "passed",
        "exam__excellent_mark",
    ):  # fmt: skip
        person = people.setdefault(user_id, _Person(path))
        person.exempt &= bool(exempt_reason)
        if not exempt_reason and not deferred_reason and counted is not None:
            person.sat = True
            person.passed |= bool(passed)
            person.excellent |= mark is not None and mark >= excellent_mark
    return list(people.values())


def _standing(people: Iterable[_Person]) -> YearStanding:
    people = list(people)
    return YearStanding(
        on_roster=len(people),
        exempt=sum(one.exempt for one in people),
        sat=sum(one.sat for one in people),
        passed=sum(one.passed for one in people),
        excellent=sum(one.excellent for one in people),
    )


def yearly_standing(sessions: Iterable[Exam], unit: OrgUnit | None = None) -> YearStanding:
    """年度参考率 = sat / due, 年度通过率 = passed / due: each person once, passed in any session.

    Somebody counts in the unit of the first session, and is exempt only if exempt from every session.
    """
    return _standing(one for one in _people(sessions) if unit is None or one.path.startswith(unit.path))


def yearly_standings(sessions: Iterable[Exam], units: Iterable[OrgUnit]) -> dict[int, YearStanding]:
    """The same for each of these units, by its key. One query."""
    people = rows_below(units, ((one.path, one) for one in _people(sessions)))
    return {pk: _standing(one for _, one in rows) for pk, rows in people.items()}


def yearly_standing_by_unit(sessions: Iterable[Exam], parent: OrgUnit) -> list[tuple[OrgUnit, YearStanding]]:
    """The same for each child of `parent` with everything below it, and for people directly in `parent`."""
    step = len(parent.path) + OrgUnit.steplen
    groups: dict[str, list[_Person]] = {}
    for one in _people(sessions):
        if one.path.startswith(parent.path):
            groups.setdefault(one.path[:step], []).append(one)
    units = OrgUnit.objects.filter(path__in=groups).order_by("path")
    return [(unit, _standing(groups[unit.path])) for unit in units]
