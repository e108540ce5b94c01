"""The figures of outreach: what counts, and that each opens into its lines."""
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from mingfa.indicators.registry import indicator
from mingfa.periods import Month, Year

from outreach import actions
from outreach.indicators import figures
from outreach.models import Batch, Visits
from tests.together import assert_together

from .scene import DAY, NOW, browser
from .test_quiz import bank, quiz  # noqa: F401 fixtures
from .test_views import text


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(scene, quiz):  # noqa: F811
    """Two activities in one township, one counted; 6,137 copies handed out; 34 people scanned."""
    batch = scene.batch(9000)
    scene.send(batch, 7000)
    stock = batch.stocks.get(place=scene.town)
    words = {"unit": scene.town, "by": scene.towner, "now": NOW}
    actions.record_activity(actions.Record("赶集日", "stall", DAY, "老街", 260, consulted=34), handed=[(stock, 6137)], **words)
    actions.record_activity(actions.Record("讲座", "talk", DAY, "礼堂", 62, is_counted=True), handed=[], **words)
    code = actions.make_code(quiz, unit=scene.town, batch=batch, by=scene.keeper, now=NOW)
    Visits.objects.create(code=code, month=date(2026, 12, 1), begun=34, finished=20)
    return scene


def test_every_figure_counts_what_its_definition_says_and_opens_into_its_lines(year):
    found = {one.code.removeprefix("outreach_"): figure.text for one, figure, _ in figures(year.district, Year(2026))}
    assert found == {
        "activities": "2", "coverage": "50.0%", "kinds": "1", "copies": "6,137", "counted": "62", "estimated": "260",
        "consulted": "34", "scans": "34", "fallen": "—", "published": "0",
    }  # fmt: skip
    keeper = browser(year.keeper)
    page = text(keeper.get(reverse("outreach:figures")))
    assert "受众人数（清点） 62" in page
    assert "镇街覆盖率 50.0% 1 / 2" in page
    for _, _, address in figures(year.district, Year(2026)):
        assert keeper.get(address).status_code == 200
    copies = next(address for one, _, address in figures(year.district, Year(2026)) if one.code == "outreach_copies")
    assert "6,137" in text(keeper.get(copies))
    assert browser(year.person("白露", year.town)).get(reverse("outreach:figures")).status_code == 403


def test_the_parts_of_a_figure_come_to_the_whole(year):
    for code in ("activities", "copies", "counted", "estimated", "consulted", "scans"):
        one = indicator(f"outreach_{code}")
        parts = [figure.value for _, figure in one.by_child(year.district, Year(2026))]
        assert sum(parts) == one.compute(year.district, Year(2026)).value
    assert indicator("outreach_activities").compute(year.district, Month(2026, 11)).text == "0"


@pytest.mark.parametrize("name", ["activities", "counted", "estimated", "consulted", "kinds", "copies", "scans"])
def test_many_units_are_read_once(year, name):
    assert_together(indicator(f"outreach_{name}"), [year.district, year.town, year.other], Year(2026))


def test_a_leaflet_nobody_scanned_is_named(year, quiz):  # noqa: F811
    keeper, batch = browser(year.keeper), Batch.objects.get()
    assert "还没有人扫过的资料" not in text(keeper.get(reverse("outreach:quizzes")))
    actions.make_code(quiz, unit=year.other, batch=batch, by=year.keeper, now=NOW)
    assert "还没有人扫过的资料 宪法单行本 第 1 批 柳汀湾镇" in text(keeper.get(reverse("outreach:quizzes")))
