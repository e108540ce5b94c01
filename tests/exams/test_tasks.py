"""What is planned for later, with the product's own task backend."""
import pytest
from django_tasks_db.models import DBTaskResult

from exams import tasks

from . import scene
from .scene import CLOSES, NOON, minutes


@pytest.fixture(autouse=True)
def _database_tasks(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    tasks.forget()


def planned():
    rows = DBTaskResult.objects.filter(task_path="exams.tasks.end_sittings")
    return sorted(rows.values_list("run_after", flat=True))


def test_publishing_plans_the_closing_of_the_exam(district, cadre, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        district.exam()
    [at] = planned()
    assert CLOSES < at <= CLOSES + minutes(0.5)


def test_SI10_starting_plans_the_end_of_the_sitting_within_a_minute_of_it(exam, cadre):
    sitting = scene.sit(exam, cadre, now=NOON)
    [at] = planned()
    assert sitting.ends_at < at <= sitting.ends_at + minutes(0.5)


def test_many_ends_in_the_same_moment_need_one_task(district):
    people = [district.person(f"人{n}") for n in range(3)]
    exam = district.exam()
    for person in people:
        scene.sit(exam, person, now=NOON)
    assert len(planned()) == 1
