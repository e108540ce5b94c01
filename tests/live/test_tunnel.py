"""A phone in real Chromium that has no net for a minute."""
from playwright.sync_api import expect

from .test_screens import ask, end, open_room, room  # noqa: F401 the class on its server, and how the trainer asks

# Kept by the page itself: what the browser's driver is told may come after the listener or before it.
HEARD = """
const Real = window.WebSocket, fetch = window.fetch;
window.heard = [];
window.fetches = 0;
window.sockets = [];
window.WebSocket = class extends Real {
  constructor(...address) {
    super(...address);
    window.sockets.push(this);
    this.addEventListener("message", (message) => window.heard.push(message.data));
  }
};
window.fetch = (...request) => {
  window.fetches++;
  return fetch(...request).finally(() => window.fetches--);
};
"""


def stand_still(phone):
    """A minute passes at once and the clock stops: no try to come back is under way, and none begins by itself."""
    phone.clock.pause_at(phone.evaluate("Date.now()") / 1000 + 60)
    while phone.evaluate("fetches + sockets.filter((one) => one.readyState === WebSocket.CONNECTING).length"):
        pass


def test_LR1_a_phone_without_net_for_a_minute_comes_back_to_the_right_question_in_one_round_trip(room):  # noqa: F811
    console, phone = room.console(), room.phone()
    phone.clock.install()
    phone.add_init_script(HEARD)
    phone.reload()
    expect(phone.locator("#line")).to_have_text("已同步")
    ask(console, "谁可以申请复议？", "公民", "机关")
    expect(phone.locator("#sheet .stem")).to_have_text("谁可以申请复议？")
    asked = []
    phone.on("requestfinished", lambda request: asked.append(request.url))
    room.line.cut()
    expect(phone.locator("#line")).to_have_text("离线")
    end(console)
    ask(console, "向谁申请？", "本级政府", "法院")
    stand_still(phone)
    phone.evaluate("heard.length = 0")
    room.line.mend()
    phone.clock.fast_forward(31_000)  # longer than any pause between two tries
    expect(phone.locator("#sheet .stem")).to_have_text("向谁申请？", timeout=40_000)
    assert "向谁申请？" in phone.evaluate("heard[0]")
    assert [url for url in asked if "/events/" in url] == []
    end(console)
