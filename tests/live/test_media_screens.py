"""音视频 in real Chromium with a fake camera: the trainer begins, the hall and a phone see and hear, nothing is missing."""
import json
import os
import time

import pytest
from playwright.sync_api import expect, sync_playwright

from courses.live.media.boxes import Cutter
from tests.conftest import BROWSER_FLAGS, PATIENCE, PHONE, browser_path, new_context
from tests.servers import running_server

from .line import Line
from .test_media_sockets import ask, path_of, takes_of

PREPARE = """
import json
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from courses.live.media.actions import plan_media
from courses.live.models import Training
from courses.live.proofs import door_key
from mingfa.people.models import Role
from tests.live import scene as scenes
made = scenes.build()
now = timezone.now()
Training.objects.update(starts_at=now, ends_at=now + timedelta(hours=2))
plan_media(made.training, tier="push", by=made.trainer, now=now)
made.begin(now=now)
leader = made.holder(Role.LEADER, made.district, "丙一")
keys = {}
for name, user in (("trainer", made.trainer), ("cadre", made.cadres[0]), ("leader", leader)):
    client = Client()
    client.force_login(user)
    keys[name] = client.session.session_key
print(json.dumps({"keys": keys, "training": made.training.pk, "venue": made.venues[0].pk, "door": door_key(made.venues[0])}))
"""
FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
DESK, HALL = {"width": 1440, "height": 900}, {"width": 1920, "height": 1080}
PLAYED = "() => window.mfMedia && mfMedia.player() ? mfMedia.player().stats() : {at: 0, kind: ''}"
# What the camera gave while the encoder ran, counted beside it on the same track.
COUNT = """() => {
  const real = MediaRecorder.prototype.start;
  window.given = 0;
  MediaRecorder.prototype.start = function (slice) {
    const track = this.stream.getVideoTracks()[0];
    this.addEventListener("start", () => { window.counting = true; });
    this.addEventListener("stop", () => { window.counting = false; });
    const frames = new MediaStreamTrackProcessor({ track: track.clone(), maxBufferSize: 100 }).readable.getReader();
    (async () => {
      for (;;) {
        const next = await frames.read();
        if (next.done) return;
        if (window.counting) window.given++;
        next.value.close();
        if (this.state === "inactive") return;
      }
    })();
    return real.call(this, slice);
  };
}"""

# Every sentence the line about media has shown since.
NOTE = """() => {
  const line = document.getElementById("media-line");
  window.said = [];
  new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true, subtree: true });
}"""


class Screens:
    """A class that is on, and the three kinds of screens."""

    def __init__(self, chromium, server, made):
        self.chromium, self.server, self.made = chromium, server, made
        self.troubles, self.contexts = [], []

    def open(self, who, path, size=PHONE, *, script="", url=""):
        url = url or self.server.url
        context = new_context(self.chromium, viewport=size, base_url=url)
        self.contexts.append(context)
        if script:
            context.add_init_script(script)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.made["keys"][who], "url": url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.troubles.append(line.text))
        page.goto(f"/live/{self.made['training']}/{path}")
        return page

    def hall(self):
        return self.open("", f"venue/{self.made['venue']}/enter/{self.made['door']}/", HALL)


@pytest.fixture(scope="module")
def folder(new_data_folder):
    return new_data_folder()


def chromium_path():
    path = browser_path()
    if not path:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("no Chromium found: apt-get install chromium, or set MINGFA_BROWSER")
    return path


@pytest.fixture(scope="module")
def all_screens(folder):
    path = chromium_path()
    expect.set_options(timeout=PATIENCE)
    made = json.loads(folder.manage("shell", "-v0", "-c", PREPARE).splitlines()[-1])
    with running_server(folder) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*BROWSER_FLAGS, *FAKE])
        yield Screens(chromium, server, made)
        chromium.close()


@pytest.fixture
def screens(all_screens):
    yield all_screens
    for context in all_screens.contexts:
        context.close()
    all_screens.contexts.clear()
    troubles = all_screens.troubles[:]
    all_screens.troubles.clear()
    assert troubles == []


def until(page, script, wanted):
    """The first value the script gives that is wanted; the content policy forbids to wait inside of the page."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not wanted(found := page.evaluate(script)):
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(100)
    return found


def playing(page, since=0.0, kind="picture"):
    """Where the player of this page is, as soon as it plays this kind and is past `since`."""
    return until(page, PLAYED, lambda now: now["kind"] == kind and now["at"] > since)["at"]


def test_the_trainer_begins_and_hall_and_phones_follow_with_no_frame_missing(screens, folder):
    check = screens.open("trainer", "check/", DESK)
    check.click("#devices")
    expect(check.locator("#device-line")).to_contain_text("摄像头正常，640 × 360")
    until(check, "document.getElementById('level').value", lambda level: level > 3)
    check.click("#measure")
    expect(check.locator("#line-line")).to_contain_text("上行约")
    check.close()
    console = screens.open("trainer", "console/", DESK)
    console.evaluate(COUNT)
    hall, phone, alone = screens.hall(), screens.open("cadre", "room/"), screens.open("leader", "room/")
    expect(phone.locator("#media-line")).to_have_text("培训师还没有开始直播")
    expect(console.locator("#media-line")).to_have_text("还没有直播，各会场只有课件")
    console.click("#media-act >> text=摄像头")
    expect(console.locator("#media-line")).to_contain_text("直播中，正在录制")
    # The hall plays by itself, who is alone hears it, a phone in a hall loads nothing until somebody wants it.
    at = playing(hall)
    playing(hall, at + 1)
    playing(alone, kind="sound")
    expect(phone.locator("#media-line")).to_contain_text("会场大屏在放画面和声音，手机不放")
    assert phone.evaluate("typeof window.mfPlayer") == "undefined"
    phone.click("text=看画面")
    at = playing(phone)
    playing(phone, at + 1)
    phone.click("text=只听声音")
    playing(phone, at, "sound")
    expect(phone.locator("#media-line")).to_have_text("仅声音")
    phone.click("text=只看课件")
    expect(phone.locator("#media-line")).to_contain_text("仅课件")
    playing(hall, 12)
    console.click("text=停止直播")
    expect(console.locator("#media-line")).to_have_text("还没有直播，各会场只有课件")
    expect(phone.locator("#media-line")).to_have_text("培训师还没有开始直播")
    given = console.evaluate("window.given")
    takes = takes_of(folder)
    frames = takes[-1][4]
    pieces = Cutter().feed(path_of(folder, screens.made, len(takes)).read_bytes())
    assert sum(one.frames("video") for one in pieces[1:]) == frames
    assert frames >= 0.99 * given > 100
    kinds = [kind for (kind,) in ask(folder, "SELECT kind FROM live_event WHERE kind LIKE 'media.%' ORDER BY seq")]
    assert kinds[0] == "media.mode"
    assert "media.marker" in kinds


def test_two_stalls_in_half_a_minute_leave_the_sound_and_two_more_the_slides(screens):
    console = screens.open("trainer", "console/", DESK)
    console.click("#media-act >> text=摄像头")
    expect(console.locator("#media-line")).to_contain_text("直播中，正在录制")
    with Line(screens.server.url.rsplit(":", 1)[1]) as line:
        phone = screens.open("leader", "room/", url=line.url)
        playing(phone, kind="sound")
        phone.click("text=看画面")
        playing(phone)
        phone.evaluate(NOTE)
        # Nobody says that the line is gone: nothing comes any more.
        line.hang()
        expect(phone.locator("#media-line")).to_contain_text("线路太慢，只留课件")
        said = phone.evaluate("window.said")
        assert any("线路慢，已改为只听声音" in one for one in said), said
        expect(phone.locator("#media-box")).to_be_hidden()
        line.mend()
        phone.click("text=看画面")
        playing(phone)


# A browser that plays no picture of this coding, and one that plays nothing of it.
DEAF_TO = """MediaSource.isTypeSupported = (type) => %s;
window.ManagedMediaSource = undefined;
HTMLMediaElement.prototype.canPlayType = () => "";"""
KNOWS = """(known) => {
  MediaRecorder.isTypeSupported = (type) => known.some((one) => type.endsWith(one));
  return mfPublish.type(true);
}"""


def test_a_browser_that_does_not_know_the_coding_says_so_and_keeps_what_it_can(screens):
    console = screens.open("trainer", "console/", DESK)
    assert console.evaluate(KNOWS, ["opus", "mp4a.40.2"]) == "video/mp4;codecs=avc1.42E01E,mp4a.40.2"
    assert console.evaluate(KNOWS, ["opus"]) == "video/mp4;codecs=avc1.42E01E,opus"
    assert console.evaluate(KNOWS, ["webm"]) == ""
    console.reload()
    console.click("#media-act >> text=摄像头")
    expect(console.locator("#media-line")).to_contain_text("直播中，正在录制")
    listener = screens.open("leader", "room/", script=DEAF_TO % "type.startsWith('audio/')")
    listener.click("text=看画面")
    playing(listener, kind="sound")
    expect(listener.locator("#media-line")).to_contain_text("这个浏览器放不了画面，已改为只听声音")
    reader = screens.open("cadre", "room/", script=DEAF_TO % "false")
    reader.click("text=看画面")
    expect(reader.locator("#media-line")).to_contain_text("仅课件　这个浏览器放不了画面和声音，课件和互动照常")
    console.click("text=停止直播")
    expect(console.locator("#media-line")).to_have_text("还没有直播，各会场只有课件")


def test_without_https_the_console_says_in_one_sentence_what_is_missing_and_teaches_on(screens):
    # As on a page from http://10.…: the browser offers no camera there.
    hidden = "Object.defineProperty(window, 'isSecureContext', { value: false })"
    console = screens.open("trainer", "console/", DESK, script=hidden)
    expect(console.locator("#media-line")).to_have_text("现在的网址不是 HTTPS，浏览器不让用摄像头和麦克风；课件和互动照常。")
    expect(console.locator("#media-act button")).to_have_count(0)
    expect(console.locator("#big")).to_be_visible()
