"""The calendar: the days of this year, a unit's own days, and drafts out of them."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.people.models import OrgUnit

from .. import actions, activities, queries
from ..engine.refusals import Refusal
from ..forms.calendar import LocalDayForm
from ..legal_days import days_for, days_of_year
from ..models import LocalDay
from ..wording import count, sentence
from . import kept, private, readable


def days_shown(request):
    """(rows, year, how many townships): the days of this year, each with its span and how many have held something."""
    places, year = readable(request), timezone.localdate().year
    towns = [one for one in places if one.kind == OrgUnit.Kind.TOWNSHIP] or places
    held = activities.units_by_day(towns, year)
    rows = [(one, span, held.get((one.key, year), 0)) for one, span in days_of_year(days_for(places), year)]
    return rows, year, len(towns)


@require_safe
@private
def calendar(request):
    """The days of this year, what each asks for, and who has held something."""
    rows, year, towns = days_shown(request)
    mine = queries.places_kept_by(request.user)
    own = {one.pk for one in mine}
    context = {"rows": rows, "year": year, "towns": towns, "keeps": bool(mine), "own": own}
    return render(request, "outreach/activities/calendar.html", context)


@private
@require_POST
def plan(request, key):
    """A draft for each township the person keeps, or for its own unit."""
    places = kept(request)
    day = next((one for one in days_for(places) if one.key == key), None)
    span = day and day.rule.in_year(timezone.localdate().year)
    if not span:
        raise Http404
    units = [one for one in places if one.kind == OrgUnit.Kind.TOWNSHIP] or places[:1]
    made = actions.plan_activities(
        legal_day=key, name=day.name, held_on=span.starts_on, units=units, by=request.user, now=timezone.now()
    )
    words = f"已建 {count(len(made))} 份草稿" if made else "都已经有草稿或记录，没有新建"
    messages.success(request, f"{day.name}：{words}")
    return redirect("outreach:calendar")


@private
def day_new(request):
    """A day of the person's own unit, kept by all below it."""
    unit = kept(request)[0]
    form = LocalDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            day = actions.add_local_day(unit=unit, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", sentence(refusal))
        else:
            messages.success(request, f"已加上“{day.name}”，{unit}和下级单位都会收到提醒")
            return redirect("outreach:calendar")
    context = {"form": form, "unit": unit}
    return render(request, "outreach/activities/day_form.html", context, status=422 if form.errors else 200)


@private
@require_POST
def day_end(request, key):
    """End a day of a unit the person keeps. What was held on it keeps its name."""
    found = LocalDay.objects.filter(unit__in=kept(request), ended_at=None)
    day = get_object_or_404(found, key=key)
    actions.end_local_day(day, by=request.user, now=timezone.now())
    messages.success(request, f"“{day.name}”不再提醒，以前的记录不变")
    return redirect("outreach:calendar")
