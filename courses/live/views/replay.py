"""The replay: the board run to any moment, beside the recording if there is one; 补学 of who was absent."""
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.downloads import excel_table
from mingfa.library.queries import articles_for
from mingfa.numbers import whole
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import actions, exporting, keeping, makeup, queries
from ..board import Refusal, redact
from ..models import Chapter, RosterEntry
from ..wording import sentence
from . import private, training_of
from .results import taught

CHUNK = 256 * 1024
MOST = 8 * 1024 * 1024  # bytes of one range: a reply is whole before it goes out, and a player asks for the rest
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def _watched(request, training_id):
    """The training whose replay this person may see: everybody who had a place in it while it is a replay, its organisers
    also when it is archived. Http404 for others."""
    training = training_of(training_id)
    organised = holds(request.user, Role.TRAINER, Role.LEADER, unit=training.unit)
    if training.state == "archived" and organised:
        return training
    if training.state != "replay" or queries.actor_in(training, request.user) is None:
        raise Http404
    return training


@private
@require_safe
def page(request, training_id):
    """The replay from its chapters; `at` is the chapter to begin with, which also serves browsers without scripts."""
    training = _watched(request, training_id)
    now = clock.now()
    held = makeup.held_up(training, request.user, now=now)
    chapters = [] if held else list(training.chapters.defer("state", "ink"))
    entry = RosterEntry.objects.filter(training=training, user=request.user).select_related("training").first()
    due = entry if entry and entry.attendance == "absent" and not held and training.state == "replay" else None
    asks = makeup.asks_for(due, now=now) if due and not due.made_up_at else []
    actions.note_watching(training, by=request.user, now=now)
    return render(request, "live/replay.html", {
        "training": training, "held": held, "chapters": chapters, "entry": due, "asks": asks,
        "shown": _shown(training, chapters, request.GET.get("at", "")), "payload": _payload(training, chapters),
        "articles": articles_for(ref for ask in asks for ref in ask.citations),
        "organised": holds(request.user, Role.TRAINER, Role.LEADER, unit=training.unit),
        "takes": [] if held else keeping.takes_of(training), "begun": chapters[0].at if chapters else None,
    })  # fmt: skip


def _shown(training, chapters, at: str) -> Chapter | None:
    """The chapter drawn by the server, with its board; the first one by default."""
    seq = whole(at) or (chapters[0].seq if chapters else 0)
    return training.chapters.filter(seq=seq).first() if chapters else None


def _payload(training, chapters) -> dict:
    """What the replay's script starts from."""
    here = f"/live/{training.pk}/"
    takes = [
        {"url": reverse("live:take", args=[training.pk, one.take]), "offset": one.offset_ms, "duration": one.duration_ms}
        for one in keeping.takes_of(training)
    ]
    names = dict(training.venues.values_list("pk", "name"))
    return {
        "training": training.pk, "takes": takes, "markers": keeping.markers_of(training),
        "slides": here + "slides/{deck}/{page}/", "chapter": here + "replay/{seq}/", "names": names,
        "chapters": [{"seq": one.seq, "at": round(one.at.timestamp() * 1000), "title": one.title} for one in chapters],
    }  # fmt: skip


@private
@require_safe
def chapter(request, training_id, seq):
    """The board at a chapter and what happened up to the next one, as the audience had it."""
    training = _watched(request, training_id)
    if makeup.held_up(training, request.user, now=clock.now()):
        raise Http404
    found = get_object_or_404(Chapter, training=training, seq=seq)
    after = training.chapters.filter(seq__gt=seq).values_list("seq", flat=True).first()
    rows = training.events.filter(seq__gt=seq).order_by("seq")
    rows = rows.filter(seq__lte=after) if after else rows
    return JsonResponse({"state": found.state, "ink": found.ink, "events": [redact(one.envelope) for one in rows]})


@private
@require_safe
def take(request, training_id, take):
    """A take of the recording, whole or a range of it. As a download for the organiser only; that is logged."""
    training = _watched(request, training_id)
    if makeup.held_up(training, request.user, now=clock.now()):
        raise Http404
    found = next((one for one in keeping.takes_of(training) if one.take == take), None)
    if found is None:
        raise Http404
    name = ""
    if "download" in request.GET:
        if not holds(request.user, Role.TRAINER, Role.LEADER, unit=training.unit):
            raise Http404
        name = f"recording-{training.pk}-{take}.mp4"
        actions.note_download(training, by=request.user, now=clock.now(), data={"take": take})
    return _ranged(found.path, request.headers.get("Range", ""), name)


def _ranged(path: Path, wanted: str, name: str) -> HttpResponse:
    """The file, or the one range of bytes that was asked for."""
    size = path.stat().st_size
    span = span_of(wanted, size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span
    response = StreamingHttpResponse(_chunks(path, first, last), content_type="video/mp4", status=206 if wanted else 200)
    response["Accept-Ranges"], response["Content-Length"] = "bytes", str(last - first + 1)
    response["X-Content-Type-Options"] = "nosniff"
    if wanted:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def span_of(wanted: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte, of a range at most MOST; None where there is no such range, or several are asked for."""
    if not wanted:
        return 0, size - 1
    found = RANGE.fullmatch(wanted)
    if found is None or not size or not any(found.groups()):
        return None
    if found[1]:
        first, last = int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1)
    else:
        first, last = max(0, size - int(found[2])), size - 1
    return (first, min(last, first + MOST - 1)) if first <= last else None


def _chunks(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (part := file.read(min(CHUNK, left))):
            left -= len(part)
            yield part


@private
@require_POST
def make_up(request, training_id):
    """Hand in the questions of the class."""
    training = _watched(request, training_id)
    given = {
        key: "".join(sorted({one for one in request.POST.getlist(name) if len(one) == 1}))
        for name in request.POST if name[:1] == "v" and (key := whole(name[1:])) is not None
    }  # fmt: skip
    try:
        entry = actions.make_up(training.pk, given, by=request.user, now=clock.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("live:replay", training.pk)
    if entry.made_up_at:
        messages.success(request, "补学完成。签到结果仍是缺席，旁边注明已补学。")
    else:
        messages.warning(request, "还有题没有答对。看看解析，改好后再交，次数不限。")
    return redirect(f"{reverse('live:replay', args=[training.pk])}#makeup")


@private
@require_safe
def audience(request, training_id):
    """Who looked at or downloaded the recording, for the trainer."""
    training = taught(request, training_id)
    lines = keeping.looks_at(training, most=keeping.MOST_LOOKS)
    return render(request, "live/audience.html", {"training": training, "lines": lines})


@private
@require_safe
def audience_xlsx(request, training_id):
    """All of them as Excel; the download is logged."""
    training = taught(request, training_id)
    return excel_table(
        exporting.LOOKS, exporting.look_rows(keeping.looks_at(training)), of="谁看过回放", title=f"{training.title}谁看过回放",
        log=(training, "live.export"), by=request.user, now=clock.now(), widths=(20, 14, 14), what="audience",
    )  # fmt: skip
