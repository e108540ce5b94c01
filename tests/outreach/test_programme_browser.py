"""A visitor on a small phone: from the public page of a plan to its quiz and the slip at the end."""
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outreach import actions
from outreach.models import CampaignPage, Tally
from tests.look.test_browser import flaws

from . import public_scene
from .test_programme import ask

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "云栖岭镇生态农业示范园区管理服务中心（综合行政执法大队）门前的老街集市"


@pytest.fixture
def scene(transactional_db):
    """A public page of a plan whose stop is today: a browser has its own clock."""
    scene, now = public_scene.build(), timezone.now()
    today, words = timezone.localdate(now), {"by": scene.writer, "now": now}
    plan = actions.draw_up_campaign(actions.Outline("宪法宣传周", today, today), unit=scene.district, **words)
    actions.add_stop(plan, unit=scene.other, planned_on=today, form="advice", spot=LONG, **words)
    actions.submit_campaign(plan, **words)
    plan = actions.decide_campaign(plan, approved=True, opinion="", by=scene.reviewers[0], now=now)
    ask(scene, plan)
    scene.publish(scene.page("一张决定书送到家", CampaignPage, slug="plan", campaign=plan))
    return scene


def test_a_visitor_goes_from_the_page_of_a_plan_through_its_quiz_to_a_slip(scene, new_page):
    page = new_page(width=320, height=800)
    page.goto("/public/plan/?text=xlarge")
    assert flaws(page) == []
    expect(page.locator(".pub-programme")).to_contain_text("今天")
    page.click("text=开始答题")
    for number in range(3):
        page.locator(".mf-opt", has_text="不能").click()
        page.click("text=看答案")
        assert flaws(page) == []
        if number < 2:
            page.locator("main a.btn-primary").click()
    page.click("text=要一张答题凭证")
    expect(page.locator("main")).to_contain_text("3 题，答对 0 题")
    assert flaws(page) == []
    assert page.context.cookies() == []
    assert Tally.objects.count() == 3
