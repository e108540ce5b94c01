"""What few records tell besides, and the yearly list of activities as Excel."""
import pytest
import time_machine
from django.urls import reverse
from mingfa.spreadsheets import read_rows

from outreach import actions
from outreach.actions import Record
from outreach.models import Activity, Stock

from .scene import DAY, NOW, browser
from .test_activities_views import NEW, filled
from .test_views import text


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_nobody_has_to_fill_in_what_few_records_tell_and_who_does_finds_it_again(scene):
    towner = browser(scene.towner)
    more = {"received": 41, "aided": 2, "displays": 5, "media": "嘉禾融媒《赶集日讲宪法》"}
    page = text(towner.post(NEW, filled(towner, scene, **more), follow=True))
    assert "接待群众 41 人次" in page
    assert "受理法律援助 2 件" in page
    assert "意见建议" not in page
    assert "嘉禾融媒《赶集日讲宪法》" in page
    edit = towner.get(reverse("outreach:activity_edit", args=[Activity.objects.get().pk])).content.decode()
    assert 'name="received" value="41"' in edit
    assert "<details" in edit


def test_PR4_an_identity_number_in_a_record_is_warned_of_before_anything_is_saved(scene):
    towner = browser(scene.towner)
    for field in ("name", "spot", "staff", "partners", "note", "media"):
        answer = towner.post(NEW, filled(towner, scene, **{field: "来人 11010519491231002X"}))
        assert answer.status_code == 422
        assert "这里像是有身份证号" in text(answer)
    assert Activity.objects.count() == 0
    data = filled(towner, scene, note="编号 11010519491231002X", numbers_checked="on")
    assert towner.post(NEW, data).status_code == 302


def test_the_list_of_activities_leaves_as_excel_with_what_was_handed_out(scene):
    batch = scene.batch(1000)
    scene.send(batch, 300)
    bags = scene.batch(50, material=scene.material("环保袋", "goods"))
    scene.send(bags, 20)
    handed = [(Stock.objects.get(batch=one, place=scene.town), number) for one, number in ((batch, 120), (bags, 7))]
    record = Record("=赶集日", "stall", DAY, "老街", 260, consulted=34, received=41)
    held = actions.record_activity(record, unit=scene.town, handed=handed, by=scene.towner, now=NOW)
    actions.revise_activity(held, record, handed=handed[:1], by=scene.towner, now=NOW)
    keeper = browser(scene.keeper)
    (sheet,) = read_rows(keeper.get(reverse("outreach:activities_xlsx")).content, "x.xlsx")
    head, row = [one.cells for one in sheet.rows][1:3]
    told = dict(zip(head, row, strict=False))
    assert (told["活动名称"], told["主办单位"], told["受众人数"], told["接待群众"]) == ("=赶集日", "澄溪镇", 260, 41)
    assert (told["资料发放明细"], told["发放份数"]) == ("宪法单行本 120 份", 120)
    assert (told["状态"], told["经办人"]) == ("待审核", "邓小满")
    assert browser(scene.person("陈志远", scene.town)).get(reverse("outreach:activities_xlsx")).status_code == 403


def test_drafts_are_no_records_and_stay_out_of_the_list(scene):
    actions.plan_activities(
        legal_day="constitution-day", name="国家宪法日", held_on=DAY, units=[scene.town], by=scene.keeper, now=NOW
    )
    (sheet,) = read_rows(browser(scene.keeper).get(reverse("outreach:activities_xlsx")).content, "x.xlsx")
    assert "共 0 行" in list(sheet.rows)[-1].cells[0]
