"""述法情况表 as Word, for the leader and for who organises; logged."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from mingfa.documents import DOCX
from mingfa.numbers import whole
from mingfa.people.models import User
from mingfa.periods import Year

from .. import duty as sheets
from .reports import years_offered


@login_required
@never_cache
@require_safe
def duty(request):
    """The sheet of ?person= and ?year=."""
    leader = User.objects.filter(pk=whole(request.GET.get("person", "")) or 0, is_active=True).first()
    if leader is None or not sheets.may_have(request.user, leader):
        raise Http404
    year = whole(request.GET.get("year", ""))
    if year not in years_offered():
        messages.error(request, "没有生成述法情况表：请从列表里选年度。")
        return redirect("reports:list")
    now = timezone.now()
    content = sheets.sheet_docx(sheets.sheet_of(leader, Year(year), now=now))
    log(leader, "reports.duty_sheet", user=request.user, timestamp=now, data={"year": year, "bytes": len(content)})
    name = content_disposition_header(True, f"{leader.name}{year}年述法情况表.docx")
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": name, "X-Content-Type-Options": "nosniff"})
