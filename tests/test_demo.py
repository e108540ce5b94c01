"""The demo district as `manage.py demo` loads it: whole, in one go, and with something to see on every page."""
import json

import pytest

COUNTS = """
import json
from exams.models import Certificate, Exam, Sitting
from mingfa.bank.models import Question
from mingfa.changes.models import LawChange, ReviewTask
from exams.topups import offers_for
from mingfa import clock
from mingfa.people.models import User
from mingfa.review.models import Review
print(json.dumps({
    "exams": sorted(Exam.objects.values_list("name", flat=True)), "people": User.objects.count(),
    "waiting": Sitting.objects.filter(state="submitted").count(), "certificates": Certificate.objects.count(),
    "tasks": [ReviewTask.objects.filter(decision=one).count() for one in ("", "right", "revised", "retired")],
    "changes": LawChange.objects.count(),
    "held": Question.objects.filter(held=True).count(),
    "offered": [one.size for one in offers_for(User.objects.get(username="demo-cadre"), now=clock.now())],
    "reviews": sorted(Review.objects.values_list("state", flat=True)),
    "drafts": Question.objects.filter(status="draft").count(),
    "types": sorted(set(Question.objects.values_list("current__type", flat=True))),
}))
"""


@pytest.fixture(scope="module")
def loaded(new_data_folder):
    folder = new_data_folder()
    said = folder.manage("demo")
    return said, json.loads(folder.manage("shell", "-v0", "-c", COUNTS).strip().splitlines()[-1]), folder


def test_the_demo_loads_into_an_empty_folder_and_shows_every_state(loaded):
    said, counts, _ = loaded
    assert "演示数据已装好" in said
    assert len(counts["exams"]) == 4
    assert counts["people"] >= 600
    assert counts["waiting"] == 4
    assert counts["certificates"] > 400
    assert counts["tasks"] == [12, 3, 2, 1]
    assert counts["held"] == 11
    assert counts["changes"] == 1
    assert counts["offered"] == [5]
    assert counts["reviews"] == [*["first"] * 3, *["passed"] * 2, "returned", *["second"] * 2, *["third"] * 2]
    assert counts["drafts"] == 9
    assert counts["types"] == ["blank", "case", "judge", "match", "multiple", "order", "short", "single"]


def test_the_demo_refuses_a_folder_with_people(loaded):
    with pytest.raises(Exception, match="returned non-zero exit status"):
        loaded[2].manage("demo")
