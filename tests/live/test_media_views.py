"""音视频 on the pages: how it is decided, what each screen gets, and the way into other systems' meetings."""
import hashlib
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from mingfa import clock
from mingfa.people.models import Role

from courses.live.board.refusals import WrongMoment
from courses.live.media import actions, addresses, queries
from courses.live.media.asking import ask
from courses.live.media.schemes import bbb_address, janus_token, turn_credentials
from courses.live.media.tracks import sound_mime
from courses.live.models import MediaPlan, Recording, Training

from .scene import NOW

SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"


@pytest.fixture
def page(scene):
    """Function: what somebody gets at an address of the training."""

    def get(user, rest, data=None):
        client = Client()
        if user:
            client.force_login(user)
        address = f"/live/{scene.training.pk}/{rest}"
        return client.get(address) if data is None else client.post(address, data)

    return get


def plan(scene, **fields):
    return actions.plan_media(scene.training, by=scene.trainer, now=NOW, **fields)


def begin(scene):
    scene.begin()
    Training.objects.update(starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=2))


def test_a_class_has_no_media_until_somebody_decides_and_its_pages_load_nothing_for_it(scene, page):
    begin(scene)
    for user, rest in ((scene.trainer, "console/"), (scene.cadres[0], "room/")):
        text = page(user, rest).content.decode()
        assert "live/media" not in text
        assert "live/player" not in text
        assert "live/publish" not in text
        assert 'id="media"' not in text
    plan(scene, tier="push")
    assert "live/publish" in page(scene.trainer, "console/").content.decode()
    phone = page(scene.cadres[0], "room/").content.decode()
    # The player itself only by a tap.
    assert 'src="/static/live/media.js"' in phone
    assert 'src="/static/live/player.js"' not in phone


def test_the_form_takes_what_can_be_opened_and_says_what_is_wrong(scene, page):
    def send(**fields):
        return page(scene.trainer, "media/", {"tier": "external", **fields})

    for fields, words in (
        ({"provider": ""}, "请选会议系统"),
        ({"provider": "link"}, "请填会议链接"),
        ({"provider": "link", "address": "http://meet.example/1"}, "以 https:// 开头"),
        ({"provider": "link", "address": "javascript:alert(1)"}, "以 https:// 开头"),
        ({"provider": "link", "address": "https://a b.example/"}, "以 https:// 开头"),
        ({"provider": "link", "address": "https://me:pw@meet.example/"}, "以 https:// 开头"),
        ({"provider": "tencent", "address": "https://meeting.tencent.com.evil.example/dm/x"}, "这不是腾讯会议的链接"),
        ({"provider": "bbb"}, "还没有接 BigBlueButton"),
        ({"tier": "janus"}, "不在可用的选项中"),
    ):
        reply = send(**fields)
        assert (reply.status_code, words in reply.content.decode()) == (400, True), fields
    assert not MediaPlan.objects.exists()
    reply = send(provider="tencent", address=" https://meeting.tencent.com/dm/Ab3 ", number="123 456 789", password="0000")
    assert reply.status_code == 302
    found = MediaPlan.objects.get()
    assert (found.tier, found.address, found.number) == ("external", "https://meeting.tencent.com/dm/Ab3", "123 456 789")
    detail = page(scene.trainer, "").content.decode()
    assert "外部会议，腾讯会议" in detail
    page(scene.trainer, "media/", {"tier": "push", "address": "https://x.example/"})
    assert MediaPlan.objects.get().address == ""


def test_a_two_way_room_is_offered_where_the_office_has_one_and_its_pages_go_on_without(scene, page, settings):
    settings.JANUS_API, settings.JANUS_SECRET = "http://127.0.0.1:1/janus", "s3"
    assert "双向音视频" in page(scene.trainer, "media/").content.decode()
    assert page(scene.trainer, "media/", {"tier": "janus"}).status_code == 302
    begin(scene)
    console = page(scene.trainer, "console/").content.decode()
    assert "live/relay.js" in console
    assert f"/ws/live/{scene.training.pk}/relay/" in console
    settings.JANUS_API = ""
    assert "双向音视频，可以请会场发言" not in page(scene.trainer, "media/").content.decode()
    # What was planned with it goes on as the platform's own stream.
    console = page(scene.trainer, "console/").content.decode()
    assert "live/relay.js" not in console
    assert "/relay/" not in console
    assert "live/publish.js" in console


def test_the_sound_alone_is_named_by_what_the_recorder_wrote():
    for mime, alone in (
        ("video/mp4;codecs=avc1.42001f,opus", "opus"), ('video/mp4; codecs="avc1.42E01E, mp4a.40.2"', "mp4a.40.2"),
        ("audio/mp4;codecs=mp4a.40.2", "mp4a.40.2"), ("video/mp4", "opus"),
    ):  # fmt: skip
        assert sound_mime(mime) == f"audio/mp4;codecs={alone}"


def test_only_trainers_of_the_unit_decide_and_check_and_not_when_it_is_over(scene, page):
    for user in (scene.cadres[0], scene.steward):
        assert page(user, "media/").status_code == 404
        assert page(user, "check/").status_code == 404
        assert page(user, "media/", {"tier": "push"}).status_code == 404
    assert page(None, "media/").status_code == 302
    assert "设备检查" in page(scene.trainer, "check/").content.decode()
    begin(scene)
    scene.turn("ended")
    with pytest.raises(WrongMoment):
        plan(scene, tier="push")
    reply = page(scene.trainer, "media/", {"tier": "push"})
    assert (reply.status_code, "已下课" in reply.content.decode()) == (400, True)


def test_an_external_meeting_opens_beside_the_class_on_all_three_screens(scene, page):
    plan(scene, tier="external", provider="tencent", address="https://meeting.tencent.com/dm/Ab3", number="123 456 789")
    begin(scene)
    hall = Client()
    hall.force_login(scene.steward)
    screens = [page(scene.trainer, "console/"), page(scene.cadres[0], "room/")]
    screens.append(hall.get(f"/live/{scene.training.pk}/venue/{scene.venues[0].pk}/"))
    for screen in screens:
        text = screen.content.decode()
        assert f'href="/live/{scene.training.pk}/meeting/" target="_blank" rel="noopener"' in text
        assert "123 456 789" in text
        assert "meeting.tencent.com" not in text
        assert "player.js" not in text.replace('data-player="/static/live/player.js"', "")
    reply = page(scene.cadres[0], "meeting/")
    assert (reply.status_code, reply["Location"]) == (302, "https://meeting.tencent.com/dm/Ab3")
    assert reply["Referrer-Policy"] == "no-referrer"
    stranger = scene.person("丁一", scene.district)
    assert page(stranger, "meeting/").status_code == 404
    scene.turn("ended")
    assert page(scene.cadres[0], "meeting/").status_code == 404


class Meetings(BaseHTTPRequestHandler):
    """BigBlueButton's API as documented: the checksum is over name of the call, query without it, and secret."""

    def do_GET(self):
        parts = urlsplit(self.path)
        call = parts.path.rpartition("/")[2]
        query, _, checksum = parts.query.rpartition("checksum=")
        signed = hashlib.sha256(f"{call}{query.rstrip('&')}{SECRET}".encode()).hexdigest()
        good = parts.path == f"/bigbluebutton/api/{call}" and checksum == signed
        self.server.calls.append((call, dict(parse_qsl(query)), good))
        word = "<returncode>FAILED</returncode><messageKey>checksumError</messageKey>"
        word = "<returncode>SUCCESS</returncode>" if good else word
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"<response>{word}</response>".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def meetings(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Meetings)
    server.calls = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.BBB_URL, settings.BBB_SECRET = f"http://127.0.0.1:{server.server_address[1]}/bigbluebutton", SECRET
    yield server
    server.shutdown()
    server.server_close()


def test_a_bigbluebutton_room_is_made_once_and_everybody_enters_under_their_name(scene, page, meetings):
    plan(scene, tier="external", provider="bbb")
    begin(scene)
    links = [page(user, "meeting/")["Location"] for user in (scene.trainer, scene.cadres[0])]
    assert [(call, good) for call, _, good in meetings.calls] == [("create", True)]
    assert meetings.calls[0][1]["name"] == "行政复议法新规"
    asked = [dict(parse_qsl(urlsplit(one).query)) for one in links]
    assert [one["role"] for one in asked] == ["MODERATOR", "VIEWER"]
    assert [one["fullName"] for one in asked] == ["何砚秋", "甲0"]
    assert asked[0]["meetingID"] == asked[1]["meetingID"] == meetings.calls[0][1]["meetingID"]
    for link in links:
        ask(link)
    assert all(good for _, _, good in meetings.calls)
    cache.clear()
    meetings.shutdown()
    meetings.server_close()
    reply = page(scene.trainer, "meeting/")
    assert (reply.status_code, "会议系统没有回应" in reply.content.decode()) == (503, True)


def test_checksums_tokens_and_passwords_are_as_the_other_systems_document_them():
    assert bbb_address("https://b.example/bigbluebutton/", "getMeetings", {}, "s3") == (
        "https://b.example/bigbluebutton/api/getMeetings?checksum="
        + hashlib.sha256(b"getMeetingss3").hexdigest()
    )
    address = bbb_address("https://b.example/bigbluebutton", "create", {"name": "甲 乙", "meetingID": "m-1"}, "s3")
    query = "name=%E7%94%B2+%E4%B9%99&meetingID=m-1"
    assert address.partition("?")[2] == f"{query}&checksum={hashlib.sha256(f'create{query}s3'.encode()).hexdigest()}"
    assert turn_credentials("north", name="u1", expires=1433895918) == {
        "username": "1433895918:u1", "credential": TURN,
    }  # fmt: skip
    assert janus_token("s3", rights=["janus.plugin.videoroom"], expires=1700000000) == JANUS


# printf '%s' … | openssl dgst -sha1 -hmac north -binary | base64
TURN = "M/weOAA3p/Kd88GHk9mW4mWqijY="
JANUS = "1700000000,janus,janus.plugin.videoroom:v+njcARD7davBdcmBk6e2JO4gME="


def test_an_address_of_a_segment_opens_one_training_and_runs_out(scene):
    key = addresses.key_of(scene.training, now=NOW)
    assert addresses.opens(scene.training, key, now=NOW)
    assert addresses.opens(scene.training, key, now=NOW + timedelta(hours=6))
    assert not addresses.opens(scene.training, key, now=NOW + timedelta(hours=12))
    assert not addresses.opens(Training(pk=scene.training.pk, secret="other"), key, now=NOW)
    assert not addresses.opens(Training(pk=scene.training.pk + 1, secret=scene.training.secret), key, now=NOW)


def test_only_the_stream_that_is_on_ends_it_and_the_log_names_who_sends(scene):
    begin(scene)

    def on(sender, tier="push", by=scene.trainer):
        return actions.say_on(scene.training.pk, tier=tier, sender=sender, by=by.pk, tracks=["audio"], kbps=32, now=NOW)

    def off(sender):
        return actions.say_off(scene.training.pk, sender=sender, now=NOW)

    def media():
        return Training.objects.get(pk=scene.training.pk).snapshot["media"]

    second = scene.holder(Role.TRAINER, scene.district, "戊二")
    assert off("take-000001") == ()  # nothing is on yet
    assert on("take-000001")[0]["data"]["name"] == scene.trainer.name
    on("two-way-of-another", "janus", second)
    assert off("take-000001") == ()
    assert (media()["tier"], media()["name"]) == ("janus", "戊二")
    assert queries.sender_on(scene.training.pk) == "two-way-of-another"
    off("two-way-of-another")
    assert media()["tier"] == "none"
    assert queries.sender_on(scene.training.pk) == ""


def test_a_second_take_begins_where_the_first_ended_and_a_class_that_is_over_takes_none(scene, settings, tmp_path):
    settings.RECORDINGS_ROOT = tmp_path
    begin(scene)
    first = actions.begin_recording(scene.training.pk, mime="video/mp4", by=scene.trainer, now=NOW)
    Recording.objects.filter(pk=first.pk).update(duration_ms=61_000, state="done")
    second = actions.begin_recording(scene.training.pk, mime="video/mp4", by=scene.trainer, now=NOW)
    assert (second.take, second.offset_ms) == (2, 61_000)
    assert second.path == tmp_path / str(scene.training.pk) / "2.mp4"
    assert actions.close_left(scene.training.pk, now=NOW) == 0
    scene.turn("ended")
    assert actions.close_left(scene.training.pk, now=NOW) == 1
    assert actions.close_left(scene.training.pk, now=NOW) == 0
    with pytest.raises(WrongMoment):
        actions.begin_recording(scene.training.pk, mime="video/mp4", by=scene.trainer, now=NOW)
