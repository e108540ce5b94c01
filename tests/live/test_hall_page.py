"""The page of a hall without a line in real Chromium, opened from the disk; what it exports is merged for real."""
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import expect

from courses.live import actions, facts
from courses.live.models import Answer, Deck, HallResult, Slide
from tests.look.test_browser import RULES, STICKING_OUT

from . import scene as scenes
from .hall import Laptop

pytestmark = pytest.mark.django_db(transaction=True)
# One white point, lossless.
WEBP = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")


@pytest.fixture
def scene(transactional_db, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(scenes, "NOW", now)
    monkeypatch.setattr("tests.live.hall.NOW", now)
    made = scenes.build()
    made.begin(now=now)
    return made


@pytest.fixture
def laptop(scene):
    """With two pages of slides, a poll of the class and a question of the bank."""
    now = timezone.now()
    deck = Deck.objects.create(
        training=scene.training, name="复议", state="ready", pages=2, created_at=now, created_by=scene.trainer, touched_at=now
    )
    for number in (1, 2):
        slide = Slide.objects.create(deck=deck, number=number, sha=f"{number}" * 64, size=1, width=1, height=1, title="起算")
        default_storage.save(slide.path, ContentFile(WEBP))
    asked = {"kind": "single", "text": "收到过吗？", "options": ["收到过", "没有收到过"]}
    poll = actions.prepare_poll(scene.training, by=scene.trainer, now=now, **asked)
    actions.prepare_question(scene.training, scene.question(), by=scene.trainer, now=now)
    scene.do("poll.open", {**asked, "prepared": poll.pk}, now=now)
    yield Laptop(scene)
    for slide in deck.slides.all():
        default_storage.delete(slide.path)


@pytest.fixture
def disk(laptop, browser, tmp_path):
    """Function that opens the unpacked page as a person does, with whatever this browser has kept."""
    address = laptop.unpack(tmp_path)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    context.set_offline(True)
    troubles = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)

    def open_page():
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    context.close()
    assert troubles == []


def flaws(page):
    found = Axe().run(page, options={**RULES, "preload": False}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found] + page.evaluate(STICKING_OUT)


def export(page, folder) -> Path:
    page.click("#tab-out")
    with page.expect_download() as waiting:
        page.click("#export")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_whole_class_on_the_disk_comes_home(scene, laptop, disk, tmp_path):
    page = disk()
    expect(page.locator("#roster button").first).to_be_disabled()
    page.click("#begin")
    page.locator("#roster button").nth(0).click()
    page.locator("#roster button").nth(1).click()
    expect(page.locator("#roster-title")).to_have_text("名册，2 / 5 人已签到")
    page.locator("#roster button").nth(1).click()  # a slip of the finger
    page.fill("#find", "甲2")
    expect(page.locator("#roster button")).to_have_count(1)
    page.locator("#roster button").click()
    page.click("#more")
    page.fill("#heads", "4")
    page.press("#heads", "Tab")
    page.click("#tab-deck")
    expect(page.locator("#stage img")).to_have_js_property("naturalWidth", 1)
    page.keyboard.press("PageDown")
    expect(page.locator("#page")).to_have_text("2 / 2")
    page.click("#tab-ask")
    page.get_by_label("A 举手人数").fill("3")
    page.get_by_label("B 举手人数").fill("1")
    page.get_by_label("B 举手人数").press("Tab")
    page.close()
    page = disk()  # a flat battery
    expect(page.locator("#roster-title")).to_have_text("名册，2 / 5 人已签到")
    page.click("#tab-ask")
    expect(page.get_by_label("A 举手人数")).to_have_value("3")
    page.select_option("#question", "1")
    page.get_by_role("button", name="逐人").click()
    page.get_by_role("button", name=re.compile("选 A$")).first.click()
    path = export(page, tmp_path)
    assert path.name.startswith("离线结果-穗安街道会场-")
    received = actions.receive_result(scene.venues[0], path.read_bytes(), actor=scene.stewarding(), now=timezone.now())
    actions.merge_result(received, actor=scene.stewarding(), now=timezone.now())
    assert actions.confirm_result(HallResult.objects.get(), actor=scene.teaching, now=timezone.now()) == 2
    assert facts.signed_by_venue(scene.training.pk) == {scene.venues[0].pk: 2}
    assert scene.state["venues"][str(scene.venues[0].pk)]["heads"] == 4
    assert scene.state["poll"]["counts"] == [3, 1]
    assert Answer.objects.count() == 4
    expect(page.locator("#out-said")).to_contain_text("已导出")
    page.click("#forget")
    expect(page.locator("#sums")).to_contain_text("0 / 5 人")
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(("width", "text"), [(1366, "standard"), (320, "xlarge")])
def test_every_tab_is_sound_and_a_wrong_clock_is_told_before_the_class(disk, width, text):
    page = disk()
    page.set_viewport_size({"width": width, "height": 768})
    page.evaluate("text => document.documentElement.dataset.mfText = text", text)
    page.clock.set_fixed_time("2009-01-01")
    page.click("#begin")
    expect(page.locator("#trouble")).to_contain_text("这台电脑的时钟不对")
    page.clock.set_fixed_time(timezone.now())
    page.click("#begin")
    expect(page.locator("#trouble")).to_be_hidden()
    page.locator("#roster button").first.click()
    for tab in ("sign", "deck", "ask", "out"):
        page.click(f"#tab-{tab}")
        assert flaws(page) == [], tab
    page.click("#forget")
    expect(page.locator("#forget-said")).to_contain_text("还有没导出的内容")
