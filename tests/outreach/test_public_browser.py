"""The public site and the pages behind it in a real Chromium: sound for axe, no wider than 320 px, useful without scripts."""
import pytest
from playwright.sync_api import expect

from outreach.models import CampaignPage
from tests.look.test_browser import flaws

from . import public_scene
from .public_scene import LAW
from .test_browser import LONG, PASSWORD, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    scene = public_scene.build()
    scene.publish(scene.case())
    long = f"<h2>{LONG}</h2><p>{LONG * 3}《石凳办法》第二条。</p><ul><li>{LONG}</li></ul>"
    body = [("text", long), ("law", {"law": LAW, "article": "2"})]
    scene.publish(scene.page(LONG * 2, CampaignPage, slug="long", when="宪法宣传周", contact=LONG, body=body))
    scene.submit(scene.page(summary="有事请来。"))
    scene.draft = scene.page("草稿：打电话", slug="draft", summary="打 13800138000 问。")
    for person in (scene.writer, scene.reviewers[0]):
        person.username, person.must_change_password = f"user{person.pk}", False
        person.set_password(PASSWORD)
        person.save()
    return scene


def test_a_visitor_without_scripts_finds_a_case_by_its_article(scene, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/public/")
    page.get_by_role("link", name="以案释法", exact=True).first.click()
    page.click("text=按法律和条文找")
    page.get_by_role("link", name="第二条").click()
    page.click("text=树下的石凳")
    expect(page.locator("blockquote")).to_contain_text("照价赔偿")
    page.click("text=特大字")
    assert page.locator("html").get_attribute("data-mf-text") == "xlarge"
    assert page.context.cookies() == []


def test_public_pages_and_those_behind_them_are_sound_on_the_smallest_phone(scene, new_page):
    page = new_page(width=320, height=800)
    for address in ("", "list/cases/", "list/cases/by-law/", "list/notices/", "long/"):
        page.goto(f"/public/{address}?text=xlarge")
        assert (address, flaws(page)) == (address, [])
    assert page.context.cookies() == []
    sign_in(page, scene.writer)
    for address in ("", f"{scene.draft.pk}/", "words/"):
        page.goto(f"/outreach/publishing/{address}")
        assert (address, flaws(page)) == (address, [])
    reviewer = new_page(width=320, height=800)
    sign_in(reviewer, scene.reviewers[0])
    reviewer.goto("/review/")
    reviewer.click("text=从第一件开始审")
    assert flaws(reviewer) == []
    reviewer.fill("#opinion", "看过，可以。")
    reviewer.click("text=签一审一校通过")
    expect(reviewer.locator("main")).to_contain_text("待二审")
