"""The print kit of a campaign: what may be printed is what three people have signed."""
import json
import re

import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import OrgUnit, Role
from mingfa.review import actions as reviewing
from mingfa.review.models import Review
from mingfa.review.registry import kind_of

from outreach import actions, kit
from outreach.actions import wordlist
from outreach.actions.kit import submit_kit
from outreach.engine.refusals import WrongState
from outreach.models import Code, KitText

from .scene import NOW, browser
from .test_campaigns import approved, campaign, checker  # noqa: F401 fixtures
from .test_quiz import bank, quiz  # noqa: F401 fixtures
from .test_views import text

WORDS = {"title": "不服决定#怎么办", "first": "看清日期。", "second": "找对机关", "help": "法律服务热线 12348"}
SAID = kit.Words("不服决定#怎么办", ("看清日期。", "找对机关"), "法律服务热线 12348")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(scene, campaign, checker):  # noqa: F811
    return approved(campaign, scene, checker)


@pytest.fixture
def reviewers(scene):
    roles = (Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)
    return [scene.person(f"{word}审人", scene.district, role) for word, role in zip("一二三", roles, strict=True)]


def hand_in(scene, plan, words=SAID, by=None):
    return submit_kit(plan, words, by=by or scene.keeper, now=NOW)


def sign(review, by, **more):
    return reviewing.sign_review(review.pk, by=by, now=NOW, text_hash=review.text_hash, opinion="看过", **more)


def sign_all(review, reviewers):
    for number, person in enumerate(reviewers):
        sign(review, person, secrecy=number == 1)
    return KitText.objects.get(pk=review.target_id)


def pdf_of(page) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+\.pdf[^"]*)"', page.content.decode())]


def test_words_are_laid_out_as_proofs_then_signed_by_three_and_only_then_printed(scene, plan, reviewers, quiz):  # noqa: F811
    quiz.campaign = plan
    quiz.save()
    actions.make_code(quiz, unit=scene.district, spot="广场", by=scene.keeper, now=NOW)
    keeper, address = browser(scene.keeper), reverse("outreach:kit", args=[plan.pk])
    assert "请至少写一点" in text(keeper.get(address, {"title": "x", "first": ""}))
    page = keeper.get(address, WORDS)
    assert "带“三道题”的答题码" in text(page)
    assert len(pdf_of(page)) == len(kit.SHEETS)
    for one in pdf_of(page):
        answer = keeper.get(one)
        assert answer.content.startswith(b"%PDF")
        assert "-proof" in answer["Content-Disposition"]
    assert "样稿" in keeper.get(reverse("outreach:kit_proof_audio", args=[plan.pk]), WORDS).content.decode()
    assert "已送审" in text(keeper.post(reverse("outreach:kit_submit", args=[plan.pk]), WORDS, follow=True))
    review = Review.objects.get()
    waiting = reverse("outreach:kit_sheet", args=[review.target_id, "poster"])
    for number, person in enumerate(reviewers, 1):
        assert "-proof" in keeper.get(waiting)["Content-Disposition"]
        client, form = browser(person), reverse("outreach:kit_review", args=[review.pk])
        shown = text(client.get(form))
        assert "不服决定#怎么办" in shown
        assert "第二，找对机关。" in shown
        given = {"text_hash": review.text_hash, "step": number, "secrecy": "yes" if number == 2 else ""}
        assert client.post(reverse("outreach:kit_sign", args=[review.pk]), given).status_code == 302
    shown = keeper.get(address)
    assert "可以印的：不服决定#怎么办" in text(shown)
    for one in pdf_of(shown):
        assert "-proof" not in keeper.get(one)["Content-Disposition"]
    spoken = keeper.get(reverse("outreach:kit_audio", args=[review.target_id])).content.decode()
    assert spoken.count("第二，找对机关。") == 2
    assert "样稿" not in spoken
    assert "一审人" in text(keeper.get(reverse("outreach:kit_form", args=[review.pk])))
    assert Code.objects.get().slug in kit.code_of(plan).slug


def test_CM2_sheets_say_that_they_are_proofs_until_the_words_are_signed():
    said = {"title": "看清期限", "points": ["先看日期。"], "help": "", "when": "", "unit": "嘉禾区", "partners": "", "stops": []}
    for sheet in kit.SHEETS:
        assert kit.sheet_pdf(said, sheet, address=None, proof=True) != kit.sheet_pdf(said, sheet, address=None, proof=False)


def test_another_wording_begins_at_the_first_step_and_the_signed_one_may_be_printed_until_then(scene, plan, reviewers):
    first = sign_all(hand_in(scene, plan), reviewers)
    waits = hand_in(scene, plan, kit.Words("看清期限", ("先看日期。",)))
    sign(waits, reviewers[0])
    third = hand_in(scene, plan, kit.Words("看清日子", ("先看日期。",)))
    assert [one.state for one in Review.objects.order_by("pk")] == ["passed", "void", "first"]
    page = text(browser(scene.keeper).get(reverse("outreach:kit", args=[plan.pk])))
    assert "可以印的：不服决定#怎么办" in page
    assert "在审的：看清日子" in page
    sign_all(third, reviewers)
    assert [one.state for one in Review.objects.order_by("pk")] == ["void", "void", "passed"]
    answer = browser(scene.keeper).get(reverse("outreach:kit_audio", args=[first.pk])).content.decode()
    assert "样稿" in answer


def test_the_same_wording_twice_is_one_review_and_a_returned_one_may_come_again(scene, plan, reviewers):
    keeper, address = browser(scene.keeper), reverse("outreach:kit_submit", args=[plan.pk])
    assert keeper.post(address, WORDS).status_code == 302
    again = keeper.post(address, WORDS)
    assert again.status_code == 409
    assert "没有送审：这一稿现在是“待一审”" in text(again)
    review = Review.objects.get()
    reviewing.return_review(review.pk, by=reviewers[0], now=NOW, text_hash=review.text_hash, opinion="写清哪天")
    page = text(keeper.get(reverse("outreach:kit", args=[plan.pk])))
    assert "退回来的：不服决定#怎么办" in page
    assert "写清哪天" in text(keeper.get(reverse("outreach:kit_review", args=[review.pk])))
    assert keeper.post(address, WORDS).status_code == 302
    assert [one.state for one in Review.objects.order_by("pk")] == ["void", "first"]


def test_nobody_who_wrote_on_the_words_signs_them(scene, plan, reviewers):
    second = scene.person("江月", scene.district, Role.OUTREACH, Role.REVIEWER_1)
    hand_in(scene, plan, by=second)
    review = hand_in(scene, plan, kit.Words("看清期限", ("先看日期。",)))
    with pytest.raises(reviewing.engine.IsAuthor):
        sign(review, second)
    assert sign(review, reviewers[0]).state == "second"


def test_what_is_printed_is_the_text_that_was_signed_whatever_is_renamed_or_changed_since(scene, plan, reviewers):
    signed = sign_all(hand_in(scene, plan), reviewers)
    OrgUnit.objects.filter(pk=scene.district.pk).update(name="新区")
    address = reverse("outreach:kit_audio", args=[signed.pk])
    assert "嘉禾区提醒您" in browser(scene.keeper).get(address).content.decode()
    whole = json.loads(signed.content) | {"title": "别的话"}
    KitText.objects.filter(pk=signed.pk).update(content=json.dumps(whole))
    assert "样稿" in browser(scene.keeper).get(address).content.decode()


def test_AZ1_words_are_written_by_the_leading_unit_and_read_before_they_are_signed_by_few(scene, plan, reviewers):
    review = hand_in(scene, plan)
    towner = browser(scene.towner)
    page = text(towner.get(reverse("outreach:kit", args=[plan.pk])))
    assert "还没有可以印的宣传品" in page
    assert "写一稿" not in page
    sheet = reverse("outreach:kit_sheet", args=[review.target_id, "poster"])
    refused = [
        sheet, reverse("outreach:kit_review", args=[review.pk]), reverse("outreach:kit_form", args=[review.pk]),
        reverse("outreach:kit_audio", args=[review.target_id]),
        reverse("outreach:kit_proof", args=[plan.pk, "poster"]) + "?title=a&first=b",
    ]  # fmt: skip
    assert [towner.get(one).status_code for one in refused] == [404] * len(refused)
    for name in ("kit_sign", "kit_return", "kit_withdraw"):
        assert towner.post(reverse(f"outreach:{name}", args=[review.pk])).status_code == 404
    assert towner.post(reverse("outreach:kit_submit", args=[plan.pk]), WORDS).status_code == 404
    sign_all(review, reviewers)
    assert towner.get(sheet).status_code == 200
    assert browser(scene.person("白露", scene.town)).get(sheet).status_code == 404


def test_a_kit_waits_on_the_desk_with_its_words_and_its_author_may_take_it_back(scene, plan, reviewers):
    review = hand_in(scene, plan)
    desk = text(browser(reviewers[0]).get(reverse("review:desk")))
    assert "宣传品：不服决定#怎么办" in desk
    assert kind_of(review.target_type).url(review.pk) == reverse("outreach:kit_review", args=[review.pk])
    assert browser(scene.keeper).post(reverse("outreach:kit_withdraw", args=[review.pk])).status_code == 302
    review.refresh_from_db()
    assert review.state == "withdrawn"


def test_a_plan_that_is_not_running_has_no_kit(scene, campaign, checker):  # noqa: F811
    keeper = browser(scene.keeper)
    assert keeper.get(reverse("outreach:kit", args=[campaign.pk])).status_code == 404
    assert keeper.post(reverse("outreach:kit_submit", args=[campaign.pk]), WORDS).status_code == 404
    with pytest.raises(WrongState):
        hand_in(scene, campaign)
    assert not KitText.objects.exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [("法律服务热线 12348", "法律服务热线 幺二三四八"), ("电话 0000-7654321", "电话 零零零零七六五四三二幺"),
     ("六十日，也就是 60 日", "六十日，也就是 60 日"), ("拨打１２３４８", "拨打幺二三四八"),
     ("罚款 50000 元，涉及 12000人", "罚款 50000 元，涉及 12000人"),
     ("《行政复议法》（2023 年修订）", "行政复议法，2023 年修订")],
)  # fmt: skip
def test_what_a_loudspeaker_says_can_be_said(written, said):
    assert kit.spoken(written) == said


def test_long_sentences_and_words_on_the_offices_list_are_pointed_at_before_printing(scene):
    wordlist.list_word(unit=scene.district, kind="mistaken", word="布署", right="部署", by=scene.keeper, now=NOW)
    long = "收到行政机关作出的决定书以后请您务必先看清楚上面写明的申请行政复议的期限"
    words = kit.Words("看清期限", ("先看日期。再找机关。", long), "布署办公室")
    assert kit.remarks(words, scene.district) == [
        f"“{long[:12]}…”一句有 {len(long)} 个字，分成两句更好念、更好懂", "“布署”：应当是“部署”",
    ]  # fmt: skip
