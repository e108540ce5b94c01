"""The pages of 三审三校, asked for as browsers ask."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.bank import actions
from mingfa.bank import registry as bank_registry
from mingfa.bank.models import Bank, Question
from mingfa.bank.urls_reviews import urlpatterns
from mingfa.people.actions import grant_role
from mingfa.people.models import OrgUnit, Role, User
from mingfa.review.models import Opening, Review, ReviewStep
from wagtail.models import ModelLogEntry

from tests.bank import reviewing as scenes
from tests.bank.reviewing import LATER, again, review_of
from tests.bank.samples import DRAFT, NOW
from tests.exported import sheets, table

pytestmark = pytest.mark.django_db
KEYED = "四种形式都可以。"
ONLY_POST = {"sign", "return", "withdraw", "submit"}


@pytest.fixture
def scene():
    return scenes.build()


@pytest.fixture
def review(scene):
    return scene.submit(scene.question())[0]


def addresses(review):
    question = Question.objects.get(versions=review.target_id)
    values = {"bank_id": question.bank_id, "question_id": question.pk, "review_id": review.pk}
    for route in urlpatterns:
        address = reverse(f"bank_reviews:{route.name}", kwargs={name: values[name] for name in route.pattern.converters})
        yield route.name, f"{address}?question={question.pk}" if route.name == "sheets" else address


def snapshot():
    models = (Bank, Question, Review, ReviewStep, Opening)
    return [list(model.objects.order_by("pk").values()) for model in models]


def page(client, review):
    return client.get(reverse("bank_reviews:review", args=[review.pk]))


def sign(client, review, act="sign", **more):
    values = {"text_hash": review.text_hash, "step": ["first", "second", "third"].index(review.state) + 1} | more
    return client.post(reverse(f"bank_reviews:{act}", args=[review.pk]), values)


def statements(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_AZ4_visitors_are_sent_to_the_login_by_every_address(client, review):
    before = snapshot()
    for address in (*(one for _, one in addresses(review)), "/review/", "/review/sign/"):
        for reply in (client.get(address), client.post(address)):
            assert (reply.status_code, reply.url.split("?")[0]) == (302, "/login/")
    assert snapshot() == before


def test_AZ1_people_of_another_unit_find_no_trace_whatever_their_role(client, scene, review):
    township = scene.bank.unit.add_child(name="东一镇", kind="township")
    for role in Role:
        stranger = User.objects.create(username=f"stranger-{role}", name=f"外人{role.label}")
        grant_role(stranger, role=role, unit=township, by=None, now=NOW)
        client.force_login(stranger)
        before = snapshot()
        for _, address in addresses(review):
            for reply in (client.get(address), client.post(address, {"text_hash": review.text_hash, "step": 1})):
                assert reply.status_code in (403, 404, 405)
                assert DRAFT.stem not in reply.content.decode()
                assert scene.bank.name not in reply.content.decode()
        client.post("/review/sign/", {"review": f"{review.pk}:1:{review.text_hash}", "secrecy": "yes"})
        assert DRAFT.stem not in client.get("/review/").content.decode()
        assert snapshot() == before


def test_AZ4_people_of_the_unit_without_one_of_the_roles_are_refused_by_every_address(client, scene, review):
    for role in set(Role) - {Role.SETTER, Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3}:
        user = User.objects.create(username=f"own-{role}", name=role.label)
        grant_role(user, role=role, unit=scene.bank.unit, by=None, now=NOW)
        client.force_login(user)
        # 宣传员 see on the desk what of their own pages waits for whom.
        desk = () if role == Role.OUTREACH else (("desk", "/review/"),)
        for _, address in (*addresses(review), *desk, ("many", "/review/sign/")):
            assert client.get(address).status_code in (403, 405)
            assert client.post(address).status_code == 403


def test_a_reviewer_reads_but_does_not_submit_or_set(client, scene, review):
    client.force_login(scene.reviewers[0])
    codes = {name: client.get(address).status_code for name, address in addresses(review)}
    assert codes == {
        "review": 200, "history": 200, "sheets": 200, "sign": 405, "return": 405, "withdraw": 405,
        "bank": 403, "submit": 403, "rules": 404,
    }  # fmt: skip
    client.force_login(scene.reviewers[2])
    assert client.get(reverse("bank_reviews:rules", args=[scene.bank.pk])).status_code == 200


def test_a_setter_reads_everything_but_finds_nothing_to_sign(client, scene, review):
    client.force_login(scene.setter)
    for name, address in addresses(review):
        assert (name, client.get(address).status_code) == (name, 405 if name in ONLY_POST else 200)
    text = page(client, review).content.decode()
    assert ("撤回送审" in text, "签一审一校通过" in text, Opening.objects.count()) == (True, False, 0)


def test_pages_with_keys_are_kept_by_no_cache(client, scene, review):
    client.force_login(scene.reviewers[0])
    for name, address in addresses(review):
        if name in ("review", "history", "sheets"):
            assert "no-store" in client.get(address)["Cache-Control"]


def test_AL1_a_reviewer_who_is_sitting_the_question_reads_no_key_and_signs_nothing(client, scene, review, monkeypatch):
    question = Question.objects.get()
    client.force_login(scene.reviewers[0])
    assert KEYED in page(client, review).content.decode()
    sat = [(scene.reviewers[0].pk, question.pk)]
    monkeypatch.setattr(bank_registry, "on_open_papers", [lambda user, now: [q for pk, q in sat if pk == user.pk]])
    for name in ("review", "history"):
        reply = client.get(dict(addresses(review))[name])
        text = reply.content.decode()
        assert (reply.status_code, KEYED in text, "交卷以后再看" in text) == (403, False, True)
    assert sign(client, review).status_code == 403
    assert again(review).state == "first"
    client.force_login(scene.reviewers[1])
    assert KEYED in page(client, review).content.decode()


def test_AL1_a_reviewer_who_is_sitting_the_question_does_not_sign_it_from_the_desk_either(client, scene, review, monkeypatch):
    question = Question.objects.get()
    client.force_login(scene.reviewers[0])
    page(client, review)
    desk = {"review": f"{review.pk}:1:{review.text_hash}"}
    monkeypatch.setattr(bank_registry, "on_open_papers", [lambda user, now: [question.pk]])
    reply = client.post(reverse("review:sign_many"), desk, follow=True)
    assert "正在作答的试卷上" in reply.content.decode()
    assert again(review).state == "first"
    monkeypatch.setattr(bank_registry, "on_open_papers", [])
    client.post(reverse("review:sign_many"), desk)
    assert again(review).state == "second"


def test_a_signature_leads_to_the_next_that_waits(client, scene, review):
    (second,) = scene.submit(scene.question("另一题干"))
    client.force_login(scene.reviewers[0])
    reply = sign(client, review, opinion="文字没有问题", secrecy="yes")
    assert reply.url == reverse("bank_reviews:review", args=[second.pk])
    assert list(review.steps.values_list("act", "opinion")) == [("submit", ""), ("secrecy", ""), ("sign", "文字没有问题")]
    assert sign(client, second).url == "/review/"


def test_a_page_older_than_the_text_signs_nothing_and_says_so(client, scene, review):
    client.force_login(scene.reviewers[0])
    page(client, review)
    actions.revise_question(Question.objects.get(), replace(DRAFT, answer="ABC"), by=scene.setter, now=LATER)
    reply = sign(client, review)
    assert reply.status_code == 409
    assert "不在审核中" in reply.content.decode()
    new = review_of(Question.objects.get())
    reply = client.post(reverse("bank_reviews:sign", args=[new.pk]), {"text_hash": review.text_hash, "step": 1}, follow=True)
    assert "文字在您打开以后改过" in reply.content.decode()
    assert again(new).state == "first"


def test_a_step_that_somebody_signed_meanwhile_is_told_and_the_opinion_is_kept(client, scene, review):
    other = scenes.reviewer(scene.bank.unit, 1, name="另一个一审人")
    client.force_login(other)
    page(client, review)
    scene.sign(review, scene.reviewers[0])
    reply = sign(client, review, opinion="写了很久的意见")
    assert (reply.status_code, "一审一校刚被别人签过" in reply.content.decode()) == (409, True)
    client.force_login(scene.reviewers[1])
    scene.sign(again(review), scene.reviewers[1])
    client.force_login(scene.reviewers[2])
    reply = sign(client, again(review), opinion="写了很久的意见")
    assert (reply.status_code, "还没有保密审查" in reply.content.decode()) == (409, True)
    assert "写了很久的意见</textarea>" in reply.content.decode()


def test_going_back_needs_the_reason_and_an_opinion_has_its_limit(client, scene, review):
    client.force_login(scene.reviewers[0])
    reply = sign(client, review, "return")
    assert (reply.status_code, "请写明退回的理由" in reply.content.decode()) == (409, True)
    assert sign(client, review, opinion="长" * 1001).status_code == 400
    assert again(review).state == "first"
    sign(client, review, "return", opinion="第二项期限不对")
    assert again(review).state == "returned"
    client.force_login(scene.setter)
    assert "第二项期限不对" in page(client, review).content.decode()
    assert "退回给您的有 1 件" in client.get("/me/").content.decode()


@pytest.mark.parametrize("step", ["", "0", "4", "a", "9" * 40])
def test_nonsense_in_the_form_signs_nothing(client, scene, review, step):
    client.force_login(scene.reviewers[0])
    assert sign(client, review, step=step).status_code == 409
    assert client.post("/review/sign/", {"review": [f"{review.pk}", "x:y:z", "9" * 40 + ":1:2", ""]}).status_code == 302
    assert again(review).state == "first"


def test_many_are_signed_at_once_only_if_each_was_opened(client, scene):
    reviews = scene.submit(*(scene.question(f"第 {n} 题") for n in range(3)))
    client.force_login(scene.reviewers[0])
    for one in reviews[:2]:
        page(client, one)
    boxes = [f"{one.pk}:1:{one.text_hash}" for one in reviews]
    desk = client.get("/review/").content.decode()
    assert [box in desk for box in boxes] == [True, True, False]
    reply = client.post("/review/sign/", {"review": boxes}, follow=True).content.decode()
    assert ("已签 2 件" in reply, "1 件没有签：还没有打开看过" in reply) == (True, True)
    assert [again(one).state for one in reviews] == ["second", "second", "first"]


def test_many_are_not_signed_with_the_hash_of_another_text(client, scene, review):
    client.force_login(scene.reviewers[0])
    page(client, review)
    reply = client.post("/review/sign/", {"review": f"{review.pk}:1:{'0' * 64}"}, follow=True).content.decode()
    assert "文字在您打开以后改过" in reply
    assert again(review).state == "first"


def test_a_setter_submits_what_was_chosen_or_every_draft(client, scene):
    questions = [scene.question(f"第 {n} 题") for n in range(4)]
    client.force_login(scene.setter)
    address = reverse("bank_reviews:submit", args=[scene.bank.pk])
    assert "已送审 1 题" in client.post(address, {"question": questions[0].pk}, follow=True).content.decode()
    assert "没有选题" in client.post(address, {"question": "x"}, follow=True).content.decode()
    assert "已送审 3 题" in client.post(address, {"all": "yes"}, follow=True).content.decode()
    assert Review.objects.filter(state="first").count() == 4


def test_a_new_bank_is_reviewed_unless_the_box_is_emptied(client, scene):
    client.force_login(scene.setter)
    form = client.get(reverse("bank:new_bank")).context["form"]
    assert form["reviewed"].value() is True
    client.post(reverse("bank:new_bank"), {"name": "新题库", "unit": scene.bank.unit_id, "reviewed": "on"})
    client.post(reverse("bank:new_bank"), {"name": "不审的题库", "unit": scene.bank.unit_id})
    assert dict(Bank.objects.values_list("name", "reviewed")) == {"审核题库": True, "新题库": True, "不审的题库": False}


def test_the_rules_of_a_bank_say_who_may_loosen_them_and_what_stands_in_the_way(client, scene, review):
    address = reverse("bank_reviews:rules", args=[scene.bank.pk])
    client.force_login(scene.setter)
    assert "放宽审核（关掉“审核后才可用”，或者让拟稿人一审）" in client.post(address, {}).content.decode()
    client.force_login(scene.reviewers[2])
    assert "还有 1 题草稿" in client.post(address, {}).content.decode()
    assert client.post(address, {"reviewed": "on", "author_first": "on"}).status_code == 302
    assert (again(scene.bank).reviewed, again(scene.bank).author_first) == (True, True)


def test_the_difference_from_the_last_approved_version_is_shown(client, scene):
    question = scene.question()
    scene.approve(question)
    actions.revise_question(question, replace(DRAFT, stem="公民可以采用（ ）等方式反映情况。"), by=scene.setter, now=LATER)
    (review,) = scene.submit(question)
    client.force_login(scene.reviewers[0])
    text = page(client, review).content.decode()
    assert "和上次审定的第 1 版比" in text
    assert "<del>形</del><ins>方</ins>" in text


def test_the_history_compares_any_two_versions_and_refuses_others(client, scene):
    question = scene.question()
    for n in (2, 3):
        actions.revise_question(question, replace(DRAFT, explanation=f"解析{n}"), by=scene.setter, now=LATER)
    client.force_login(scene.setter)
    address = reverse("bank_reviews:history", args=[question.pk])
    assert "第 2 版 → 第 3 版" in client.get(address).content.decode()
    assert "第 1 版 → 第 3 版" in client.get(address, {"old": 1, "new": 3}).content.decode()
    for wrong in ({"old": 9}, {"new": "x"}, {"new": "9" * 30}):
        assert client.get(address, wrong).status_code == 404


def test_the_sheet_to_print_names_everybody_and_carries_no_key(client, scene):
    question = scene.question()
    review = scene.approve(question)
    client.force_login(scene.setter)
    address = reverse("bank_reviews:sheets", args=[scene.bank.pk])
    text = client.get(address, {"question": question.pk}).content.decode()
    for word in ("信息发布审核表", "一审人", "二审人", "三审人", "涉密信息不上网，上网信息不涉密", review.text_hash, DRAFT.stem):
        assert word in text
    assert KEYED not in text
    assert client.get(address).status_code == 404


def test_a_script_in_a_question_is_inert_on_every_page(client, scene):
    question = scene.question("<script>alert(1)</script>", explanation="<img src=x onerror=alert(2)>")
    (review,) = scene.submit(question)
    client.force_login(scene.reviewers[0])
    for address in ("/review/", *(address for name, address in addresses(review) if name in ("review", "history", "sheets"))):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text.split("<main")[1].split("</main>")[0]


def test_what_waits_stands_on_the_start_page_of_whom_it_waits_for(client, scene, review):
    client.force_login(scene.reviewers[0])
    assert "三审三校：1 件等您一审" in client.get("/me/").content.decode()
    client.force_login(scene.reviewers[1])
    assert "三审三校" not in client.get("/me/").content.decode()


def test_the_lists_ask_as_much_for_30_as_for_1(client, scene):
    first = scene.question("第 0 题")
    scene.submit(first)
    left = scene.question("草稿 0")
    boss = scenes.reviewer(scene.bank.unit, 1, 2, 3, name="全审人")
    for address, user in (("/review/", boss), (reverse("bank_reviews:bank", args=[scene.bank.pk]), scene.setter)):
        client.force_login(user)
        client.get(address)
        few = statements(client, address)
        more = [scene.question(f"{address} 第 {n} 题") for n in range(1, 30)]
        scene.submit(*more)
        for n in range(1, 30):
            scene.question(f"{address} 草稿 {n}")
        assert statements(client, address) == few
    assert left.status == "draft"


def test_a_history_asks_as_much_for_30_versions_as_for_2(client, scene):
    question = scene.question()
    client.force_login(scene.setter)
    address = reverse("bank_reviews:history", args=[question.pk])
    actions.revise_question(question, replace(DRAFT, explanation="解析 2"), by=scene.setter, now=LATER)
    scene.submit(question)
    client.get(address)
    few = statements(client, address)
    for n in range(3, 31):
        actions.revise_question(question, replace(DRAFT, explanation=f"解析 {n}"), by=scene.setter, now=LATER)
    assert statements(client, address) == few


def test_a_reviewer_of_a_unit_above_sees_what_waits_below(client, scene):
    township = scene.bank.unit.add_child(name="东一镇", kind="township")
    bank = actions.create_bank(name="镇题库", unit=township, by=scene.setter, now=NOW, reviewed=True)
    question = actions.create_question(bank, DRAFT, by=scene.setter, now=NOW)
    actions.submit_questions(bank, [question.pk], by=scene.setter, now=NOW)
    client.force_login(scene.reviewers[0])
    assert page(client, review_of(question)).status_code == 200
    assert OrgUnit.objects.count() == 2


def test_who_waits_for_whom_goes_out_with_what_waits_for_oneself(client, scene):
    first, second = scene.submit(*(scene.question(f"第 {n} 题") for n in range(2)))
    client.force_login(scene.reviewers[0])
    page(client, first)
    found = sheets(client.get("/review.xlsx"))
    [row] = found["谁在等谁"][1:]
    assert (row[0], row[2]) == (scene.bank.unit.name, 2)
    assert scene.reviewers[0].name in row[3]
    assert [(line[2], line[5]) for line in found["等您审的"][1:]] == [(scene.bank.unit.name, "是"), (scene.bank.unit.name, "否")]
    assert ModelLogEntry.objects.get(action="review.export").user == scene.reviewers[0]


def test_AZ1_another_unit_finds_nothing_in_the_file_and_people_without_the_roles_get_none(client, scene, review):
    township = scene.bank.unit.add_child(name="东一镇", kind="township")
    stranger = User.objects.create(username="stranger", name="外人")
    grant_role(stranger, role=Role.REVIEWER_1, unit=township, by=None, now=NOW)
    client.force_login(stranger)
    assert table(client.get("/review.xlsx"))[1:] == []
    client.force_login(User.objects.create(username="cadre", name="学员"))
    assert client.get("/review.xlsx").status_code == 403
