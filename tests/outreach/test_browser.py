"""Outreach in a real Chromium: an activity recorded on a phone, and nothing for axe to find on any of its pages."""
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from playwright.sync_api import expect

from outreach import actions
from outreach.models import Activity, Stock
from tests.look.test_browser import READERS, flaws

from . import scene as scenes

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "Lian-Xi-2026"
LONG = "嘉禾区云栖岭镇生态农业示范园区管理服务中心（综合行政执法大队）"


@pytest.fixture
def scene(transactional_db):
    """The district with stock, as of today: a browser has its own clock."""
    scene, now = scenes.build(), timezone.now()
    today = timezone.localdate(now)
    material = scene.material("《不服行政决定怎么办》折页（大字版）", "leaflet", low_at=500)
    received = actions.receive_print(
        material, label="2026 年第 1 批", place=scene.district, quantity=800, day=today, by=scene.keeper, now=now
    )
    batch = received.lines.first().batch
    words = {"day": today, "by": scene.keeper, "now": now}
    actions.transfer_stock(batch, place=scene.district, to=scene.town, quantity=300, **words)
    wrong = actions.hand_out([(batch, 40)], place=scene.town, spot="澄溪镇老街集市东头", **words)
    actions.reverse_movement(wrong, note="多记 40", by=scene.keeper, now=now)
    record = actions.Record("送法进" + LONG, "visit", today, "院坝", 260)
    actions.record_activity(record, unit=scene.other, handed=[], by=scene.keeper, now=now)
    for person in (scene.towner, scene.keeper):
        person.username, person.must_change_password = f"user{person.pk}", False
        person.set_password(PASSWORD)
        person.save()
    return scene


def sign_in(page, person):
    page.goto(reverse("account_login"))
    page.fill("input[name=login]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/me/")


def test_an_activity_is_recorded_on_a_phone_in_one_form(scene, new_page):
    page = new_page(width=390, height=844)
    sign_in(page, scene.towner)
    page.goto("/outreach/")
    page.click("text=记一次活动")
    page.fill("#id_name", "赶集日宪法宣传")
    page.fill("#id_spot", "老街集市")
    page.fill("#id_audience", "260")
    page.fill("#id_consulted", "34")
    page.locator("#id_handed-0-stock").select_option(index=1)
    page.fill("#id_handed-0-quantity", "301")
    page.click("main form button[type=submit]")
    expect(page.locator("[data-mf-errors]")).to_contain_text("只有 300 份，不能出 301 份")
    new_page.expected += ["422"]  # the browser's own word for the refusal
    page.fill("#id_handed-0-quantity", "120")
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_have_text("赶集日宪法宣传")
    activity = Activity.objects.get(name="赶集日宪法宣传")
    assert (activity.unit, activity.audience, activity.state) == (scene.town, 260, "recorded")
    assert Stock.objects.get(place=scene.town).balance == 180


def more_addresses(scene, batch):
    """The pages of a plan, a duty and a quiz with its code, and those of the visitor."""
    now = timezone.now()
    words, today = {"by": scene.keeper, "now": now}, timezone.localdate(now)
    duty = actions.save_duty(None, unit=scene.district, year=today.year, subject=f"《{LONG}》条例", **words)
    outline = actions.Outline("宪法宣传周" + LONG, today, today, duties=(duty,))
    plan = actions.draw_up_campaign(outline, unit=scene.district, **words)
    actions.add_stop(plan, unit=scene.town, planned_on=today, form="stall", spot=LONG, **words)
    actions.allot_material(plan, material=batch.material, quantity=200, **words)
    code = quiz_code(scene, batch, words)
    return [
        "/outreach/campaigns/", "/outreach/campaigns/new/", reverse("outreach:campaign", args=[plan.pk]),
        "/outreach/duties/", "/outreach/duties/new/", "/outreach/duties/import/", "/outreach/figures/",
        "/outreach/coverage/", "/outreach/coverage/?show=none", f"/outreach/coverage/?place={scene.town.pk}",
        "/outreach/publishing/published/", "/public/list/search/?q=x",
        "/outreach/calendar/days/new/", "/outreach/quizzes/", "/outreach/quizzes/new/", "/outreach/quizzes/effects/",
        reverse("outreach:quiz", args=[code.quiz_id]), reverse("outreach:code", args=[code.pk]),
        reverse("outreach:labels", args=[code.pk]), reverse("quiz:quiz", args=[code.slug]), "/q/nosuch/",
    ]  # fmt: skip


def quiz_code(scene, batch, words):
    bank = bank_actions.create_bank(name="公开题", by=scene.boss, now=words["now"], unit=scene.district)
    draft = QuestionDraft(type="multiple", stem="", options=("能", "去信访" + LONG), answer="A", explanation="能。")
    made = [
        bank_actions.create_question(bank, replace(draft, stem=f"{LONG}，第 {n} 题？"), by=scene.boss, now=words["now"])
        for n in range(3)
    ]
    releases = [actions.release_question(one, **words) for one in made]
    quiz = actions.create_quiz(name="三道题", unit=scene.district, releases=releases, **words)
    return actions.make_code(quiz, unit=scene.town, batch=batch, **words)


@pytest.mark.parametrize(("width", "text", "contrast"), READERS)
def test_no_page_of_outreach_has_a_flaw_or_is_wider_than_the_screen(scene, new_page, width, text, contrast):
    page = new_page(width=width, height=900)
    new_page.expected += ["404"]  # the browser's own word for a code that is none
    sign_in(page, scene.keeper)
    base = page.url.removesuffix("me/")
    values = {"mf_text": text, "mf_contrast": contrast}
    page.context.add_cookies([{"name": name, "value": value, "url": base} for name, value in values.items()])
    activity, stock = Activity.objects.get(), Stock.objects.first()
    movement = stock.batch.lines.filter(movement__kind="transfer").first().movement_id
    addresses = [
        "/outreach/", "/outreach/calendar/", "/outreach/activities/new/", reverse("outreach:activity", args=[activity.pk]),
        "/outreach/materials/", reverse("outreach:material", args=[stock.batch.material_id]), "/outreach/materials/new/",
        "/outreach/materials/lines/stock/", "/outreach/entries/new/hand_out/", "/outreach/entries/new/receive/",
        "/outreach/entries/import/", reverse("outreach:reverse", args=[movement]),
    ]  # fmt: skip
    if width in (320, 1440):  # the hardest and the widest: the others meet the same parts on the pages above
        addresses += more_addresses(scene, stock.batch)
    found = {}
    for address in addresses:
        page.goto(address)
        if wrong := flaws(page):
            found[address] = wrong
    assert found == {}
