"""Fault reports, and corrections with everything that follows from them."""
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from mingfa.audit import record, record_all
from mingfa.people.models import User

from ..corrections import Effect, effect_of
from ..engine.correcting import Correction
from ..engine.refusals import AlreadySo, NothingSaid, Outdated, WrongState
from ..models import Candidate, Exam, FaultReport, KeyCorrection, MarkChange, Response, Sitting
from ..papers import paper_of
from ..proving import proof_of
from ..queries import standing
from .handing_in import hold_results
from .standings import touch
from .tallying import marks_changed

MOST_AT_ONCE = 500  # rows of one UPDATE


def report_fault(sitting: Sitting, place: int, *, text: str, by: User, now: datetime) -> FaultReport:
    """A candidate says what is wrong with a question of the own paper; a second word on it replaces the first.

    Raises:
        NothingSaid: no text, or no such question. AlreadySo: it has been answered.
    """
    paper = paper_of(sitting.pk)
    if not text.strip() or not 0 <= place < len(paper.items):
        raise NothingSaid()
    with transaction.atomic():
        known = FaultReport.objects.select_for_update().filter(sitting=sitting, place=place).first()
        if known and known.state != FaultReport.State.OPEN:
            raise AlreadySo()
        report = known or FaultReport(sitting=sitting, place=place, version_id=paper.items[place].version_id)
        report.text, report.made_at = text.strip()[:300], now
        report.save()
        record(sitting, "exams.report_fault", user=by, data={"place": place}, now=now)
    return report


def answer_reports(exam: Exam, version_id: int, *, reply: str, by: User, now: datetime, corrected: bool = False) -> int:
    """Answer every open report on a question with one sentence. Returns how many."""
    state = FaultReport.State.CORRECTED if corrected else FaultReport.State.KEPT
    with transaction.atomic():
        open_ = FaultReport.objects.filter(
            sitting__candidate__exam=exam, version_id=version_id, state=FaultReport.State.OPEN
        )
        answered = open_.update(state=state, reply=reply, decided_by=by, decided_at=now)
        if answered:
            data = {"version": version_id, "reports": answered, "corrected": corrected}
            record(exam, "exams.answer_reports", user=by, data=data, now=now)
    return answered


def correct_question(
    exam: Exam, version_id: int, correction: Correction, *, reason: str, seen: str, by: User, now: datetime
) -> KeyCorrection:
    """Mark a question anew in all papers of an exam, handed in or still open, and keep what changed.

    Args:
        seen: the digest of the effect that was on the page before it was confirmed.

    Raises:
        WrongState: drafts and archived exams have nothing to correct. Outdated: meanwhile it would change something
        else; nothing has changed.
    """
    with transaction.atomic():
        locked = hold_results(exam.pk)
        if locked.state in (Exam.State.DRAFT, Exam.State.ARCHIVED):
            raise WrongState(locked.state, "corrected")
        effect = effect_of(locked, version_id, correction)
        if effect.digest != seen:
            raise Outdated()
        before = asdict(standing(locked))
        made = KeyCorrection.objects.create(
            exam=locked, version_id=version_id, accepted=list(correction.accepted), everybody=correction.everybody,
            reason=reason, made_by=by, made_at=now, before=before,
        )  # fmt: skip
        _apply(effect, made, now)
        Exam.objects.filter(pk=locked.pk).update(has_corrections=True)
        # Whoever is being marked at this moment by the old key finds the sitting changed and marks it again.
        Sitting.objects.filter(candidate__exam=locked, state=Sitting.State.OPEN).update(revision=F("revision") + 1)
        # That waited for those who were just committing a mark by the old key, which the first look could not see.
        _apply(effect_of(locked, version_id, correction), made, now)
        made.after = asdict(standing(locked))
        made.save(update_fields=["after"])
        answer_reports(locked, version_id, reply=reason, by=by, now=now, corrected=True)
        marks_changed(locked, now=now)
        data = {"version": version_id, "accepted": made.accepted, "everybody": made.everybody, "reason": reason,
                "sittings": len(effect.sittings), **effect.heads}  # fmt: skip
        record(locked, "exams.correct_question", user=by, data=data, now=now)
    return made


def _apply(effect: Effect, made: KeyCorrection, now: datetime) -> None:
    by_mark: dict = {}
    for (sitting, place), mark in effect.responses.items():
        by_mark.setdefault((mark, place), []).append(sitting)
    for (mark, place), sittings in by_mark.items():
        for start in range(0, len(sittings), MOST_AT_ONCE):
            some = sittings[start : start + MOST_AT_ONCE]
            Response.objects.filter(sitting__in=some, place=place).update(mark=mark)
    changed = [Sitting(pk=pk, mark=after) for pk, (_, after) in effect.sittings.items()]
    Sitting.objects.bulk_update(changed, ["mark"], batch_size=MOST_AT_ONCE)
    proofs = [(one, {"correction": made.pk, **proof_of(one.pk, one.mark)}) for one in changed]
    record_all(proofs, "exams.change_mark", user=made.made_by, now=now)
    people = [
        Candidate(pk=pk, counted_id=counted, counted_mark=mark, passed=passed)
        for pk, (counted, mark, passed) in effect.candidates.items()
    ]
    touch(*effect.candidates)
    Candidate.objects.bulk_update(people, ["counted", "counted_mark", "passed"], batch_size=MOST_AT_ONCE)
    MarkChange.objects.bulk_create(
        [MarkChange(correction=made, sitting_id=pk, before=before, after=after)
         for pk, (before, after) in effect.sittings.items()],
        batch_size=MOST_AT_ONCE,
    )  # fmt: skip
