"""Background work of exams: sittings end even when nobody looks."""
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django_tasks import default_task_backend, task
from mingfa import clock

SWEEP_SECONDS = 20  # sittings end within this of their end, plus the worker's own poll
SETTLE_SECONDS = 5  # the counters of the board are behind for no longer than this, and the worker's poll


@task()
def end_sittings() -> int:
    """End what is overdue, then let the bank count what is final. Running twice or late does no harm."""
    from mingfa.bank.actions import count_final_answers

    from .actions import end_overdue_sittings, settle_standings

    now = clock.now()
    ended = end_overdue_sittings(now=now)
    count_final_answers(now=now)
    settle_standings()  # what a process that died has marked and planned for nobody
    return ended


@lru_cache(maxsize=4096)
def _planned(at: datetime) -> bool:
    end_sittings.using(run_after=at).enqueue()
    return True


def plan_ending(ends_at: datetime) -> None:
    """See to it that a task runs soon after `ends_at`; one task serves all ends of the same 20 seconds.

    The memory of what is planned is this process's own: another process or a restart may plan the same
    moment once more, which is harmless. Access to an overdue sitting ends it too, so no task is needed
    for correctness.
    """
    if not default_task_backend.supports_defer:
        return
    seconds = int(ends_at.timestamp()) // SWEEP_SECONDS * SWEEP_SECONDS + SWEEP_SECONDS
    _planned(datetime.fromtimestamp(seconds, tz=ends_at.tzinfo) + timedelta(seconds=1))


@task()
def settle() -> int:
    """Fold what has changed into the counters of the board. Running twice or late does no harm: readers look for themselves."""
    from .actions.standings import settle_standings

    return settle_standings()


@lru_cache(maxsize=64)
def _settling(at: int) -> bool:
    settle.using(run_after=datetime.fromtimestamp(at, tz=UTC)).enqueue()
    return True


def plan_settling() -> None:
    """See to it that the counters of the board are renewed soon; one task serves everything of the same 5 seconds."""
    if default_task_backend.supports_defer:
        _settling(int(clock.now().timestamp()) // SETTLE_SECONDS * SETTLE_SECONDS + SETTLE_SECONDS + 1)


def forget() -> None:
    """Drop what is remembered as planned: for tests, whose databases start empty."""
    _planned.cache_clear()
    _settling.cache_clear()
