"""Lists and numbers of one exam's roster: who may see it, the list, the frozen sheet."""
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import Role, User
from mingfa.people.queries import people_called

from .engine.disclosure import visible
from .engine.rosters import digest
from .models import Candidate, Exam, RosterChange, Sitting
from .queries import DUE, Standing, standing

TELLS_MARKS = ("failed", "passed")
SHOWN = {
    "all": ("在册", Q()),
    "absent": ("未参加", DUE & Q(counted=None)),
    "failed": ("未合格", DUE & Q(passed=False)),
    "passed": ("合格", DUE & Q(passed=True)),
    "exempt": ("免考", ~Q(exempt_reason="")),
    "deferred": ("缓考", ~Q(deferred_reason="")),
}


def candidates_for(user: User, exam: Exam) -> QuerySet[Candidate]:
    """The part of a roster somebody may see: all of it for setters and leaders of the organising unit, the people of
    the own units for liaisons; nobody before it is frozen."""
    if exam.state == Exam.State.DRAFT:
        return Candidate.objects.none()
    if holds(user, Role.SETTER, Role.LEADER, unit=exam.unit):
        return exam.candidates.all()
    return exam.candidates.filter(unit__in=units_visible_to(user, Role.LIAISON))


def marks_told(user: User, exam: Exam, now: datetime) -> bool:
    """Whether this person may see marks and who passed: the organiser at any time; liaisons and leaders not before the
    candidates themselves (results that wait to be released)."""
    if holds(user, Role.SETTER, unit=exam.unit):
        return True
    return visible(exam.result_policy, now=now, keys_from=exam.keys_from, released_at=exam.released_at) != "none"


def exams_looked_after(user: User) -> QuerySet[Exam]:
    """Published and closed exams with people of the units somebody is liaison of, or organised where they lead; those
    they set themselves are listed elsewhere."""
    people = Candidate.objects.filter(unit__in=units_visible_to(user, Role.LIAISON), exam=OuterRef("pk"))
    exams = Exam.objects.filter(state__in=[Exam.State.PUBLISHED, Exam.State.CLOSED]).select_related("unit")
    mine = exams.exclude(unit__in=units_visible_to(user, Role.SETTER))
    return mine.filter(Exists(people) | Q(unit__in=units_visible_to(user, Role.LEADER)))


def roster(candidates: QuerySet[Candidate], *, words: str = "", show: str = "all") -> QuerySet[Candidate]:
    """Those of `candidates` that are looked for, in order of the unit tree.

    Args:
        words: as in people.queries.people_called.
        show: a key of SHOWN; anything else shows all.
    """
    found = candidates.filter(SHOWN.get(show, SHOWN["all"])[1]).select_related("user", "unit")
    if words.strip():
        found = found.filter(user__in=people_called(User.objects.all(), words))
    return found.order_by("unit__path", "pk")


def waiting_changes(candidates: QuerySet[Candidate]) -> QuerySet[RosterChange]:
    """Changes of these candidates that wait for approval, oldest first."""
    return (
        RosterChange.objects.filter(candidate__in=candidates, state=RosterChange.State.PENDING)
        .select_related("candidate__user", "candidate__unit", "asked_by")
        .order_by("asked_at", "pk")
    )


def history(candidate: Candidate) -> tuple[list[RosterChange], list[Sitting]]:
    """All changes (newest first) and sittings of one candidate."""
    changes = list(candidate.changes.select_related("asked_by", "decided_by"))
    return changes, list(candidate.sittings.defer("answers").order_by("number"))


@dataclass(frozen=True)
class FrozenSheet:
    """名册冻结表: heads by unit, the excused by name, and the digest over everybody."""

    lines: list[tuple[str, Standing]]
    total: Standing
    excused: list[Candidate]
    digest: str


def frozen_sheet(exam: Exam) -> FrozenSheet:
    """The sheet of the roster as it stands now. Three queries; heads of a unit are those directly in it."""
    names = ("pk", "user__name", "unit__path", "category", "exempt_reason", "deferred_reason", "unit__name")
    facts = list(exam.candidates.order_by("unit__path", "pk").values_list(*names))
    heads: dict[tuple[str, str], list[int]] = {}
    for *_, path, _category, exempt, deferred, name in facts:
        line = heads.setdefault((path, name), [0, 0, 0])
        line[0] += 1
        line[1] += bool(exempt)
        line[2] += bool(deferred)
    lines = [
        (name, Standing(on_roster=n, exempt=e, deferred=d, due=n - e - d)) for (_, name), (n, e, d) in heads.items()
    ]
    excused = list(exam.candidates.exclude(DUE).select_related("user", "unit", "approved_by").order_by("unit__path", "pk"))
    return FrozenSheet(lines, standing(exam), excused, digest(row[:6] for row in facts))
