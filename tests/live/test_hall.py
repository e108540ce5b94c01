"""A hall without a line comes home: merged through the log, counted once, confirmed by a second person."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.live import actions, facts, queries
from courses.live.board import Actor, WrongMoment, decide, proof
from courses.live.board.hall import BadResult
from courses.live.board.refusals import Already, Gone, NotAllowed, SamePerson
from courses.live.models import Answer, CheckIn, HallResult
from courses.live.offline import preview

from . import scene as scenes
from .hall import CLASS, Laptop
from .scene import NOW

HOME = CLASS + timedelta(hours=3)


@pytest.fixture
def scene(db):
    made = scenes.build()
    made.begin()
    return made


@pytest.fixture
def laptop(scene):
    return Laptop(scene)


def here(scene):
    """The cadres of the first hall."""
    return [user for user in scene.cadres if scene.training.roster.get(user=user).venue_id == scene.venues[0].pk]


def bring(scene, content, *, actor=None, now=HOME):
    """Receive and merge."""
    received = actions.receive_result(scene.venues[0], content, actor=actor or scene.stewarding(), now=now)
    actions.merge_result(received, actor=actor or scene.stewarding(), now=now)
    return HallResult.objects.get(pk=received.pk)


def settle(scene):
    """The class of the others ends and its attendance is settled."""
    scene.turn("ended", now=NOW + timedelta(minutes=80))
    actions.keep_time(scene.training.pk, now=NOW + timedelta(hours=2))
    assert scene.state["state"] == "replay"


def refused(scene, content, *, venue=None) -> str:
    with pytest.raises(BadResult) as caught:
        actions.receive_result(venue or scene.venues[0], content, actor=scene.teaching, now=HOME)
    return caught.value.what


def test_the_bundle_holds_names_and_questions_and_neither_accounts_nor_answers(scene):
    question = scene.question(answer="B")
    actions.prepare_question(scene.training, question, by=scene.trainer, now=NOW)
    asked = {"kind": "single", "text": "</script>收到过吗？", "options": ["收到过", "没有"]}
    actions.prepare_poll(scene.training, by=scene.trainer, now=NOW, **asked)
    laptop = Laptop(scene)
    data, whole = laptop.data, b"".join(laptop.zip.read(name) for name in laptop.zip.namelist())
    assert [one["name"] for one in data["roster"]] == [
        entry.user.name for entry in scene.venues[0].roster.select_related("user")
    ]
    assert all(set(one) == {"who", "name"} for one in data["roster"])
    assert [(one["text"], one["options"]) for one in data["questions"]] == [
        ("申请复议的期限", ["六十日", "三十日", "十五日"]), ("</script>收到过吗？", ["收到过", "没有"]),
    ]  # fmt: skip
    assert "answer" not in str(data["questions"][0])
    assert "</script>收到过吗".encode() not in whole
    assert here(scene)[0].username.encode() not in whole
    assert scene.training.secret.encode() not in whole
    assert scene.venues[0].secret.encode() not in whole
    names = sorted(name.partition("/")[2] for name in laptop.zip.namelist())
    assert names == ["data.js", "hall.css", "hall.js", "index.html", "tokens.css"]
    assert not [name for name in names if name.startswith(("/", ".."))]


def test_what_came_home_counts_when_a_second_person_has_confirmed_it(scene, laptop):
    first, second, *_ = here(scene)
    received = bring(scene, laptop.file(first, second, heads=2))
    assert received.made["heads"] == 2
    assert scene.state["venues"][str(scene.venues[0].pk)]["heads"] == 2
    assert facts.signed_by_venue(scene.training.pk) == {}
    with pytest.raises(SamePerson):
        actions.confirm_result(received, actor=scene.stewarding(), now=HOME)
    assert actions.confirm_result(received, actor=scene.stewarding(scene.second), now=HOME) == 2
    assert facts.signed_by_venue(scene.training.pk) == {scene.venues[0].pk: 2}
    assert scene.state["venues"][str(scene.venues[0].pk)]["confirmed"]
    with pytest.raises(Gone):
        actions.confirm_result(received, actor=scene.stewarding(scene.second), now=HOME)
    said = ModelLogEntry.objects.filter(action__endswith="_result").order_by("pk").values_list("action", "data__venue")
    assert list(said) == [("live.merge_result", scene.venues[0].pk), ("live.confirm_result", scene.venues[0].pk)]


def test_after_the_settling_the_absent_become_present_and_the_log_still_gives_the_stored_result(scene, laptop):
    first, second, third = here(scene)
    scene.do("checkin.open", {"kind": "manual", "seconds": 600})
    scene.do("checkin.open", {"kind": "manual", "seconds": 600}, now=NOW + timedelta(minutes=60))
    settle(scene)
    scene.training.roster.filter(user=second).update(attendance="early")  # by hand
    received = bring(scene, laptop.file(first, second, heads=2))
    late = Laptop(scene, run="run-2")
    late_one = bring(scene, late.file(third, at=CLASS + timedelta(minutes=40)))
    for one in (received, late_one):
        actions.confirm_result(one, actor=scene.teaching, now=HOME)
    stored = dict(scene.training.roster.values_list("user", "attendance"))
    assert (stored[first.pk], stored[second.pk], stored[third.pk]) == ("present", "early", "late")
    rounds, started_at, signs = queries.log_of_attendance(scene.training.pk)
    for user in (first, third):
        assert decide(rounds, signs[user.pk], started_at=started_at) == stored[user.pk]


def test_the_same_file_twice_and_a_later_one_of_the_same_playing_add_only_what_is_new(scene, laptop):
    first, second, _ = here(scene)
    content = laptop.file(first, heads=1)
    bring(scene, content)
    assert refused(scene, content) == "again"
    again = actions.receive_result(scene.venues[0], laptop.file(first, second, heads=1), actor=scene.teaching, now=HOME)
    found = preview(again, actions.content_of(again), now=HOME)
    assert [one.state for one in found.people].count("again") == 1
    before = scene.training.events.filter(kind="headcount").count()
    actions.merge_result(again, actor=scene.teaching, now=HOME)
    with pytest.raises(Already):
        actions.merge_result(again, actor=scene.teaching, now=HOME)
    assert CheckIn.objects.count() == 2
    assert scene.training.events.filter(kind="headcount").count() == before


def test_who_signed_in_by_phone_as_well_counts_once(scene, laptop):
    first, second, _ = here(scene)
    scene.do("checkin.open", {"kind": "qr", "seconds": 600})
    venue = scene.venues[0]
    code = proof.spoken(venue.secret, scene.training.pk, venue.pk, 1)
    actions.check_in(scene.training.pk, {"code": code, "device": "d"}, actor=scene.sitting(scene.cadres.index(first)), now=NOW)
    received = bring(scene, laptop.file(first, second))
    found = preview(received, actions.content_of(received), now=HOME)
    assert found.counts == {"again": 2}
    actions.confirm_result(received, actor=scene.teaching, now=HOME)
    assert facts.signed_by_venue(scene.training.pk) == {venue.pk: 2}


def test_files_of_others_changed_ones_and_a_second_playing_are_told_apart(scene, laptop):
    first, *_ = here(scene)
    other_hall = Laptop(scene, place=1)
    assert refused(scene, other_hall.file()) == "venue"
    assert refused(scene, laptop.file(first, key="0" * 64)) == "tampered"
    assert refused(scene, laptop.file(first).replace(b"run-1", b"run-9")) == "tampered"
    assert refused(scene, b"{}") == "form"
    stranger = laptop.file(first).replace(laptop.bundle.number.encode(), b"0" * 10)
    assert refused(scene, stranger) == "bundle"
    elsewhere = actions.create_training(
        title="另一次培训", unit=scene.district, starts_at=NOW, ends_at=NOW + timedelta(hours=1), venues=scene.towns,
        by=scene.trainer, now=NOW,
    )  # fmt: skip
    actions.do(elsewhere.pk, "session.state", {"to": "scheduled"}, actor=scene.teaching, idem="", now=NOW)
    actions.do(elsewhere.pk, "session.state", {"to": "lobby"}, actor=scene.teaching, idem="", now=NOW)
    assert refused(scene, laptop.file(first), venue=elsewhere.venues.first()) == "training"
    bring(scene, laptop.file(first))
    laptop.run = "run-2"
    assert refused(scene, laptop.file(*here(scene))) == "run"
    codes = ModelLogEntry.objects.filter(action="live.refuse_result").values_list("data__what", flat=True)
    assert sorted(codes) == sorted(["venue", "tampered", "tampered", "form", "bundle", "training", "run"])


def test_rows_that_cannot_be_are_named_in_the_preview_and_left_out(scene, laptop):
    first, second, _ = here(scene)
    stranger = next(user for user in scene.cadres if user not in here(scene))
    told = laptop.file(first, second, stranger, at=NOW - timedelta(days=900))
    received = actions.receive_result(scene.venues[0], told, actor=scene.teaching, now=HOME)
    found = preview(received, actions.content_of(received), now=HOME)
    assert found.counts == {"clock": 2, "unknown": 1}
    actions.merge_result(received, actor=scene.teaching, now=HOME)
    assert CheckIn.objects.count() == 0


def test_show_of_hands_and_answers_by_head_reach_the_poll_once(scene):
    first, second, _ = here(scene)
    asked = {"options": ["收到过", "没有"], "by": scene.trainer, "now": NOW}
    poll = actions.prepare_poll(scene.training, kind="single", text="收到过吗？", **asked)
    by_head = actions.prepare_poll(scene.training, kind="multi", text="哪些要办？", anonymous=False, **asked)
    never = actions.prepare_poll(scene.training, kind="single", text="没有问过", **asked)
    laptop = Laptop(scene)
    opened = {}
    for one in (poll, by_head):
        said = {name: getattr(one, name) for name in ("kind", "text", "options", "anonymous")}
        event = scene.do("poll.open", {**said, "prepared": one.pk}).envelopes[-1]
        opened[one.pk] = event["data"]["id"]
        scene.do("poll.close", {"id": opened[one.pk]})
    code = laptop.code
    answers = {
        str(poll.pk): {"hands": [3, 1], "each": None}, str(never.pk): {"hands": [5, 5], "each": None},
        str(by_head.pk): {"hands": None, "each": {code(first): [0, 1], code(second): [7]}}, "999999": {"hands": [1]},
    }  # fmt: skip
    received = bring(scene, laptop.file(first, second, answers=answers))
    found = preview(received, actions.content_of(received), now=HOME)
    assert sorted(one.state for one in found.questions) == ["new", "new", "unasked", "unknown"]
    assert received.made["answers"] == 5
    answers[str(poll.pk)]["hands"] = [3, 2]
    assert bring(scene, laptop.file(first, second, answers=answers)).made["answers"] == 1
    tally = scene.training.events.filter(kind="poll.tally", data__id=opened[poll.pk]).last()
    assert (tally.data["counts"], tally.data["n"]) == ([3, 2], 5)
    assert Answer.objects.get(item=opened[by_head.pk]).choice == [0, 1]


def test_only_the_halls_own_people_and_only_while_it_makes_sense(scene, laptop):
    stranger = Actor("steward", scene.second.pk, "", scene.venues[1].pk)
    for actor in (stranger, scene.sitting(0), Actor("leader", scene.boss.pk)):
        with pytest.raises(NotAllowed):
            actions.make_bundle(scene.venues[0], actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            actions.receive_result(scene.venues[0], laptop.file(), actor=actor, now=HOME)
    settle(scene)
    scene.turn("archived", now=HOME)
    venue = scene.training.venues.select_related("training").get(pk=scene.venues[0].pk)
    with pytest.raises(WrongMoment):
        actions.receive_result(venue, laptop.file(), actor=scene.teaching, now=HOME)


def page(name, scene, place=0, *more):
    return reverse(f"live:{name}", args=[scene.training.pk, scene.venues[place].pk, *more])


def test_the_pages_lead_from_download_to_confirmation(scene, client):
    client.force_login(scene.steward)
    reply = client.post(page("bundle", scene))
    assert (reply["Content-Type"], reply["X-Content-Type-Options"]) == ("application/zip", "nosniff")
    assert "attachment" in reply["Content-Disposition"]
    laptop = Laptop(scene)
    wrong = client.post(page("offline", scene), {"file": SimpleUploadedFile("a.json", b"PK")})
    assert (wrong.status_code, "这不是离线页面导出的结果文件" in wrong.text) == (400, True)
    assert "请选会场电脑导出的结果" in client.post(page("offline", scene)).text
    file = SimpleUploadedFile("结果.json", laptop.file(*here(scene), heads=3, at=NOW + timedelta(minutes=1)))
    reply = client.post(page("offline", scene), {"file": file}, follow=True)
    assert "新增" in reply.text
    assert CheckIn.objects.count() == 0
    received = HallResult.objects.get()
    reply = client.post(page("merge_result", scene, 0, received.pk), follow=True)
    assert "等另一个人确认" in reply.text
    reply = client.post(page("confirm_result", scene, 0, received.pk), follow=True)
    assert "您不能确认自己办的" in reply.text
    client.force_login(scene.trainer)
    assert "我在场，确认 3 人签到" in client.get(page("offline", scene)).text
    assert "3 人的签到算数了" in client.post(page("confirm_result", scene, 0, received.pk), follow=True).text


def test_strangers_find_no_such_pages(scene, client):
    Laptop(scene)
    assert client.get(page("offline", scene)).status_code == 302
    for user in (scene.cadres[0], scene.steward):
        client.force_login(user)
        assert client.get(page("offline", scene, 1)).status_code == 404
        assert client.post(page("bundle", scene, 1)).status_code == 404
    client.force_login(scene.cadres[0])
    assert client.get(page("offline", scene)).status_code == 404
    client.force_login(scene.trainer)
    assert client.get(page("bundle", scene)).status_code == 405
    assert client.get(page("offline_result", scene, 0, 99)).status_code == 404


def test_thirty_bundles_are_listed_with_as_many_queries_as_one(scene, client):
    client.force_login(scene.trainer)
    bring(scene, Laptop(scene).file())
    client.get(page("offline", scene))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(page("offline", scene))
        counts.append(len(asked))
        for number in range(14):
            bring(scene, Laptop(scene, run=f"r{number}").file())
    assert counts[0] == counts[1]
