"""The three pages of a room, and what they ask for beside the socket."""
import io
import json
import time

import segno
from django.db import Error
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.numbers import whole
from mingfa.people.middleware import without_account_check

from courses.queries import askable_questions

from .. import actions, door, polling, proofs, queries, tickets
from ..board import Actor, proof, public
from ..board.public import MODERATORS
from ..handling import handle
from ..limits import LARGEST
from ..media.queries import media_data
from ..models import Training, Venue
from . import DEVICE, actor_here, private, training_of

MOST_QUESTIONS = 200


@private
@require_safe
def console(request, training_id):
    """The trainer's console."""
    return _page(request, training_id, "live/console.html", "trainer")


@private
@require_safe
def room(request, training_id):
    """The phone: cadres, stewards and leaders."""
    training = training_of(training_id)
    hall = whole(request.GET.get("hall", ""))
    for role in ("steward", "cadre", "leader"):
        venue_id = hall if role == "steward" else None
        if queries.actor_in(training, request.user, role=role, venue_id=venue_id):
            return _page(request, training_id, "live/room.html", role, venue_id)
    raise Http404


@never_cache
@require_safe
def venue(request, training_id, venue_id):
    """The projector: the venue's own device, or somebody who looks after the venue or teaches."""
    return _page(request, training_id, "live/venue.html", "venue", venue_id)


@never_cache
@require_safe
def enter(request, training_id, venue_id, key):
    """The address a venue's computer is given: signs the device in for this venue, and whoever was signed in out."""
    one = get_object_or_404(Venue.objects.select_related("training"), pk=venue_id, training=training_id)
    if not proofs.opens(one, key) or one.training.state in ("draft", "cancelled"):
        raise Http404
    if not (request.user.is_authenticated and queries.screen_of(one, request.user)):
        request.session.flush()
        request.session[DEVICE] = one.pk
    return redirect("live:venue", training_id, venue_id)


def _page(request, training_id: int, template: str, role: str, venue_id: int | None = None) -> HttpResponse:
    actor = actor_here(request, training_of(training_id), role=role, venue_id=venue_id)
    actions.keep_time(training_id, now=clock.now())
    training = training_of(training_id)
    names = dict(training.venues.order_by("unit__path").values_list("pk", "name"))
    teacher = f"{training.trainer.name}主讲"
    place = names.get(actor.venue, "")
    if role != "venue":
        place = f"{place}，{teacher}" if place else teacher
    key = request.session.session_key or ""
    payload = {**room_data(training, actor, session_key=key), "names": names, "trainer": training.trainer.name}
    # Object keys that are numbers lose their order in JSON's reader; the wall of halls goes by the unit tree.
    payload["halls"] = list(names)
    payload["media"] = media_data(training)
    if role == "steward":
        payload["own_halls"] = list(queries.halls_of(training, request.user).values("pk", "name"))
        payload["roster"] = queries.roster_of(Venue.objects.get(pk=actor.venue))
        payload["roster_url"] = reverse("live:roster", args=[training.pk, actor.venue])
    if role == "trainer":
        asked = askable_questions(request.user)[:MOST_QUESTIONS]
        payload |= {**queries.desk_of(training), "desk": reverse("live:desk", args=[training.pk])}
        payload["questions"] = [{"id": one.pk, "stem": one.current.stem[:100]} for one in asked]
    return render(request, template, {"training": training, "payload": payload, "place": place})


def room_data(training: Training, actor: Actor, *, session_key: str = "") -> dict:
    """What a page of the room starts from. Its ticket holds as long as the session does."""
    state = training.snapshot if actor.role in MODERATORS else public(training.snapshot)
    here = f"/live/{training.pk}/"
    return {
        "training": training.pk, "title": training.title, "role": actor.role, "venue": actor.venue,
        "person": actor.id or "", "socket": f"/ws{here}",
        "ticket": tickets.issue(training.pk, actor, session_key=session_key),
        "events": f"{here}events/", "commands": f"{here}commands/", "state": state, "seq": training.seq,
        "slides": here + "slides/{deck}/{page}/", "ink": here + "ink/{page}/",
        "qr": f"{here}venue/{actor.venue}/qr/" if actor.role == "venue" else "",
        "now": round(clock.now().timestamp() * 1000),
        "answers": queries.given_answers(training.pk, actor), "signed": queries.rounds_signed(training.pk, actor),
    }  # fmt: skip


@without_account_check
@require_safe
@never_cache
def events(request, training_id):
    """News at once, for servers that let nothing pass beside Django (polling.application waits for it)."""
    ticket, since, _ = polling.asked(request.META.get("QUERY_STRING", ""))
    actor, status = _asks(request, training_id, request.headers.get("X-Live-Ticket", "") or ticket)
    if actor is None:
        return _told(status)
    training = training_of(training_id)
    moderates = actor.role in MODERATORS
    if since == training.seq:
        return JsonResponse({"events": []})
    if 0 < training.seq - since <= polling.TAIL:
        return JsonResponse({"events": queries.events_after(training_id, since, moderates=moderates)})
    state = training.snapshot if moderates else public(training.snapshot)
    return JsonResponse({"snapshot": state, "seq": training.seq})


# The ticket in the header is what a page of another site cannot send.
@csrf_exempt
@without_account_check
@require_POST
@never_cache
def commands(request, training_id):
    """One command from a page without a socket."""
    actor, status = _asks(request, training_id, request.headers.get("X-Live-Ticket", ""))
    if actor is None:
        return _told(status)
    if len(request.body) > LARGEST:
        return JsonResponse({"message": "一次发送的内容太大，没有发出。"}, status=413)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict) or not isinstance(sent.get("idem"), str):
        return JsonResponse({"message": "内容不完整，没有发出。"}, status=400)
    try:
        handled = handle(
            training_id, sent.get("cmd"), sent.get("data", {}), actor=actor, idem=sent["idem"][:40], now=clock.now(),
            at=sent.get("at"),
        )  # fmt: skip
    except Error:
        return _told(503)
    return JsonResponse(handled.frame, status=409 if handled.refused else 200)


def _asks(request, training_id: int, ticket: str) -> tuple[Actor | None, int]:
    """(actor, 0) of a request with a good ticket; else (None, HTTP status)."""
    held = tickets.read(ticket)
    if not door.may_ask(held, now=time.monotonic()):
        return None, 429
    return door.actor_with(training_id, held, request.headers.get("Cookie", ""))


def _told(status: int) -> JsonResponse:
    return JsonResponse({"message": polling.REFUSED[status]}, status=status)


@never_cache
@require_safe
def ink(request, training_id, page):
    """The strokes on a page now."""
    training = training_of(training_id)
    actor_here(request, training)
    return JsonResponse(queries.ink_of(training.pk, page), safe=False)


@never_cache
@require_safe
def qr(request, training_id, venue_id):
    """The picture of the present step for the venue's screen; it leads the phone to the room with the code."""
    training = training_of(training_id)
    actor_here(request, training, role="venue", venue_id=venue_id)
    one = Venue.objects.get(pk=venue_id)
    code = proof.qr(one.secret, training.pk, one.pk, proof.step_at(round(clock.now().timestamp() * 1000)))
    address = request.build_absolute_uri(f"{reverse('live:room', args=[training.pk])}?code={code}")
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, omitsize=True)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@private
@require_safe
def roster(request, training_id, venue_id):
    """The steward's list."""
    training = training_of(training_id)
    one = get_object_or_404(Venue, pk=venue_id, training=training)
    if not queries.screen_of(one, request.user):
        raise Http404
    return JsonResponse(queries.roster_of(one), safe=False)
