"""The task worker inside the server process: a thread that outlives failures and clears away finished rows."""
import logging
import threading
import time
from datetime import timedelta

from django.db import connection, connections
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

# Seconds between two looks for work, and after a failure (database away, disk full).
POLL = 1
PAUSE = 2
# Finished rows are kept a day to look into failures; tasks that matter write their own results.
KEEP = timedelta(days=1)
# A task still "running" after this long belonged to a process that died.
LOST_AFTER = timedelta(hours=1)
CLEAR_EVERY = 3600


class TaskThread(threading.Thread):
    """Runs database tasks until `stop`; signals stay with the server."""

    def __init__(self, worker_id):
        super().__init__(name="tasks", daemon=True)
        self.stopping = threading.Event()
        # Batch: `run` returns when nothing is left, and this thread decides when to look again.
        self.worker = Worker(
            queue_names=["*"],
            interval=POLL,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.next_clearing = 0.0

    def run(self):
        while not self.stopping.is_set():
            try:
                if time.monotonic() >= self.next_clearing:
                    clear_tasks(timezone.now(), starting=not self.next_clearing)
                    self.next_clearing = time.monotonic() + CLEAR_EVERY
                self.worker.run()
                self.stopping.wait(POLL)
            except Exception:
                logger.exception("task worker failed; it goes on in %s s", PAUSE)
                self.stopping.wait(PAUSE)
        connections.close_all()

    def stop(self, timeout):
        """Finish the current task, then end; wait at most `timeout` seconds for it."""
        self.stopping.set()
        self.worker.running = False
        self.join(timeout)


def clear_tasks(now, *, starting):
    """Delete old finished rows and hand out again the tasks of dead processes (tasks are safe to run twice).

    Args:
        now: the present moment.
        starting: True before this process has run a task. On SQLite it is the only one (the serve command holds
            a lock), so whatever is still "running" then was cut off.
    """
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP).delete()
    lost = DBTaskResult.objects.running()
    if not (starting and connection.vendor == "sqlite"):
        lost = lost.filter(started_at__lt=now - LOST_AFTER)
    lost.update(status=TaskResultStatus.READY)
