"""Certificates: who gets one, and the PDF (docs/rules.md “证书”)."""
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from mingfa.prepared import Given, Prepared
from mingfa.wording import marks

from .models import Candidate, Certificate, Exam

TEMPLATE = Path(__file__).parent / "typst/certificate.typ"
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people type it in


def may_be_issued(exam: Exam, now: datetime) -> bool:
    """Nobody's result changes any more by sitting or by late answers, and everybody may know the own one."""
    if not exam.certificates or now < exam.keys_from:
        return False
    return exam.result_policy != Exam.ResultPolicy.AFTER_RELEASE or exam.released_at is not None


def without(exam: Exam) -> QuerySet[Candidate]:
    """Those who passed and have no certificate that holds, in the order of the tree; without those whose certificate
    of this mark was revoked by hand."""
    settled = Q(revoked_at=None) | Q(withheld=True)
    holding = Certificate.objects.filter(settled, candidate=OuterRef("pk"), mark=OuterRef("counted_mark"))
    passed = exam.candidates.filter(passed=True, exempt_reason="", deferred_reason="").exclude(counted=None)
    return passed.exclude(Exists(holding)).select_related("user", "unit", "counted").order_by("unit__path", "pk")


def outdated(exam: Exam) -> QuerySet[Certificate]:
    """Certificates nobody revoked whose result has changed since."""
    issued = Certificate.objects.filter(candidate__exam=exam, revoked_at=None)
    return issued.exclude(candidate__passed=True, candidate__counted_mark=F("mark"))


def issued(exam: Exam) -> QuerySet[Certificate]:
    return Certificate.objects.filter(candidate__exam=exam).select_related("candidate__unit").order_by("-issued_at", "number")


_UNREVOKED = Prepared(
    lambda: Certificate.objects.filter(candidate_id=Given(0, BigIntegerField()), revoked_at=None).order_by()
)


def of_candidate(candidate: Candidate) -> Certificate | None:
    """The certificate nobody revoked, with this candidate on it; whether it holds, it says itself. One query."""
    one = _UNREVOKED.first(candidate.pk)
    if one is not None:
        one.candidate = candidate
    return one


def found(number: str, code: str) -> Certificate | None:
    """The certificate with this number and check code, both as people type them; None for anything else."""
    code = "".join(one for one in code.upper() if one.isalnum())
    return Certificate.objects.select_related("candidate").filter(number=number.strip()[:24], code=code[:8] or "-").first()


def pdf(certificates: Sequence[Certificate], address) -> bytes:
    """A page for each certificate.

    Args:
        address: from a certificate to the absolute address where it can be checked.
    """
    data = json.dumps([_facts(one, address(one)) for one in certificates], ensure_ascii=False)
    return typst.compile(
        str(TEMPLATE), sys_inputs={"data": data}, font_paths=settings.FONT_FOLDERS, ignore_system_fonts=True
    )


def _facts(one: Certificate, address: str) -> dict:
    return {
        "name": one.name, "exam": one.exam_name, "mark": marks(one.mark), "band": one.band, "issuer": one.issuer,
        "sat": _printed(one.sat_on), "issued": _printed(timezone.localdate(one.issued_at)), "number": one.number,
        "code": one.spoken_code, "qr": _qr(address),
    }  # fmt: skip


def _printed(moment) -> str:
    return f"{moment.year} 年 {moment.month} 月 {moment.day} 日"


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
