"""Lines that break, hang and lose frames, in real Chromium: nothing is lost, and whoever comes back sees what is now."""
import re

from playwright.sync_api import expect

from tests.conftest import PHONE

from .test_screens import ask, choose, end, open_room, room  # noqa: F401 the class on its server, and how the trainer asks


def test_LR2_an_answer_given_in_a_tunnel_arrives_once_and_the_question_of_now_is_shown(room):  # noqa: F811
    console, phone = room.console(), room.phone()
    ask(console, "期限是几日？", "15 日", "60 日")
    expect(phone.locator("#sheet .stem")).to_have_text("期限是几日？")
    before = len(room.answers())
    room.line.cut()
    expect(phone.locator("#line")).to_have_text("离线")
    phone.locator("#sheet label.mf-opt").nth(1).click()
    phone.locator("#sheet-send button").evaluate("button => { for (let n = 0; n < 10; n++) button.click(); }")  # LR2
    expect(phone.locator("#sheet-foot")).to_contain_text("已存在本机")
    expect(phone.locator("#line")).to_have_text("离线，存下 1 条")
    room.line.mend()
    expect(phone.locator("#sheet-foot")).to_contain_text("已收到")
    expect(phone.locator("#line")).to_have_text("已同步")
    assert room.answers()[before:] == [[1]]
    room.line.cut()
    end(console)
    ask(console, "从哪天起算？", "当天", "第二天")
    room.line.mend()
    expect(phone.locator("#sheet .stem")).to_have_text("从哪天起算？")
    end(console)


def test_LR1_a_phone_that_is_reloaded_in_the_tunnel_still_delivers_its_answer(room):  # noqa: F811
    console, phone = room.console(), room.phone()
    ask(console, "谁是被申请人？", "机关", "工作人员")
    expect(phone.locator("#sheet .stem")).to_have_text("谁是被申请人？")
    before = len(room.answers())
    room.line.hang()
    choose(phone, 0)
    expect(phone.locator("#line")).to_have_text("补发中 1")
    address = phone.url
    phone.goto("about:blank")
    assert room.answers()[before:] == []
    room.line.mend()
    phone.goto(address)
    expect(phone.locator("#line")).to_have_text("已同步")
    expect(phone.locator("#ask-go")).to_have_text("看我的答案")
    assert room.answers()[before:] == [[0]]
    for _ in range(5):
        phone.reload()
        expect(phone.locator("#line")).to_have_text("已同步")
        expect(phone.locator("#ask-word")).to_contain_text("谁是被申请人？")
        expect(phone.locator("#ask-go")).to_have_text("看我的答案")
    end(console)


def test_a_line_that_hangs_without_a_word_is_noticed(room):  # noqa: F811
    phone = room.screen("cadre", "room", room.line.url)
    expect(phone.locator("#line")).to_have_text("已同步")
    phone.clock.install()
    phone.reload()
    expect(phone.locator("#line")).to_have_text("已同步")
    room.line.hang()
    phone.clock.fast_forward(26000)  # nothing heard for a while: it asks whether anybody is there
    expect(phone.locator("#line")).to_have_text("已同步")
    phone.clock.fast_forward(16000)
    expect(phone.locator("#line")).to_have_text("离线")


def test_a_proxy_that_forbids_sockets_leaves_the_long_poll(room):  # noqa: F811
    phone, console = room.context("cadre", room.line.url, PHONE).new_page(), room.console()
    phone.add_init_script("delete window.WebSocket")
    phone.goto(f"/live/{room.made['training']}/room/")
    ask(console, "何时送达？", "签收", "寄出")
    expect(phone.locator("#sheet .stem")).to_have_text("何时送达？")
    before = len(room.answers())
    choose(phone, 0)
    expect(phone.locator("#sheet-foot")).to_contain_text("已收到")
    expect(phone.locator("#line")).to_have_text("已同步")
    assert room.answers()[before:] == [[0]]
    end(console)


def test_the_hall_keeps_its_page_and_says_that_the_line_is_gone(room):  # noqa: F811
    hall = room.hall(room.line.url)
    page = hall.locator("#page").inner_text()
    room.line.cut()
    expect(hall.locator("#off")).to_have_text("网络中断，正在重连")
    expect(hall.locator("#page")).to_have_text(page)
    expect(hall.locator("#deck")).to_be_visible()
    room.line.mend()
    expect(hall.locator("#off")).to_be_hidden()


def test_LR6_a_phone_that_misses_frames_notices_the_gap_and_asks_for_the_log(room):  # noqa: F811
    console, phone = room.console(), room.context("cadre", room.url, PHONE).new_page()
    passed, lost = [], []

    def carry(near):
        far = near.connect_to_server()
        near.on_message(far.send)

        def deliver(frame):
            news = '"events":[{' in frame
            if news and len(lost) < 2 and len(passed) % 3 == 2 and passed[-1] not in lost:
                lost.append(passed[-1])
                return
            passed.extend([frame] if news else [])
            near.send(frame)

        far.on_message(deliver)

    phone.route_web_socket(re.compile("/ws/live/"), carry)
    phone.goto(f"/live/{room.made['training']}/room/")
    expect(phone.locator("#line")).to_have_text("已同步")
    phone.click("#tab-deck")
    for turn in range(12):
        console.keyboard.press("ArrowRight" if turn % 8 < 4 else "ArrowLeft")
        expect(console.locator("#line")).to_have_text(re.compile("本机延迟"))
    # Wherever it began: to the last page, to the first and to the last again.
    expect(console.locator("#page")).to_have_text("5 / 5")
    expect(phone.locator("#deck-page")).to_have_text("第 5 / 5 页")
    assert len(lost) == 2
    assert phone.evaluate("performance.getEntriesByType('resource').filter(one => one.name.includes('/events/')).length") > 0


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
