"""Texts that take effect later: the change is noted on that day."""
from datetime import datetime, time

from django.utils import timezone
from django_tasks import default_task_backend, task

from mingfa.library.models import Edition


@task()
def note_law_changes() -> int:
    """Note what has taken effect. Running twice or late does no harm."""
    from .actions import note_changes

    return len(note_changes(None, timezone.now()))


def plan_changes(by, now: datetime) -> int:
    """See to it that changes are noted on the first day of every text that is not in force yet. Returns how many days."""
    if not default_task_backend.supports_defer:
        return 0
    coming = Edition.objects.filter(in_force_from__gt=timezone.localdate(now)).order_by("in_force_from")
    days = list(coming.values_list("in_force_from", flat=True).distinct())
    for day in days:
        note_law_changes.using(run_after=timezone.make_aware(datetime.combine(day, time.min))).enqueue()
    return len(days)
