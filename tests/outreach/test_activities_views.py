"""Activities on the pages: recorded on a phone, checked by somebody else, and who had nothing this quarter."""
import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.desk.registry import entries_for
from mingfa.people import actions as people
from mingfa.people.models import Role
from mingfa.periods import Quarter

from outreach import actions, activities, queries
from outreach.actions import Record
from outreach.models import Activity, Movement, Stock

from .scene import DAY, NOW, browser
from .test_views import text

NEW = "/outreach/activities/new/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def batch(scene):
    batch = scene.batch(1000)
    scene.send(batch, 300)
    return batch


def filled(client, scene, address=NEW, **data):
    """What the form sends: its own hidden fields and what a person writes."""
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(handed-\w+_FORMS|key)" value="([^"]*)"', page))
    return {
        **hidden, "name": "赶集日宪法宣传", "form": "stall", "unit": scene.town.pk, "spot": "老街集市",
        "held_on": f"{DAY:%Y-%m-%d}", "audience": 260, "is_counted": "no", "consulted": 34, **data,
    }  # fmt: skip


def of(batch, place):
    return Stock.objects.get(batch=batch, place=place)


def test_an_activity_with_its_hand_out_is_recorded_and_checked_by_another(scene, batch):
    towner, keeper = browser(scene.towner), browser(scene.keeper)
    data = filled(towner, scene, **{"handed-0-stock": of(batch, scene.town).pk, "handed-0-quantity": 120})
    page = text(towner.post(NEW, data, follow=True))
    assert "已登记“赶集日宪法宣传”，等另一位宣传员审核" in page
    assert "宪法单行本 120 份" in page
    activity = Activity.objects.get()
    decide = reverse("outreach:activity_decide", args=[activity.pk])
    assert decide not in towner.get(reverse("outreach:activity", args=[activity.pk])).content.decode()
    assert "要由另一位宣传员审核" in text(towner.post(decide, {"do": "approve"}, follow=True))
    assert "请写明原因" in text(keeper.post(decide, {"do": "return", "opinion": " "}, follow=True))
    assert "已审核" in text(keeper.post(decide, {"do": "approve"}, follow=True))
    assert towner.get(reverse("outreach:activity_edit", args=[activity.pk])).status_code == 404


def test_few_choices_are_pills_that_work_without_a_script_and_many_are_a_list(scene):
    for number in range(6):
        people.create_unit(name=f"{number} 号村", kind="village", parent=scene.other, by=scene.boss, now=NOW)
    town, district = browser(scene.towner).get(NEW).content.decode(), browser(scene.keeper).get(NEW).content.decode()
    assert re.search(r'role="radiogroup" aria-labelledby="id_form_word"', town)
    usual, _, folded = town[town.index('id="id_form_word"'):].partition("<summary")
    assert re.findall(r'name="form" value="(\w+)"', usual) == ["stall", "visit", "talk"]
    assert len(re.findall(r'name="form" value="(\w+)"', folded)) == len(Activity.Form.values) - 3
    assert re.search(r'name="form" value="stall"[^>]* checked', usual)
    assert len(re.findall(r'<input type="radio" name="unit"', town)) == 2  # the township and its village
    assert '<select name="unit"' in district
    answer = browser(scene.towner).post(NEW, {**filled(browser(scene.towner), scene), "form": "arts", "spot": ""})
    shown = answer.content.decode()
    assert '<details class="mf-picks" open>' in shown
    assert re.search(r'name="form" value="arts"[^>]* checked', shown)


def test_too_many_copies_are_refused_and_what_was_written_is_still_there(scene, batch):
    towner = browser(scene.towner)
    data = filled(towner, scene, **{"handed-0-stock": of(batch, scene.town).pk, "handed-0-quantity": 301})
    answer = towner.post(NEW, data)
    assert answer.status_code == 422
    assert "“宪法单行本”在澄溪镇只有 300 份，不能出 301 份" in text(answer)
    assert 'value="老街集市"' in answer.content.decode()
    assert (Activity.objects.count(), Movement.objects.count()) == (0, 2)


def test_sending_the_form_twice_makes_one_activity(scene, batch):
    towner = browser(scene.towner)
    data = filled(towner, scene)
    towner.post(NEW, data)
    towner.post(NEW, data)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [({"name": ""}, "请填活动名称"), ({"spot": ""}, "请填地点"), ({"audience": ""}, "请填数量"),
     ({"audience": "-1"}, "数量至少是 0"), ({"held_on": "2026-12-05"}, "还没有到"),
     ({"handed-0-quantity": "5"}, "请选是哪种资料"), ({"note": "联系 13812345678"}, "这里像是有手机号")],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(scene, batch, change, words):
    towner = browser(scene.towner)
    answer = towner.post(NEW, filled(towner, scene, **change))
    assert answer.status_code == 422
    assert words in text(answer)
    assert Activity.objects.count() == 0


def test_a_township_records_for_itself_only_and_does_not_see_the_others(scene, batch):
    other = scene.person("向怀瑾", scene.other, Role.OUTREACH)
    towner = browser(scene.towner)
    assert towner.post(NEW, filled(towner, scene, unit=scene.other.pk)).status_code == 422
    activity = actions.record_activity(
        Record("讲座", "talk", DAY, "礼堂", 80), unit=scene.other, handed=[], by=other, now=NOW
    )
    for name in ("activity", "activity_edit"):
        assert towner.get(reverse(f"outreach:{name}", args=[activity.pk])).status_code == 404
    assert towner.post(reverse("outreach:activity_decide", args=[activity.pk]), {"do": "approve"}).status_code == 404
    assert "讲座" not in text(towner.get("/outreach/"))


def test_a_leader_reads_and_people_without_a_role_do_not(scene):
    leader = browser(scene.person("唐守正", scene.district, Role.LEADER))
    cadre = browser(scene.person("陈志远", scene.town))
    for address in ("/outreach/", "/outreach/calendar/"):
        assert leader.get(address).status_code == 200
        assert cadre.get(address).status_code == 403
    assert leader.get(NEW).status_code == 403
    assert leader.post("/outreach/calendar/constitution-day/plan/").status_code == 403


def test_who_had_nothing_this_quarter_stands_first(scene):
    held = [(scene.town, date(2026, 10, 8)), (scene.village, date(2026, 12, 1)), (scene.town, date(2026, 9, 30))]
    for unit, day in held:
        actions.record_activity(Record("宣传", "visit", day, "院坝", 30), unit=unit, handed=[], by=scene.keeper, now=NOW)
    rows = activities.coverage(queries.places_read_by(scene.keeper), Quarter(2026, 4))
    assert [(row.unit.name, row.months) for row in rows] == [("柳汀湾镇", (0, 0, 0)), ("澄溪镇", (1, 0, 1))]
    assert "1 个镇街还没有活动" in text(browser(scene.keeper).get("/outreach/"))


def test_counted_and_estimated_heads_are_never_added_up(scene):
    for audience, counted in [(260, False), (40, True), (2, True)]:
        record = Record("宣传", "visit", DAY, "院坝", audience, consulted=5, is_counted=counted)
        actions.record_activity(record, unit=scene.town, handed=[], by=scene.towner, now=NOW)
    heads = activities.heads_in(queries.places_read_by(scene.keeper), Quarter(2026, 4))
    assert (heads.activities, heads.estimated, heads.counted, heads.consulted) == (3, 260, 42, 15)


def test_the_calendar_makes_a_draft_for_each_township_once(scene):
    keeper = browser(scene.keeper)
    address = "/outreach/calendar/constitution-day/plan/"
    assert "国家宪法日：已建 2 份草稿" in text(keeper.post(address, follow=True))
    assert "没有新建" in text(keeper.post(address, follow=True))
    assert sorted(Activity.objects.values_list("unit__name", "held_on")) == [("柳汀湾镇", DAY), ("澄溪镇", DAY)]
    assert keeper.post("/outreach/calendar/no-such-day/plan/").status_code == 404


def titles(user, at):
    return [one.title for one in entries_for(user, at) if "宪法" in one.title]


def test_the_start_page_reminds_before_on_and_after_until_something_is_recorded(scene):
    def at(month, day):
        return datetime(2026, month, day, 2, tzinfo=UTC)

    assert titles(scene.towner, at(10, 31)) == []
    assert titles(scene.towner, at(11, 5)) == ["宪法宣传周：定方案", "国家宪法日：定方案"]
    assert titles(scene.towner, at(11, 27)) == ["宪法宣传周：备资料、定人员", "国家宪法日：备资料、定人员"]
    assert titles(scene.towner, at(12, 4)) == ["宪法宣传周：今天开始", "国家宪法日：今天开始"]
    assert titles(scene.towner, at(12, 14)) == ["宪法宣传周：录入活动记录", "国家宪法日：录入活动记录"]
    record = Record("宪法日宣传", "stall", DAY, "老街", 100, legal_day="constitution-day")
    actions.record_activity(record, unit=scene.town, handed=[], by=scene.towner, now=NOW)
    assert titles(scene.towner, at(12, 14)) == ["宪法宣传周：录入活动记录"]
    assert titles(scene.person("陈志远", scene.town), at(12, 4)) == []


def test_the_start_page_leads_to_what_waits_and_to_what_came_back(scene):
    activity = actions.record_activity(
        Record("宣传", "visit", DAY, "院坝", 30), unit=scene.town, handed=[], by=scene.towner, now=NOW
    )
    assert [one.title for one in entries_for(scene.keeper, NOW) if "审核" in one.title] == ["宣传活动：1 份记录等您审核"]
    actions.decide_activity(activity, approved=False, opinion="人数再核", by=scene.keeper, now=NOW)
    (back,) = [one for one in entries_for(scene.towner, NOW) if one.title.startswith("退回")]
    assert (back.facts, back.url) == ("罗知远：人数再核", reverse("outreach:activity_edit", args=[activity.pk]))


def test_a_returned_record_is_filled_in_already(scene, batch):
    towner = browser(scene.towner)
    data = filled(towner, scene, **{"handed-0-stock": of(batch, scene.town).pk, "handed-0-quantity": 120})
    towner.post(NEW, data)
    activity = Activity.objects.get()
    actions.decide_activity(activity, approved=False, opinion="少记了", by=scene.keeper, now=NOW)
    address = reverse("outreach:activity_edit", args=[activity.pk])
    page = towner.get(address).content.decode()
    assert 'value="赶集日宪法宣传"' in page
    assert 'name="handed-0-quantity" value="120"' in page
    again = filled(towner, scene, address, **{"handed-0-stock": of(batch, scene.town).pk, "handed-0-quantity": 150})
    assert "宪法单行本 150 份" in text(towner.post(address, again, follow=True))
    assert of(batch, scene.town).balance == 150


def test_the_form_takes_photos_and_requires_none(scene, batch):
    page = browser(scene.towner).get(NEW).content.decode()
    assert "照片 <small class=\"fw-normal mf-quiet\">可以不传</small>" in page
    assert "required" not in re.search(r"<input[^>]*name=\"photos\"[^>]*>", page)[0]


@pytest.mark.parametrize("address", ["/outreach/", "/outreach/calendar/", "/me/"])
def test_a_list_asks_the_database_the_same_with_1_and_20_activities(scene, batch, address):
    keeper = browser(scene.keeper)
    record = Record("宣传", "visit", DAY, "院坝", 30)

    def asked():
        with CaptureQueriesContext(connection) as queries_:
            keeper.get(address)
        return len(queries_)

    actions.record_activity(record, unit=scene.town, handed=[], by=scene.towner, now=NOW)
    keeper.get(address)
    few = asked()
    for _ in range(19):
        actions.record_activity(record, unit=scene.other, handed=[], by=scene.towner, now=NOW)
    assert asked() == few
