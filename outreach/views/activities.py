"""Activities: the list with its coverage, one of them, and the check by a second person."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.people.models import OrgUnit
from mingfa.periods import Quarter

from .. import actions, activities, queries
from ..engine.refusals import Refusal
from ..indicators import figures as figures_of
from ..legal_days import day_named
from ..models import Activity
from ..wording import sentence
from . import chosen, kept, period_of, periods, private, readable

PAGE_SIZE = 30


@require_safe
@private
def overview(request):
    """What was held, who had nothing, and the way to everything else."""
    everywhere = readable(request)
    places, place = chosen(request, everywhere)
    period, today = period_of(request), timezone.localdate()
    quarter = period if isinstance(period, Quarter) else Quarter(today.year, (today.month + 2) // 3)
    rows = activities.coverage(places, quarter)
    mine = queries.places_kept_by(request.user)
    page = Paginator(activities.activities_of(places, period), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "outreach/activities/list.html", {
        "everywhere": [one for one in everywhere if one.kind != OrgUnit.Kind.VILLAGE] or everywhere, "place": place,
        "period": period, "periods": periods(), "page": page, "heads": activities.heads_in(places, period),
        "quarter": quarter, "rows": rows, "without": [row for row in rows if not row.total], "keeps": bool(mine),
        "waiting": activities.waiting_for(request.user, mine).count() if mine else 0,
    })  # fmt: skip


def activity_or_404(request, activity_id: int, places) -> Activity:
    return get_object_or_404(activities.activities_of(places), pk=activity_id)


@require_safe
@private
def detail(request, activity_id):
    """One record, and the form of its check for a second person."""
    activity = activity_or_404(request, activity_id, readable(request))
    keeps = activity.unit in queries.places_kept_by(request.user)
    waits, own = activity.state == Activity.State.RECORDED, activity.by_id == request.user.pk
    day = day_named(activity.legal_day)
    return render(request, "outreach/activities/detail.html", {
        "activity": activity, "handed": activities.handed_at(activity), "day": day,
        "numbers": activities.details_of(activity),
        "photos": activity.photos.all(),
        "edits": keeps and activity.state != Activity.State.APPROVED,
        "decides": keeps and waits and not own, "own": keeps and waits and own,
    })  # fmt: skip


@require_safe
@private
def figures(request):
    """Every figure of a period, each with the way to its lines."""
    everywhere = readable(request)
    places, place = chosen(request, everywhere)
    unit, period = place or everywhere[0], period_of(request)
    return render(request, "outreach/figures.html", {
        "rows": figures_of(unit, period), "unit": unit, "period": period, "periods": periods(), "place": place,
        "everywhere": [one for one in everywhere if one.kind != OrgUnit.Kind.VILLAGE] or everywhere,
    })  # fmt: skip


@private
@require_POST
def decide(request, activity_id):
    """Approve or return a record of somebody else."""
    activity = activity_or_404(request, activity_id, kept(request))
    approved, opinion = request.POST.get("do") == "approve", request.POST.get("opinion", "").strip()[:200]
    try:
        actions.decide_activity(activity, approved=approved, opinion=opinion, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "已审核" if approved else "已退回，经办人会在“我的任务”里看到")
    return redirect("outreach:activity", activity.pk)
