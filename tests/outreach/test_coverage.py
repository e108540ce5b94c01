"""Who had nothing this quarter: townships by months, the villages of one of them, and the same as Excel."""
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Quarter
from mingfa.spreadsheets import read_rows
from wagtail.models import ModelLogEntry

from outreach import actions, activities, queries
from outreach.actions import Record

from .scene import DAY, NOW, browser
from .test_views import text

ADDRESS, QUARTER = "/outreach/coverage/", Quarter(2026, 4)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def held(scene):
    """The first township once, its village twice, and 120 copies from the township's store; the other one nothing."""
    batch = scene.batch(1000)
    scene.send(batch, 300)
    scene.give(batch, 120)
    for unit, day in [(scene.town, date(2026, 10, 8)), (scene.village, date(2026, 12, 1)), (scene.village, DAY)]:
        actions.record_activity(Record("宣传", "visit", day, "院坝", 30), unit=unit, handed=[], by=scene.keeper, now=NOW)
    return scene


def rows_of(found):
    return [(row.unit.name, row.months, row.copies) for row in found]


def test_a_township_counts_what_its_villages_held_and_those_with_nothing_come_first(held):
    places = queries.places_read_by(held.keeper)
    assert rows_of(activities.coverage(places, QUARTER)) == [("柳汀湾镇", (0, 0, 0), 0), ("澄溪镇", (1, 0, 2), 120)]


def test_inside_a_township_it_and_its_villages_stand_apart(held):
    places = queries.places_read_by(held.keeper)
    found = activities.coverage_within(held.town, places, QUARTER)
    assert rows_of(found) == [("澄溪镇", (1, 0, 0), 120), ("樟树村", (0, 0, 2), 0)]
    whole = next(row for row in activities.coverage(places, QUARTER) if row.unit == held.town)
    assert (sum(row.total for row in found), sum(row.copies for row in found)) == (whole.total, whole.copies)


def test_the_page_says_who_has_nothing_and_leads_to_the_activities_and_the_villages(held):
    keeper = browser(held.keeper)
    page = keeper.get(ADDRESS)
    assert "2026 年第 4 季度， 1 个镇街 还没有活动" in text(page)
    assert f"?place={held.town.pk}&amp;period=2026-12" in page.content.decode()
    inside = text(keeper.get(ADDRESS, {"place": held.town.pk}))
    assert "澄溪镇本级" in inside
    assert "樟树村" in inside
    only = text(keeper.get(ADDRESS, {"show": "none"}))
    assert ("柳汀湾镇" in only, "澄溪镇" in only) == (True, False)
    assert "2 个镇街 还没有活动" in text(keeper.get(ADDRESS, {"period": "2026-Q2"}))


def test_who_keeps_one_township_sees_its_villages_at_once(held):
    page = text(browser(held.towner).get(ADDRESS))
    assert "樟树村" in page
    assert "柳汀湾镇" not in page
    assert browser(held.towner).get(ADDRESS, {"place": held.other.pk}).status_code == 404


def test_AZ1_the_matrix_is_for_those_who_read_outreach(held):
    assert browser(held.person("唐守正", held.district, Role.LEADER)).get(ADDRESS).status_code == 200
    assert browser(held.person("陈志远", held.town)).get(ADDRESS).status_code == 403


@pytest.mark.parametrize("query", ["?period=x", "?period=2026", "?show=x", "?period=9999-Q4", "?place=0x1"])
def test_a_made_up_address_is_no_error(held, query):
    assert browser(held.keeper).get(ADDRESS + query).status_code in (200, 404)


def test_the_matrix_leaves_as_excel_and_its_export_is_logged(held):
    content = browser(held.keeper).get(reverse("outreach:coverage_xlsx")).content
    (sheet,) = read_rows(content, "x.xlsx")
    assert [row.cells for row in sheet.rows][1:-2] == [
        ("地方", "10 月", "11 月", "12 月", "活动场次", "发放份数"), ("柳汀湾镇", 0, 0, 0, 0, 0), ("澄溪镇", 1, 0, 2, 3, 120),
    ]  # fmt: skip
    assert ModelLogEntry.objects.filter(action="outreach.export_list", user=held.keeper).count() == 1


def test_the_matrix_asks_as_often_for_many_villages_as_for_one(held):
    keeper = browser(held.keeper)

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert keeper.get(ADDRESS).status_code == 200
        return len(found)

    asked()
    before = asked()
    for number in range(20):
        town = OrgUnit.objects.get(pk=held.town.pk)
        people.create_unit(name=f"{number} 号村", kind="village", parent=town, by=held.boss, now=NOW)
    assert asked() == before
