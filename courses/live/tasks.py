"""Background work of trainings: the clock goes on when nobody is in the room."""
from datetime import datetime, timedelta

from django_tasks import default_task_backend, task
from mingfa import clock

DAY = timedelta(days=1)


@task()
def keep_trainings() -> int:
    """Do what is due by the clock in every training; how many events it made. Running twice or late does no harm."""
    from .actions import keep_time
    from .queries import under_the_clock

    now = clock.now()
    return sum(len(keep_time(pk, now=now)) for pk in under_the_clock(now))


@task()
def draw_deck(deck_id: int) -> None:
    """Draw the next pages of a deck, then the rest in a task of its own, so that others get their turn.

    Killed, it goes on where it stopped when the server starts again, or by the button on the training's page.
    """
    from .actions import draw_some

    if draw_some(deck_id, now=clock.now()):
        draw_deck.enqueue(deck_id)


@task()
def clear_expired() -> int:
    """Delete recordings and photos past their term; how many. The server starts it, and each look plans that of tomorrow."""
    from .actions import clear_files

    now = clock.now()
    files = clear_files(now=now)
    _plan_clearing(now)
    return files


def _plan_clearing(now: datetime) -> None:
    """One look a day, however often the server was started."""
    if not default_task_backend.supports_defer:
        return
    from django_tasks_db.models import DBTaskResult

    coming = DBTaskResult.objects.ready().filter(task_path=clear_expired.module_path, run_after__gt=now)
    if not coming.exists():
        clear_expired.using(run_after=now + DAY).enqueue()


def plan_look(at: datetime) -> None:
    """See to it that the task runs soon after a moment. Whoever opens a page of the training looks as well."""
    if default_task_backend.supports_defer:
        keep_trainings.using(run_after=at + timedelta(seconds=1)).enqueue()
