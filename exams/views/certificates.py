"""Certificates: the organiser issues, the holder downloads, anybody checks one. Every object is checked."""
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import actions, certificates
from ..forms import ReasonForm
from ..models import Certificate, Exam
from . import exam_set_by, private, tell

PAGE_SIZE, MOST_PAGES = 50, 2000


def _exam(request, exam_id) -> Exam:
    exam = exam_set_by(request, exam_id)
    if exam.state == Exam.State.DRAFT or not exam.certificates:
        raise Http404
    return exam


@require_safe
@private
def certificate_list(request, exam_id):
    """Who has one, how many are still without, and the button that issues them."""
    exam, now = _exam(request, exam_id), clock.now()
    page = Paginator(certificates.issued(exam), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exams/certificates/list.html", {
        "exam": exam, "page": page, "may": certificates.may_be_issued(exam, now), "without": certificates.without(exam).count(),
        "outdated": certificates.outdated(exam).count(), "total": page.paginator.count,
    })  # fmt: skip


@private
@require_POST
def issue(request, exam_id):
    exam = _exam(request, exam_id)
    done = "已发证书 {} 份，本人在结果页下载".format
    tell(request, done, actions.issue_certificates, exam, by=request.user, now=clock.now())
    return redirect("exams:certificates", exam.pk)


@private
@require_POST
def revoke(request, certificate_id):
    certificate = get_object_or_404(Certificate.objects.select_related("candidate"), pk=certificate_id)
    exam, form = _exam(request, certificate.candidate.exam_id), ReasonForm(request.POST)
    if form.is_valid():
        given = {"reason": form.cleaned_data["reason"], "by": request.user, "now": clock.now()}
        tell(request, f"{certificate.number} 已作废", actions.revoke_certificate, certificate, **given)
    return redirect("exams:certificates", exam.pk)


@private
@require_POST
def allow(request, certificate_id):
    """准许重发 of a revoked certificate."""
    certificate = get_object_or_404(Certificate.objects.select_related("candidate"), pk=certificate_id)
    exam = _exam(request, certificate.candidate.exam_id)
    done = f"{certificate.number} 可以重发了。成绩没有变的，下次“发证书”会发一份新的"
    tell(request, done, actions.allow_certificate, certificate, by=request.user, now=clock.now())
    return redirect("exams:certificates", exam.pk)


def _address(request):
    def address(one: Certificate) -> str:
        return request.build_absolute_uri(f"{reverse('exams:check_certificate')}?number={one.number}&code={one.code}")

    return address


def _pdf(request, some, name: str) -> HttpResponse:
    response = HttpResponse(certificates.pdf(some, _address(request)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@require_safe
@private
def everybody(request, exam_id):
    """All certificates that hold, a page each, to be printed and handed out."""
    exam = _exam(request, exam_id)
    some = [one for one in certificates.issued(exam).filter(revoked_at=None).order_by("number")[:MOST_PAGES] if one.holds]
    if not some:
        raise Http404
    record(exam, "exams.print_certificates", user=request.user, data={"certificates": len(some)}, now=clock.now())
    return _pdf(request, some, f"certificates-{exam.pk}")


@require_safe
@private
def download(request, certificate_id):
    """The own certificate, or for the organiser."""
    one = get_object_or_404(Certificate.objects.select_related("candidate__exam__unit"), pk=certificate_id)
    own = one.candidate.user_id == request.user.pk
    if (not own and not holds(request.user, Role.SETTER, unit=one.candidate.exam.unit)) or not one.holds:
        raise Http404
    return _pdf(request, [one], f"certificate-{one.number}")


@require_safe
@never_cache
def check(request):
    """证书查验, open to everybody: reads the record and says only what is on the paper, the name but for its first letter
    hidden. The check code cannot be guessed, and a wrong one looks like a wrong number."""
    number, code = request.GET.get("number", ""), request.GET.get("code", "")
    asked = bool(number or code)
    one = certificates.found(number, code) if asked else None
    name = one and one.name[:1] + "＊" * (len(one.name) - 1)
    return render(request, "exams/certificates/check.html", {
        "asked": asked, "one": one, "name": name, "number": number[:24], "code": code[:12],
    })  # fmt: skip
