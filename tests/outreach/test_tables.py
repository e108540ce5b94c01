"""The tables of outreach's pages as Excel: one campaign, one material, the calendar, what was published, the words."""
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.spreadsheets import read_rows
from wagtail.models import ModelLogEntry

from outreach import actions
from outreach.actions import wordlist
from tests.exported import sheets, table

from .scene import DAY, NOW, browser, build
from .test_quiz import bank, code_at, quiz, tally  # noqa: F401 fixtures
from .test_views import text


@pytest.fixture
def scene(db):
    with time_machine.travel(NOW, tick=False):
        yield build()


@pytest.fixture
def campaign(scene):
    """A plan of two stops, one of them with its record, and one record beside it."""
    words = {"by": scene.keeper, "now": NOW}
    outline = actions.Outline("=宪法宣传周", date(2026, 12, 1), date(2026, 12, 7), theme="弘扬宪法精神")
    campaign = actions.draw_up_campaign(outline, unit=scene.district, **words)
    for unit, day in ((scene.town, DAY), (scene.other, date(2026, 12, 5))):
        actions.add_stop(campaign, unit=unit, planned_on=day, form="stall", spot="老街", staff="邓小满", **words)
    actions.submit_campaign(campaign, by=scene.keeper, now=NOW)
    checker = scene.person("沈秋实", scene.district, Role.OUTREACH)
    campaign = actions.decide_campaign(campaign, approved=True, opinion="", by=checker, now=NOW)
    record = actions.Record("送法进村", "visit", DAY, "院坝", 45, campaign=campaign)
    actions.record_activity(record, unit=scene.village, handed=[], by=scene.towner, now=NOW)
    return campaign


def taken(user, name, *args, **query):
    return browser(user).get(reverse(name, args=args), query)


def test_a_campaign_goes_out_with_its_stops_and_what_was_held_beside(scene, campaign):
    rows = table(taken(scene.keeper, "outreach:campaign_xlsx", campaign.pk))
    assert [(row[0], row[1], row[3], row[5]) for row in rows[1:]] == [
        (datetime(2026, 12, 4), "澄溪镇", "集中宣传", "还没有"), (datetime(2026, 12, 5), "柳汀湾镇", "集中宣传", "还没有"),
        (None, "樟树村", rows[3][3], "计划外"),
    ]  # fmt: skip
    page = text(taken(scene.keeper, "outreach:campaign", campaign.pk))
    assert all(word in page for word in ("澄溪镇", "柳汀湾镇", "送法进村", "计划外"))


def test_a_material_goes_out_by_place_and_with_all_that_came_and_went(scene):
    batch = scene.batch(500)
    scene.send(batch, 200)
    scene.give(batch, 30, place=scene.town, spot="=老街")
    found = sheets(taken(scene.keeper, "outreach:material_xlsx", batch.material_id, period="2026"))
    stocks = {row[0]: row for row in found["各处结存"][1:]}
    assert (stocks["区库"][-2], stocks["澄溪镇"][-2], stocks["合计"][-2], stocks["合计"][5]) == (300, 170, 470, 30)
    history = found["往来明细"]
    assert [(row[1], row[3], row[4], row[5]) for row in history[1:]] == [
        ("发放", "澄溪镇", -30, 170), ("调拨", "区库 → 澄溪镇", 200, 200), ("调拨", "区库 → 澄溪镇", -200, 300),
        ("入库", "区库", 500, 500),
    ]  # fmt: skip
    assert history[1][6] == "=老街"
    town = sheets(taken(scene.keeper, "outreach:material_xlsx", batch.material_id, place=scene.town.pk))
    assert [row[0] for row in town["各处结存"][1:]] == ["澄溪镇", "合计"]


def test_the_calendar_goes_out_with_days_and_how_many_towns_have_held_something(scene):
    rows = table(taken(scene.keeper, "outreach:calendar_xlsx"))
    named = {row[0]: row for row in rows[1:]}
    day = named["国家宪法日"]
    assert (day[1], day[6], day[7]) == (datetime(2026, 12, 4), 0, 2)
    assert all(name in text(taken(scene.keeper, "outreach:calendar")) for name in named)


def test_the_words_of_the_office_go_out(scene):
    wordlist.list_word(unit=scene.district, kind="mistaken", word="=布署", right="部署", by=scene.keeper, now=NOW)
    assert table(taken(scene.keeper, "publishing:words_xlsx"))[1:] == [["=布署", "部署", "易错词", "嘉禾区"]]


def test_coverage_goes_out_as_it_is_filtered(scene):
    record = actions.Record("送法进村", "visit", DAY, "院坝", 45)
    actions.record_activity(record, unit=scene.town, handed=[], by=scene.towner, now=NOW)
    whole = table(taken(scene.keeper, "outreach:coverage_xlsx"))
    assert sorted(row[0] for row in whole[1:]) == ["柳汀湾镇", "澄溪镇"]
    assert [row[0] for row in table(taken(scene.keeper, "outreach:coverage_xlsx", show="none"))[1:]] == ["柳汀湾镇"]


def test_the_codes_of_one_quiz_go_out_alone(scene, quiz):  # noqa: F811
    tally(code_at(scene, quiz, scene.town), right=12, wrong=8)
    rows = table(taken(scene.keeper, "outreach:codes_xlsx", quiz=quiz.pk))
    assert {row[0] for row in rows[1:]} == {quiz.name}
    assert taken(scene.keeper, "outreach:codes_xlsx", quiz=quiz.pk + 99).status_code == 404
    effects = table(taken(scene.keeper, "outreach:effects_xlsx"))
    assert all(isinstance(row[5], int | float) for row in effects[1:])


@pytest.mark.parametrize(("name", "query"), [("duties_xlsx", {"year": 2026}), ("entries_xlsx", {"period": "2026"})])
def test_what_can_be_imported_again_has_its_source_on_a_sheet_of_its_own(scene, name, query):
    actions.save_duty(None, unit=scene.district, year=2026, subject="宪法", by=scene.keeper, now=NOW)
    scene.batch(500)
    rows, origin = read_rows(taken(scene.keeper, f"outreach:{name}", **query).content, "x.xlsx")
    assert len(rows.rows) == 2
    assert "共 1 行。内容摘要 SHA-256 " in origin.rows[1].text(0)


NAMES = ("campaign_xlsx", "material_xlsx", "calendar_xlsx", "coverage_xlsx", "codes_xlsx", "duties_xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_AZ1_whoever_has_nothing_to_do_with_outreach_gets_no_file_and_every_file_leaves_a_line(scene, campaign, name):
    args = {"campaign_xlsx": [campaign.pk], "material_xlsx": [scene.batch(5).material_id]}.get(name, [])
    assert taken(scene.person("学员", scene.town), f"outreach:{name}", *args).status_code == 403
    assert taken(scene.keeper, f"outreach:{name}", *args).status_code == 200
    assert ModelLogEntry.objects.get(action="outreach.export_list").user == scene.keeper


@pytest.mark.parametrize("name", ["words_xlsx", "published_xlsx"])
def test_AZ1_nor_does_one_who_neither_writes_nor_reviews(scene, name):
    assert taken(scene.person("学员", scene.town), f"publishing:{name}").status_code == 403
    assert taken(scene.keeper, f"publishing:{name}").status_code == 200
    assert ModelLogEntry.objects.get(action="outreach.export_list").user == scene.keeper


def test_AZ1_a_campaign_of_another_town_is_not_there(scene, campaign):
    words = {"by": scene.keeper, "now": NOW}
    other = actions.draw_up_campaign(actions.Outline("别镇", DAY, DAY), unit=scene.other, **words)
    assert taken(scene.towner, "outreach:campaign_xlsx", other.pk).status_code == 404
