"""The teaching tools in real Chromium: slides with real pictures, prepared questions, an article, the pointer, a spare desk."""
import re
import time

import pytest
from playwright.sync_api import expect

from . import decks
from .test_screens import DESK, Room, choose, end, rows_of

PREPARE = """
import json
from datetime import date
from django.test import Client
from django.utils import timezone
from courses.live import actions
from courses.live.proofs import door_key
from tests.library import texts
from tests.live import scene as scenes
scenes.NOW = now = timezone.now()
texts.bring_in(texts.edition("中华人民共和国行政复议法", texts.articles(*[f"这是第 {n} 件事。" for n in range(1, 20)],
    "自知道或者应当知道该行政行为之日起六十日内。"), version=date(2023, 9, 1), effective_on=date(2024, 1, 1)))
scene = scenes.build()
by = dict(by=scene.trainer, now=now)
for kind, text, options in [("single", "申请期限是几日？", ["15 日", "60 日"]),
                            ("multi", "哪些是行政行为？", ["处罚", "许可", "合同"]), ("scale", "听懂了几分？", []),
                            ("cloud", "用一个词说说", []), ("text", "哪里没有听懂？", [])]:
    actions.prepare_poll(scene.training, kind=kind, text=text, options=options, **by)
actions.prepare_question(scene.training, scene.question(), **by)
scene.begin(now=now)
keys = {}
for name, user in {"trainer": scene.trainer, "cadre": scene.cadres[0], "other": scene.cadres[2]}.items():
    client = Client()
    client.force_login(user)
    keys[name] = client.session.session_key
print(json.dumps({"keys": keys, "training": scene.training.pk, "venue": scene.venues[0].pk,
                  "door": door_key(scene.venues[0])}))
"""
TITLES = ("申请行政复议，从哪天起算", "案例：送达之后第 48 天", "小结")
NOTES = {1: "先让会场答第 1 题，再讲起算点", 2: "提醒：最长一年"}
LONG = 20_000  # milliseconds
PICTURES = "performance.getEntriesByType('resource').map(one => one.name).filter(name => /slides.d/.test(name))"


@pytest.fixture(scope="module")
def open_room(new_data_folder, browser):
    room = Room(new_data_folder(), browser, PREPARE)
    with room.server():
        upload(room)
        yield room


@pytest.fixture
def room(open_room):
    open_room.troubles.clear()
    yield open_room
    for context in open_room.contexts:
        context.close()
    open_room.contexts.clear()
    assert open_room.troubles == []


def upload(room):
    """The trainer's PDF, by the page; the server draws it meanwhile."""
    page = room.screen("trainer", "prepare", size=DESK)
    file = {"name": "第二讲.pdf", "mimeType": "application/pdf", "buffer": decks.pdf(*TITLES, notes=NOTES)}
    page.set_input_files("#id_file", file)
    page.locator("form[action$='/prepare/deck/'] button").click()
    expect(page.locator("#decks")).to_contain_text("可以用", timeout=3 * LONG)
    expect(page.locator("#decks")).not_to_have_attribute("data-drawing", re.compile(".*"))


def shows(page, number):
    """The picture of this page stands on the screen, whole."""
    picture = page.locator("#slide img")
    expect(picture).to_have_attribute("src", re.compile(rf"/slides/d\d+/{number}/\?v=[0-9a-f]{{16}}$"), timeout=LONG)
    assert picture.evaluate("one => [one.complete, one.naturalWidth]") == [True, 1600]


def fetched(page):
    """The pages whose picture the browser has asked for, once each."""
    return sorted(int(re.search(r"/slides/d\d+/(\d+)/", name)[1]) for name in page.evaluate(PICTURES))


def test_a_slide_turned_on_the_desk_is_seen_in_the_hall_and_on_the_phone_with_notes_only_on_the_desk(room):
    console, hall, phone = room.console(), room.hall(), room.phone()
    shows(console, 1)
    expect(console.locator("#notes")).to_have_text(NOTES[1])
    expect(console.locator("#next-word")).to_contain_text(TITLES[1])
    shows(hall, 1)
    # The hall has every page before it is turned to; the phone fetches nothing until somebody looks.
    hall.wait_for_function(f"{PICTURES}.length >= 3", timeout=LONG)
    assert set(fetched(hall)) == {1, 2, 3}
    assert fetched(phone) == []
    phone.click("#tab-deck")
    shows(phone, 1)
    console.keyboard.press("ArrowRight")
    for page in (console, hall, phone):
        shows(page, 2)
    assert set(fetched(phone)) <= {1, 2, 3}
    expect(console.locator("#notes")).to_have_text(NOTES[2])
    for page in (hall, phone):
        assert NOTES[2] not in page.content()
    console.select_option("#jump", label="1　" + TITLES[0])
    for page in (hall, phone):
        shows(page, 1)
    for size in ("xlarge", "standard"):
        console.set_viewport_size({"width": 320, "height": 640})
        console.evaluate("size => document.documentElement.setAttribute('data-mf-text', size)", size)
        assert console.evaluate("document.documentElement.scrollWidth") == 320
    console.set_viewport_size(DESK)
    # Where the trainer points is seen for a moment, and kept nowhere.
    console.keyboard.press("d")
    box = console.locator("#slide").bounding_box()
    for page in (hall, phone):
        console.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
        page.evaluate(WATCH)
        step, until = 0, time.monotonic() + LONG / 1000
        while not page.evaluate("window.pointed || null"):
            step = 1 - step
            console.mouse.move(box["x"] + box["width"] / 2 + step, box["y"] + box["height"] / 4)
            assert time.monotonic() < until
        assert page.evaluate("window.pointed") == pytest.approx([50, 25], abs=3)
    assert rows_of(room.folder, "SELECT id FROM live_event WHERE kind = 'pointer'") == []


WATCH = """() => new MutationObserver(() => {
  const dot = document.querySelector("#slide .dot circle");
  if (dot && dot.getAttribute("cx")) window.pointed = ["cx", "cy"].map(name => parseFloat(dot.getAttribute(name)));
}).observe(document.querySelector("#slide"), { childList: true, subtree: true, attributes: true })"""


def test_prepared_questions_are_opened_by_one_key_answered_changed_closed_and_shown(room):
    console, hall, phone, other = room.console(), room.hall(), room.phone(), room.screen("other", "room")
    expect(console.locator("#prepared-word")).to_have_text("备好的题，还有 6 道")
    console.keyboard.press("o")
    expect(phone.locator("#sheet .stem")).to_have_text("申请期限是几日？")
    choose(phone, 0)
    expect(phone.locator("#sheet-foot")).to_contain_text("已收到")
    expect(phone.locator("#sheet-foot")).to_contain_text("收题前可以改")
    expect(phone.locator("#sheet-send button")).to_have_count(0)
    expect(console.locator("#asked .n").nth(0)).to_contain_text("1 人")
    phone.locator("#sheet label.mf-opt").nth(1).click()
    expect(phone.locator("#sheet-send button")).to_have_text("改为这个答案")
    phone.click("#sheet-send button")
    expect(console.locator("#asked .n").nth(1)).to_contain_text("1 人")
    expect(console.locator("#asked .n").nth(0)).to_contain_text("0 人")
    assert room.answers() == [[1]]
    expect(hall.locator("#asked .n")).to_have_count(0)
    end(console)
    expect(hall.locator("#asked")).to_be_hidden()
    console.keyboard.press("Enter")
    expect(hall.locator("#asked .n").nth(1)).to_contain_text("1 人")
    expect(phone.locator("#sheet .n").nth(1)).to_contain_text("1 人")
    console.click("#asked >> text=从大屏收起")
    expect(hall.locator("#asked")).to_be_hidden()

    console.keyboard.press("o")
    expect(phone.locator("#sheet .stem")).to_have_text("哪些是行政行为？")
    for place in (0, 1):
        phone.locator("#sheet label.mf-opt").nth(place).click()
    phone.click("#sheet-send button")
    expect(console.locator("#asked .n").nth(1)).to_contain_text("1 人")
    show(console)
    expect(hall.locator("#asked .n").nth(0)).to_contain_text("100.0%")

    console.keyboard.press("o")
    expect(phone.locator("#sheet .stem")).to_have_text("听懂了几分？")
    choose(phone, 3)
    expect(other.locator("#sheet .stem")).to_have_text("听懂了几分？")
    choose(other, 2)
    expect(console.locator("#asked .lv-mean")).to_have_text("平均 3.5")
    show(console)
    expect(hall.locator("#asked .lv-mean")).to_have_text("平均 3.5")
    expect(phone.locator("#sheet .lv-mean")).to_have_text("平均 3.5")

    console.keyboard.press("o")
    for page, words in [(phone, "期限"), (other, "期限")]:
        expect(page.locator("#sheet .stem")).to_have_text("用一个词说说")
        page.fill("#sheet textarea", words)
        page.click("#sheet-send button")
    expect(console.locator("#asked .lv-cloud")).to_contain_text("期限2")
    show(console)
    expect(hall.locator("#asked .lv-cloud .is-5")).to_contain_text("期限")

    console.keyboard.press("o")
    expect(phone.locator("#sheet .stem")).to_have_text("哪里没有听懂？")
    phone.fill("#sheet textarea", "从哪天起算")
    phone.click("#sheet-send button")
    expect(console.locator(".lv-written")).to_contain_text("从哪天起算")
    end(console)
    console.check(".lv-written input")
    expect(hall.locator("#asked .lv-said")).to_have_text("从哪天起算")
    expect(phone.locator("#sheet .lv-said")).to_have_text("从哪天起算")

    console.keyboard.press("o")
    expect(phone.locator("#sheet .stem")).to_have_text("申请复议的期限")
    choose(phone, 0)
    expect(phone.locator("#sheet-foot")).to_contain_text("已收到")
    end(console)
    expect(hall.locator("#asked .is-right")).to_contain_text("六十日")
    expect(console.locator("#prepared")).to_be_disabled()
    expect(console.locator("#prepared-word")).to_have_text("备好的题都问过了")


def show(console):
    end(console)
    console.click("#asked >> text=公布结果")


def test_an_article_is_looked_up_on_the_desk_and_stands_beside_the_slide_with_its_edition(room):
    console, hall, phone = room.console(), room.hall(), room.phone()
    console.keyboard.press("l")
    console.keyboard.type("复议法 99")
    expect(console.locator("#law-form .said")).to_contain_text("没有找到")
    console.fill("#law-q", "行政复议法 20")
    console.get_by_role("button", name="显示《中华人民共和国行政复议法》第二十条").click()
    for page in (hall, phone):
        expect(page.locator("#law .txt")).to_have_text("自知道或者应当知道该行政行为之日起六十日内。")
        expect(page.locator("#law .src")).to_have_text("《中华人民共和国行政复议法》第二十条，2023-09-01 版，有效")
    console.locator("#slide").click()
    console.keyboard.press("l")
    for page in (hall, phone):
        expect(page.locator("#law .txt")).to_have_count(0)


def test_a_second_desk_is_a_spare_that_goes_on_when_the_first_is_gone(room):
    first, second, hall = room.console(), room.console(), room.hall()
    before = second.locator("#page").inner_text()
    first.keyboard.press("ArrowRight" if before.startswith("1") else "ArrowLeft")
    expect(second.locator("#page")).not_to_have_text(before)
    now = second.locator("#page").inner_text()
    first.context.close()
    room.contexts.remove(first.context)
    second.keyboard.press("ArrowRight" if now.startswith("1") else "ArrowLeft")
    expect(hall.locator("#page")).to_have_text(before)
    expect(second.locator("#page")).to_have_text(before)
    rows = rows_of(room.folder, "SELECT seq FROM live_event ORDER BY seq")
    assert [seq for (seq,) in rows] == list(range(1, len(rows) + 1))


def test_two_questions_that_say_the_same_become_one_and_a_notice_goes_to_one_hall(room):
    console, phone, other, hall = room.console(), room.phone(), room.screen("other", "room"), room.hall()
    for page, words in [(phone, "贴门口算送达吗？"), (other, "贴在门上算不算送达？")]:
        page.click("#tab-ask")
        page.fill("#ask-text", words)
        page.click("#ask-form button")
        expect(page.locator("#ask-said")).to_contain_text("已收到")
    for shown in (1, 2):
        console.locator("#qa >> text=上墙").first.click()
        expect(phone.locator("#qa li")).to_have_count(shown)
    for page in (phone, other):
        page.locator("#qa li", has_text="贴门口").locator("button").click()
        expect(page.locator("#qa li", has_text="贴门口").locator("button")).to_contain_text("已算上您")
    expect(phone.locator("#qa li", has_text="贴门口")).to_contain_text("2 人")
    console.locator("#qa li", has_text="贴门口").get_by_role("button", name="合并").click()
    console.locator("#qa li", has_text="贴在门上").get_by_role("button", name="并入这条").click()
    expect(phone.locator("#qa li")).to_have_count(1)
    expect(phone.locator("#qa li")).to_contain_text("2 人")
    console.keyboard.press("n")
    console.fill("#notice-text", "请第一会场调低音量")
    console.select_option("#notice-venue", index=1)
    console.press("#notice-text", "Enter")
    expect(hall.locator("#band")).to_contain_text("请第一会场调低音量")
    expect(phone.locator("#notice")).to_contain_text("请第一会场调低音量")
    console.click("#notice-now >> text=撤下通知")
    expect(hall.locator("#band")).not_to_contain_text("请第一会场调低音量")


def test_a_line_typed_at_a_second_desk_stands_on_the_strip_of_the_hall_and_on_the_phone(room):
    desk, helper, hall, phone = room.console(), room.console(), room.hall(), room.phone()
    title = hall.locator("#caption").inner_text()
    helper.keyboard.press("c")
    field = helper.locator("#caption-text")
    for words in ("申请期限是六十日", "从知道之日起算"):
        expect(field).to_be_focused()
        field.fill(words)
        helper.keyboard.press("Enter")
        expect(hall.locator("#caption")).to_have_text(words)
        expect(hall.locator("#caption-word")).to_have_text("字幕")
        expect(field).to_have_value("")
    expect(desk.locator("#caption-now")).to_have_text("大屏上：从知道之日起算")
    phone.click("#tab-deck")
    expect(phone.locator("#caption")).to_have_text("从知道之日起算")
    # Nobody types on: after twenty seconds the line is not what is being said any more.
    caption = "at => mfDraw.caption({ caption: { from_ms: 0, to_ms: 1000, text: '句' } }, at)"
    assert [hall.evaluate(caption, at) for at in (1000, 20_999, 21_000)] == ["句", "句", ""]
    helper.keyboard.press("Enter")
    expect(helper.locator("#caption-form .said")).to_have_text("先写一句")
    helper.click("#caption-off")
    expect(hall.locator("#caption")).to_have_text(title)
    expect(phone.locator("#caption")).to_be_hidden()
