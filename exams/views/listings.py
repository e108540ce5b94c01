"""The lists of exams as Excel. Each asks what its page asks, and leaves a line in the log."""
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.downloads import excel_table
from mingfa.people.access import holds, require, units_visible_to
from mingfa.people.models import Role
from mingfa.spreadsheets import extra_sheet

from .. import certificates, listings, queries, rosters
from ..models import Exam
from . import exam_set_by, private
from .roster import exam_seen_by


@require_safe
@private
def exams_xlsx(request):
    """The exams of the own units; those whose roster somebody looks after on a sheet of their own."""
    require(request.user, Role.SETTER, Role.LIAISON, Role.LEADER)
    now, widths = clock.now(), (36, 24, 10, 18, 18, 12)
    looked_after = listings.roster_rows(rosters.exams_looked_after(request.user))
    told = {"by": request.user, "now": now, "log": (request.user, "exams.export_list"), "widths": widths}
    if not holds(request.user, Role.SETTER):
        return excel_table(listings.ROSTERS, looked_after, of="考试", title="考试", **told)
    rows = listings.exam_rows(queries.manageable(units_visible_to(request.user, Role.SETTER)))
    second = extra_sheet(listings.ROSTERS, looked_after, sheet="名册", title="名册", of="考试，名册", now=now, widths=widths)
    return excel_table(listings.EXAMS, rows, of="考试", title="考试", beside=[second] if looked_after else [], **told)


@require_safe
@private
def people_xlsx(request, exam_id):
    """The people of the roster as they are filtered on the page; of the own units alone for a 联络员."""
    exam, candidates = exam_seen_by(request, exam_id)
    words, show, now = request.GET.get("q", "")[:60], request.GET.get("show", "all"), clock.now()
    told = rosters.marks_told(request.user, exam, now)
    if show not in rosters.SHOWN or (not told and show in rosters.TELLS_MARKS):
        show = "all"
    people = rosters.roster(candidates, words=words, show=show).select_related("user", "unit", "approved_by")
    return excel_table(
        listings.PEOPLE, listings.people_rows(people, told=told), of="名册", title=f"{exam.name}名册（{rosters.SHOWN[show][0]}）",
        log=(exam, "exams.export_roster"), by=request.user, now=now, widths=(6, 28, 12, 14, 24, 12), show=show,
    )  # fmt: skip


@require_safe
@private
def expected_xlsx(request, exam_id):
    """The whole preview of a draft's roster."""
    exam = exam_set_by(request, exam_id)
    if exam.state != Exam.State.DRAFT:
        raise Http404
    rows = listings.expected_rows(queries.expected_people(exam, on=timezone.localdate()))
    return excel_table(
        listings.EXPECTED, rows, of="应考名单预览", title=f"{exam.name}应考名单预览", log=(exam, "exams.export_roster"),
        by=request.user, now=clock.now(), show="expected",
    )  # fmt: skip


@require_safe
@private
def certificates_xlsx(request, exam_id):
    """The register of an exam's certificates."""
    exam = exam_set_by(request, exam_id)
    if exam.state == Exam.State.DRAFT or not exam.certificates:
        raise Http404
    return excel_table(
        listings.CERTIFICATES, listings.certificate_rows(certificates.issued(exam)), of="合格证书",
        title=f"{exam.name}证书登记", log=(exam, "exams.export_certificates"), by=request.user, now=clock.now(),
        widths=(22, 12, 24, 8, 18, 20, 24),
    )  # fmt: skip
