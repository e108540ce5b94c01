"""What a correction of a question changes: asked before it is made, and carried out by the same reckoning."""
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db.models import Count, Q
from mingfa.bank.marking import mark_question
from mingfa.people.models import User

from .actions.handing_in import is_valid
from .engine import makeup
from .engine.correcting import Correction, corrected_mark
from .engine.disclosure import visible
from .models import Candidate, Exam, FaultReport, MarkChange, Response, Sitting
from .papers import versions_of

TOLD_FOR = timedelta(days=60)


@dataclass
class Effect:
    """Marks of answers and sittings, and what of candidates changes; everything else stays.

    responses: {(sitting, place): mark}; sittings: {sitting: (before, after)}; candidates: {candidate: (counted sitting,
    mark, passed)}; heads: how many rise, fall, pass now, fail now.
    """

    responses: dict = field(default_factory=dict)
    sittings: dict = field(default_factory=dict)
    candidates: dict = field(default_factory=dict)
    heads: Counter = field(default_factory=Counter)
    people: list = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Different as soon as any mark, or any result that counts, would become another one."""
        facts = sorted(self.responses.items()), sorted(self.sittings.items()), sorted(self.candidates.items())
        return sha256(repr(facts).encode()).hexdigest()


def effect_of(exam: Exam, version_id: int, correction: Correction) -> Effect:
    """What a correction would change in an exam. Four queries, whatever the number of papers."""
    found, kind = Effect(), versions_of([version_id])[version_id].type
    rows = Response.objects.filter(
        sitting__candidate__exam=exam, version_id=version_id, sitting__state__in=[Sitting.State.MARKED, Sitting.State.SUBMITTED]
    )
    shift, touched = defaultdict(Decimal), {}
    for sitting, candidate, place, answer, mark, full in rows.values_list(
        "sitting_id", "sitting__candidate_id", "place", "answer", "mark", "full"
    ):
        new = corrected_mark(kind, correction, answer, full, policy=exam.multiple_policy, mark_question=mark_question)
        if mark != new:
            found.responses[sitting, place] = new
            shift[sitting] += new - (mark or 0)
            touched[candidate] = True
    _find_candidates(exam, found, shift, list(touched))
    return found


def _find_candidates(exam: Exam, found: Effect, shift: dict[int, Decimal], touched: list[int]) -> None:
    sittings = defaultdict(list)
    for one in Sitting.objects.filter(candidate__in=touched, state=Sitting.State.MARKED).order_by("number"):
        before = one.mark
        if shift.get(one.pk):
            one.mark = before + shift[one.pk]
            found.sittings[one.pk] = (before, one.mark)
        if is_valid(one, exam):
            sittings[one.candidate_id].append(one)
    for candidate in Candidate.objects.filter(pk__in=touched).select_related("user", "unit").order_by("unit__path", "pk"):
        valid = {one.number: one for one in sittings[candidate.pk]}
        number = makeup.counting([(one.number, one.mark) for one in valid.values()], exam.counting)
        if number is None:
            continue
        best = valid[number]
        passed = best.mark >= exam.pass_mark
        if (candidate.counted_id, candidate.counted_mark, candidate.passed) == (best.pk, best.mark, passed):
            continue
        found.candidates[candidate.pk] = (best.pk, best.mark, passed)
        found.heads["up" if best.mark > (candidate.counted_mark or 0) else "down"] += 1
        if passed != candidate.passed:
            found.heads["pass" if passed else "fail"] += 1
        found.people.append((candidate, candidate.counted_mark, best.mark, candidate.passed, passed))


def reported(exam: Exam) -> list:
    """Questions of an exam that somebody reported, the open ones first: (version, how many open, how many in all)."""
    rows = FaultReport.objects.filter(sitting__candidate__exam=exam).order_by().values_list("version").annotate(
        open=Count("pk", filter=Q(state=FaultReport.State.OPEN)), all=Count("pk")
    )  # fmt: skip
    found = sorted(rows, key=lambda row: (not row[1], -row[2], row[0]))
    views = versions_of(row[0] for row in found)
    return [(views[version], open_, all_) for version, open_, all_ in found]


def changes_of(sitting: Sitting) -> list[MarkChange]:
    """What corrections made of a sitting, the first one first."""
    rows = MarkChange.objects.filter(sitting=sitting).select_related("correction").order_by("correction_id")
    return list(rows)


def reasons_told(exam: Exam, now: datetime) -> bool:
    """Whether candidates may read why a question was corrected or not: a reason may tell the key, so it waits until
    nobody sits any more, and for the release where results wait for one."""
    policy = visible(exam.result_policy, now=now, keys_from=exam.keys_from, released_at=exam.released_at)
    return now >= exam.keys_from and policy == "full"


def told_to(user: User, now: datetime) -> list[MarkChange]:
    """Changes of this person's marks that are still told on the start page."""
    rows = MarkChange.objects.filter(sitting__candidate__user=user, correction__made_at__gte=now - TOLD_FOR)
    return list(rows.select_related("correction", "sitting__candidate__exam").order_by("-correction_id"))
