"""The list of trainings, and making one."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.downloads import excel
from mingfa.people.access import holds, require
from mingfa.people.models import Role

from .. import actions, exporting, proofs, queries
from ..board import Refusal
from ..board.states import OVER, ROOM
from ..forms import TrainingForm
from ..media.queries import plan_of
from ..wording import sentence
from . import actor_here, private, taught

# What the buttons of the list and the training's page may turn; the rest is done in the room.
TURNS = {"scheduled": "已安排，名册已确定", "draft": "已退回草稿", "cancelled": "已取消"}


@private
def training_list(request):
    """Trainings the person teaches, watches or takes part in."""
    page = Paginator(queries.trainings_of(request.user), 30).get_page(request.GET.get("page"))
    teaches = holds(request.user, Role.TRAINER)
    reads = holds(request.user, Role.TRAINER, Role.LEADER, Role.LIAISON)
    for one in page:
        one.is_mine = teaches and holds(request.user, Role.TRAINER, unit=one.unit)
        # Its trainer watches the sign-ins that still arrive when it is over; a draft has neither desk nor result.
        one.has_results = reads and (one.settled_at is not None or (one.is_mine and one.state in ("ended", "processing")))
        one.has_desk = one.is_mine and one.state in ("scheduled", *ROOM)
    return render(request, "live/list.html", {"page": page, "teaches": teaches})


@private
@require_safe
def trainings_xlsx(request):
    """The trainings of the own units with their heads; the download is logged."""
    require(request.user, Role.TRAINER)
    found, now = list(queries.trainings_with_heads(request.user)), clock.now()
    record(request.user, "live.export", user=request.user, now=now, data={"what": "trainings", "rows": len(found)})
    return excel(exporting.trainings_xlsx(found, now=now), "实时培训.xlsx")


@private
def create(request):
    """A new draft."""
    require(request.user, Role.TRAINER)
    form = TrainingForm(request.POST or None, user=request.user, new=True)
    if request.method == "POST" and form.is_valid():
        training = actions.create_training(**form.cleaned_data, by=request.user, now=clock.now())
        messages.success(request, f"已建立“{training.title}”。请核对会场和名册，再安排。")
        return redirect("live:detail", training.pk)
    return render(request, "live/edit.html", {"form": form}, status=400 if form.errors else 200)


@private
def edit(request, training_id):
    """Change a draft."""
    training = taught(request, training_id)
    local = timezone.localtime
    initial = {
        "title": training.title, "starts_at": local(training.starts_at), "ends_at": local(training.ends_at),
        "venues": training.venues.values_list("unit", flat=True),
    }  # fmt: skip
    form = TrainingForm(request.POST or None, user=request.user, new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_training(training, **form.cleaned_data, by=request.user, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, "已保存")
            return redirect("live:detail", training.pk)
    return render(request, "live/edit.html", {"form": form, "training": training}, status=400 if form.errors else 200)


@private
def detail(request, training_id):
    """One training for its trainer: venues with their addresses, heads, attendance."""
    training = taught(request, training_id)
    actions.keep_time(training.pk, now=clock.now())
    training.refresh_from_db()
    venues = queries.venue_lines(training)
    for one in venues:
        path = reverse("live:enter", args=[training.pk, one.pk, proofs.door_key(one)])
        one.address = request.build_absolute_uri(path)
    page = {"training": training, "venues": venues, "media": plan_of(training), "over": training.state in OVER}
    return render(request, "live/detail.html", page)


@private
@require_POST
def turn(request, training_id):
    """安排, 退回草稿, 取消."""
    training = taught(request, training_id)
    to = request.POST.get("to", "")
    if to not in TURNS:
        raise Http404
    actor = actor_here(request, training, role="trainer")
    try:
        actions.do(training.pk, "session.state", {"to": to}, actor=actor, idem="", now=clock.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"“{training.title}”{TURNS[to]}")
    return redirect("live:detail", training.pk)
