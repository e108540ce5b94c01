"""The task worker in the server process: it runs tasks, outlives failures and tidies up after itself."""
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from django_tasks import task, task_backends
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from mingfa import worker

done = threading.Event()


@task
def mark_done():
    done.set()


@task
def break_down():
    raise ValueError("选项丙")


@pytest.fixture(autouse=True)
def no_tasks(db):
    """Start without the index updates that setting up the site has left."""
    DBTaskResult.objects.all().delete()


@pytest.fixture
def database_tasks(settings):
    """The product's own backend instead of the immediate one of the tests."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    task_backends._settings = task_backends.configure_settings(None)
    yield
    connections.close_all()


def row(status, *, started=None, finished=None):
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.test_house_worker.mark_done",
        backend_name="default",
        queue_name="default",
        run_after=timezone.now(),
        started_at=started,
        finished_at=finished,
        worker_ids=[],
        exception_class_path="",
        traceback="",
    )


def test_finished_rows_go_after_a_day():
    now = timezone.now()
    old = row(TaskResultStatus.SUCCESSFUL, finished=now - timedelta(hours=25))
    young = row(TaskResultStatus.FAILED, finished=now - timedelta(hours=23))
    worker.clear_tasks(now, starting=False)
    assert list(DBTaskResult.objects.values_list("id", flat=True)) == [young.id]
    assert old.id != young.id


def test_OP1_tasks_of_a_dead_process_are_handed_out_again():
    now = timezone.now()
    lost = row(TaskResultStatus.RUNNING, started=now - timedelta(hours=2))
    running = row(TaskResultStatus.RUNNING, started=now - timedelta(minutes=1))
    worker.clear_tasks(now, starting=False)
    lost.refresh_from_db()
    running.refresh_from_db()
    assert (lost.status, running.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)


@pytest.mark.django_db(transaction=True)
def test_the_thread_runs_a_task_after_one_that_failed(database_tasks, monkeypatch):
    thread = worker.TaskThread("test")
    thread.start()
    try:
        break_down.enqueue()
        done.clear()
        mark_done.enqueue()
        assert done.wait(60)
    finally:
        thread.stop(60)
    assert not thread.is_alive()
    statuses = dict(DBTaskResult.objects.values_list("task_path", "status"))
    assert statuses == {
        "tests.test_house_worker.break_down": TaskResultStatus.FAILED,
        "tests.test_house_worker.mark_done": TaskResultStatus.SUCCESSFUL,
    }
