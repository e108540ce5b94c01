"""Pages and files of media. Every object is checked."""
import re

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.people.access import holds
from mingfa.people.middleware import without_account_check
from mingfa.people.models import Role

from .. import door, tickets
from ..board import Refusal
from ..models import Training
from ..views import actor_here, private, training_of
from ..wording import sentence
from . import actions, addresses, files, playlist, queries
from .forms import MediaForm
from .meetings import NoMeeting, entrance
from .tracks import sound_in, sound_of

NAME = re.compile(r"(sound-)?(?:init\.mp4|(\d{1,6})-(\d{1,6})\.m4s)")
MOST = 30  # fragments of one segment
AN_HOUR = "public, max-age=3600, immutable"


@private
def plan(request, training_id):
    """音视频安排 of one training."""
    training = _taught(request, training_id)
    found = queries.plan_of(training)
    form = MediaForm(request.POST or None, plan=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_media(training, **form.cleaned_data, by=request.user, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, "音视频安排已保存。已经打开的页面请刷新一次。")
            return redirect("live:detail", training.pk)
    page = {"form": form, "training": training, "plan": found}
    return render(request, "live/media.html", page, status=400 if form.errors else 200)


@private
@require_safe
def check(request, training_id):
    """设备检查: the trainer tries camera, microphone and line before the class."""
    training = _taught(request, training_id)
    actor = actor_here(request, training, role="trainer")
    payload = {
        "ticket": tickets.issue(training.pk, actor), "publish": f"/ws/live/{training.pk}/publish/",
        "room": f"/ws/live/{training.pk}/",
    }  # fmt: skip
    return render(request, "live/check.html", {"training": training, "payload": payload})


@never_cache
@require_safe
def meeting(request, training_id):
    """The way into the external meeting, for those who have a place in the room."""
    training = training_of(training_id)
    actor = actor_here(request, training)
    found = queries.plan_of(training)
    if found.tier != "external" or training.state not in queries.WATCHABLE:
        raise Http404
    try:
        response = HttpResponseRedirect(entrance(training, found, actor))
    except NoMeeting:
        return render(request, "live/no_meeting.html", {"training": training}, status=503)
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_safe
def live_playlist(request, training_id):
    """HLS for browsers without MediaSource, with the page's ticket: who was sent out gets no more of it. Its segments have
    addresses a cache may keep."""
    training = training_of(training_id)
    held = tickets.read(request.GET.get("ticket", ""))
    actor, _ = door.actor_with(training_id, held, request.headers.get("Cookie", ""))
    if actor is None or held.user != request.user.pk:
        raise Http404
    take = queries.newest_take(training.pk)
    if take is None or training.state not in queries.WATCHABLE:
        raise Http404
    sound = "sound-" if request.GET.get("sound") else ""
    here = f"/live/{training.pk}/hls/{addresses.key_of(training, now=clock.now())}/{take.take}/{sound}"
    text = playlist.live(
        files.read_lines(take.path), take=take.take, init=f"{here}init.mp4",
        segment=lambda first, last: f"{here}{first}-{last}.m4s",
    )  # fmt: skip
    return HttpResponse(text, content_type="application/vnd.apple.mpegurl")


# The signed address is the permission; without session and account the answer is the same for all.
@without_account_check
@require_safe
def segment(request, training_id, key, take, name):
    """An init or a segment of a take."""
    training = Training.objects.filter(pk=training_id).only("pk", "secret", "state").first()
    wanted = NAME.fullmatch(name)
    if training is None or wanted is None or not addresses.opens(training, key, now=clock.now()):
        raise Http404
    found = queries.take_of(training.pk, take)
    content = found and _content(found, *wanted.groups())
    if not content:
        raise Http404
    response = HttpResponse(content, content_type="audio/mp4" if wanted[1] else "video/mp4")
    response["Cache-Control"], response["X-Content-Type-Options"] = AN_HOUR, "nosniff"
    return response


def _content(take, sound, first, last) -> bytes:
    """The bytes of an init (`first` None) or of the fragments from first to last; empty when there are none."""
    lines = files.read_lines(take.path)
    if not lines:
        return b""
    init = files.read_init(take.path, lines[0])
    if first is None:
        wanted = sound_of(init) if sound else init
        return wanted.data if wanted else b""
    first, last = int(first), int(last)
    part = lines[first : last + 1]
    if not 0 < first <= last < len(lines) or len(part) > MOST or not all(one.is_fragment for one in part):
        return b""
    if not sound:
        return files.read_pieces(take.path, part)
    whole = [files.read_fragment(init, files.read_pieces(take.path, [one])) for one in part]
    return b"".join(sound_in(one, first + place) for place, one in enumerate(whole))


def _taught(request, training_id) -> Training:
    training = training_of(training_id)
    if not holds(request.user, Role.TRAINER, unit=training.unit):
        raise Http404
    return training
