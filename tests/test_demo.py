"""The demo district as `manage.py demo` loads it: whole, in one go, and with something to see on every page.

It is loaded at a fixed moment, so that its report can be compared word by word with tests/reports/golden.
"""
import json
import subprocess
from pathlib import Path

import pytest

from tests.reports.papers import told

LOADED, WRITTEN = "2026-12-20T09:00+08:00", "2026-12-21T09:00+08:00"
GOLDEN = Path(__file__).parent / "reports/golden/demo-2026.txt"
THEN = """
from datetime import datetime
import time_machine
from django.core.management import call_command
with time_machine.travel(datetime.fromisoformat({moment!r})):
    exec({code!r})
"""
COUNTS = """
import json
from exams.models import Certificate, Exam, Sitting
from mingfa.bank.models import Question
from mingfa.changes.models import LawChange, ReviewTask
from exams.topups import offers_for
from courses.live.models import CheckIn, Training
from mingfa import clock
from mingfa.people.models import User
from mingfa.review.models import Review
from outreach import campaigns, effects, quizzes
from outreach.models import Activity, Campaign, DutyItem, Movement, Stock, Visits
from mingfa.people.models import OrgUnit
plan, everywhere = Campaign.objects.get(), list(OrgUnit.objects.all())
shown = effects.effects(everywhere, effects.latest_year(everywhere))
print(json.dumps({
    "exams": sorted(Exam.objects.values_list("name", flat=True)), "people": User.objects.count(),
    "trainings": sorted(Training.objects.values_list("state", flat=True)),
    "attended": sorted(set(Training.objects.get(state="replay").roster.values_list("attendance", flat=True))),
    "signed": CheckIn.objects.count(),
    "waiting": Sitting.objects.filter(state="submitted").count(), "certificates": Certificate.objects.count(),
    "tasks": [ReviewTask.objects.filter(decision=one).count() for one in ("", "right", "revised", "retired")],
    "changes": LawChange.objects.count(),
    "held": Question.objects.filter(held=True).count(),
    "offered": [one.size for one in offers_for(User.objects.get(username="demo-cadre"), now=clock.now())],
    "reviews": sorted(Review.objects.values_list("state", flat=True)),
    "drafts": Question.objects.filter(status="draft").count(),
    "activities": sorted(set(Activity.objects.values_list("state", flat=True))),
    "entries": sorted(set(Movement.objects.values_list("kind", flat=True))),
    "plan": [plan.state, sum(one.handed for one in campaigns.handed_of_plan(plan) if one.material.is_print),
             campaigns.progress_of([plan])[plan.pk].held, plan.pages.filter(live=True).count(), plan.duties.count()],
    "duties": DutyItem.objects.count(), "scans": sum(Visits.objects.values_list("begun", flat=True)),
    "unscanned": quizzes.never_scanned(everywhere).count(),
    "curves": [len(one.curves) > 3 for one in shown], "asked": len(shown),
    "lowest": min(Stock.objects.values_list("balance", flat=True)),
    "types": sorted(set(Question.objects.values_list("current__type", flat=True))),
}))
"""


def at(folder, moment: str, code: str) -> str:
    """What the code prints on that day."""
    return folder.manage("shell", "-v0", "-c", THEN.format(moment=moment, code=code))


@pytest.fixture(scope="module")
def loaded(new_data_folder):
    folder = new_data_folder()
    said = at(folder, LOADED, "call_command('demo')")
    return said, json.loads(at(folder, LOADED, COUNTS).strip().splitlines()[-1]), folder


def test_the_demo_loads_into_an_empty_folder_and_shows_every_state(loaded):
    said, counts, _ = loaded
    assert "演示数据已装好" in said
    assert len(counts["exams"]) == 4
    assert counts["people"] >= 600
    assert counts["trainings"] == ["lobby", "replay", "scheduled"]
    assert counts["attended"] == ["absent", "early", "late", "present"]
    assert counts["signed"] > 250
    assert counts["waiting"] == 4
    assert counts["certificates"] > 400
    assert counts["tasks"] == [12, 3, 2, 1]
    assert counts["held"] == 11
    assert counts["changes"] == 1
    assert counts["offered"] == [5]
    assert counts["reviews"] == [
        *["first"] * 4, *["passed"] * 6, *["returned"] * 2, *["second"] * 3, *["third"] * 3,
    ]  # fmt: skip
    assert counts["drafts"] == 9
    assert counts["activities"] == ["approved", "draft", "recorded", "returned"]
    assert counts["plan"] == ["approved", 6137, 15, 1, 2]
    assert counts["duties"] == 6
    assert counts["scans"] > 500
    assert counts["unscanned"] == 2
    assert (counts["asked"], counts["curves"]) == (3, [True] * 3)
    assert counts["entries"] == ["count", "hand_out", "lose", "receive", "reverse", "transfer"]
    assert counts["lowest"] >= 0
    assert counts["types"] == ["blank", "case", "judge", "match", "multiple", "order", "short", "single"]


def test_the_demo_year_yields_a_whole_report_word_by_word(loaded, tmp_path):
    at(loaded[2], WRITTEN, f"call_command('report', '2026', '--docx', '--out={tmp_path}')")
    [report] = tmp_path.glob("*.docx")
    assert told(report.read_bytes()) == GOLDEN.read_text("utf-8")


def test_OP5_everything_in_the_demo_adds_up_and_one_mark_changed_does_not(loaded):
    folder = loaded[2]
    assert "没有发现被改过的记录" in folder.manage("check_records", "--seal")
    one = "from exams.models import Sitting; one = Sitting.objects.filter(state='marked').latest('pk')"
    folder.manage("shell", "-v0", "-c", f"{one}; one.mark += 1; one.save()")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        folder.manage("check_records")
    assert "各题之和是" in refused.value.stderr


def test_the_demo_refuses_a_folder_with_people(loaded):
    with pytest.raises(Exception, match="returned non-zero exit status"):
        loaded[2].manage("demo")
