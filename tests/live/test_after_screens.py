"""Real Chromium: a phone opens the QR it scanned from the hall's screen; the steward without scripts; the replay."""
import base64
import json
import re
import sqlite3
from contextlib import closing

import psycopg
import pytest
from playwright.sync_api import expect

from courses.live.media import boxes, files
from tests.conftest import PHONE
from tests.servers import running_server

from .qr_reader import read
from .test_replay import CLOCK
from .test_steward import jpeg

PREPARE = """
import json
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from tests.live import scene as scenes
now = timezone.now().replace(microsecond=0)
scenes.NOW = now - timedelta(hours=3)
from courses.live import actions
from courses.live.proofs import door_key
from tests.live import held
scene = scenes.build()
held.hold(scene)
over = scene.training.pk
held.record(scene)
scene.training = actions.create_training(
    title="普法讲座", unit=scene.district, starts_at=now, ends_at=now + timedelta(minutes=90), venues=scene.towns,
    by=scene.trainer, now=now,
)
scene.venues = list(scene.training.venues.order_by("unit__path"))
scene.turn("scheduled", "lobby", now=now)
scene.do("checkin.open", {"kind": "qr", "seconds": None}, now=now)
keys = {}
for name, user in {"steward": scene.steward, "second": scene.second, "cadre": scene.cadres[0], "absent": scene.cadres[5]}.items():
    client = Client()
    client.force_login(user)
    keys[name] = client.session.session_key
print(json.dumps({"keys": keys, "over": over, "training": scene.training.pk, "venue": scene.venues[0].pk,
                  "door": door_key(scene.venues[0])}))
"""


class Place:
    """A server with one class that is over and one whose doors are open."""

    def __init__(self, folder, url, browser):
        self.folder, self.url, self.browser = folder, url, browser

    def page(self, who, size=PHONE, **more):
        context = self.browser.new_context(viewport=size, base_url=self.url, **more)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.keys[who], "url": self.url}])
        page = context.new_page()
        self.troubles = []
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        return page

    def rows(self, query):
        # Beside Django: a program of its own takes seconds to start.
        if self.folder.base_url:
            with psycopg.connect(self.folder.database_url) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(self.folder.sqlite_file)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def place(new_data_folder, browser):
    folder = new_data_folder()
    made = json.loads(folder.manage("shell", "-v0", "-c", PREPARE).strip().splitlines()[-1])
    with running_server(folder) as server:
        found = Place(folder, server.url, browser)
        vars(found).update(made)
        yield found


def test_a_phone_that_opens_the_scanned_address_is_signed_in(place):
    screen = place.page("", {"width": 1920, "height": 1080})
    screen.goto(f"/live/{place.training}/venue/{place.venue}/enter/{place.door}/")
    picture = screen.locator("#qr img")
    expect(picture).to_be_visible(timeout=30_000)
    phone = place.page("cadre")
    # A code is good for 10 to 20 s: on a slow machine it may be over before the phone has opened it.
    for _ in range(6):
        address = read(screen.request.get(picture.get_attribute("src")).text())
        assert re.fullmatch(rf"{place.url}/live/{place.training}/room/\?code=[\d.]+\.[0-9a-f]{{8}}", address)
        phone.goto(address)
        expect(phone.locator("#signed, #checkin-said .is-stop").locator("visible=true").first).to_be_visible(timeout=30_000)
        if phone.locator("#signed").is_visible():
            break
    expect(phone.locator("#signed")).to_contain_text("已签到")
    assert "code=" not in phone.url
    assert place.rows(f"SELECT how FROM live_checkin WHERE training_id = {place.training}") == [("qr",)]
    phone.reload()
    expect(phone.locator("#signed")).to_be_visible()
    assert place.troubles == []


def test_the_lobby_asks_for_the_sign_in_while_one_is_open(place):
    phone, screen = place.page("absent"), place.page("", {"width": 1920, "height": 1080})
    phone.goto(f"/live/{place.training}/room/")
    expect(phone.locator("#state")).to_have_text("马上开始，请先签到")
    screen.goto(f"/live/{place.training}/venue/{place.venue}/enter/{place.door}/")
    expect(screen.locator("#wait")).to_contain_text("请先扫码签到")


def test_a_steward_counts_ticks_and_a_second_one_confirms_without_scripts(place):
    hall = f"/live/{place.training}/venue/{place.venue}/steward/"
    first = place.page("steward", java_script_enabled=False)
    first.goto(f"/live/{place.training}/room/")
    first.get_by_role("link", name="会场登记页").click()
    first.get_by_role("spinbutton", name="到场人数").fill("1")
    first.get_by_label("会场照片").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg((800, 600))})
    first.get_by_role("button", name="报人数").click()
    expect(first.get_by_text("已报 1 人")).to_be_visible()
    first.get_by_role("button", name=re.compile("代签.*甲4")).click()
    expect(first.get_by_text("请另一人确认")).to_be_visible()
    second = place.page("second", java_script_enabled=False)
    second.goto(hall)
    second.get_by_role("button", name="数过了，确认 1 人").click()
    expect(second.get_by_text("已由两人确认")).to_be_visible()
    second.get_by_role("button", name=re.compile("^确认.*甲4")).click()
    expect(second.get_by_text(re.compile("点名，[12] / 5 人已签到"))).to_be_visible()
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Twelve seconds of a counting picture, as the trainer's browser records it.
RECORD = """async () => {
  const paper = document.createElement("canvas"), pen = paper.getContext("2d"), parts = [];
  paper.width = 320; paper.height = 180;
  let n = 0;
  const timer = setInterval(() => { pen.fillStyle = `hsl(${n++ * 7 % 360} 80% 50%)`; pen.fillRect(0, 0, 320, 180); }, 66);
  const how = { mimeType: "video/mp4;codecs=avc1.42E01E", videoKeyFrameIntervalDuration: 1000 };
  const recorder = new MediaRecorder(paper.captureStream(15), how);
  recorder.ondataavailable = event => parts.push(event.data);
  recorder.start(500);
  await new Promise(done => setTimeout(done, 12000));
  await new Promise(done => { recorder.onstop = done; recorder.stop(); });
  clearInterval(timer);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  let text = "";
  bytes.forEach(one => { text += String.fromCharCode(one); });
  return btoa(text);
}"""


# Until the video is between two of its seconds.
UNTIL = """(video, [from, to]) => new Promise((done, failed) => {
  const late = setTimeout(() => failed(new Error(`at ${video.currentTime} of ${video.duration}`)), 40000);
  const look = () => {
    if (video.currentTime < from || video.currentTime > to) return requestAnimationFrame(look);
    clearTimeout(late);
    done();
  };
  look();
})"""


@pytest.fixture
def recorded(place):
    """The take of the class that is over, written as the server writes it."""
    made = place.page("absent")
    made.goto("/live/")
    content = base64.b64decode(made.evaluate(RECORD))
    path = place.folder.path / "recordings" / str(place.over) / "1.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = files.Writer(path)
    cutter = boxes.Cutter()
    writer.append(list(cutter.feed(content)))
    writer.finish()
    yield place
    path.unlink()


def test_the_recording_and_the_board_go_together(recorded):
    """The markers say: the recording begins ten minutes into the class."""
    page = recorded.page("absent")
    page.goto(f"/live/{recorded.over}/replay/")
    video = page.locator("#video")
    expect(video).to_be_visible()
    # To the 8th second of the recording by the class's clock: the video follows.
    page.locator("#scrub").evaluate("(one, at) => { one.value = at; one.dispatchEvent(new Event('input')); }", 608_000)
    video.evaluate(UNTIL, [6.5, 9.5])
    # The video goes on: the board follows.
    page.evaluate("document.getElementById('video').muted = true")
    page.get_by_role("button", name="播放").click()
    video.evaluate(UNTIL, [9.5, 99])
    expect(page.locator("#time")).to_have_text(re.compile(r"^10:(09|1\d) /"))
    expect(page.locator("#asked")).to_contain_text("答题：申请复议的期限")
    assert recorded.troubles == []


def test_the_replay_goes_to_a_chapter_and_on_by_itself_with_the_boards_of_the_class(place):
    page = place.page("absent")
    page.goto(f"/live/{place.over}/replay/")
    expect(page.locator("#bar")).to_be_visible()
    expect(page.locator("#now")).to_have_text("开始上课")
    expect(page.locator("#asked")).to_have_text("")
    page.get_by_role("link", name=re.compile("期限的起算")).click()
    expect(page.locator("#law")).to_contain_text("《行政复议法》第二十条")
    expect(page.locator("#asked")).to_contain_text("答题：申请复议的期限")
    expect(page.locator("#asked .is-right")).to_contain_text("六十日")
    expect(page.locator("#slide .ink [data-id=s1]")).to_have_count(1)
    # Back to before the question: what came later is gone.
    page.locator("#scrub").evaluate("(one, at) => { one.value = at; one.dispatchEvent(new Event('input')); }", 60_000)
    expect(page.locator("#asked")).to_have_text("")
    expect(page.locator("#law")).to_have_text("")
    expect(page.locator("#slide .ink [data-id=s1]")).to_have_count(0)
    page.locator("#speed").select_option("8")
    page.get_by_role("button", name="播放").click()
    expect(page.locator("#time")).to_have_text(re.compile(r"^1:[1-5]\d /"))
    page.get_by_role("button", name="停").click()
    vectors = [0, 30_000, 60_000, 95_000, 200_000, 361_000]
    page.evaluate("markers => { mfReplay.data.markers = markers; }", [list(one) for one in CLOCK.markers])
    assert page.evaluate("all => all.map(mfReplay.moment)", vectors) == [CLOCK.moment(one) for one in vectors]
    assert page.evaluate("all => all.map(mfReplay.media)", vectors) == [CLOCK.media(one) for one in vectors]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert place.troubles == []
