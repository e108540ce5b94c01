"""A unit's own days of the calendar."""
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import DayTaken
from ..models import LocalDay


def add_local_day(
    *, unit: OrgUnit, name: str, rule: str, basis: str = "", tasks: str = "", by: User, now: datetime
) -> LocalDay:
    """A day that the unit and all below it keep from now on. `rule` is words that engine.calendar reads.

    Raises:
        DayTaken
    """
    with transaction.atomic():
        # The lock makes the second of two same forms wait, so that it is told instead of failing.
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if LocalDay.objects.filter(unit=unit, name=name, ended_at=None).exists():
            raise DayTaken(name)
        key = f"local-{uuid4().hex[:12]}"
        day = LocalDay.objects.create(
            unit=unit, key=key, name=name, rule=rule, basis=basis, tasks=tasks, by=by, created_at=now
        )
        log(day, "outreach.add_local_day", user=by, timestamp=now, data={"unit": unit.pk, "rule": rule})
    return day


def end_local_day(day: LocalDay, *, by: User, now: datetime) -> LocalDay:
    """No reminders and no drafts any more; what was held keeps naming it. Twice changes nothing."""
    with transaction.atomic():
        day = LocalDay.objects.select_for_update().get(pk=day.pk)
        if day.ended_at is None:
            day.ended_at = now
            day.save(update_fields=["ended_at"])
            log(day, "outreach.end_local_day", user=by, timestamp=now)
    return day
