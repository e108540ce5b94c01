"""A phone in real Chromium that has no net for a minute."""
from playwright.sync_api import expect

from .test_screens import ask, end, open_room, room  # noqa: F401 the class on its server, and how the trainer asks

# Kept by the page itself: what the browser's driver is told may come after the listener or before it.
HEARD = """
const Real = window.WebSocket;
window.heard = [];
window.WebSocket = class extends Real {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", (message) => window.heard.push(message.data));
  }
};
"""


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
    phone.clock.fast_forward(60_000)
    phone.evaluate("heard.length = 0")
    room.line.mend()
    phone.clock.fast_forward(31_000)  # longer than any pause between two tries
    expect(phone.locator("#sheet .stem")).to_have_text("向谁申请？", timeout=40_000)
    assert "向谁申请？" in phone.evaluate("heard[0]")
    assert [url for url in asked if "/events/" in url] == []
    end(console)
