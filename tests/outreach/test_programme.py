"""A plan and its public page: the stops are signed with the text, the quiz stands beside it; 三审三校发布篇数."""
import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.indicators.registry import indicator
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Month, Year
from mingfa.review.models import Review

from outreach import actions
from outreach.actions import publishing
from outreach.models import CampaignPage, PublicText, Stop
from outreach.models.signed import content_of
from outreach.publishing.texts import latest_of, page_of, programme
from tests.exported import table

from . import public_scene
from .public_scene import NOW, fresh
from .scene import browser
from .test_views import text

LATER = NOW + timedelta(days=1)


@pytest.fixture
def scene(db):
    with time_machine.travel(LATER, tick=False):
        yield public_scene.build()


@pytest.fixture
def campaign(scene):
    """An approved plan with a stop that is over and one to come."""
    words = {"by": scene.writer, "now": NOW}
    outline = actions.Outline("宪法宣传周", date(2026, 12, 1), date(2026, 12, 7), theme="一张决定书送到家")
    made = actions.draw_up_campaign(outline, unit=scene.district, **words)
    for day, spot in ((date(2026, 12, 2), "老街集市"), (date(2026, 12, 6), "文化广场")):
        actions.add_stop(made, unit=scene.other, planned_on=day, form="advice", spot=spot, **words)
    actions.submit_campaign(made, **words)
    return actions.decide_campaign(made, approved=True, opinion="", by=scene.reviewers[0], now=NOW)


@pytest.fixture
def page(scene, campaign):
    return scene.page("一张决定书送到家", CampaignPage, campaign=campaign, when="宪法宣传周")


def ask(scene, campaign):
    """A quiz of the plan with a code for all its sheets."""
    bank = bank_actions.create_bank(name="公开题", unit=scene.district, by=scene.boss, now=NOW)
    releases = []
    for number in range(3):
        draft = QuestionDraft(type="single", stem=f"第 {number} 题？", options=("能", "不能"), answer="A", explanation="能。")
        question = bank_actions.create_question(bank, draft, by=scene.boss, now=NOW)
        releases.append(actions.release_question(question, by=scene.boss, now=NOW))
    quiz = actions.create_quiz(
        name="三道题", unit=scene.district, releases=releases, campaign=campaign, by=scene.writer, now=NOW
    )
    return actions.make_code(quiz, unit=scene.district, spot="海报", by=scene.writer, now=NOW)


def test_the_public_page_of_a_plan_shows_its_stops_and_its_quiz(scene, campaign, page):
    code = ask(scene, campaign)
    shown = Client().get(f"/public/{scene.publish(page).slug}/")
    assert "来身边 12 月 6 日 柳汀湾镇文化广场 法律咨询 日子已过的 1 场 12 月 2 日 柳汀湾镇老街集市 法律咨询" in text(shown)
    assert "三道题，一分钟" in text(shown)
    assert f'href="/q/{code.slug}/"' in shown.content.decode()
    assert "style=" not in shown.content.decode()


def test_the_stops_are_part_of_what_is_signed_and_a_changed_row_shows_nothing_unsigned(scene, page):
    public = scene.publish(page)
    Stop.objects.filter(spot="文化广场").update(spot="别处")
    shown = text(Client().get(f"/public/{public.slug}/"))
    assert "文化广场" in shown
    assert "别处" not in shown
    assert json.loads(content_of(latest_of(page.pk)))["programme"]["stops"][1][1] == "柳汀湾镇别处"


def test_a_unit_that_gets_another_name_changes_no_word_that_was_signed(scene, page):
    public = scene.publish(page)
    OrgUnit.objects.filter(pk=scene.other.pk).update(name="柳汀新镇")
    assert "柳汀湾镇文化广场" in text(Client().get(f"/public/{public.slug}/"))
    fresh(page).save()  # still the signed text: Wagtail may save it
    shown = text(browser(scene.writer).get(reverse("publishing:page", args=[page.pk])))
    assert "已发布" in shown
    assert "单位名称在签审以后改过" in shown
    scene.sign_all(scene.submit(page))
    assert "柳汀新镇文化广场" in text(Client().get(f"/public/{public.slug}/"))


def test_a_name_changed_while_a_page_is_signed_is_no_edit_and_what_was_read_is_published(scene, page):
    review = scene.submit(page)
    scene.sign(review, scene.reviewers[0])
    OrgUnit.objects.filter(pk=scene.other.pk).update(name="柳汀新镇")
    latest_of(page.pk).save_revision(user=scene.writer)
    scene.sign(review, scene.reviewers[1], secrecy=True)
    scene.sign(review, scene.reviewers[2])
    shown = text(Client().get(f"/public/{fresh(page).slug}/"))
    assert "柳汀湾镇文化广场" in shown
    assert "柳汀新镇" not in shown


def test_a_text_signed_before_places_were_written_out_still_shows_them(scene, page):
    public = scene.publish(page)
    signed = PublicText.objects.get()
    whole = json.loads(signed.content)
    whole["programme"]["stops"] = [["2026-12-06", scene.other.pk, "文化广场", "advice"]]
    PublicText.objects.update(content=json.dumps(whole))
    assert [one.words for one in programme(page_of(PublicText.objects.get()))] == ["12 月 6 日，柳汀湾镇文化广场，法律咨询"]
    assert public.live


def test_who_signs_a_page_reads_the_stops_that_become_public_with_it(scene, page):
    review = scene.submit(page)
    shown = text(browser(scene.reviewers[0]).get(reverse("publishing:review", args=[review.pk])))
    assert "12 月 2 日 柳汀湾镇老街集市 法律咨询" in shown
    assert "12 月 6 日 柳汀湾镇文化广场 法律咨询" in shown


def test_a_release_names_who_signed_it_whatever_became_of_the_same_wording_since(scene):
    page = scene.publish(scene.page("坐坏了石凳"))
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        publishing.withdraw_page(page.pk, reason="再看看", by=scene.writer, now=LATER + timedelta(days=1))
        scene.submit(page, now=LATER + timedelta(days=1))
        shown = text(browser(scene.writer).get(reverse("publishing:published")))
    assert "一审人 二审人 三审人" in shown


def test_a_page_without_a_plan_keeps_the_text_it_was_signed_with(scene):
    plain = scene.page("没有计划的专题", CampaignPage)
    whole = json.loads(content_of(latest_of(plain.pk)))
    assert sorted(whole) == ["fields", "files", "kind", "parent"]
    assert "campaign" not in whole["fields"]


def test_choosing_another_plan_is_an_edit_and_begins_the_review_anew(scene, page):
    review = scene.submit(page)
    scene.sign(review, scene.reviewers[0])
    draft = latest_of(page.pk)
    draft.campaign = None
    draft.save_revision(user=scene.writer)
    assert list(Review.objects.order_by("pk").values_list("state", flat=True)) == ["void", "first"]


def test_the_stops_are_checked_for_personal_data_like_the_rest(scene, campaign):
    Stop.objects.filter(spot="文化广场").update(spot="王建国家，13812345678")
    page = scene.page("一张决定书", CampaignPage, campaign=campaign)
    answer = browser(scene.writer).get(reverse("publishing:page", args=[page.pk]))
    assert "还有" in text(answer)
    assert browser(scene.writer).post(reverse("publishing:submit", args=[page.pk])).status_code == 409


def test_the_page_of_a_plan_makes_the_draft_and_shows_where_it_stands(scene, campaign):
    writer = browser(scene.writer)
    address = reverse("outreach:campaign", args=[campaign.pk])
    assert "写公开专题" in text(writer.get(address))
    made = writer.post(reverse("outreach:campaign_page", args=[campaign.pk]))
    page = CampaignPage.objects.get()
    assert made.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (page.campaign, page.unit, page.live) == (campaign, scene.district, False)
    shown = text(writer.get(address))
    assert "公开专题 草稿 一张决定书送到家" in shown
    assert "写公开专题" not in shown
    neighbour = browser(scene.person("陈志远", Role.OUTREACH, unit=scene.other))
    assert neighbour.post(reverse("outreach:campaign_page", args=[campaign.pk])).status_code == 404


def test_two_presses_make_one_draft_of_a_plan_and_lead_to_it(scene, campaign):
    writer, address = browser(scene.writer), reverse("outreach:campaign_page", args=[campaign.pk])
    first, second = writer.post(address), writer.post(address)
    assert first.url == second.url
    assert CampaignPage.objects.count() == 1
    told = text(writer.get(reverse("outreach:campaign", args=[campaign.pk])))
    assert "这个计划已有公开专题" in told


def test_who_follows_the_link_of_a_quiz_that_was_closed_meanwhile_reads_when_and_can_go_on(scene, campaign, page):
    public, code = scene.publish(page), ask(scene, campaign)
    visitor = Client()
    assert f"/q/{code.slug}/" in visitor.get(f"/public/{public.slug}/").content.decode()
    actions.close_quiz(code.quiz, by=scene.writer, now=LATER)
    kept = visitor.get(f"/public/{public.slug}/").content.decode()
    assert f"/q/{code.slug}/" in kept  # the page is kept for ten minutes
    cache.delete(f"quiz-{code.slug}")  # as after the fifteen seconds for which a quiz is not asked about
    over = visitor.get(f"/q/{code.slug}/")
    assert over.status_code == 404
    assert "“三道题”已于 12 月 5 日 10:00 结束，现在不能再答" in text(over)
    assert f'href="/public/{public.slug}/"' in over.content.decode()
    assert "看普法公开栏目" in text(over)


def test_the_editor_offers_approved_plans_of_the_writers_own_units_only(scene, campaign, page):
    words = {"by": scene.writer, "now": NOW}
    outline = actions.Outline("还没批的计划", date(2026, 12, 1), date(2026, 12, 7))
    actions.draw_up_campaign(outline, unit=scene.district, **words)
    shown = browser(scene.writer).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "宪法宣传周" in shown
    assert "还没批的计划" not in shown


def test_an_exported_page_takes_its_stops_along(scene, page):
    writer = browser(scene.writer)
    assert writer.get(reverse("publishing:docx", args=[page.pk])).status_code == 200
    package = writer.get(reverse("publishing:package", args=[page.pk])).content
    assert package.startswith(b"PK")


def test_published_pages_are_counted_once_each_and_open_into_who_signed_them(scene):
    page = scene.publish(scene.page("坐坏了石凳"))
    draft = latest_of(page.pk)
    draft.title = "坐坏了石凳要赔"
    draft.save_revision(user=scene.writer)
    scene.sign_all(scene.submit(page))
    gone = scene.publish(scene.page("发错的一页", slug="wrong"))
    publishing.withdraw_page(gone.pk, reason="日期写错", by=scene.writer, now=LATER)
    scene.submit(scene.page("还在审的", slug="waits"))
    published = indicator("outreach_published")
    assert published.compute(scene.district, Year(2026)).text == "2"
    assert published.compute(scene.other, Year(2026)).text == "0"
    assert published.compute(scene.district, Month(2026, 11)).text == "0"
    shown = text(browser(scene.writer).get(reverse("publishing:published")))
    assert "公开 2 篇" in shown
    assert "一审人 二审人 三审人" in shown
    assert "撤下：日期写错" in shown
    assert "还在审的" not in shown
    found = table(browser(scene.writer).get(reverse("publishing:published_xlsx")))
    assert [(row[0], row[6]) for row in found[1:]].count(("发错的一页", "日期写错")) == 1
    assert len(found) == 4
    assert {row[3] for row in found[1:]} == {"一审人、二审人、三审人"}


def test_AZ1_who_signed_is_shown_to_writers_reviewers_and_leaders_only(scene):
    scene.publish(scene.page())
    leader = browser(scene.person("唐守正", Role.LEADER))
    shown = leader.get(reverse("publishing:published"))
    assert "坐坏了石凳" in text(shown)
    assert "信息发布审核表" not in text(shown)
    assert browser(scene.person("陈志远")).get(reverse("publishing:published")).status_code == 403
    neighbour = browser(scene.person("江月", Role.OUTREACH, unit=scene.other))
    assert "坐坏了石凳" not in text(neighbour.get(reverse("publishing:published")))
    assert len(table(neighbour.get(reverse("publishing:published_xlsx")))) == 1
    for name in ("published", "published_xlsx"):
        assert neighbour.get(reverse(f"publishing:{name}"), {"place": scene.district.pk}).status_code == 404


def test_a_page_that_was_public_stays_whole_when_its_plan_is_closed(scene, campaign, page):
    public = scene.publish(page)
    actions.close_campaign(campaign, summary="办完了。", by=scene.writer, now=LATER)
    assert "老街集市" in text(Client().get(f"/public/{public.slug}/"))
    assert fresh(page).live
