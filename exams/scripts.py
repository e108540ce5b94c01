"""Written answers that wait for a marker, without names (docs/rules.md “阅卷”)."""
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b

from django.db.models import Exists, OuterRef
from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import Role, User

from .engine.marking import ARBITER, standing
from .models import Candidate, Exam, Response, ScriptMark, Sitting
from .papers import versions_of
from .queries import DUE

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people read it out
ROUNDS = {1: "一评", 2: "二评", 3: "仲裁"}


@dataclass(frozen=True)
class Script:
    """One written answer. code: what markers call it, without a name; next: the round it waits for."""

    sitting_id: int
    place: int
    version_id: int
    answer: str
    full: Decimal
    next: int
    markers: frozenset[int]

    @property
    def code(self) -> str:
        digest = blake2b(b"%d/%d" % (self.sitting_id, self.place), digest_size=5).digest()
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)


@dataclass
class Progress:
    """One question: how many answers there are to mark, how many are done, how many wait for each round."""

    version_id: int
    stem: str
    all: int = 0
    done: int = 0
    waiting: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def rounds(self) -> list[tuple[str, int]]:
        return [(ROUNDS[one], self.waiting[one]) for one in sorted(self.waiting)]


def may_mark(user: User, exam: Exam) -> bool:
    """Markers and setters of the organiser's unit."""
    return holds(user, Role.MARKER, unit=exam.unit) or may_arbitrate(user, exam)


def may_arbitrate(user: User, exam: Exam) -> bool:
    return holds(user, Role.SETTER, unit=exam.unit)


def may_still_sit(user: User, exam: Exam, now: datetime) -> bool:
    """Whether somebody is due in an exam that still takes answers: the points to look for would tell him the key (AL1)."""
    return now < exam.keys_from and exam.candidates.filter(DUE, user=user).exists()


def exams_to_mark(user: User, now: datetime) -> list[Exam]:
    """Exams of the units this person marks for that have answers without a mark, but none he may still sit. One query."""
    units = units_visible_to(user, Role.MARKER, Role.SETTER)
    waiting = Sitting.objects.filter(candidate__exam=OuterRef("pk"), state=Sitting.State.SUBMITTED)
    own = Exists(Candidate.objects.filter(DUE, exam=OuterRef("pk"), user=user))
    exams = Exam.objects.filter(Exists(waiting), unit__in=units).annotate(due_himself=own).order_by("closes_at", "pk")
    return [one for one in exams if not (one.due_himself and now < one.keys_from)]


def waiting_scripts(exam: Exam) -> list[Script]:
    """Every answer of the exam that still has no mark, question by question. Two queries."""
    rows = Response.objects.filter(
        sitting__candidate__exam=exam, sitting__state=Sitting.State.SUBMITTED, mark=None
    ).order_by("version_id", "sitting_id")
    given = defaultdict(list)
    for one in ScriptMark.objects.filter(sitting__candidate__exam=exam, sitting__state=Sitting.State.SUBMITTED):
        given[one.sitting_id, one.place].append(one)
    found = []
    for sitting, place, version, answer, full in rows.values_list("sitting_id", "place", "version_id", "answer", "full"):
        marks = given[sitting, place]
        where = standing([one.mark for one in marks], markers=exam.markers, tolerance=exam.tolerance)
        markers = frozenset(one.marker_id for one in marks)
        # Two marks that agree by now (the tolerance was widened) are settled with the next look at the answer.
        found.append(Script(sitting, place, version, answer, full, where.next or ARBITER, markers))
    return found


def next_script(exam: Exam, user: User, scripts: list[Script]) -> Script | None:
    """What this person marks next: not the own answer, none twice. Two markers come from both ends of a question."""
    own = set(Sitting.objects.filter(candidate__exam=exam, candidate__user=user).values_list("pk", flat=True))
    arbiter = may_arbitrate(user, exam)
    open_to = [
        one for one in scripts
        if one.sitting_id not in own and user.pk not in one.markers and (one.next != ARBITER or arbiter)
    ]  # fmt: skip
    if not open_to:
        return None
    first = [one for one in open_to if one.version_id == open_to[0].version_id]
    return first[-1 if user.pk % 2 else 0]


def progress(exam: Exam, scripts: list[Script]) -> list[Progress]:
    """How far the marking of each question is. One query beside the scripts."""
    done = ScriptMark.objects.filter(sitting__candidate__exam=exam).exclude(sitting__state=Sitting.State.VOID)
    seen = {(one.sitting_id, one.place) for one in done.only("sitting_id", "place")}
    seen -= {(one.sitting_id, one.place) for one in scripts}
    rows = Response.objects.filter(sitting__in={sitting for sitting, _ in seen})
    versions = {row[:2]: row[2] for row in rows.values_list("sitting_id", "place", "version_id")}
    views = versions_of({*(one.version_id for one in scripts), *(versions[one] for one in seen)})
    found = {pk: Progress(pk, view.stem) for pk, view in sorted(views.items())}
    for one in seen:
        found[versions[one]].all += 1
        found[versions[one]].done += 1
    for one in scripts:
        found[one.version_id].all += 1
        found[one.version_id].waiting[one.next] += 1
    return list(found.values())


def last_of(exam: Exam, user: User) -> ScriptMark | None:
    """The mark this person gave last, while it can still be changed."""
    own = ScriptMark.objects.filter(sitting__candidate__exam=exam, sitting__state=Sitting.State.SUBMITTED, marker=user)
    return own.order_by("-marked_at", "-pk").first()
