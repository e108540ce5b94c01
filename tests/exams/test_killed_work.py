"""OP1 beyond marking: kill -9 in the middle of an import, a correction, certificates and an export; then once more."""
import contextlib
import json
import subprocess
import sys

import pytest

from tests.exams.test_operations import count, wait_until
from tests.servers import ROOT

IMPORT = """
import io
from django.utils import timezone
from mingfa.bank import actions
from mingfa.bank.importing import parse_file
from mingfa.bank.models import Bank
from mingfa.people.models import User
from mingfa.people import actions as people
from xlsxwriter import Workbook
boss = User.objects.filter(username="op1").first() or User.objects.create(username="op1", name="管理", is_superuser=True)
now = timezone.now()
unit = people.create_unit(name="区", kind="district", parent=None, by=boss, now=now) if not Bank.objects.exists() else None
bank = Bank.objects.first() or actions.create_bank(name="题库", unit=unit, by=boss, now=now)
out = io.BytesIO()
book = Workbook(out)
sheet = book.add_worksheet()
rows = [("题型", "题干", "选项A", "选项B", "答案")] + [("单选题", f"第 {n} 题怎么说（ ）", "甲", "乙", "A") for n in range(3000)]
for n, row in enumerate(rows):
    sheet.write_row(n, 0, row)
book.close()
parsed = parse_file(out.getvalue(), "题库.xlsx")
outcome = actions.import_questions(bank, parsed, by=boss, now=now)
print(outcome.imported)
"""
USABLE = "SELECT count(*) FROM bank_question WHERE status = 'usable'"
STAGED = "SELECT count(*) FROM bank_question WHERE status = 'staged'"
SAT = """
from bench.load.people import make
from django.utils import timezone
from exams import actions
from exams.models import Candidate, Exam
make(40)
Exam.objects.update(certificates=True)
now = timezone.now()
for one in Candidate.objects.select_related("exam__blueprint__bank", "user"):
    sitting = actions.start_sitting(one, by=one.user, now=now, seed=7)
    from exams.papers import keys_of, paper_of
    paper = paper_of(sitting.pk)
    whole = {
        name: [[paper.names.options[place]["TF".index(key)]] if kind == "judge" else
               [paper.names.options[place][paper.items[place].shown.index(ord(letter) - 65)] for letter in key], 1]
        for place, (name, (kind, key)) in enumerate(zip(paper.names.questions, keys_of(paper)))
    }
    actions.save_answers(sitting.pk, whole, epoch=1, now=now)
    actions.submit_sitting(sitting.pk, by=one.user, now=now)
"""
# Said out loud between its writes, so that the test can kill it exactly there.
PAUSED = """
import sys, threading
from django.db.models.query import QuerySet
from django.utils import timezone
from exams import actions, corrections
from exams.engine.correcting import Correction
from exams.models import Exam, Response
from mingfa.people.models import User
real = QuerySet.bulk_update
def stop_after(self, *args, **kwargs):
    done = real(self, *args, **kwargs)
    print("written", flush=True)
    threading.Event().wait()
    return done
QuerySet.bulk_update = stop_after
exam, boss = Exam.objects.get(), User.objects.get(username="bench-boss")
version = Response.objects.order_by("pk").first().version_id
wanted = Correction(("B",) if Response.objects.filter(version=version).first().answer != "B" else ("A",))
seen = corrections.effect_of(exam, version, wanted).digest
actions.correct_question(exam, version, wanted, reason="更正", seen=seen, by=boss, now=timezone.now())
"""
STATE = """
import json
from exams.models import Candidate, Certificate, KeyCorrection, MarkChange, Sitting
sittings = Sitting.objects.prefetch_related("responses")
rows = [[str(one.mark), str(sum(row.mark for row in one.responses.all()))] for one in sittings]
counted = [str(one) for one in Candidate.objects.order_by("pk").values_list("counted_mark", flat=True)]
print(json.dumps([rows, counted, KeyCorrection.objects.count(), MarkChange.objects.count(), Certificate.objects.count()]))
"""
ISSUE = """
from django.utils import timezone
from datetime import timedelta
from exams import actions
from exams.models import Exam
from mingfa.people.models import User
later = Exam.objects.get().keys_from + timedelta(minutes=1)
print(actions.issue_certificates(Exam.objects.get(), by=User.objects.get(username="bench-boss"), now=later))
"""
PAUSED_ISSUE = """
import threading
from exams import models
real = models.Certificate.objects.bulk_create
def stop_after(*args, **kwargs):
    done = real(*args, **kwargs)
    print("written", flush=True)
    threading.Event().wait()
    return done
models.Certificate.objects.bulk_create = stop_after
""" + ISSUE


def command(folder, code):
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=folder.environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@contextlib.contextmanager
def killed_in_the_middle(folder, code):
    """Runs until it says that it has written something, then kill -9."""
    process = command(folder, code)
    try:
        said = process.stdout.readline()
        assert said == "written\n", said + process.stdout.read()
        process.kill()
        yield
    finally:
        process.kill()
        process.wait(60)
        process.stdout.close()


def state(folder):
    return json.loads(folder.manage("shell", "-v0", "-c", STATE).strip().splitlines()[-1])


def test_OP1_IF7_kill_9_in_the_middle_of_an_import_of_3000_questions_and_import_again(data_folder):
    process = command(data_folder, IMPORT)

    def staged():
        with contextlib.suppress(Exception):  # the tables may be locked for a moment
            return count(data_folder, STAGED) >= 300
        return False

    wait_until(staged, "nothing was staged")
    process.kill()
    process.wait(60)
    process.stdout.close()
    left = count(data_folder, STAGED)
    assert 300 <= left < 3000
    assert count(data_folder, USABLE) == 0
    assert data_folder.manage("shell", "-v0", "-c", IMPORT).strip().splitlines()[-1] == "3000"
    assert count(data_folder, USABLE) == 3000
    assert count(data_folder, "SELECT count(DISTINCT stem_hash) FROM bank_questionversion v JOIN bank_question q "
                              "ON q.current_id = v.id WHERE q.status = 'usable'") == 3000  # fmt: skip


@pytest.fixture
def sat(data_folder):
    """Forty people with full marks."""
    data_folder.manage("shell", "-v0", "-c", SAT)
    return data_folder


def test_OP1_kill_9_in_the_middle_of_a_correction_changes_nothing_and_it_can_be_made_again(sat):
    before = state(sat)
    with killed_in_the_middle(sat, PAUSED):
        pass
    assert state(sat) == before
    sat.manage("shell", "-v0", "-c", PAUSED.replace("QuerySet.bulk_update = stop_after", ""))
    rows, counted, corrections, changes, _ = state(sat)
    assert (corrections, changes) == (1, 40)
    assert all(mark == summed for mark, summed in rows)
    assert sorted(counted) == sorted(mark for mark, _ in rows) != sorted(before[1])


def test_OP1_kill_9_while_certificates_are_issued_leaves_none_and_the_next_run_issues_all(sat):
    with killed_in_the_middle(sat, PAUSED_ISSUE):
        pass
    assert state(sat)[-1] == 0
    assert sat.manage("shell", "-v0", "-c", ISSUE).strip().splitlines()[-1] == "40"
    assert state(sat)[-1] == 40
