"""Background work: what a crashed process left open is closed after the class."""
from datetime import timedelta

from django_tasks import default_task_backend, task
from mingfa import clock

from ..actions.log import GRACE
from ..models import Training

AFTER = GRACE + timedelta(minutes=5)


@task()
def close_takes(training_id: int) -> int:
    """Close open takes of a class that is over; how many. Running twice or late does no harm."""
    from .actions import close_left

    return close_left(training_id, now=clock.now())


def close_after(training_id: int) -> None:
    """See to it that somebody looks after the class."""
    if default_task_backend.supports_defer:
        ends_at = Training.objects.values_list("ends_at", flat=True).get(pk=training_id)
        close_takes.using(run_after=max(ends_at, clock.now()) + AFTER).enqueue(training_id)
