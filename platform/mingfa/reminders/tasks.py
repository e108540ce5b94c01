"""Sending in the background, when the quiet hours are over."""
from datetime import datetime, timedelta

from django_tasks import default_task_backend, task

from mingfa import clock


@task()
def send_reminders() -> int:
    """Running twice or late does no harm."""
    from .actions import send_waiting

    return send_waiting(now=clock.now())


def plan_sending(moment: datetime) -> None:
    """See to it that a task runs just after `moment`; nothing where no backend waits (tests send themselves)."""
    if default_task_backend.supports_defer:
        send_reminders.using(run_after=moment + timedelta(seconds=1)).enqueue()
