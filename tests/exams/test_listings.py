"""The lists of exams as Excel: what the page shows, for whom it shows it, with source and digest."""
import io

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.spreadsheets import digest_of_rows
from wagtail.models import ModelLogEntry

from exams import actions

from . import scene
from .cases import BEFORE, sit
from .scene import NOON, browser, holder


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def people(district):
    return [district.person("甲一"), district.person("=乙二"), district.person("外镇人", district.other_town)]


@pytest.fixture
def exam(district, people):
    exam = district.exam(result_policy="after_release")
    sit(exam, people[0], 100)
    return exam


@pytest.fixture
def setter(district, exam):
    return holder(district, Role.SETTER, name="出题人")


def rows_of(user, name, *args, **query):
    response = browser(user).get(reverse(f"exams:{name}", args=args), query)
    assert response.status_code == 200
    page = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref.startswith("A2:")
    return rows


def test_the_exams_of_the_own_units_with_their_heads(setter, exam):
    rows = rows_of(setter, "exams_xlsx")
    assert rows[2][:3] == ["法治理论考试", "嘉禾区", "已发布"]
    assert rows[2][6:9] == [3, 1, 2]
    assert "共 1 行" in rows[-1][0]


def test_the_roster_goes_out_as_it_is_filtered_and_by_the_unit_of_who_asks(district, setter, exam):
    assert [row[2] for row in rows_of(setter, "people_xlsx", exam.pk)[2:-2]] == ["甲一", "=乙二", "外镇人"]
    assert [row[2] for row in rows_of(setter, "people_xlsx", exam.pk, show="absent")[2:-2]] == ["=乙二", "外镇人"]
    assert [row[2] for row in rows_of(setter, "people_xlsx", exam.pk, q="甲")[2:-2]] == ["甲一"]
    liaison = holder(district, Role.LIAISON, unit=district.town, name="联络员")
    assert [row[2] for row in rows_of(liaison, "people_xlsx", exam.pk, show="absent")[2:-2]] == ["=乙二"]


def test_AL3_marks_that_wait_to_be_released_are_not_in_the_liaisons_file(district, setter, exam):
    liaison = holder(district, Role.LIAISON, unit=district.town, name="联络员")
    told, kept = rows_of(setter, "people_xlsx", exam.pk)[2], rows_of(liaison, "people_xlsx", exam.pk)[2]
    assert (told[6:8], kept[6:8]) == ([100, "合格"], [None, "已交卷"])
    assert len(rows_of(liaison, "people_xlsx", exam.pk, show="passed")[2:-2]) == 2  # the filter would tell as much


def test_IF4_a_name_like_a_formula_is_text(setter, exam):
    response = browser(setter).get(reverse("exams:people_xlsx", args=[exam.pk]))
    page = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.data_type for row in page.iter_rows() for cell in row if cell.value == "=乙二"] == ["s"]


def test_the_digest_is_that_of_the_rows_below_the_header(setter, exam):
    rows = rows_of(setter, "people_xlsx", exam.pk)
    cells = [["" if cell is None else cell for cell in row] for row in rows[1:-2]]
    digest = rows[-1][0].rsplit(" ", 1)[1]
    assert len(digest) == 64
    changed = [[*cells[1][:2], "另一个人", *cells[1][3:]]]
    assert digest_of_rows(cells[0], cells[1:]) != digest_of_rows(cells[0], changed)


def test_a_draft_gives_the_preview_of_its_roster(district, people, setter):
    draft = district.exam(publish=False, name="草稿")
    names = {row[2] for row in rows_of(setter, "names_xlsx", draft.pk)[2:-2]}
    assert names >= {"甲一", "=乙二", "外镇人"}
    actions.publish_exam(draft, by=district.boss, now=BEFORE)
    assert browser(setter).get(reverse("exams:names_xlsx", args=[draft.pk])).status_code == 404


def test_the_register_of_certificates(district, people, setter):
    exam = district.exam(name="发证的考试", certificates=True)
    sit(exam, people[0], 100)
    with time_machine.travel(scene.CLOSES + scene.minutes(60), tick=False):
        actions.end_overdue_sittings(now=scene.CLOSES + scene.minutes(60))
        actions.issue_certificates(exam, by=setter, now=scene.CLOSES + scene.minutes(60))
        [row] = rows_of(setter, "certificates_xlsx", exam.pk)[2:-2]
    assert (row[1], row[3], row[5]) == ("甲一", 100, "有效")


def test_every_download_leaves_a_line(setter, exam):
    rows_of(setter, "people_xlsx", exam.pk, show="absent")
    line = ModelLogEntry.objects.get(action="exams.export_roster")
    assert (line.user, line.data) == (setter, {"rows": 2, "show": "absent"})


def test_AZ1_strangers_get_no_list(district, people, exam):
    outsider = holder(district, Role.SETTER, unit=district.other_town, name="外单位")
    for user in (people[0], outsider):
        for name in ("names_xlsx", "certificates_xlsx"):
            assert browser(user).get(reverse(f"exams:{name}", args=[exam.pk])).status_code == 404
    assert browser(people[0]).get(reverse("exams:people_xlsx", args=[exam.pk])).status_code == 404
    assert browser(people[0]).get(reverse("exams:exams_xlsx")).status_code == 403
