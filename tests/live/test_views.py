"""The pages of live trainings: who gets in, what they start from, and the way without a socket."""
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people.models import Role

from courses.live import actions, proofs, tickets
from courses.live.board import Actor, proof
from courses.live.models import CheckIn, Training
from courses.live.queries import venue_lines

from .scene import NOW

DATA = re.compile(r'<script id="room-data" type="application/json">(.*?)</script>', re.S)


@pytest.fixture(autouse=True)
def _at_nine(scene):
    with time_machine.travel(NOW, tick=True):
        yield


def data_of(page):
    assert page.status_code == 200
    return json.loads(DATA.search(page.content.decode())[1])


def address(name, scene, *more):
    return reverse(f"live:{name}", args=[scene.training.pk, *more])


@pytest.fixture
def begun(scene):
    scene.begin()
    return scene


def test_a_trainer_makes_a_training_and_everybody_below_is_on_the_roster(scene, client):
    client.force_login(scene.trainer)
    form = {
        "title": "新规解读", "unit": scene.district.pk, "starts_at": "2026-09-20T09:00", "ends_at": "2026-09-20T10:30",
        "venues": [one.pk for one in scene.towns],
    }  # fmt: skip
    made = client.post(reverse("live:create"), form)
    training = Training.objects.get(title="新规解读")
    assert made.url == reverse("live:detail", args=[training.pk])
    assert [one.due for one in venue_lines(training)] == [one.due for one in venue_lines(scene.training)] == [5, 3]
    assert "安排" in client.get(made.url).content.decode()
    client.post(reverse("live:turn", args=[training.pk]), {"to": "scheduled"})
    training.refresh_from_db()
    assert training.state == "scheduled"
    assert {one["roster"] for one in training.snapshot["venues"].values()} == {5, 3}


@pytest.mark.parametrize(("name", "value", "words"), [
    ("ends_at", "2026-09-20T08:00", "结束时间要晚于开始时间"), ("starts_at", "0202-01-01T00:00", "年份要在"),
    ("venues", [], "请至少选一个会场"), ("title", "", "请填名称"), ("venues", ["999"], "请至少选一个会场|没有这个单位"),
])  # fmt: skip
def test_what_is_wrong_with_the_form_is_said_beside_it(scene, client, name, value, words):
    client.force_login(scene.trainer)
    form = {
        "title": "新规解读", "unit": scene.district.pk, "starts_at": "2026-09-20T09:00", "ends_at": "2026-09-20T10:30",
        "venues": [scene.towns[0].pk], name: value,
    }  # fmt: skip
    page = client.post(reverse("live:create"), form)
    assert page.status_code == 400
    assert re.search(words, page.content.decode())


def test_a_scheduled_training_is_taken_back_before_it_is_changed(scene, client):
    client.force_login(scene.trainer)
    scene.turn("scheduled")
    form = {
        "title": "改名", "starts_at": "2026-09-20T09:00", "ends_at": "2026-09-20T10:30", "venues": [scene.towns[0].pk],
    }  # fmt: skip
    page = client.post(address("edit", scene), form)
    assert page.status_code == 400
    assert "培训现在是“已安排”，不能修改。" in page.content.decode()
    client.post(address("turn", scene), {"to": "draft"})
    assert client.post(address("edit", scene), form).status_code == 302
    scene.training.refresh_from_db()
    assert (scene.training.title, scene.training.venues.count()) == ("改名", 1)


def test_each_sees_the_trainings_of_his_own(begun, client):
    stranger = begun.person("外人", begun.district)
    seen = {}
    for user in (begun.trainer, begun.steward, begun.cadres[0], stranger):
        client.force_login(user)
        seen[user.name] = "行政复议法新规" in client.get(reverse("live:list")).content.decode()
    assert seen == {"何砚秋": True, "乙一": True, "甲0": True, "外人": False}


@pytest.mark.parametrize(("page", "allowed"), [
    ("console", {"trainer"}), ("detail", {"trainer"}), ("edit", {"trainer"}), ("room", {"steward", "cadre"}),
])  # fmt: skip
def test_a_page_is_there_only_for_those_it_is_for(begun, client, page, allowed):
    people = {
        "trainer": begun.trainer, "steward": begun.steward, "cadre": begun.cadres[0],
        "other trainer": begun.holder(Role.TRAINER, begun.towns[1], "别镇"), "stranger": begun.person("外人", begun.district),
    }  # fmt: skip
    found = set()
    for who, user in people.items():
        client.force_login(user)
        status = client.get(address(page, begun)).status_code
        assert status in (200, 404)
        if status == 200:
            found.add(who)
    # A trainer of a town sits in that town's venue like everybody there.
    assert found - {"other trainer"} == allowed if page == "room" else found == allowed


def test_more_sign_ins_than_heads_in_a_hall_are_shown_not_stopped(begun, client):
    begun.do("checkin.open", {"kind": "qr"})
    one = begun.venues[0]
    code = proof.qr(one.secret, begun.training.pk, one.pk, proof.step_at(round(NOW.timestamp() * 1000)))
    for place in (0, 2):
        actions.check_in(begun.training.pk, {"code": code}, actor=begun.sitting(place), now=NOW)
    begun.do("headcount", {"heads": 1}, actor=begun.stewarding())
    actions.tally(begun.training.pk, now=NOW)
    client.force_login(begun.trainer)
    assert client.get(address("detail", begun)).content.decode().count("签到多于人数，请核对") == 1
    begun.do("headcount", {"heads": 2}, actor=begun.stewarding())
    page = client.get(address("detail", begun)).content.decode()
    assert ("签到多于人数" in page, "等另一人确认" in page) == (False, True)


def test_a_class_that_is_over_leads_to_its_replay_and_to_no_form_that_would_refuse(begun, client):
    client.force_login(begun.trainer)
    here = address("detail", begun)
    page = client.get(here).content.decode()
    assert ("/enter/" in page, "修改音视频" in page, "看回放" in page) == (True, True, False)
    begun.turn("ended")
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        later = Client()  # the session of nine o'clock is over too
        later.force_login(begun.trainer)
        page = later.get(here).content.decode()
    assert ("/enter/" in page, "修改音视频" in page, "看回放" in page) == (False, False, True)
    assert address("replay", begun) in page


@pytest.mark.parametrize(("state", "leads_to"), [
    ("draft", []), ("scheduled", ["console"]), ("live", ["console"]), ("ended", ["results"]), ("cancelled", []),
])  # fmt: skip
def test_the_list_leads_a_trainer_to_the_desk_and_after_the_class_to_its_result(scene, client, state, leads_to):
    Training.objects.update(state=state)
    client.force_login(scene.trainer)
    text = client.get(reverse("live:list")).content.decode()
    assert [name for name in ("console", "results") if f'href="{address(name, scene)}"' in text] == leads_to
    own = client.get(address("detail", scene)).content.decode()
    assert (f'href="{address("console", scene)}"' in own) == ("console" in leads_to)


def test_visitors_are_sent_to_the_sign_in(begun, client):
    for page in ("console", "room", "detail"):
        assert client.get(address(page, begun)).url.startswith("/login/")
    assert client.get(address("venue", begun, begun.venues[0].pk)).status_code == 404


def test_a_page_starts_from_the_room_as_it_is(begun, client):
    client.force_login(begun.trainer)
    data = data_of(client.get(address("console", begun)))
    assert (data["role"], data["seq"], data["state"]) == ("trainer", begun.state["seq"], begun.state)
    assert tickets.read(data["ticket"]) == tickets.Ticket(begun.training.pk, begun.trainer.pk, "trainer", None)
    begun.do("qa.new", {"text": "还没放出来的问题"}, actor=begun.sitting())
    begun.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    poll = begun.state["poll"]["id"]
    begun.answer(poll, [1])
    client.force_login(begun.cadres[0])
    page = client.get(address("room", begun))
    assert "还没放出来的问题" not in page.content.decode()
    data = data_of(page)
    assert (data["role"], data["venue"], data["answers"]) == ("cadre", begun.venues[0].pk, {poll: [1]})


def test_a_venues_computer_opens_its_screen_without_an_account(begun, client):
    one, other = begun.venues
    door = address("enter", begun, one.pk, proofs.door_key(one))
    assert client.get(address("enter", begun, one.pk, proofs.door_key(other))).status_code == 404
    page = client.get(door, follow=True)
    data = data_of(page)
    assert (data["role"], data["venue"], data["person"]) == ("venue", one.pk, "")
    assert client.get(address("venue", begun, other.pk)).status_code == 404
    assert client.get(address("qr", begun, other.pk)).status_code == 404
    assert client.get(address("qr", begun, one.pk))["Content-Type"] == "image/svg+xml"
    assert client.get(address("room", begun)).status_code == 302


def test_a_steward_opens_the_screen_of_his_own_venue_and_stays_signed_in(begun, client):
    client.force_login(begun.steward)
    data = data_of(client.get(address("venue", begun, begun.venues[0].pk)))
    assert (data["role"], data["person"]) == ("venue", begun.steward.pk)
    assert client.get(address("venue", begun, begun.venues[1].pk)).status_code == 404
    assert client.get(address("roster", begun, begun.venues[0].pk)).json()[0]["signed"] is False
    assert client.get(address("roster", begun, begun.venues[1].pk)).status_code == 404


# --- without a socket -------------------------------------------------------------------------------
def post(client, scene, ticket, kind, data=None, *, idem="i" * 22):
    body = json.dumps({"cmd": kind, "idem": idem, "data": data or {}})
    return client.post(address("commands", scene), body, content_type="application/json", headers={"X-Live-Ticket": ticket})


def news(client, scene, ticket, since):
    return client.get(address("events", scene), {"since": since}, headers={"X-Live-Ticket": ticket})


def test_commands_by_post_and_news_by_get_are_the_same_room(begun, client):
    trainer = tickets.issue(begun.training.pk, begun.teaching)
    phone = tickets.issue(begun.training.pk, begun.sitting())
    before = begun.state["seq"]
    done = post(client, begun, trainer, "mark", {"text": "第一段"})
    assert (done.status_code, done.json()) == (200, {"ack": "i" * 22, "seq": before + 1})
    assert post(client, begun, trainer, "mark", {"text": "第一段"}).json() == done.json()
    events = news(client, begun, phone, before).json()["events"]
    assert [one["data"] for one in events] == [{"text": "第一段"}]
    assert news(client, begun, phone, before + 1).json() == {"events": []}
    assert news(client, begun, phone, 99999).json()["seq"] == before + 1


def test_a_question_kept_back_is_a_number_without_words_in_the_news(begun, client):
    phone = tickets.issue(begun.training.pk, begun.sitting(1))
    before = begun.state["seq"]
    begun.do("qa.new", {"text": "秘密"}, actor=begun.sitting())
    (event,) = news(client, begun, phone, before).json()["events"]
    assert (event["seq"], event["kind"], event["data"]) == (before + 1, "", {})
    (event,) = news(client, begun, tickets.issue(begun.training.pk, begun.teaching), before).json()["events"]
    assert event["data"]["text"] == "秘密"


def test_a_command_that_is_refused_says_why(begun, client):
    phone = tickets.issue(begun.training.pk, begun.sitting())
    refused = post(client, begun, phone, "slide.goto", {"deck": "d", "page": 1})
    assert refused.status_code == 409
    assert refused.json()["why"] == "您在这里不能翻页。需要时请联系培训师。"


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b'{"cmd": "mark"}', b'{"cmd": "mark", "idem": 5}', b"[" * 3000])
def test_what_is_no_command_is_a_plain_400(begun, client, body):
    ticket = tickets.issue(begun.training.pk, begun.teaching)
    reply = client.post(
        address("commands", begun), body, content_type="application/json", headers={"X-Live-Ticket": ticket}
    )
    assert reply.status_code == 400


def test_without_a_good_ticket_there_is_neither_news_nor_command(begun, client):
    other = tickets.issue(begun.training.pk + 1, begun.teaching)
    forged = tickets.issue(begun.training.pk, begun.sitting()).replace("cadre", "trainer")
    lying = tickets.issue(begun.training.pk, Actor("trainer", begun.cadres[0].pk))
    for ticket, status in (("", 401), ("x", 401), (forged, 401), (other, 403), (lying, 403)):
        assert news(client, begun, ticket, 0).status_code == status
        assert post(client, begun, ticket, "mark", {"text": "一"}).status_code == status
    client.force_login(begun.trainer)
    assert post(client, begun, "", "mark", {"text": "一"}).status_code == 401


def test_AZ3_a_disabled_account_has_no_use_of_its_ticket(begun, client):
    phone = tickets.issue(begun.training.pk, begun.sitting())
    begun.cadres[0].is_active = False
    begun.cadres[0].save()
    assert news(client, begun, phone, 0).status_code == 403


def test_the_qr_on_the_wall_leads_to_the_room_and_signs_in(begun, client):
    begun.do("checkin.open", {"kind": "qr"})
    one = begun.venues[0]
    code = proof.qr(one.secret, begun.training.pk, one.pk, proof.step_at(round(NOW.timestamp() * 1000)))
    phone = tickets.issue(begun.training.pk, begun.sitting())
    assert post(client, begun, phone, "checkin", {"code": code}).status_code == 200
    assert CheckIn.objects.get().how == "qr"
    client.force_login(begun.cadres[0])
    assert data_of(client.get(address("room", begun)))["signed"] == [1]


def test_the_start_page_shows_a_training_that_is_near(scene, client):
    scene.turn("scheduled")
    client.force_login(scene.cadres[0])
    assert "进入培训" in client.get("/me/").content.decode()
    Training.objects.update(starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=10))
    assert "进入培训" not in client.get("/me/").content.decode()


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_twenty(scene, client):
    client.force_login(scene.trainer)
    client.get(reverse("live:list"))

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("live:list"))
        return len(found)

    before = asked()
    for n in range(20):
        actions.create_training(
            title=f"第 {n} 场", unit=scene.district, starts_at=NOW, ends_at=NOW + timedelta(hours=1), venues=scene.towns,
            by=scene.trainer, now=NOW,
        )  # fmt: skip
    assert asked() == before
