"""双向音视频 in real Chromium on a real Janus: the trainer is seen, a hall is given the floor and loses it, and when Janus
is gone the class goes on as the platform's own stream."""
import json

import pytest
from playwright.sync_api import expect, sync_playwright
from websockets.sync.client import connect

from tests.conftest import BROWSER_FLAGS
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


@pytest.fixture
def screens(folder, janus):
    prepare = PREPARE.replace('"push"', '"janus"')
    made = json.loads(folder.manage("shell", "-v0", "-c", prepare, **janus.settings).splitlines()[-1])
    with running_server(folder, **janus.settings) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=[*BROWSER_FLAGS, *FAKE])
        yield Screens(chromium, server, made)
        chromium.close()


def test_a_hall_is_given_the_floor_and_a_class_outlives_its_janus(screens, janus):
    console, hall = screens.open("trainer", "console/", DESK), screens.hall()
    phone, alone = screens.open("cadre", "room/"), screens.open("leader", "room/", script=SPY)
    console.click("#media-act >> text=摄像头")
    expect(console.locator("#media-line")).to_have_text("画面　直播中，可以请会场发言，不录像", timeout=30_000)
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
        assert [one["who"] for one in json.loads(line.recv(timeout=20))["feeds"]] == ["trainer"]
        line.send(json.dumps({"speak": "v=0", "source": "camera"}))
        assert json.loads(line.recv(timeout=20)) == {"hush": 1}

    phone.click("#hand")
    console.click("#hands >> text=请发言")
    expect(hall.locator("#media-line")).to_contain_text("会场正在发言", timeout=30_000)
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
    expect(console.locator("#media-line")).to_contain_text("已改用本平台直播", timeout=60_000)
    at = until(hall, "() => mfMedia.player() && mfMedia.player().stats().edge || 0", lambda edge: edge > 0)
    playing(hall)
    console.click("text=停止直播")
    expect(console.locator("#media-line")).to_have_text("还没有直播，各会场只有课件", timeout=20_000)
    assert [one for one in screens.troubles if "WebSocket" not in one] == []
