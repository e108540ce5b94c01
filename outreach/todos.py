"""Outreach on the start page: days of the calendar, records to check, records that came back."""
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from mingfa.desk.registry import State, Todo, register
from mingfa.people.access import grants_of
from mingfa.people.models import Role

from . import activities, campaigns, queries
from .legal_days import days_for, reminders_on
from .models import Activity, Campaign


@register
def outreach_todos(user, now: datetime) -> list[Todo]:
    """Asks nothing of people who are no 宣传员."""
    if not any(role == Role.OUTREACH for role, _ in grants_of(user)):
        return []
    places = queries.places_kept_by(user)
    return [*_returned(user, places), *_plans(user, places), *_waiting(user, places), *_days(user, places, now)]


def _plans(user, places) -> list[Todo]:
    """Campaigns to approve, and own ones that came back."""
    waits = campaigns.campaigns_of(places).filter(unit__in=places)
    found = waits.filter(state=Campaign.State.SUBMITTED).exclude(by=user) | waits.filter(
        state=Campaign.State.RETURNED, by=user
    )
    return [
        Todo(
            f"宣传计划：{one.name}",
            f"退回：{one.opinion}" if one.state == Campaign.State.RETURNED else f"{one.by}拟定，等您审批",
            reverse("outreach:campaign", args=[one.pk]),
            "去修改" if one.state == Campaign.State.RETURNED else "去审批", None, State.NOW,
        )
        for one in found
    ]  # fmt: skip


def _waiting(user, places) -> list[Todo]:
    number = activities.waiting_for(user, places).count()
    if not number:
        return []
    words = "看一看人数和资料，对的就审核，不对的写明原因退回。"
    return [Todo(f"宣传活动：{number} 份记录等您审核", words, reverse("outreach:overview"), "去审核", None, State.NOW)]


def _returned(user, places) -> list[Todo]:
    found = activities.activities_of(places).filter(state=Activity.State.RETURNED, by=user)
    return [
        Todo(
            f"退回：{one.name}", f"{one.decided_by}：{one.opinion}", reverse("outreach:activity_edit", args=[one.pk]),
            "去修改", None, State.NOW,
        )
        for one in found
    ]  # fmt: skip


def _days(user, places, now: datetime) -> list[Todo]:
    """节点 that have begun to remind. Once something is recorded for the person's own units, they are quiet."""
    todos, today = [], timezone.localdate(now)
    held = activities.units_by_day(places, today.year - 1, today.year, today.year + 1)
    for day, span, offset, words in reminders_on(days_for(places), today):
        if (day.key, span.starts_on.year) in held:
            continue
        state = State.NOW if offset >= 0 else State.NEXT
        url = reverse("outreach:activity_new") + f"?day={day.key}" if offset >= 0 else reverse("outreach:calendar")
        due = span.ends_on if offset >= 0 else span.starts_on
        todos.append(Todo(f"{day.name}：{words}", day.tasks, url, "记一次活动" if offset >= 0 else "看日历", due, state))
    return todos
