"""Live trainings for every reader: axe finds nothing and nothing is cut off, with 21 halls, long names, in every state."""
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.servers import running_server

from .test_browser import RULES, STICKING_OUT

PREPARE = """
import json
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit
from courses.live import actions
from courses.live.board import Actor
from courses.live.proofs import door_key
from tests.library.texts import articles, bring_in, edition
from tests.live import scene as scenes
LONG = "嘉禾区云栖岭镇生态农业示范园区管理服务中心（综合行政执法大队）"

scenes.NOW = now = timezone.now()
scene = scenes.build()
for number in range(19):
    people.create_unit(name=LONG[:28] + f"{number:02d}", kind="township", parent=scene.district, by=scene.boss, now=scenes.BEFORE)
    scene.district.refresh_from_db()
units = list(OrgUnit.objects.filter(depth=2))

def training(*states, title="专题法治理论培训班（面向镇街信访、司法、综合行政执法人员）"):
    made = scene.training = actions.create_training(
        title=(title * 4)[:100], unit=scene.district, starts_at=now, ends_at=now + timedelta(hours=2), venues=units,
        by=scene.trainer, now=now)
    scene.venues = list(made.venues.order_by("unit__path"))
    scene.turn(*states, now=now)
    return made

rooms = {"lobby": training("scheduled", "lobby"), "ended": training("scheduled", "lobby", "live", "ended"),
         "cancelled": training("scheduled", "cancelled"), "draft": training(), "paused": training("scheduled", "lobby", "live")}
bring_in(edition(body=articles("使用石凳的人认为园林部门的决定侵犯其合法权益的，可以自知道该决定之日起六十日内提出申请。" * 9)))
scene.do("law.show", {"law": "石凳管理条例", "article": "第一条"}, now=now)
notice = "下午两点半在原会场继续上课，请各会场管理员课前十五分钟打开大屏并试一试话筒。" * 2
scene.do("session.notice", {"text": notice, "level": "info"}, now=now)
scene.do("session.state", {"to": "paused", "reason": "讲师在路上遇到塌方，绕行需要二十分钟，请各会场稍候"}, now=now)
rooms["live"] = training("scheduled", "lobby", "live")
scene.do("slide.deck", {"deck": "d999", "pages": 40, "sha": "x"}, now=now)
scene.do("checkin.open", {"kind": "qr", "seconds": 3600}, now=now)
for place in range(6):
    cadre = scene.sitting(place)
    named = Actor("cadre", cadre.id, "欧阳宛如·阿依古丽·买买提江", cadre.venue)
    scene.do("hand.up", actor=named, now=now)
    scene.do("qa.new", {"text": "决定书贴在公告栏上，三个月以后才看到，算不算送达？" * 4}, actor=named, now=now)
for one in scene.state["qa"][:3]:
    scene.do("qa.approve", {"id": one["id"]}, now=now)
scene.do("qa.pin", {"id": scene.state["qa"][-1]["id"]}, now=now)
option = "对行政机关作出的行政处罚决定、行政强制措施、行政强制执行决定不服，或者认为行政机关侵犯农村土地承包经营权"
scene.do("poll.open", {"kind": "multi", "text": "下列哪些属于行政复议的受案范围？" * 5, "options": [option] * 8}, now=now)
scene.answer(f"p{scene.state['seq']}", [0], now=now)
keys = {}
for name, user in {"trainer": scene.trainer, "steward": scene.steward, "cadre": scene.cadres[0]}.items():
    client = Client()
    client.force_login(user)
    keys[name] = client.session.session_key
rooms = {name: [one.pk, one.venues.order_by("unit__path").first().pk] for name, one in rooms.items()}
print(json.dumps({"keys": keys, "rooms": rooms}))
"""
PHONES = [(390, "standard", "off"), (320, "xlarge", "on")]
DESKS = [(1440, "standard", "off"), (390, "xlarge", "on")]
# What a reader would have to scroll to on a screen that nobody can scroll.
CUT_OFF = """() => Array.from(document.querySelectorAll("#asked, #law, #wait, .lv-hall-strip, .lv-hall-rail"))
  .filter(one => !one.hidden && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1))
  .map(one => "cut off: " + one.id + one.className)"""


class Place:
    def __init__(self, folder, browser):
        self.made = json.loads(folder.manage("shell", "-v0", "-c", PREPARE).strip().splitlines()[-1])
        self.browser, self.contexts, self.url = browser, [], ""

    def page(self, who, address, width, text="standard", contrast="off", height=900, room="live"):
        context = self.browser.new_context(viewport={"width": width, "height": height}, base_url=self.url, locale="zh-CN")
        values = {"sessionid": self.made["keys"][who], "mf_text": text, "mf_contrast": contrast}
        context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in values.items()])
        self.contexts.append(context)
        training, venue = self.made["rooms"][room]
        page = context.new_page()
        assert page.goto(f"/live/{address.format(training=training, venue=venue)}").status == 200, address
        return page


@pytest.fixture(scope="module")
def place(new_data_folder, browser):
    made = Place(folder := new_data_folder(), browser)
    with running_server(folder) as server:
        made.url = server.url
        yield made
        for context in made.contexts:
            context.close()


def flaws(page, *more):
    found = Axe().run(page, options=RULES).response["violations"]
    wrong = [(one["id"], one["nodes"][0]["html"]) for one in found] + page.evaluate(STICKING_OUT)
    return wrong + [line for script in more for line in page.evaluate(script)]


@pytest.mark.parametrize(("width", "text", "contrast"), DESKS)
def test_the_trainers_desk_is_sound(place, width, text, contrast):
    page = place.page("trainer", "{training}/console/", width, text, contrast)
    expect(page.locator("#halls li")).to_have_count(21)
    expect(page.locator("#qa li")).to_have_count(6)
    assert flaws(page) == []
    for form in ("poll", "law", "sign", "quiz", "notice", "caption", "timer", "mark", "pause", "finish"):
        page.locator(f"[aria-controls={form}-form]").first.evaluate("button => button.click()")
    assert flaws(page) == []


@pytest.mark.parametrize(("width", "text", "contrast"), PHONES)
def test_the_phones_of_cadre_and_steward_are_sound(place, width, text, contrast):
    page = place.page("steward", "{training}/room/", width, text, contrast)
    expect(page.locator("#sheet label.mf-opt")).to_have_count(8)
    assert flaws(page) == []
    page.click("#sheet-close")
    for tab in ("act", "ask", "hall", "deck"):
        page.click(f"#tab-{tab}")
        assert flaws(page) == [], tab
    # Nobody is asked to sign in before there is a way to.
    page = place.page("cadre", "{training}/room/", width, text, contrast, room="lobby")
    expect(page.locator("#state")).to_have_text("马上开始")
    page = place.page("cadre", "{training}/room/", width, text, contrast, room="paused")
    expect(page.locator("#state")).to_contain_text("暂停中")
    expect(page.locator("#law .txt")).to_be_visible()
    assert flaws(page) == []


def test_nothing_is_cut_off_on_the_wall_of_a_hall(place):
    for room, words in {"live": "受案范围", "lobby": "马上开始", "paused": "塌方", "ended": "下课了"}.items():
        page = place.page("trainer", "{training}/venue/{venue}/", 1920, height=1080, room=room)
        expect(page.locator("main")).to_contain_text(words)
        assert flaws(page, CUT_OFF) == [], room
        # A law beside the question would take the room of the answers.
        assert page.locator("#asked").is_visible() == (room == "live")


@pytest.mark.parametrize(("width", "text", "contrast"), [(360, "xlarge", "on"), (1440, "standard", "off")])
def test_lists_and_the_pages_of_a_hall_without_a_line_are_sound(place, width, text, contrast):
    page = place.page("trainer", "", width, text, contrast)
    assert flaws(page) == []
    for room, address in {"ended": "{training}/", "draft": "{training}/", "live": "{training}/venue/{venue}/offline/"}.items():
        page = place.page("trainer", address, width, text, contrast, room=room)
        assert flaws(page) == [], address
    with page.expect_download():
        page.get_by_role("button", name="下载离线包").click()
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator("main")).to_contain_text("还没有选文件")
    assert flaws(page) == []


def test_the_desk_works_from_the_keyboard_and_lists_its_keys(place):
    page = place.page("trainer", "{training}/console/", 1440, room="paused")
    expect(page.locator(".lv-keys")).to_contain_text("最大的那个按钮")
    letters = page.locator(".lv-controls [data-letter]").evaluate_all("all => all.map(one => one.dataset.letter)")
    listed = page.locator(".lv-keys dt").all_inner_texts()
    assert set(letters) <= set(listed)
    page.keyboard.press("v")
    expect(page.locator("#poll-text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#poll-form")).to_be_hidden()
    page.click("#keys")
    page.keyboard.press("v")
    expect(page.locator("#poll-form")).to_be_hidden()
