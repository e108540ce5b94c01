"""The record of an activity: one form, sent by the browser or, where its line is cut, later by the page's own queue."""
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.people.middleware import without_account_check

from .. import actions, activities, queries
from ..engine.refusals import Refusal
from ..forms.activities import ActivityForm, handed_forms, handed_of
from ..models import Activity, Photo, Stock
from ..wording import sentence
from . import kept, private, readable
from .activities import activity_or_404

WORKER = (Path(__file__).resolve().parents[1] / "static/outreach/worker.js").read_bytes()


@without_account_check
@require_safe
def worker(request):
    """The script that brings the form back while there is no line; here, because its address is its scope. It is the
    same for everybody and holds nothing of anybody."""
    return HttpResponse(WORKER, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@private
def record(request, activity_id=None):
    """The record, new or once more. What is refused stands above the form with everything still filled in."""
    places = kept(request)
    if _is_of_another(request):
        return JsonResponse({"errors": []}, status=403)
    activity = activity_or_404(request, activity_id, places) if activity_id else None
    if activity and activity.state == Activity.State.APPROVED:
        raise Http404
    form = ActivityForm(
        request.POST or None, request.FILES or None, places=places, initial=_initial(request, activity, places)
    )
    handed = handed_forms(request.POST or None, places=places, initial=_handed(activity))
    if request.method == "POST" and form.is_valid() and handed.is_valid():
        try:
            saved = _save(request, form, handed, activity)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return _saved(request, saved)
    wrong = form.errors or (request.method == "POST" and not handed.is_valid())
    if wrong and _asks_for_json(request):
        return JsonResponse({"errors": _told(form, handed)}, status=422)
    context = {
        "form": form, "handed": handed, "activity": activity, "stocked": bool(queries.stocks_at(places)),
        "kept_photos": activity.photos.count() if activity else 0,
    }  # fmt: skip
    return render(request, "outreach/activities/form.html", context, status=422 if wrong else 200)


def _asks_for_json(request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _is_of_another(request) -> bool:
    """Somebody else's record that waited in this browser: it is not recorded under the name of whoever is signed in now."""
    own = str(request.user.pk)
    return _asks_for_json(request) and request.headers.get("X-Mingfa-Person", own) != own


def _saved(request, activity: Activity):
    if _asks_for_json(request):
        return JsonResponse({"url": reverse("outreach:activity", args=[activity.pk]), "name": activity.name})
    messages.success(request, f"已登记“{activity.name}”，等另一位宣传员审核")
    return redirect("outreach:activity", activity.pk)


def _told(form: ActivityForm, handed) -> list[dict]:
    """Every refusal in the order of the form: the field it is about ("" for the whole) and the sentence."""
    found = [
        {"field": "" if name == "__all__" else name, "text": text} for name, texts in form.errors.items() for text in texts
    ]
    rows = [
        {"field": f"handed-{number}-{name}", "text": text}
        for number, row in enumerate(handed.errors)
        for name, texts in row.items()
        for text in texts
    ]
    return found + rows


def _save(request, form: ActivityForm, handed, activity: Activity | None) -> Activity:
    given = {
        "handed": handed_of(handed), "by": request.user, "now": timezone.now(), "photos": form.cleaned_data["photos"],
    }  # fmt: skip
    if activity:
        return actions.revise_activity(activity, form.record(), **given)
    return actions.record_activity(form.record(), unit=form.cleaned_data["unit"], key=form.cleaned_data["key"], **given)


def _initial(request, activity: Activity | None, places) -> dict:
    """What is known already: the record so far, else the person's own unit."""
    if activity is None:
        posting = request.user.current_posting
        own = next((one for one in places if posting and one.pk == posting.unit_id), places[0])
        return {"unit": own, "legal_day": request.GET.get("day", ""), "campaign": request.GET.get("campaign", "")}
    names = (
        "name", "form", "unit", "spot", "audience", "consulted", "legal_day", "campaign", "staff", "partners", "note",
        *ActivityForm.MORE,
    )  # fmt: skip
    today = timezone.localdate()
    words = {"held_on": min(activity.held_on, today), "is_counted": "yes" if activity.is_counted else "no"}
    return {name: getattr(activity, name) for name in names} | words


def _handed(activity: Activity | None) -> list[dict]:
    rows = activities.handed_at(activity) if activity else []
    return [
        {"stock": Stock.objects.get(batch=line.batch_id, place=line.place_id).pk, "quantity": number}
        for line, number in rows
    ]


def _photo(photo_id: int, places) -> Photo:
    found = Photo.objects.filter(activity__in=activities.activities_of(places)).select_related("activity__unit")
    return get_object_or_404(found, pk=photo_id)


@require_safe
@private
def photo(request, photo_id):
    """One photo, for who may read its record."""
    file = _photo(photo_id, readable(request)).file
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        raise Http404 from None
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Content-Disposition": "inline"}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


@private
@require_POST
def photo_remove(request, photo_id):
    """Take a photo off a record that is not approved yet."""
    found = _photo(photo_id, kept(request))
    try:
        actions.remove_photo(found, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "已删去一张照片")
    return redirect("outreach:activity", found.activity_id)
