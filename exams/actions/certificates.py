"""Issuing certificates, and taking one back."""
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from mingfa.people.models import User
from wagtail.log_actions import log

from ..certificates import CODE_ALPHABET, may_be_issued, outdated, without
from ..engine.refusals import AlreadySo, NotYetIssued
from ..engine.scoring import band
from ..models import Certificate, Exam

CHANGED = "成绩有变动"


def issue_certificates(exam: Exam, *, by: User, now: datetime) -> int:
    """A certificate for everybody who passed and has none; one whose result has changed is revoked and replaced. One
    that was revoked by hand is not issued again for the same mark.

    A second call changes nothing.

    Returns:
        How many were issued.

    Raises:
        NotYetIssued: results may still change or are not known to everybody.
    """
    with transaction.atomic():
        locked = Exam.objects.select_for_update(of=("self",)).select_related("unit").get(pk=exam.pk)
        if not may_be_issued(locked, now):
            raise NotYetIssued(locked.keys_from)
        revoked = outdated(locked).update(revoked_at=now, revoked_by=by, revoked_reason=CHANGED)
        last = Certificate.objects.filter(candidate__exam=locked).count()
        made = [
            _certificate(locked, candidate, last + at, by=by, now=now) for at, candidate in enumerate(without(locked), 1)
        ]
        Certificate.objects.bulk_create(made, batch_size=500)
        if made or revoked:
            data = {"issued": len(made), "revoked": revoked}
            log(locked, "exams.issue_certificates", user=by, data=data, timestamp=now)
    return len(made)


def _certificate(exam: Exam, candidate, number: int, *, by, now) -> Certificate:
    words = band(
        candidate.counted_mark, pass_mark=exam.pass_mark, good_mark=exam.good_mark, excellent_mark=exam.excellent_mark
    )
    return Certificate(
        candidate=candidate, number=f"{timezone.localdate(exam.closes_at).year}-{exam.pk:04d}-{number:04d}",
        code="".join(secrets.choice(CODE_ALPHABET) for _ in range(8)), name=candidate.user.name, unit=candidate.unit.name,
        exam_name=exam.name, issuer=exam.unit.name, mark=candidate.counted_mark, band=words,
        sat_on=timezone.localdate(candidate.counted.submitted_at), issued_at=now, issued_by=by,
    )  # fmt: skip


def revoke_certificate(certificate: Certificate, *, reason: str, by: User, now: datetime) -> None:
    """作废: the check page says so from now on, and no run issues another for the same mark. Raises AlreadySo."""
    with transaction.atomic():
        still = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
        if not still.update(revoked_at=now, revoked_by=by, revoked_reason=reason, withheld=True):
            raise AlreadySo()
        log(certificate, "exams.revoke_certificate", user=by, data={"reason": reason}, timestamp=now)


def allow_certificate(certificate: Certificate, *, by: User, now: datetime) -> None:
    """准许重发: what was wrong on a revoked one is put right, the next run issues another. Raises AlreadySo."""
    with transaction.atomic():
        if not Certificate.objects.filter(pk=certificate.pk, withheld=True).update(withheld=False):
            raise AlreadySo()
        log(certificate, "exams.allow_certificate", user=by, timestamp=now)
