"""What the setter's forms refuse, and what a result page keeps to itself."""
import pytest
import time_machine
from django.urls import reverse

from exams import actions
from exams.forms import ExamForm, NewExamForm

from . import scene
from .scene import NOON, minutes

GOOD = {
    "name": "法治理论考试", "opens_at": "2026-09-20T09:00", "closes_at": "2026-09-24T18:00", "duration_minutes": 60,
    "pass_mark": 60, "good_mark": "", "excellent_mark": 90, "attempts": 1, "counting": "best",
    "multiple_policy": "all_or_nothing", "result_policy": "after_close", "practice": "kept_back", "grace_minutes": "10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def form_data(district, **changes):
    return {**GOOD, "unit": district.district.pk, "due_units": [district.district.pk], "bank": district.bank.pk, **changes}


def test_the_form_is_good_as_it_stands(district):
    assert NewExamForm(form_data(district), user=district.boss, preset_key="").errors == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration_minutes", 0), ("duration_minutes", 1441), ("duration_minutes", -5), ("attempts", 0),
        ("attempts", 100), ("pass_mark", -1), ("good_mark", -1), ("excellent_mark", "-0.5"),
        ("opens_at", "1999-12-31T23:59"), ("opens_at", "0001-01-01T00:00"), ("closes_at", "2101-01-01T00:00"),
        ("closes_at", "9999-12-31T23:59"),
    ],
)  # fmt: skip
def test_what_no_exam_can_have_is_refused_beside_its_field(district, field, value):
    form = NewExamForm(form_data(district, **{field: value}), user=district.boss, preset_key="")
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [("duration_minutes", 1440), ("attempts", 99), ("closes_at", "2100-12-31T23:59"), ("pass_mark", 0)],
)
def test_the_last_possible_value_is_accepted(district, field, value):
    assert NewExamForm(form_data(district, **{field: value}), user=district.boss, preset_key="").errors == {}


def test_an_exam_published_while_somebody_edits_it_says_so_and_stays(client, district, exam):
    client.force_login(district.boss)
    page = client.post(reverse("exams:edit", args=[exam.pk]), form_data(district, name="改名"), follow=True)
    exam.refresh_from_db()
    assert "现在的状态（已发布）不能这样做" in page.content.decode()
    assert exam.name == "法治理论考试"
    assert ExamForm(form_data(district), instance=exam, user=district.boss).is_valid()


def test_AL3_a_result_held_back_looks_the_same_passed_or_failed(client, district, cadre):
    other = district.person("邻座")
    exam = district.exam(result_policy="after_release", attempts=3)
    pages = []
    for user, right in ((cadre, True), (other, False)):
        sitting = scene.sit(exam, user)
        scene.answer_all(sitting, right=right)
        actions.submit_sitting(sitting.pk, by=user, now=NOON + minutes(5))
        client.force_login(user)
        page = client.get(reverse("exams:result", args=[sitting.pk])).content.decode()
        body = page.split("<main")[1].split("</main>")[0]
        pages.append(body.replace(f'"{sitting.pk}"', "").replace(f"/sittings/{sitting.pk}/", ""))
    assert "成绩还没有公布" in pages[0]
    assert "再考一次，还有 2 次" in pages[0]
    assert pages[0] == pages[1]
