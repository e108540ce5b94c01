"""kill -9 in the middle of an entry and of an import: no half entry, and the same file goes on where it stopped."""
import contextlib
import json
import subprocess
import sys

import pytest

from tests.servers import ROOT

MAKE = """
from tests.outreach import scene as scenes
scene = scenes.build()
scene.batch(1000)
"""
READY = """
from outreach import actions
from outreach.models import Batch, Line, Movement, Stock
from mingfa.people.models import OrgUnit, User
from tests.outreach.scene import DAY, NOW
keeper = User.objects.get(name="罗知远")
store, town = OrgUnit.objects.get(name="嘉禾区"), OrgUnit.objects.get(name="澄溪镇")
"""
# Says out loud that one of the two lines of an entry is written, so that the test can kill it exactly there.
HALF = READY + """
import threading
real = Line.objects.bulk_create
def half(lines, **more):
    lines = list(lines)
    done = real(lines[:1], **more)
    print("written", flush=True)
    threading.Event().wait()
    return done + real(lines[1:], **more)
Line.objects.bulk_create = half
actions.transfer_stock(Batch.objects.get(), place=store, to=town, quantity=300, day=DAY, by=keeper, now=NOW)
"""
WHOLE = HALF.replace("Line.objects.bulk_create = half\n", "")
STATE = """
import json
from django.db.models import Sum
from outreach.models import Line, Movement, Stock
stocks = sum(Stock.objects.values_list("balance", flat=True))
lines = Line.objects.filter(account="stock").aggregate(total=Sum("quantity"))["total"]
print(json.dumps([Movement.objects.count(), Line.objects.count(), stocks, lines]))
"""
IMPORT = READY + """
from outreach import queries
from outreach.importing.ledger import read_ledger
from outreach.ledgers import digest_of, plan_ledger
from mingfa.spreadsheets import read_rows, write_csv
import outreach.actions.importing as importing
head = ("日期", "事项", "品名", "数量", "存放单位", "发放地点")
content = write_csv(head, [("2026-12-04", "发放", "宪法单行本", 1, "区库", f"点位{n}") for n in range(600)])
places = queries.places_kept_by(keeper)
parsed = read_ledger(read_rows(content, "x.csv"), today=DAY)
plan = plan_ledger(parsed, digest=digest_of(content), unit=store, places=places)
assert plan.errors == [], plan.errors
"""
STOPPED = IMPORT + """
import threading
real, calls = importing._write, []
def write(*args, **more):
    real(*args, **more)
    print("written", flush=True)
    threading.Event().wait()
importing._write = write
actions.import_ledger(plan, unit=store, file_name="x.csv", by=keeper, now=NOW)
"""
GO_ON = IMPORT + """
print(len(plan.steps), actions.import_ledger(plan, unit=store, file_name="x.csv", by=keeper, now=NOW).done)
"""


@contextlib.contextmanager
def killed_in_the_middle(folder, code):
    """Runs until it says that it has written something, then kill -9."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=folder.environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        said = process.stdout.readline()
        assert said == "written\n", said + process.stdout.read()
        process.kill()
        yield
    finally:
        process.kill()
        process.wait(60)
        process.stdout.close()


def last_line(folder, code):
    return folder.manage("shell", "-v0", "-c", code).strip().splitlines()[-1]


@pytest.fixture
def stocked(data_folder):
    data_folder.manage("shell", "-v0", "-c", MAKE)
    return data_folder


def test_OP1_kill_9_between_two_lines_leaves_neither_and_the_entry_can_be_made_again(stocked):
    before = json.loads(last_line(stocked, STATE))
    assert before == [1, 2, 1000, 1000]
    with killed_in_the_middle(stocked, HALF):
        pass
    assert json.loads(last_line(stocked, STATE)) == before
    stocked.manage("shell", "-v0", "-c", WHOLE)
    assert json.loads(last_line(stocked, STATE)) == [2, 6, 1000, 1000]


def test_OP1_a_killed_import_has_written_whole_rows_and_the_same_file_goes_on(stocked):
    with killed_in_the_middle(stocked, STOPPED):
        pass
    assert json.loads(last_line(stocked, STATE)) == [201, 402, 800, 800]
    assert last_line(stocked, GO_ON) == "400 600"
    assert json.loads(last_line(stocked, STATE)) == [601, 1202, 400, 400]
