"""名册变动: 免考, 缓考 and taking them back, with approval where the rule asks for a second person."""
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from mingfa.audit import record
from mingfa.people.access import holds
from mingfa.people.models import Role, User

from ..engine.refusals import AlreadySo, ChangePending, OwnCase, SittingNow, WrongState
from ..engine.rosters import needs_approval
from ..models import Candidate, Exam, RosterChange, Sitting
from .standings import touch

Kind, State = RosterChange.Kind, RosterChange.State


def change_standing(
    candidate: Candidate, *, kind: str, reason: str, by: User, now: datetime,
    proof: bytes = b"", proof_type: str = "",
) -> RosterChange:
    """Ask for 免考, 缓考 or 恢复应考 of one candidate; takes effect at once unless a second person has to approve.

    Args:
        kind: RosterChange.Kind.
        reason: not empty; becomes the printed reason of 免考 and 缓考.
        proof: content of the written proof, already checked (exams.proofs), and its content type.

    Raises:
        WrongState: the exam is a draft or archived.
        OwnCase, AlreadySo, ChangePending, SittingNow
    """
    with transaction.atomic():
        # The candidate's row is the lock: two requests at once queue up here.
        locked = Candidate.objects.select_for_update(of=("self",)).select_related("exam__unit").get(pk=candidate.pk)
        exam = locked.exam
        if exam.state not in (Exam.State.PUBLISHED, Exam.State.CLOSED):
            raise WrongState(exam.state, "published")
        if by.pk == locked.user_id:
            raise OwnCase()
        _check_possible(locked, kind)
        if locked.changes.filter(state=State.PENDING).exists():
            raise ChangePending()
        change = RosterChange(
            candidate=locked, kind=kind, reason=reason, before=standing_words(locked), proof_type=proof_type,
            asked_by=by, asked_at=now,
        )  # fmt: skip
        if proof:
            change.proof.save("", ContentFile(proof), save=False)
        waits = needs_approval(
            now, closes_at=exam.closes_at, organiser=holds(by, Role.SETTER, unit=exam.unit),
            has_sat=locked.counted_id is not None,
        )  # fmt: skip
        if not waits:
            change.state, change.decided_by, change.decided_at = State.APPROVED, by, now
        change.save()
        record(locked, "exams.ask_roster_change", user=by, data=_facts(change), now=now)
        if not waits:
            _apply(locked, change, by=by, now=now)
    return change


def decide_change(change: RosterChange, *, approved: bool, note: str, by: User, now: datetime) -> RosterChange:
    """Approve or refuse what waits. Never by the one who asked, nor by the person it is about.

    Raises:
        WrongState: it has been decided.
        OwnCase, AlreadySo, SittingNow
    """
    with transaction.atomic():
        candidate = (
            Candidate.objects.select_for_update(of=("self",)).select_related("exam").get(pk=change.candidate_id)
        )
        locked = RosterChange.objects.get(pk=change.pk)
        if locked.state != State.PENDING:
            raise WrongState(locked.state, "decided")
        if by.pk in (locked.asked_by_id, candidate.user_id):
            raise OwnCase()
        if approved:
            _check_possible(candidate, locked.kind)
        locked.state = State.APPROVED if approved else State.REFUSED
        locked.decided_by, locked.decided_at, locked.note = by, now, note
        locked.save(update_fields=["state", "decided_by", "decided_at", "note"])
        if approved:
            _apply(candidate, locked, by=by, now=now)
        else:
            record(candidate, "exams.refuse_roster_change", user=by, data=_facts(locked), now=now)
    return locked


def exempt_candidate(candidate: Candidate, *, reason: str, by: User, now: datetime) -> RosterChange:
    """免考 with its reason. Raises what change_standing raises."""
    return change_standing(candidate, kind=Kind.EXEMPT, reason=reason, by=by, now=now)


def defer_candidate(candidate: Candidate, *, reason: str, by: User, now: datetime) -> RosterChange:
    """缓考 with its reason. Raises what change_standing raises."""
    return change_standing(candidate, kind=Kind.DEFER, reason=reason, by=by, now=now)


def standing_words(candidate: Candidate) -> str:
    """How a candidate stands, in the words of the sheet: 应考, or 免考/缓考 with its reason."""
    if candidate.exempt_reason:
        return f"免考：{candidate.exempt_reason}"
    return f"缓考：{candidate.deferred_reason}" if candidate.deferred_reason else "应考"


def _check_possible(candidate: Candidate, kind: str) -> None:
    stands = Kind.EXEMPT if candidate.exempt_reason else Kind.DEFER if candidate.deferred_reason else Kind.RESTORE
    if stands == kind:
        raise AlreadySo()
    if kind != Kind.RESTORE and candidate.sittings.filter(state=Sitting.State.OPEN).exists():
        raise SittingNow()


def _apply(candidate: Candidate, change: RosterChange, *, by: User, now: datetime) -> None:
    touch(candidate.pk)
    candidate.exempt_reason = change.reason if change.kind == Kind.EXEMPT else ""
    candidate.deferred_reason = change.reason if change.kind == Kind.DEFER else ""
    candidate.approved_by = None if change.kind == Kind.RESTORE else by
    candidate.save(update_fields=["exempt_reason", "deferred_reason", "approved_by"])
    record(candidate, f"exams.{change.kind}_candidate", user=by, data=_facts(change), now=now)


def _facts(change: RosterChange) -> dict:
    return {"change": change.pk, "kind": change.kind, "reason": change.reason, "before": change.before}
