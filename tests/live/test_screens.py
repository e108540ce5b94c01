"""The three screens in real Chromium against `serve`: what the trainer does is seen in the halls and on the phones."""
import json
import re
import sqlite3
from contextlib import closing, contextmanager

import psycopg
import pytest
from playwright.sync_api import expect

from tests.conftest import PHONE, new_context
from tests.servers import running_server

from .line import Line

PREPARE = """
import json
from django.test import Client
from django.utils import timezone
from courses.live.proofs import door_key
from tests.live import scene as scenes
scenes.NOW = now = timezone.now()
scene = scenes.build()
scene.do("slide.deck", {"deck": "d1", "pages": 5, "sha": "x"}, now=now)
scene.begin(now=now)
scene.question()
scene.do("slide.goto", {"deck": "d1", "page": 1}, now=now)
keys = {}
for name, user in {"trainer": scene.trainer, "steward": scene.steward, "cadre": scene.cadres[0]}.items():
    client = Client()
    client.force_login(user)
    keys[name] = client.session.session_key
print(json.dumps({"keys": keys, "training": scene.training.pk, "venue": scene.venues[0].pk,
                  "door": door_key(scene.venues[0])}))
"""
DESK, HALL = {"width": 1440, "height": 900}, {"width": 1920, "height": 1080}


def rows_of(folder, query):
    """What a server's database holds, beside Django: a program of its own takes seconds to start."""
    if folder.base_url:
        with psycopg.connect(folder.database_url) as connection:
            return connection.execute(query).fetchall()
    with closing(sqlite3.connect(folder.sqlite_file)) as connection:
        return connection.execute(query).fetchall()


class Room:
    """A class that is on, its server, and the three kinds of screens."""

    def __init__(self, folder, browser, prepare=PREPARE):
        self.folder, self.browser, self.contexts = folder, browser, []
        self.made = json.loads(folder.manage("shell", "-v0", "-c", prepare).strip().splitlines()[-1])
        self.troubles = []

    @contextmanager
    def server(self):
        with running_server(self.folder) as server, Line(server.url.rsplit(":", 1)[1]) as line:
            self.url, self.line = server.url, line
            yield server

    def context(self, who, url, size):
        """A browser of its own, signed in as one of them; nobody is a hall's computer."""
        context = new_context(self.browser, viewport=size, base_url=url)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.made["keys"][who], "url": url}])
        self.contexts.append(context)
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        return context

    def screen(self, who, page, url=None, size=PHONE):
        opened = self.context(who, url or self.url, size).new_page()
        opened.goto(f"/live/{self.made['training']}/{page}/")
        return opened

    def console(self):
        page = self.screen("trainer", "console", size=DESK)
        expect(page.locator("#line")).to_have_text(re.compile("已连接|本机延迟"))
        return page

    def phone(self):
        page = self.screen("cadre", "room", self.line.url)
        expect(page.locator("#line")).to_have_text("已同步")
        return page

    def hall(self, url=None):
        page = self.screen("", f"venue/{self.made['venue']}/enter/{self.made['door']}", url, size=HALL)
        expect(page.locator("#line")).to_contain_text("线路良好")
        return page

    def answers(self):
        """The choices stored so far, in order."""
        return [json.loads(choice) for (choice,) in self._rows("SELECT CAST(choice AS text) FROM live_answer ORDER BY id")]

    def strokes(self):
        return self._rows("SELECT id FROM live_event WHERE kind = 'ink.stroke'")

    def _rows(self, query):
        return rows_of(self.folder, query)


@pytest.fixture(scope="module")
def open_room(new_data_folder, browser):
    room = Room(new_data_folder(), browser)
    with room.server():
        yield room


@pytest.fixture
def room(open_room):
    """The same server for every test: each asks its own question."""
    open_room.line.mend()
    open_room.troubles.clear()
    yield open_room
    for context in open_room.contexts:
        context.close()
    open_room.contexts.clear()
    assert open_room.troubles == []


def ask(console, text, *options):
    console.keyboard.press("v")
    console.fill("#poll-text", text)
    console.fill("#poll-options", "\n".join(options))
    console.press("#poll-text", "Enter")
    expect(console.locator("#asked")).to_contain_text(text)


def end(console):
    console.click("#big")
    expect(console.locator("#asked")).to_contain_text("已收题")


def choose(phone, place):
    phone.locator("#sheet label.mf-opt").nth(place).click()
    phone.click("#sheet-send button")


def test_the_hall_and_the_phone_follow_the_trainer_page_by_page(room):
    console, hall, phone = room.console(), room.hall(), room.phone()
    phone.click("#tab-deck")
    expect(phone.locator("#deck-page")).to_contain_text("1 / 5")
    for key, page in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowRight", 4), ("ArrowLeft", 3), ("ArrowLeft", 2)):
        console.keyboard.press(key)
        expect(hall.locator("#page")).to_have_text(f"{page} / 5")
        expect(phone.locator("#deck-page")).to_contain_text(f"{page} / 5")
    expect(console.locator("#page")).to_have_text("2 / 5")


def test_three_quick_presses_turn_three_pages(room):
    console, hall = room.console(), room.hall()
    console.keyboard.press("ArrowLeft")
    expect(hall.locator("#page")).to_have_text("1 / 5")
    for _ in range(3):
        console.keyboard.press("PageDown")
    expect(hall.locator("#page")).to_have_text("4 / 5")


def test_a_question_waits_for_the_trainer_before_the_room_sees_it(room):
    console, phone, hall = room.console(), room.phone(), room.hall()
    phone.click("#tab-ask")
    phone.fill("#ask-text", "决定书贴门口算送达吗？")
    phone.click("#ask-form button")
    expect(phone.locator("#ask-said")).to_contain_text("已收到")
    expect(console.locator("#qa")).to_contain_text("决定书贴门口算送达吗？")
    expect(phone.locator("#qa li")).to_have_count(0)
    console.click("#qa >> text=上墙")
    expect(phone.locator("#qa li")).to_contain_text("决定书贴门口算送达吗？")
    phone.click("#qa button")
    expect(phone.locator("#qa button")).to_have_text("已算上您，1 人")
    console.get_by_role("button", name="回答", exact=True).click()
    expect(hall.locator("#band")).to_contain_text("决定书贴门口算送达吗？")


def test_a_quiz_ends_with_the_right_answer_and_the_board_of_the_halls(room):
    console, phone, hall = room.console(), room.phone(), room.hall()
    console.keyboard.press("q")
    console.select_option("#quiz-question", index=1)
    console.click("#quiz-form button[type=submit]")
    expect(hall.locator("#asked")).to_contain_text("申请复议的期限")
    expect(hall.locator("#asked .left")).to_contain_text("还有")
    expect(hall.locator("#asked .n")).to_have_count(0)  # who answers later must not see what others chose
    choose(phone, 0)
    expect(phone.locator("#sheet-foot")).to_contain_text("已收到")
    end(console)
    expect(hall.locator("#asked .is-right")).to_contain_text("六十日")
    expect(hall.locator("#asked .is-right")).to_contain_text("正确答案")
    expect(hall.locator("#board .is-mine")).to_contain_text("穗安街道会场")
    expect(phone.locator("#sheet .is-right")).to_contain_text("六十日")
    console.keyboard.press("ArrowRight" if console.locator("#previous").is_disabled() else "ArrowLeft")
    expect(hall.locator("#asked")).to_be_hidden()


def test_a_hand_is_called_and_the_hall_reads_who_speaks(room):
    console, phone, hall = room.console(), room.phone(), room.hall()
    phone.click("#hand")
    expect(console.locator("#hands li")).to_contain_text("甲0")
    console.click("#hands >> text=请发言")
    expect(hall.locator("#band")).to_contain_text("甲0")
    expect(phone.locator("#floor")).to_contain_text("请您发言")
    console.click("#floor >> text=收回话筒")
    expect(hall.locator("#band")).not_to_contain_text("甲0")


def test_what_is_drawn_on_the_desk_is_seen_in_the_hall(room):
    console, hall = room.console(), room.hall()
    console.keyboard.press("p")
    box = console.locator("#slide").bounding_box()
    console.mouse.move(box["x"] + 60, box["y"] + 60)
    console.mouse.down()
    for step in range(12):
        console.mouse.move(box["x"] + 60 + 20 * step, box["y"] + 60 + 5 * step)
    console.mouse.up()
    expect(console.locator("#line")).to_have_text(re.compile("本机延迟"))
    strokes = room.strokes()
    assert strokes != []
    expect(hall.locator("#slide polyline")).to_have_count(len(strokes))
    hall.reload()
    expect(hall.locator("#slide polyline")).to_have_count(len(strokes))
    console.keyboard.press("Backspace")
    expect(hall.locator("#slide polyline")).to_have_count(0)


def test_the_code_on_the_hall_s_screen_signs_the_phone_in(room):
    console, phone, hall = room.console(), room.phone(), room.hall()
    console.keyboard.press("s")
    console.click("#sign-form button[type=submit]")
    expect(hall.locator("#qr img")).to_be_visible()
    expect(hall.locator("#qr img")).not_to_have_js_property("naturalWidth", 0)
    phone.fill("#checkin-code", "12")
    phone.press("#checkin-code", "Enter")
    expect(phone.locator("#checkin-said")).to_have_text("口令是大屏上的 4 位数字")
    phone.fill("#checkin-code", re.sub(r"\D", "", hall.locator("#spoken").inner_text()))
    phone.press("#checkin-code", "Enter")
    expect(phone.locator("#signed")).to_be_visible()
    expect(console.locator("#halls")).to_contain_text("签到 1 / ")
    expect(hall.locator("#signed")).to_contain_text("签到 1 / ")
    phone.reload()
    expect(phone.locator("#signed")).to_be_visible()
    expect(phone.locator("#checkin")).to_be_hidden()
    console.keyboard.press("s")
    expect(hall.locator("#sign")).to_be_hidden()


def test_the_steward_counts_heads_and_ticks_who_has_no_phone(room):
    console, steward = room.console(), room.screen("steward", "room")
    console.keyboard.press("s")
    console.click("#sign-form button[type=submit]")
    expect(console.locator("#sign-word")).to_have_text("结束签到")
    steward.click("#tab-hall")
    steward.fill("#heads", "24")
    steward.click("#heads-more")
    steward.click("#heads-form button[type=submit]")
    expect(steward.locator("#heads-now")).to_have_text("已报 25 人，等另一个人确认")
    expect(console.locator("#halls")).to_contain_text("25 人到场")
    steward.click("#heads-confirm")  # the same person is not the second one
    expect(steward.locator("#heads-said")).to_contain_text("要由另一个人来确认")
    steward.locator("#roster li", has_text="甲2").get_by_role("button", name="代签").click()
    expect(steward.locator("#roster li", has_text="甲2")).to_contain_text("待另一人确认")
    console.keyboard.press("s")
    expect(console.locator("#sign-word")).to_have_text("签到")


def test_the_first_page_of_a_phone_is_at_most_120_kilobytes(room):
    page = room.context("cadre", room.url, PHONE).new_page()
    network, received = page.context.new_cdp_session(page), []
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda loaded: received.append(loaded["encodedDataLength"]))
    page.goto(f"/live/{room.made['training']}/room/")
    expect(page.locator("#line")).to_have_text("已同步")
    assert 30 * 1024 < sum(received) < 120 * 1024


@pytest.mark.parametrize("size", ["standard", "large", "xlarge"])
def test_no_screen_is_wider_than_a_phone_of_320_pixels(room, size):
    console = room.console()
    ask(console, "这是一个很长的问题，用来看看窄的手机上会不会横着滚动？", "第一个选项写得比较长一些", "二")
    phone = room.screen("cadre", "room", size={"width": 320, "height": 640})
    for page in (phone, console):
        page.evaluate("size => document.documentElement.setAttribute('data-mf-text', size)", size)
    console.set_viewport_size({"width": 320, "height": 640})
    expect(phone.locator("#sheet-send button")).to_be_in_viewport()
    for tab in ("#tab-deck", "#tab-ask", "#tab-act"):
        phone.locator("#sheet-close").evaluate("button => button.click()")
        phone.click(tab)
        assert phone.evaluate("document.documentElement.scrollWidth") == 320
    assert console.evaluate("document.documentElement.scrollWidth") == 320
    end(console)


KEEP = "names => names.forEach(name => localStorage.setItem(name, '[]'))"
KEPT = "() => Object.keys(localStorage).filter(name => name.startsWith('mf-live-')).sort()"


def test_what_another_person_left_unsent_on_this_device_is_forgotten_but_not_by_the_hall_s_screen(room):
    others = ["mf-live-99-cadre-777777", "mf-live-99-trainer-888888"]
    hall = room.hall()
    hall.evaluate(KEEP, others)
    hall.reload()
    expect(hall.locator("#line")).to_contain_text("线路良好")
    assert hall.evaluate(KEPT) == others
    phone = room.phone()
    own = f"mf-live-99-steward-{json.loads(phone.locator('#room-data').inner_text())['person']}"
    phone.evaluate(KEEP, [*others, own])
    phone.reload()
    expect(phone.locator("#line")).to_have_text("已同步")
    assert phone.evaluate(KEPT) == [own]
