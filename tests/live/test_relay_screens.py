"""双向音视频 in real Chromium on a real Janus: the trainer is seen, a hall is given the floor and loses it, and when Janus
is gone the class goes on as the platform's own stream."""
import json

import pytest
from playwright.sync_api import expect, sync_playwright
from websockets.sync.client import connect

from tests.conftest import BROWSER_FLAGS, PATIENCE
from tests.servers import running_server

from .janus import running_janus
from .test_media_screens import DESK, FAKE, PREPARE, Screens, chromium_path, playing, until

# The last word of a hall in the strip's place, and how many speakers a page sees.
FEEDS = "() => window.mfMedia && mfMedia.player() && mfMedia.player().stats().feeds || 0"
SPEAKS = "() => Boolean(window.mfMedia && mfMedia.player() && mfMedia.player().stats().speaking)"
OTHERS = """() => { const video = document.querySelector(".lv-relay video"); return video ? video.currentTime : 0; }"""
# Every connection of a page; without a loudspeaker a headless browser plays no sound alone, but it gets it.
SPY = """const Real = RTCPeerConnection;
window.peers = [];
window.RTCPeerConnection = function (settings) { const made = new Real(settings); window.peers.push(made); return made; };"""
GOT = """async () => {
  const got = { audio: 0, video: 0 };
  for (const peer of window.peers) {
    (await peer.getStats()).forEach((one) => { if (one.type === "inbound-rtp") got[one.kind] += one.packetsReceived; });
  }
  return got;
}"""
TICKET = "() => JSON.parse(document.getElementById('room-data').textContent).ticket"


@pytest.fixture(scope="module")
def folder(new_data_folder):
    return new_data_folder()


@pytest.fixture(scope="module")
def janus(tmp_path_factory):
    with running_janus(tmp_path_factory.mktemp("janus")) as running:
        yield running


@pytest.fixture(scope="module")
def all_screens(folder, janus):
    expect.set_options(timeout=PATIENCE)
    prepare = PREPARE.replace('"push"', '"janus"')
    made = json.loads(folder.manage("shell", "-v0", "-c", prepare, **janus.settings).splitlines()[-1])
    with running_server(folder, **janus.settings) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=[*BROWSER_FLAGS, *FAKE])
        yield Screens(chromium, server, made)
        chromium.close()


@pytest.fixture
def screens(all_screens):
    yield all_screens
    for context in all_screens.contexts:
        context.close()
    all_screens.contexts.clear()
    # Chromium says of every line that Janus' end took with it that it is lost.
    troubles = [one for one in all_screens.troubles if "WebSocket" not in one]
    all_screens.troubles.clear()
    assert troubles == []


# The first answer of a page to an offer is spoilt, so that Janus does not take it.
SPOILT = """const send = WebSocket.prototype.send;
window.spoilt = 0;
WebSocket.prototype.send = function (text) {
  const frame = typeof text === "string" ? JSON.parse(text) : {};
  if (frame.feed && frame.answer && !window.spoilt++) text = JSON.stringify({ ...frame, answer: "v=0" });
  return send.call(this, text);
};"""


def test_a_second_console_takes_over_and_only_its_own_stop_ends_the_class(screens):
    first, second = screens.open("trainer", "console/", DESK), screens.open("trainer", "console/", DESK)
    hall = screens.open("", f"venue/{screens.made['venue']}/enter/{screens.made['door']}/", DESK, script=SPOILT)
    first.click("#media-act >> text=摄像头")
    expect(first.locator("#media-line")).to_have_text("画面　直播中，可以请会场发言，不录像")
    # What Janus did not take is tried again.
    playing(hall)
    assert hall.evaluate("window.spoilt") > 1
    expect(second.locator("#media-line")).to_contain_text("何砚秋正在直播，不是从这个页面")
    second.click("#media-act >> text=接过来：摄像头")
    expect(second.locator("#media-line")).to_have_text("画面　直播中，可以请会场发言，不录像")
    expect(first.locator("#media-line")).to_contain_text("另一台电脑接着直播了。何砚秋正在直播，不是从这个页面")
    at = playing(hall)
    playing(hall, at + 1)
    second.click("text=停止直播")
    for console in (first, second):
        expect(console.locator("#media-line")).to_have_text("还没有直播，各会场只有课件")


def test_a_hall_is_given_the_floor_and_a_class_outlives_its_janus(screens, janus):
    console, hall = screens.open("trainer", "console/", DESK), screens.hall()
    phone, alone = screens.open("cadre", "room/"), screens.open("leader", "room/", script=SPY)
    console.click("#media-act >> text=摄像头")
    expect(console.locator("#media-line")).to_have_text("画面　直播中，可以请会场发言，不录像")
    at = playing(hall)
    playing(hall, at + 1)
    expect(alone.locator("#media-line")).to_have_text("仅声音")
    heard = until(alone, GOT, lambda got: got["audio"] > 20)
    assert heard["video"] == 0
    expect(phone.locator("#media-line")).to_contain_text("会场大屏在放画面和声音，手机不放")

    # Whoever has not the floor is refused by the server, whatever its page does.
    url = f"{screens.server.socket_url}/ws/live/{screens.made['training']}/relay/"
    headers = {"Cookie": f"sessionid={screens.made['keys']['cadre']}"}
    with connect(url, origin=screens.server.url, additional_headers=headers) as line:
        line.send(json.dumps({"ticket": phone.evaluate(TICKET)}))
        assert [one["who"] for one in json.loads(line.recv(timeout=60))["feeds"]] == ["trainer"]
        line.send(json.dumps({"speak": "v=0", "source": "camera"}))
        assert json.loads(line.recv(timeout=60)) == {"hush": 1}

    phone.click("#hand")
    console.click("#hands >> text=请发言")
    expect(hall.locator("#media-line")).to_contain_text("会场正在发言")
    assert hall.evaluate(SPEAKS)
    # The trainer sees the hall, who is alone hears both.
    at = until(console, OTHERS, lambda time: time > 0)
    until(console, OTHERS, lambda time: time > at + 1)
    assert until(alone, FEEDS, lambda count: count == 2)
    console.click("#floor >> text=收回话筒")
    until(alone, FEEDS, lambda count: count == 1)
    expect(hall.locator("#media-line")).to_have_text("画面")
    assert not hall.evaluate(SPEAKS)
    until(console, OTHERS, lambda time: time == 0)

    janus.process.kill()
    expect(console.locator("#media-line")).to_contain_text("已改用本平台直播")
    at = until(hall, "() => mfMedia.player() && mfMedia.player().stats().edge || 0", lambda edge: edge > 0)
    playing(hall)
    console.click("text=停止直播")
    expect(console.locator("#media-line")).to_have_text("还没有直播，各会场只有课件")
