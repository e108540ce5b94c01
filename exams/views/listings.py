"""The lists of exams as Excel. Each asks what its page asks, and leaves a line in the log."""
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.downloads import excel
from mingfa.people.access import require, units_visible_to
from mingfa.people.models import Role

from .. import certificates, listings, queries, rosters
from ..models import Exam
from . import exam_set_by, private
from .roster import exam_seen_by


@require_safe
@private
def exams_xlsx(request):
    """The exams of the own units."""
    require(request.user, Role.SETTER)
    exams = queries.manageable(units_visible_to(request.user, Role.SETTER))
    exams, now = list(exams), clock.now()
    record(request.user, "exams.export_list", user=request.user, data={"rows": len(exams)}, now=now)
    return excel(listings.exams_xlsx(exams, now=now), "考试.xlsx")


@require_safe
@private
def people_xlsx(request, exam_id):
    """The people of the roster as they are filtered on the page; of the own units alone for a 联络员."""
    exam, candidates = exam_seen_by(request, exam_id)
    words, show, now = request.GET.get("q", "")[:60], request.GET.get("show", "all"), clock.now()
    told = rosters.marks_told(request.user, exam, now)
    if show not in rosters.SHOWN or (not told and show in rosters.TELLS_MARKS):
        show = "all"
    people = list(rosters.roster(candidates, words=words, show=show).select_related("user", "unit", "approved_by"))
    record(exam, "exams.export_roster", user=request.user, data={"rows": len(people), "show": show}, now=now)
    shown = rosters.SHOWN[show][0]
    return excel(listings.people_xlsx(exam, people, shown=shown, told=told, now=now), f"{exam.name}名册（{shown}）.xlsx")


@require_safe
@private
def expected_xlsx(request, exam_id):
    """The whole preview of a draft's roster."""
    exam = exam_set_by(request, exam_id)
    if exam.state != Exam.State.DRAFT:
        raise Http404
    people, now = list(queries.expected_people(exam, on=timezone.localdate())), clock.now()
    record(exam, "exams.export_roster", user=request.user, data={"rows": len(people), "show": "expected"}, now=now)
    return excel(listings.expected_xlsx(exam, people, now=now), f"{exam.name}应考名单预览.xlsx")


@require_safe
@private
def certificates_xlsx(request, exam_id):
    """The register of an exam's certificates."""
    exam, now = exam_set_by(request, exam_id), clock.now()
    if exam.state == Exam.State.DRAFT or not exam.certificates:
        raise Http404
    issued = list(certificates.issued(exam))
    record(exam, "exams.export_certificates", user=request.user, data={"rows": len(issued)}, now=now)
    return excel(listings.certificates_xlsx(exam, issued, now=now), f"{exam.name}证书登记.xlsx")
