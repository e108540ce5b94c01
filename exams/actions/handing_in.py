"""Handing in: once, whoever asks how often; by the candidate or by the server when time is up."""
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from mingfa.audit import record
from mingfa.bank.marking import is_marked_by_people, mark_question
from mingfa.json_rows import as_json, from_json
from mingfa.people.models import User
from wagtail.log_actions import log

from ..engine import makeup
from ..engine import sheet as engine_sheet
from ..engine.correcting import Correction, corrected
from ..engine.scoring import Marked, mark_sheet
from ..engine.states import check_writable
from ..models import Candidate, Exam, KeyCorrection, Response, Sitting
from ..papers import keys_of, paper_of
from ..proving import proof_of
from ..tasks import plan_ending
from .saving import form_answers, form_changes
from .standings import insert_touching, touch

logger = logging.getLogger(__name__)


def submit_sitting(
    sitting_id: int, *, by: User | None, now: datetime, ending: str = Sitting.Ending.SELF,
    chosen: Mapping[str, Sequence[str]] | None = None, epoch: int = 0, read: Sitting | None = None,
) -> Sitting:
    """Hand a sitting in and mark it. A second call finds it handed in and changes nothing.

    Everything that was acknowledged counts: the UPDATE only succeeds on the revision that was marked.

    Args:
        by: the candidate; None when the server ends it.
        chosen: the whole form {question name: [option names]}, untrusted, to be saved and handed in at once; None when
            what is saved already counts.
        epoch: with `chosen`, the device epoch of the page's token.
        read: the sitting with candidate and exam, where the caller has just read it.

    Returns:
        The sitting as it stands, marked (or void).

    Raises:
        BadAnswer, SittingEnded, Replaced, Frozen: only with `chosen`; nothing has changed.
    """
    while True:
        # An old reading does no harm: the UPDATE fails on it, and the next round reads anew.
        sitting = read or Sitting.objects.select_related("candidate__exam").get(pk=sitting_id)
        read = None
        if sitting.state != Sitting.State.OPEN:
            return sitting
        if ending == Sitting.Ending.TIME and now < sitting.ends_at:
            return sitting  # time was given between looking for overdue sittings and here (SI8)
        exam = sitting.candidate.exam
        paper = paper_of(sitting_id)
        sheet, written = engine_sheet.load(sitting.answers), {}
        if chosen is not None:
            check_writable(
                state=sitting.state, epoch=sitting.epoch, held_epoch=epoch, ends_at=sitting.ends_at, now=now,
                frozen_reason=sitting.frozen_reason, void_reason=sitting.void_reason,
            )  # fmt: skip
            if engine_sheet.merge(sheet, form_changes(form_answers(paper, chosen), sheet)):
                written = {"answers": engine_sheet.dump(sheet), "revision": sitting.revision + 1, "saved_at": now}
        marked = mark_sheet(
            paper.items, keys_of(paper), sheet, policy=exam.multiple_policy, mark_question=mark_question,
            by_people=is_marked_by_people,
        )  # fmt: skip
        if found := corrections_of(exam):
            marked = corrected(marked, paper.kinds, found, policy=exam.multiple_policy, mark_question=mark_question)
        state, total = (Sitting.State.SUBMITTED, None) if marked.waiting else (Sitting.State.MARKED, marked.total)
        # Nobody hands in after the end: what the server does later is dated at the end itself.
        submitted_at = min(now, sitting.ends_at)
        how = Sitting.Ending.TIME if now >= sitting.ends_at else ending
        guard = {"state": Sitting.State.OPEN, "revision": sitting.revision}
        if chosen is not None:
            guard |= {"epoch": epoch, "frozen_reason": "", "ends_at__gt": now}
        with transaction.atomic():
            won = Sitting.objects.filter(pk=sitting_id, **guard).update(
                state=state, submitted_at=submitted_at, ending=how, mark=total, **written
            )
            if not won:
                continue
            sitting.answers = written.get("answers", sitting.answers)
            sitting.submitted_at = submitted_at
            valid = is_valid(sitting, exam)
            write_responses(sitting_id, marked, touching=sitting.candidate_id if valid else None)
            if valid:
                _let_count(sitting.candidate, sitting, total)
            record(sitting, "exams.submit_sitting", user=by, data={"ending": how, **proof_of(sitting_id, total)}, now=now)
        sitting.state, sitting.ending, sitting.mark = state, how, total
        return sitting


def corrections_of(exam: Exam) -> dict[int, Correction]:
    """The corrections that hold in an exam, by version. One query where there are any."""
    if not exam.has_corrections:
        return {}
    rows = KeyCorrection.objects.filter(exam=exam).order_by("made_at", "pk")
    return {one.version_id: Correction(tuple(one.accepted), one.everybody) for one in rows}


_INSERT = {
    vendor: f'INSERT INTO {Response._meta.db_table} ("sitting_id", "place", "version_id", "answer", "mark", "full")'
    f" SELECT %s, {values}"
    for vendor, values in from_json("smallint", "bigint", "text", "numeric", "numeric").items()
}


def write_responses(sitting_id: int, marked: Marked, *, touching: int | None) -> None:
    """One row a question, in one statement that is the same for every paper: twenty model objects, or twenty lists of
    values for the driver to read and the database to plan anew, cost several times what writing them needs.

    Args:
        touching: the candidate whose counted sitting changes next, if it does: marked in the same statement where possible.
    """
    rows = as_json((row.place, row.version_id, row.answer, row.mark, row.full) for row in marked.questions)
    insert_touching(touching, _INSERT[connection.vendor], [sitting_id, rows])


def count(candidate: Candidate, sitting: Sitting, mark: Decimal | None) -> None:
    """Let a newly handed-in or marked sitting count when it is valid and, by the exam's rule, the best, last or first so far.

    While people still mark it (`mark` None) its candidate has sat the exam, without a result; it gives way to any other.
    """
    if is_valid(sitting, candidate.exam):
        touch(candidate.pk)
        _let_count(candidate, sitting, mark)


def _let_count(candidate: Candidate, sitting: Sitting, mark: Decimal | None) -> None:
    """What count() does for a valid sitting, its candidate being touched."""
    if mark is None:
        Candidate.objects.filter(pk=candidate.pk, counted=None).update(counted=sitting, sat_on=_first_day(sitting))
        return
    # Asked of the row, not of `candidate`: another sitting may have been voided or marked since that was read.
    replaces = {
        makeup.BEST: Q(counted_mark__lt=mark),
        makeup.LAST: Q(counted__number__lt=sitting.number),
        makeup.FIRST: Q(counted__number__gt=sitting.number),
    }
    better = Candidate.objects.filter(Q(counted_mark=None) | replaces[candidate.exam.counting], pk=candidate.pk)
    passed = mark >= candidate.exam.pass_mark
    better.update(counted=sitting, counted_mark=mark, passed=passed, sat_on=_first_day(sitting))


def _first_day(sitting: Sitting) -> Coalesce:
    return Coalesce("sat_on", Value(timezone.localdate(sitting.submitted_at)))


def is_valid(sitting: Sitting, exam: Exam) -> bool:
    """Whether a marked sitting makes its candidate one of 实考: an empty sheet does only where the exam says so."""
    return exam.blank_counts or engine_sheet.answered(engine_sheet.load(sitting.answers)) > 0


def hold_results(exam_id: int) -> Exam:
    """Lock the results of an exam against everybody else who changes marks of handed-in sittings (corrections, late
    answers, marking, voiding): each of them sums up what the others may be changing. Taken before any other lock.
    Handing in does not wait for it."""
    return Exam.objects.select_for_update().get(pk=exam_id)


def recount(candidate: Candidate) -> None:
    """Find the valid handed-in sitting that counts anew."""
    # Another sitting of the same person may be handed in at this moment: it has to come before or after, not between.
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    handed_in = candidate.sittings.filter(state__in=[Sitting.State.MARKED, Sitting.State.SUBMITTED]).order_by("number")
    valid = {one.number: one for one in handed_in if is_valid(one, candidate.exam)}
    marked = [(one.number, one.mark) for one in valid.values() if one.mark is not None]
    best = valid.get(makeup.counting(marked, candidate.exam.counting)) or next(iter(valid.values()), None)
    mark = best and best.mark
    first = next(iter(valid.values()), None)
    touch(candidate.pk)
    Candidate.objects.filter(pk=candidate.pk).update(
        counted=best, counted_mark=mark, passed=None if mark is None else mark >= candidate.exam.pass_mark,
        sat_on=first and timezone.localdate(first.submitted_at),
    )


def end_overdue_sittings(*, now: datetime) -> int:
    """Hand in every sitting whose end has passed, with all that was saved; close exams whose window is over.

    Safe to run twice and from several workers. Frozen sittings end too: nothing confirmed is lost.

    Returns:
        How many sittings were ended.
    """
    overdue = Sitting.objects.filter(state=Sitting.State.OPEN, ends_at__lte=now)
    ended = 0
    for sitting_id in list(overdue.order_by("ends_at").values_list("pk", flat=True)):
        try:
            submit_sitting(sitting_id, by=None, now=now, ending=Sitting.Ending.TIME)
        except Exception:
            # One sitting that cannot be marked must not keep everybody else's from ending.
            logger.exception("sitting %s could not be ended", sitting_id)
        else:
            ended += 1
    over = Exam.objects.filter(state=Exam.State.PUBLISHED, closes_at__lte=now)
    for exam in over.exclude(candidates__sittings__state=Sitting.State.OPEN):
        close_exam(exam, now=now)
    return ended


def close_exam(exam: Exam, *, now: datetime) -> None:
    """The window is over and nobody sits any more. A second call changes nothing."""
    with transaction.atomic():
        if Exam.objects.filter(pk=exam.pk, state=Exam.State.PUBLISHED).update(state=Exam.State.CLOSED):
            log(exam, "exams.close_exam", user=None, timestamp=now)
            transaction.on_commit(lambda: plan_ending(exam.keys_from))
