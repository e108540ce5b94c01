"""IF7 beyond the import: kill -9 while an upload is read, while a bulk run is prepared, carried out or taken back."""

import json

import pytest

from tests.exams.test_killed_work import killed_in_the_middle

PREPARE = """
from django.utils import timezone
from mingfa.bank import actions
from mingfa.people import actions as people
from mingfa.people.models import User
from tests.bank.samples import question_file, question_rows
now = timezone.now()
boss = User.objects.create(username="boss", name="管理", is_superuser=True)
unit = people.create_unit(name="区", kind="district", parent=None, by=boss, now=now)
bank = actions.create_bank(name="题库", unit=unit, by=boss, now=now)
data = question_file(*question_rows({count}))
"""
UPLOADED = PREPARE.format(count=1200) + "actions.keep_upload(bank, data=data, name='题库.xlsx', by=boss, now=now)\n"
FILLED = PREPARE.format(count=250) + (
    "from mingfa.bank.importing import parse_file\n"
    "actions.import_questions(bank, parse_file(data, '题库.xlsx'), by=boss, now=now)\n"
)
# Says so behind its `times`-th write of this kind and waits, so that the test can kill it exactly there.
PAUSED = """
import threading
from mingfa.bank.models import BulkItem, ImportEntry
from django.db.models.query import QuerySet
real, left = QuerySet.{method}, [{times}]
def stop_after(self, *args, **kwargs):
    done = real(self, *args, **kwargs)
    if self.model in (BulkItem, ImportEntry):
        left[0] -= 1
        if not left[0]:
            print("written", flush=True)
            threading.Event().wait()
    return done
QuerySet.{method} = stop_after
"""
# As the worker and the pages do it.
READ = """
from mingfa.bank.models import QuestionImport
from mingfa.bank.tasks import read_import
read_import.func(QuestionImport.objects.get().pk)
"""
BEGIN = """
from django.utils import timezone
from mingfa.bank import actions
from mingfa.bank.models import Bank, Question
from mingfa.people.models import User
bank, boss = Bank.objects.get(), User.objects.get()
ids = list(Question.objects.order_by("pk").values_list("pk", flat=True))
run = actions.begin_run(bank, "topic", "新知识点", ids, by=boss, now=timezone.now())
"""
GO_ON = """
from mingfa.bank.models import BulkRun
from mingfa.bank.tasks import carry_out_run
carry_out_run.func(BulkRun.objects.exclude(state="prepare").get().pk)
"""
UNDO = """
from django.utils import timezone
from mingfa.bank import actions
from mingfa.bank.models import BulkRun
from mingfa.bank.tasks import undo_bulk_run
from mingfa.people.models import User
if BulkRun.objects.get().state == "done":
    actions.begin_undo(BulkRun.objects.get(), by=User.objects.get(), now=timezone.now())
undo_bulk_run.func(BulkRun.objects.get().pk, User.objects.get().pk)
"""
UPLOAD = """
import json
from mingfa.bank.models import QuestionImport
run = QuestionImport.objects.get()
places = list(run.entries.order_by("place").values_list("place", "draft__stem"))
print(json.dumps([run.total, run.read_at is not None, run.compared, places]))
"""
RUNS = """
import json
from django.db.models import Count
from mingfa.bank.models import BulkItem, BulkRun, Question
from wagtail.models import ModelLogEntry
runs = [[one.state, one.total, one.items.count(), one.done] for one in BulkRun.objects.order_by("pk")]
changed = Question.objects.filter(topic="新知识点").count()
done = BulkItem.objects.filter(outcome="done").count()
print(json.dumps([runs, changed, done, ModelLogEntry.objects.filter(action="bank.topic_questions").count()]))
"""


def shell(folder, code):
    return folder.manage("shell", "-v0", "-c", code)


def told(folder, code):
    return json.loads(shell(folder, code).strip().splitlines()[-1])


def paused(method, times, code):
    return PAUSED.format(method=method, times=times) + code


@pytest.fixture
def filled(data_folder):
    """A bank of 250 questions."""
    shell(data_folder, FILLED)
    return data_folder


def test_IF7_kill_9_while_an_upload_is_read_and_the_next_go_has_every_question_once(data_folder):
    shell(data_folder, UPLOADED)
    with killed_in_the_middle(data_folder, paused("bulk_create", 2, READ)):
        pass
    total, read, compared, places = told(data_folder, UPLOAD)
    assert (total, read, compared, len(places)) == (1200, False, 0, 500)
    total, read, compared, places = told(data_folder, READ + UPLOAD)
    assert (total, read, compared) == (1200, True, 500)  # the rest is compared by the next tasks
    assert places == [[number + 1, f"第 {number} 题（ ）"] for number in range(1200)]


def test_kill_9_while_a_bulk_run_is_prepared_leaves_no_run_and_it_can_be_begun_again(filled):
    with killed_in_the_middle(filled, paused("bulk_create", 1, BEGIN)):
        pass
    (run,), changed, _, logged = told(filled, RUNS)
    assert (run[0], changed, logged) == ("prepare", 0, 0)
    (_, again), changed, _, logged = told(filled, BEGIN + GO_ON + RUNS)
    assert (again, changed, logged) == (["done", 250, 250, 250], 250, 1)


def test_kill_9_in_the_middle_of_a_bulk_run_and_it_goes_on_where_it_stopped(filled):
    shell(filled, BEGIN)
    with killed_in_the_middle(filled, paused("bulk_update", 2, GO_ON)):
        pass
    (run,), changed, done, _ = told(filled, RUNS)
    assert (run, changed, done) == (["running", 250, 250, 100], 100, 100)
    assert told(filled, GO_ON + RUNS) == [[["done", 250, 250, 250]], 250, 250, 1]


def test_kill_9_while_a_bulk_run_is_taken_back_and_the_rest_is_taken_back_later(filled):
    shell(filled, BEGIN + GO_ON)
    with killed_in_the_middle(filled, paused("bulk_update", 2, UNDO)):
        pass
    (run,), changed, done, _ = told(filled, RUNS)
    assert (run[0], changed, done) == ("undone", 150, 150)
    (run,), changed, done, _ = told(filled, UNDO + RUNS)
    assert (run[0], changed, done) == ("undone", 0, 0)
