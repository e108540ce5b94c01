"""Campaigns: planned, approved by a second person, held, closed; and the list of duties they serve."""
import re
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.spreadsheets import read_rows, write_xlsx

from outreach import actions, campaigns
from outreach.engine.refusals import NoReason, OutsidePlan, OwnPlan, PlanEmpty, WrongState
from outreach.models import Activity, Campaign, DutyItem, LocalDay, Stock

from .scene import DAY, NOW, browser
from .test_views import text

WEEK = actions.Outline("宪法宣传周", date(2026, 12, 1), date(2026, 12, 7), theme="弘扬宪法精神", legal_day="constitution-week")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def checker(scene):
    return scene.person("沈秋实", scene.district, Role.OUTREACH)


@pytest.fixture
def campaign(scene):
    """A plan of two stops and one material, for one duty."""
    words = {"by": scene.keeper, "now": NOW}
    duty = actions.save_duty(None, unit=scene.district, year=2026, subject="宪法", standard="每年不少于 2 场", **words)
    outline = actions.Outline(**{**WEEK.__dict__, "duties": (duty,)})
    campaign = actions.draw_up_campaign(outline, unit=scene.district, **words)
    for unit, day in ((scene.town, DAY), (scene.other, date(2026, 12, 5))):
        actions.add_stop(campaign, unit=unit, planned_on=day, form="stall", spot="老街", staff="邓小满", **words)
    return campaign


def approved(campaign, scene, checker):
    actions.submit_campaign(campaign, by=scene.keeper, now=NOW)
    return actions.decide_campaign(campaign, approved=True, opinion="", by=checker, now=NOW)


def hold(scene, campaign, unit, **more):
    record = actions.Record("宪法宣传", "stall", DAY, "老街集市", 120, is_counted=True, campaign=campaign)
    return actions.record_activity(record, unit=unit, handed=more.pop("handed", []), by=scene.towner, now=NOW)


def test_an_approved_plan_makes_drafts_that_become_the_records(scene, campaign, checker):
    actions.submit_campaign(campaign, by=scene.keeper, now=NOW)
    with pytest.raises(OwnPlan):
        actions.decide_campaign(campaign, approved=True, opinion="", by=scene.keeper, now=NOW)
    actions.decide_campaign(campaign, approved=True, opinion="", by=checker, now=NOW)
    assert [one.unit for one in Activity.objects.order_by("held_on")] == [scene.town, scene.other]
    held = hold(scene, campaign, scene.town)
    hold(scene, campaign, scene.town)  # a second one there: nobody had planned it
    progress = campaigns.progress_of([campaign])[campaign.pk]
    assert (progress.planned, progress.held, progress.beside) == (2, 1, 1)
    assert held.stop.unit == scene.town
    assert (held.staff, held.legal_day) == ("", "")
    assert Activity.objects.count() == 3


def test_a_draft_out_of_the_calendar_becomes_the_draft_of_the_plan(scene, campaign, checker):
    words = {"legal_day": "constitution-week", "name": "宪法宣传周", "held_on": date(2026, 12, 1)}
    early = actions.plan_activities(units=[scene.town], by=scene.keeper, now=NOW, **words)
    approved(campaign, scene, checker)
    assert Activity.objects.filter(unit=scene.town).get().pk == early[0].pk
    late = actions.plan_activities(units=[scene.village], by=scene.keeper, now=NOW, **words)
    assert late[0].campaign == campaign


def test_a_plan_is_changed_before_it_is_handed_in_only_and_stays_in_its_days(scene, campaign, checker):
    words = {"by": scene.keeper, "now": NOW}
    with pytest.raises(OutsidePlan):
        actions.add_stop(campaign, unit=scene.town, planned_on=date(2026, 12, 8), form="talk", **words)
    with pytest.raises(PlanEmpty):
        actions.submit_campaign(actions.draw_up_campaign(WEEK, unit=scene.district, **words), **words)
    actions.submit_campaign(campaign, **words)
    with pytest.raises(WrongState):
        actions.add_stop(campaign, unit=scene.town, planned_on=DAY, form="talk", **words)
    with pytest.raises(NoReason):
        actions.decide_campaign(campaign, approved=False, opinion=" ", by=checker, now=NOW)
    actions.decide_campaign(campaign, approved=False, opinion="少一个镇", by=checker, now=NOW)
    assert actions.revise_campaign(campaign, WEEK, **words).state == "draft"


def test_the_page_shows_planned_and_held_and_closes_with_figures(scene, campaign, checker):
    batch = scene.batch(1000)
    scene.send(batch, 300)
    actions.allot_material(campaign, material=batch.material, quantity=200, by=scene.keeper, now=NOW)
    approved(campaign, scene, checker)
    hold(scene, campaign, scene.town, handed=[(Stock.objects.get(batch=batch, place=scene.town), 120)])
    keeper, address = browser(scene.keeper), reverse("outreach:campaign", args=[campaign.pk])
    page = text(keeper.get(address))
    assert "宪法单行本 200 120" in page
    assert "计划 2 场，按计划办了 1 场，计划外 0 场；发放资料 1 种 120份；受众逐人清点 120 人。" in page
    keeper.post(reverse("outreach:campaign_move", args=[campaign.pk]), {"do": "close", "summary": "办好了。"})
    assert Campaign.objects.get(pk=campaign.pk).state == "closed"
    assert "已总结" in text(keeper.get(address))
    town = browser(scene.towner)
    assert town.get(address).status_code == 200  # it takes part
    assert town.post(reverse("outreach:campaign_move", args=[campaign.pk]), {"do": "close"}).status_code == 404
    assert browser(scene.person("白露", scene.town)).get(address).status_code == 403


def test_a_plan_is_drawn_up_on_the_pages(scene, checker):
    keeper = browser(scene.keeper)
    form = {"name": "调解宣传", "starts_on": "2026-12-10", "ends_on": "2026-12-09"}
    assert "结束不能早于开始" in text(keeper.post(reverse("outreach:campaign_new"), form))
    page = keeper.post(reverse("outreach:campaign_new"), {**form, "ends_on": "2026-12-20"}, follow=True)
    campaign = Campaign.objects.get()
    assert "还没有场次" in text(page)
    stop = {"stop-unit": scene.town.pk, "stop-planned_on": "2026-12-21", "stop-form": "talk"}
    refused = keeper.post(reverse("outreach:stop_add", args=[campaign.pk]), stop)
    assert "不在计划的起止日期里" in text(refused)
    keeper.post(reverse("outreach:stop_add", args=[campaign.pk]), {**stop, "stop-planned_on": "2026-12-12"})
    keeper.post(reverse("outreach:campaign_move", args=[campaign.pk]), {"do": "submit"})
    assert "宣传计划：调解宣传" not in text(keeper.get("/me/"))
    assert "宣传计划：调解宣传" in text(browser(checker).get("/me/"))
    browser(checker).post(reverse("outreach:campaign_move", args=[campaign.pk]), {"do": "approve"})
    assert Activity.objects.get().campaign == campaign


def test_the_list_of_campaigns_asks_as_often_for_many_as_for_one(scene, campaign):
    keeper = browser(scene.keeper)

    def asked():
        with CaptureQueriesContext(connection) as found:
            keeper.get(reverse("outreach:campaigns"))
        return len(found)

    asked()
    one = asked()
    for _ in range(12):
        actions.draw_up_campaign(WEEK, unit=scene.district, by=scene.keeper, now=NOW)
    assert asked() == one


HEAD = ("序号", "责任单位", "普法内容", "重点对象", "标准/频次")


def test_the_list_of_duties_comes_in_from_excel_shows_what_was_done_and_goes_out_again(scene, campaign, checker):
    approved(campaign, scene, checker)
    hold(scene, campaign, scene.town)
    keeper, address = browser(scene.keeper), reverse("outreach:duties_import") + "?year=2026"
    rows = [(1, "", "宪法", "群众", "每年 3 场"), (2, "澄溪镇", "人民调解法", "村民", "")]
    wrong = write_xlsx(HEAD, [*rows, (3, "别处镇", "民法典", "", ""), (4, "", "", "群众", "")])
    page = text(keeper.post(address, {"file": SimpleUploadedFile("清单.xlsx", wrong)}))
    assert "2 处要改" in page
    assert "“别处镇”不在您管的范围里" in page
    assert DutyItem.objects.count() == 1
    good = SimpleUploadedFile("清单.xlsx", write_xlsx(HEAD, rows))
    assert "新增 1 项，改动 1 项，不变 0 项" in text(keeper.post(address, {"file": good}, follow=True))
    page = text(keeper.get(reverse("outreach:duties") + "?year=2026"))
    assert "2 项，1 项还没有活动" in page
    sheet = read_rows(keeper.get(reverse("outreach:duties_xlsx") + "?year=2026").content, "x.xlsx")[0]
    assert [(row.text(1), row.text(9)) for row in sheet.rows][1:] == [("宪法", "1 场"), ("人民调解法", "还没有")]


def test_years_belong_to_their_five_year_plan():
    assert [campaigns.plan_of(year) for year in (2020, 2021, 2025, 2026, 2030)] == [
        "七五普法", "八五普法", "八五普法", "九五普法", "九五普法",
    ]  # fmt: skip


def test_a_record_keeps_its_closed_plan_and_its_ended_day_when_it_is_corrected(scene, campaign, checker):
    day = actions.add_local_day(unit=scene.district, name="送法进村日", rule="12-4", by=scene.keeper, now=NOW)
    approved(campaign, scene, checker)
    record = actions.Record("送法进村", "visit", DAY, "院坝", 45, legal_day=day.key, campaign=campaign)
    made = actions.record_activity(record, unit=scene.village, handed=[], by=scene.towner, now=NOW)
    actions.close_campaign(campaign, summary="办好了。", by=scene.keeper, now=NOW)
    actions.end_local_day(day, by=scene.keeper, now=NOW)
    towner, address = browser(scene.towner), reverse("outreach:activity_edit", args=[made.pk])
    page = towner.get(address).content.decode()
    assert re.search(f'<input type="radio" name="campaign" value="{campaign.pk}"[^>]* checked', page)
    assert f'<option value="{day.key}" selected>' in page
    fresh = towner.get("/outreach/activities/new/").content.decode()
    assert "送法进村日" not in fresh


def test_a_units_own_day_reminds_those_below_it_until_it_is_ended(scene):
    town, keeper = browser(scene.towner), browser(scene.keeper)
    assert "看不懂" in text(keeper.post(reverse("outreach:day_new"), {"name": "送法进村日", "rule": "腊月初八"}))
    for _ in range(2):
        answer = keeper.post(reverse("outreach:day_new"), {"name": "送法进村日", "rule": "12-4"}, follow=True)
    assert "本单位已有“送法进村日”这个节点" in text(answer)
    assert "送法进村日：今天开始" in text(town.get("/me/"))
    assert "送法进村日 嘉禾区 12 月 4 日" in text(town.get("/outreach/calendar/"))
    key = LocalDay.objects.get().key
    assert town.post(reverse("outreach:day_end", args=[key])).status_code == 404
    keeper.post(reverse("outreach:day_end", args=[key]))
    assert "送法进村日" not in text(town.get("/me/"))
