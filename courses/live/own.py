"""One person's own trainings of a period."""
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from mingfa.people.models import User
from mingfa.people.registry import OwnRecord
from mingfa.periods import Period

from .models import RosterEntry
from .results import trainings_of


def trainings_of_person(user: User, period: Period, now: datetime) -> Iterator[OwnRecord]:
    """A record for every training of the period with a settled result that had this person on its roster. One query."""
    for one in RosterEntry.objects.filter(user=user, training__in=trainings_of(period)).select_related("training"):
        made_up = "，已补学" if one.made_up_at else ""
        day = timezone.localdate(one.training.starts_at)
        yield OwnRecord("培训", one.training.title, day, f"{one.get_attendance_display() or '没有签到结果'}{made_up}")
