"""填报: what was typed stays when it is refused, what stood before is seen, and all of it goes out as Excel."""
import io

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from mingfa.indicators import actions
from mingfa.people.models import Role
from mingfa.periods import Year
from wagtail.models import ModelLogEntry

from tests.exams import scene as exams
from tests.exams.scene import NOON, browser, holder, minutes

CODE = "entered_legal_advisers"


@pytest.fixture
def scene(db):
    with time_machine.travel(NOON, tick=False):
        yield exams.build()


@pytest.fixture
def writer(scene):
    return holder(scene, Role.LIAISON, name="填报人")


@pytest.fixture
def second(scene):
    return holder(scene, Role.LEADER, name="核对人")


@pytest.fixture
def address(scene):
    return reverse("board_entered", args=[scene.district.pk])


def enter(scene, by, part, *, year=2026, now=NOON, source="台账"):
    return actions.enter_figure(scene.district, CODE, Year(year), part=part, whole=None, source=source, by=by, now=now)


def test_what_was_typed_stays_in_its_fields_when_it_is_refused(scene, writer):
    sent = {"period": "2026", "part": "11", "whole": "10", "source": "信访台账第 3 页"}
    reply = browser(writer).post(reverse("board_enter", args=[scene.district.pk, "entered_on_time"]), sent)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "达到的 11 比总数 10 还多" in page
    assert 'value="信访台账第 3 页"' in page
    assert page.count("<details open") == 1


def test_a_correction_begins_from_what_stands_and_shows_what_stood(scene, writer, second, address):
    enter(scene, writer, 6)
    enter(scene, writer, 7, now=NOON + minutes(1), source="聘书")
    page = browser(second).get(address).content.decode()
    assert 'value="7"' in page
    assert "更正以前的 1 个数" in page
    assert "6，来源：台账" in page


def test_the_year_before_stands_beside_it(scene, writer, address):
    enter(scene, writer, 5, year=2025)
    assert "上一年 5" in browser(writer).get(address).content.decode()


def test_the_page_counts_what_is_checked_waiting_and_missing(scene, writer, second, address):
    row = enter(scene, writer, 7)
    assert "已核对 0 项，待核对 1 项，没有填 12 项" in browser(writer).get(address).content.decode()
    actions.check_figure(row.pk, by=second, now=NOON)
    assert "已核对 1 项，待核对 0 项，没有填 12 项" in browser(writer).get(address).content.decode()


def test_typing_the_same_again_says_so_and_keeps_the_check(scene, writer, second):
    row = enter(scene, writer, 7)
    actions.check_figure(row.pk, by=second, now=NOON)
    sent = {"period": "2026", "part": "7", "source": "台账"}
    page = browser(writer).post(reverse("board_enter", args=[scene.district.pk, CODE]), sent, follow=True).content.decode()
    assert "和原来一样，没有改动" in page
    assert scene.district.entered_figures.get().checked_by == second


def test_it_goes_out_as_excel_with_who_typed_and_who_checked(scene, writer, second):
    row = enter(scene, writer, 7, source="=聘书")
    actions.check_figure(row.pk, by=second, now=NOON)
    response = browser(writer).get(reverse("board_entered_excel", args=[scene.district.pk]), {"period": "2026"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = {line[0].value: [cell.value for cell in line] for line in sheet.iter_rows(min_row=3)}
    typed = rows["法律顾问人数"]
    assert [typed[place] for place in (1, 4, 5, 6, 8)] == [7, "人", "=聘书", "填报人", "核对人"]
    assert rows["及时受理率"][1:4] == [None, None, None]
    assert ModelLogEntry.objects.get(action="indicators.export_entered").user == writer


def test_AZ1_other_units_figures_do_not_go_out(scene):
    other = holder(scene, Role.LIAISON, unit=scene.town, name="镇联络员")
    for name in ("board_entered", "board_entered_excel"):
        assert browser(other).get(reverse(name, args=[scene.district.pk])).status_code == 404


def test_the_list_of_reports_leads_to_all_of_it(scene, writer, second):
    page = browser(writer).get(reverse("reports:list")).content.decode()
    for name in ("upper_forms", "indicator_catalogue"):
        assert reverse(name) in page
    assert reverse("board_entered", args=[scene.district.pk]) in page
    assert ">上级报表<" not in browser(second).get(reverse("reports:list")).content.decode()
