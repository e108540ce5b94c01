"""Starting a sitting, moving it to another device, freezing and voiding it."""
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from mingfa.audit import record
from mingfa.people.models import User
from mingfa.sockets import notify
from wagtail.log_actions import log

from ..arrangements import arrangements_of
from ..eligibility import check_eligible
from ..engine.refusals import AccountOff, NoAttemptLeft, NotDue, NotPublished, OwnCase, TooManyDevices, WrongState
from ..engine.slots import check_slot
from ..engine.states import SITTING, check_transition
from ..engine.timing import check_window, personal_end
from ..models import Candidate, Exam, Paper, Sitting, SittingEvent
from ..papers import draw_paper, dump_items, fairness_of, load_items, remember_paper
from ..tasks import plan_ending
from ..venues import Place, check_place
from .handing_in import hold_results, recount, submit_sitting
from .printing import fixed_labels
from .tallying import marks_changed

MOST_TAKEOVERS = 200  # more than any cadre needs on a bad day
HIGHEST_EPOCH = 32_000  # a small integer ends at 32,767, and locking must still count up


def start_sitting(
    candidate: Candidate, *, by: User, now: datetime, device: str = "", seed: int | None = None, place: Place | None = None
) -> Sitting:
    """Start a sitting, or return the open one: pressing twice gives one sitting. One whose time is over ends first.

    Draws and freezes the paper, uses up one attempt, and plans the ending. Does not look at the answers.

    Args:
        candidate: with exam, its blueprint and bank loaded (queries.candidate_of).
        device: random id of the browser that will hold the sitting.
        seed: for demo data and tests; normally made here.
        place: where the request comes from; None for demo data and tests, whose people are where they belong.

    Raises:
        NotPublished, NotYetOpen, AlreadyClosed, NotDue, OutsideSlot, NeedsSafeBrowser, WrongAddress, WrongCode,
        TooManyTries, NotEligible, NoAttemptLeft, PaperShortage
    """
    exam = candidate.exam
    # Every sitting used up an attempt, so nobody's first start needs to look for one.
    running = candidate.attempts_used and candidate.sittings.filter(state=Sitting.State.OPEN).first()
    if running and running.ends_at > now:
        return running
    if running:
        submit_sitting(running.pk, by=None, now=now, ending=Sitting.Ending.TIME)
    if exam.state != Exam.State.PUBLISHED:
        raise NotPublished(exam.state)
    check_window(now, opens_at=exam.opens_at, closes_at=exam.closes_at)
    if candidate.exempt_reason or candidate.deferred_reason:
        raise NotDue(candidate.exempt_reason or candidate.deferred_reason)
    arranged = arrangements_of(exam)
    check_slot(arranged.slot_for(candidate), now=now)
    if place is not None:
        check_place(candidate, place, arranged.venue_for(candidate), entering=True)
    check_eligible(candidate, arranged)
    seed = secrets.randbits(63) if seed is None else seed
    items, label = _items_for(candidate, seed)
    grade, articles = fairness_of(items)
    ends_at = personal_end(
        now, duration_minutes=exam.duration_minutes, closes_at=exam.closes_at, extra_minutes=candidate.extra_minutes
    )
    try:
        with transaction.atomic():
            used = candidate.attempts_used
            # The counter is the lock: of two presses at once only one gets the next attempt.
            if not (
                used < candidate.attempts_allowed
                and Candidate.objects.filter(
                    pk=candidate.pk, attempts_used=used, exempt_reason="", deferred_reason=""
                ).update(attempts_used=used + 1)
            ):
                raise NoAttemptLeft(candidate.attempts_allowed)
            sitting = Sitting.objects.create(
                candidate=candidate, number=used + 1, started_at=now, ends_at=ends_at, device=device
            )
            Paper.objects.create(
                sitting=sitting, seed=seed, bank_edition=exam.blueprint.bank.edition,
                blueprint_edition=exam.blueprint.edition, items=dump_items(items), difficulty=grade, articles=articles,
                label=label,
            )  # fmt: skip
            record(sitting, "exams.start_sitting", user=by, now=now)
    except (IntegrityError, NoAttemptLeft):
        running = candidate.sittings.filter(state=Sitting.State.OPEN, ends_at__gt=now).first()
        if running is None:
            raise
        return running
    remember_paper(sitting.pk, items, seed=seed)
    plan_ending(ends_at)
    return sitting


def _items_for(candidate: Candidate, seed: int) -> tuple[list, str]:
    """(items, 卷别) of a new paper: drawn for this sitting, or what was drawn for all at publishing. Neighbours on the
    roster have A and B in turn; a second sitting has the other one."""
    exam = candidate.exam
    labels = fixed_labels(exam)
    if not labels:
        return draw_paper(exam.blueprint, seed=seed), ""
    label = labels[(candidate.pk + candidate.attempts_used) % len(labels)]
    return load_items(exam.printed_papers.get(label=label).items), label


def take_over(sitting: Sitting, *, by: User, now: datetime, device: str, place: Place | None = None) -> Sitting:
    """Hand an open sitting to another device. The old one is refused with its next save.

    Args:
        place: where the request comes from, as for a start: who only knows the password is not at the 考点.

    Raises:
        NeedsSafeBrowser, WrongAddress, WrongCode, TooManyTries
        WrongState: the sitting is not open any more.
        TooManyDevices: the invigilator has to look at it first; locking and letting go on starts the count anew.
    """
    if place is not None:
        candidate = sitting.candidate
        check_place(candidate, place, arrangements_of(candidate.exam).venue_for(candidate), entering=True)
    with transaction.atomic():
        still_open = Sitting.objects.filter(pk=sitting.pk, state=Sitting.State.OPEN)
        if not still_open.filter(takeovers__lt=MOST_TAKEOVERS, epoch__lt=HIGHEST_EPOCH).update(
            epoch=F("epoch") + 1, takeovers=F("takeovers") + 1, device=device
        ):
            if still_open.exists():
                raise TooManyDevices(MOST_TAKEOVERS)
            raise WrongState(sitting.state, "open")
        SittingEvent.objects.create(sitting=sitting, kind=SittingEvent.Kind.DEVICE, at=now)
        log(sitting, "exams.take_over_sitting", user=by, timestamp=now)
        hint(sitting.candidate.user_id, sitting.pk)
    sitting.refresh_from_db(fields=["epoch", "device"])
    return sitting


def freeze_sittings_of(user: User, *, reason: str, by: User | None = None, now: datetime) -> int:
    """Freeze every open sitting of a person (their account was disabled): kept, but not writable.

    Returns:
        How many were frozen.
    """
    with transaction.atomic():
        sittings = list(
            Sitting.objects.filter(candidate__user=user, state=Sitting.State.OPEN, frozen_reason="")
        )
        for sitting in sittings:
            Sitting.objects.filter(pk=sitting.pk).update(epoch=F("epoch") + 1, frozen_reason=reason)
            log(sitting, "exams.freeze_sitting", user=by, data={"reason": reason}, timestamp=now)
    return len(sittings)


def unfreeze_sitting(sitting: Sitting, *, by: User, now: datetime) -> None:
    """Let a frozen sitting go on. Its end is not moved.

    Raises:
        OwnCase: somebody else locked it, and somebody else decides.
        AccountOff: it was frozen with the account, which is still off.
    """
    if sitting.candidate.user_id == by.pk:
        raise OwnCase()
    if not sitting.candidate.user.is_active:
        raise AccountOff()
    with transaction.atomic():
        if Sitting.objects.filter(pk=sitting.pk).exclude(frozen_reason="").update(frozen_reason="", takeovers=0):
            log(sitting, "exams.unfreeze_sitting", user=by, timestamp=now)
            hint(sitting.candidate.user_id, sitting.pk)


def freeze_sitting(sitting: Sitting, *, reason: str, by: User, now: datetime) -> None:
    """Lock one open sitting: kept, but not writable until it is let go on. Its time runs.

    Raises:
        WrongState: it is not open.
    """
    with transaction.atomic():
        still = Sitting.objects.filter(pk=sitting.pk, state=Sitting.State.OPEN, frozen_reason="")
        if not still.update(epoch=F("epoch") + 1, frozen_reason=reason):
            raise WrongState(sitting.state, "frozen")
        log(sitting, "exams.freeze_sitting", user=by, data={"reason": reason}, timestamp=now)
        hint(sitting.candidate.user_id, sitting.pk)


def void_sitting(sitting: Sitting, *, reason: str, by: User, now: datetime, again: bool = False) -> None:
    """作废: the sitting no longer counts; the candidate's best other one does.

    Args:
        again: give the person one more attempt, as when time ran out during an outage.

    Raises:
        OwnCase: nobody takes back a bad sitting of his own, least of all for another attempt.
        WrongState: it is void already.
    """
    with transaction.atomic():
        hold_results(sitting.candidate.exam_id)
        locked = Sitting.objects.select_for_update(of=("self", "candidate")).select_related("candidate__exam").get(pk=sitting.pk)
        if locked.candidate.user_id == by.pk:
            raise OwnCase()
        check_transition(SITTING, locked.state, "void")
        Sitting.objects.filter(pk=locked.pk).update(
            state=Sitting.State.VOID, void_reason=reason, epoch=F("epoch") + 1
        )
        if again:
            Candidate.objects.filter(pk=locked.candidate_id).update(extra_attempts=F("extra_attempts") + 1)
        recount(locked.candidate)
        marks_changed(locked.candidate.exam, now=now)
        log(locked, "exams.void_sitting", user=by, data={"reason": reason, "again": again}, timestamp=now)
        hint(locked.candidate.user_id, locked.pk)


def hint(user_id: int, sitting_id: int) -> None:
    """The page that has the sitting open should ask how it stands. Sent when the transaction commits."""
    notify(f"user.{user_id}", {"type": "hint", "content": {"kind": "sitting", "id": sitting_id}})
