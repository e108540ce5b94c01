"""Live trainings on the start page: those that are near, what waits for a second person, 补学, minutes to finish."""
from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from mingfa.desk.registry import Fact, State, Todo, register
from mingfa.people import access
from mingfa.people.models import Role
from mingfa.wording import moment

from .facts import events_of
from .models import CheckIn, RosterEntry, Training, Venue

NEAR = timedelta(days=7)
COMING = ("scheduled", "lobby", "live", "paused")
SIGNING = ("lobby", "live", "paused", "ended")


@register
def training_todos(user, now: datetime) -> list[Todo | Fact]:
    """One query for those whom no training concerns."""
    keeps = _keeps(user, "venues__")
    near = (Q(roster__user=user) | keeps) & Q(state__in=COMING, starts_at__lte=now + NEAR)
    missed = Q(roster__user=user, roster__attendance="absent", roster__made_up_at=None, state="replay")
    open_minutes = Q(trainer=user, minutes__frozen_at=None, state="replay")
    wanted = near | (keeps & Q(state="ended")) | missed | open_minutes
    found = list(Training.objects.filter(wanted).select_related("minutes").distinct().order_by("starts_at", "pk"))
    if not found:
        return []
    coming = [one for one in found if one.state in COMING]
    over = [one for one in found if one.state == "replay"]
    signing = [one for one in found if one.state in SIGNING]
    return [
        *(_waiting(user, signing) if signing else ()), *(_coming(user, coming) if coming else ()),
        *(_over(user, over) if over else ()),
    ]  # fmt: skip


def _keeps(user, prefix: str = "") -> Q:
    """Whose hall it is: the steward's, and the liaison's of its unit."""
    keeps = Q(**{f"{prefix}steward": user})
    if access.holds(user, Role.LIAISON) and not user.is_superuser:
        keeps |= Q(**{f"{prefix}unit__in": access.units_visible_to(user, Role.LIAISON)})
    return keeps


def _coming(user, coming) -> list[Todo]:
    venues = dict(RosterEntry.objects.filter(user=user, training__in=coming).values_list("training", "venue__name"))
    return [
        Todo(
            one.title, f"{moment(one.starts_at)}，{venues.get(one.pk, '您管理的会场')}。到会场扫屏幕上的二维码签到。",
            reverse("live:room", args=[one.pk]), "进入培训", timezone.localdate(one.starts_at), State.NOW,
        )
        for one in coming
    ]  # fmt: skip


def _waiting(user, trainings) -> list[Todo]:
    """Sign-ins and head-counts of own halls that somebody else has to confirm. Queries as many as there are trainings now."""
    own = {one.pk: one for one in Venue.objects.filter(training__in=trainings).filter(_keeps(user))}
    if not own:
        return []
    waiting = CheckIn.objects.filter(training__in=trainings, needs_second=True, confirmed_by=None)
    waiting = waiting.exclude(ticked_by=user).exclude(user=user)
    seats = dict(RosterEntry.objects.filter(venue__in=own, user__in=waiting.values("user")).values_list("user", "venue"))
    heads = Counter(seats[one] for one in set(waiting.values_list("user", flat=True)) if one in seats)
    counted = {
        event.data["venue"]: event.data for one in trainings for event in events_of(one.pk, ["headcount"])
    }  # fmt: skip
    found = []
    for pk, venue in own.items():
        count = counted.get(pk)
        parts = [f"{heads[pk]} 人的签到"] if heads[pk] else []
        if count and count["confirmed_by"] is None and count["by"] != user.pk:
            parts.append(f"清点的 {count['heads']} 人")
        if parts:
            url = reverse("live:steward", args=[venue.training_id, pk])
            words = f"{'、'.join(parts)}，要由另一个人确认后才算。"
            found.append(Todo(venue.name, words, url, "去确认", None, State.NOW))
    return found


def _over(user, over) -> list[Todo]:
    missed = set(
        RosterEntry.objects.filter(user=user, training__in=over, attendance="absent", made_up_at=None).values_list(
            "training", flat=True
        )
    )
    found = []
    for one in over:
        if one.pk in missed:
            words = "您缺席了这次培训。看回放，答课上的题，不记时间。"
            found.append(Todo(f"补学：{one.title}", words, reverse("live:replay", args=[one.pk]), "去补学", None, State.NOW))
        if one.trainer_id == user.pk and not one.minutes.frozen_at:
            words = "系统已按课堂记录起草，请核对、修改后定稿。"
            url = reverse("live:minutes", args=[one.pk])
            found.append(Todo(f"会议纪要：{one.title}", words, url, "去定稿", None, State.NOW))
    return found
