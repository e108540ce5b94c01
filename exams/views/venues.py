"""The organiser's page of 考点, the safe browser's file, and what an open paper reports. Every object is checked."""
import json

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.downloads import excel_table
from mingfa.people.middleware import without_account_check

from .. import actions, listings, queries, tokens, venues
from ..engine import seb
from ..engine.refusals import Refusal
from ..forms import VenueForm, WatchForm
from ..models import Exam, Sitting, Venue
from ..queries import units_due
from ..wording import sentence
from . import exam_set_by, private, tell


def _venues(exam):
    return exam.venues.select_related("unit")


@private
def venue_list(request, exam_id):
    """Who sits where, the form for one more, and what is noted while people sit."""
    exam = exam_set_by(request, exam_id)
    form = VenueForm(request.POST or None, units=units_due(exam))
    if request.method == "POST" and form.is_valid():
        try:
            venue = actions.set_venue(exam, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已安排考点：{venue.name}")
            return redirect("exams:venues", exam.pk)
    initial = {"watch_leaving": exam.watch_leaving, "safe_browser": exam.safe_browser, "keys": exam.safe_browser_keys}
    return render(request, "exams/venues/list.html", {
        "exam": exam, "form": form, "venues": _venues(exam), "watch": WatchForm(initial=initial),
        "is_open": exam.state in (Exam.State.DRAFT, Exam.State.PUBLISHED),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_safe
@private
def venues_xlsx(request, exam_id):
    """The venues as the page lists them, with the codes the invigilators give out."""
    exam = exam_set_by(request, exam_id)
    return excel_table(
        listings.VENUES, listings.venue_rows(_venues(exam)), of="考点", title=f"{exam.name}考点",
        log=(exam, "exams.export_table"), by=request.user, now=clock.now(), widths=(28, 28, 14, 36), what="venues",
    )  # fmt: skip


@private
@require_POST
def remove(request, venue_id):
    venue = get_object_or_404(Venue.objects.select_related("unit"), pk=venue_id)
    exam_set_by(request, venue.exam_id)
    tell(request, f"已取消考点：{venue.name}", actions.remove_venue, venue, by=request.user, now=clock.now())
    return redirect("exams:venues", venue.exam_id)


@private
@require_POST
def watch(request, exam_id):
    """What is noted while people sit, and whether the safe browser is needed."""
    exam, form = exam_set_by(request, exam_id), WatchForm(request.POST)
    if form.is_valid():
        tell(request, "已保存", actions.set_watch, exam, by=request.user, now=clock.now(), **form.cleaned_data)
    else:
        messages.error(request, "没有保存：" + next(iter(form.errors.values()))[0])
    return redirect("exams:venues", exam.pk)


@require_safe
@private
def safe_file(request, exam_id):
    """The configuration file of the safe browser, for everybody on the roster and the organiser."""
    candidate = queries.candidate_of(exam_id, request.user)
    exam = candidate.exam if candidate else exam_set_by(request, exam_id)
    if not exam.safe_browser:
        raise Http404
    response = HttpResponse(seb.file_of(venues.safe_settings(request, exam)), content_type="application/seb")
    response["Content-Disposition"] = f'attachment; filename="exam-{exam.pk}.seb"'
    return response


# As with a save, the token in the header decides and no cookie does.
@without_account_check
@csrf_exempt
@require_POST
def left(request, sitting_id):
    """How long an open paper was out of sight. Whatever is no number is dropped."""
    token = tokens.read(request.headers.get("X-Sitting-Token", ""))
    try:
        seconds = json.loads(request.body[:200]).get("seconds")
    except (ValueError, AttributeError):
        seconds = None
    if token is None or token.sitting_id != sitting_id or not isinstance(seconds, int) or isinstance(seconds, bool):
        return JsonResponse({"code": "form"}, status=400)
    sitting = get_object_or_404(
        Sitting.objects.select_related("candidate__exam"), pk=sitting_id, epoch=token.epoch, state=Sitting.State.OPEN
    )
    if sitting.candidate.exam.watch_leaving:
        actions.note_leaving(sitting, seconds=seconds, now=clock.now())
    return JsonResponse({})
