"""The steward's page of one hall without scripts: head-count with photo, roster, second confirmation, reasons."""
import re
from secrets import token_urlsafe

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.numbers import whole

from .. import actions, queries, results
from ..board import Refusal
from ..board.commands import SIGNING
from ..closing_forms import HeadCountForm, ReasonForm
from ..facts import events_of
from ..models import HeadPhoto, RosterEntry, Venue
from ..wording import sentence
from . import private

IDEM = re.compile(r"[A-Za-z0-9_-]{8,40}")


def _hall(request, training_id, venue_id):
    """(venue, who asks as its steward or trainer); Http404 for others."""
    rows = Venue.objects.select_related("training__unit", "training__trainer", "unit", "steward")
    venue = get_object_or_404(rows, pk=venue_id, training=training_id)
    actor = queries.keeper_of(venue, request.user)
    if actor is None or venue.training.state in ("draft", "cancelled"):
        raise Http404
    return venue, actor


@private
def page(request, training_id, venue_id):
    """Everything a steward does, each by a form of its own."""
    venue, actor = _hall(request, training_id, venue_id)
    actions.keep_time(training_id, now=clock.now())
    form = HeadCountForm()
    if request.method == "POST":
        act = DO.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        form = HeadCountForm(request.POST, request.FILES)
        if act is not _count or form.is_valid():
            return _acted(request, act, venue, actor, form)
    return _drawn(request, venue, actor, form)


def _acted(request, act, venue, actor, form):
    try:
        done = act(request, venue, actor, form)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(f"{request.path}#people" if act in (_tick, _confirm, _reason) else request.path)


def _count(request, venue, actor, form):
    """Head-count, with the photo if there is one."""
    data, upload = {"venue": venue.pk, "heads": form.cleaned_data["heads"]}, form.cleaned_data["photo"]
    if upload is not None:
        data["photo"] = actions.keep_photo(venue, upload.read(), actor=actor, now=clock.now()).pk
    actions.do(venue.training_id, "headcount", data, actor=actor, idem=_idem(request), now=clock.now())
    return "已报人数，等另一个人确认"


def _idem(request) -> str:
    """The key of the form, so that sending it twice counts once."""
    sent = request.POST.get("idem", "")
    return sent if IDEM.fullmatch(sent) else ""


def _confirm_count(request, venue, actor, form):
    data = {"venue": venue.pk, "heads": whole(request.POST.get("heads", ""), most=5000) or 0, "confirm": True}
    actions.do(venue.training_id, "headcount", data, actor=actor, idem=_idem(request), now=clock.now())
    return "人数已确认"


def _tick(request, venue, actor, form):
    actions.tick(venue.training_id, {"who": _entry(request, venue).user_id}, actor=actor, now=clock.now())
    return "已代签，等另一个人确认"


def _confirm(request, venue, actor, form):
    actions.confirm(venue.training_id, {"who": _entry(request, venue).user_id}, actor=actor, now=clock.now())
    return "已确认"


def _reason(request, venue, actor, form):
    entry, own = _entry(request, venue), ReasonForm(request.POST)
    if not own.is_valid():
        messages.error(request, f"{entry.user.name}的原因没有保存：{next(iter(own.errors.values()))[0]}")
        return ""
    actions.give_reason(entry, own.cleaned_data["reason"], actor=actor, now=clock.now())
    return "已保存原因"


def _entry(request, venue) -> RosterEntry:
    key = whole(request.POST.get("entry", "")) or 0
    return get_object_or_404(venue.roster.select_related("user"), pk=key)


DO = {"count": _count, "confirm_count": _confirm_count, "tick": _tick, "confirm": _confirm, "reason": _reason}


def _drawn(request, venue, actor, form):
    training = venue.training
    training.refresh_from_db()
    people = results.people_of(training, results.entries_of(training).filter(venue=venue))
    last = next((one for one in reversed(events_of(training.pk, ["headcount"])) if one.data["venue"] == venue.pk), None)
    count = last and last.data
    phones = results.phones_by_venue(training.pk).get(venue.pk, 0)
    for one in people:
        one.signed = any(sign.counts for sign in one.signs)
        one.own = any(sign.ticked_by_id == actor.id or sign.user_id == actor.id for sign in one.waiting)
    return render(request, "live/steward.html", {
        "training": training, "venue": venue, "people": people, "count": count, "phones": phones, "form": form,
        "too_many": count and phones > count["heads"], "own": count and count["by"] == actor.id,
        "signed": sum(one.signed for one in people), "signing": training.state in SIGNING, "idem": token_urlsafe(16),
        "settled": training.settled_at is not None,
    }, status=400 if form.errors else 200)  # fmt: skip


@private
@require_safe
def photo(request, training_id, photo_id):
    """A photo for the organiser and the hall's own steward; each look leaves a line."""
    rows = HeadPhoto.objects.select_related("venue__training__unit", "venue__unit").filter(deleted_at=None)
    found = get_object_or_404(rows, pk=photo_id, training=training_id)
    organised = queries.actor_in(found.venue.training, request.user, role="leader") is not None
    if not organised and queries.keeper_of(found.venue, request.user) is None:
        raise Http404
    record(found, "live.see_photo", user=request.user, now=clock.now(), data={"venue": found.venue_id})
    try:
        with found.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
