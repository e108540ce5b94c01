"""One case yields a page, a question, a poll and a leaflet, and takes them all back with it."""
from datetime import date

import pytest
from django.test import Client
from mingfa.bank.actions import create_bank
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Question
from mingfa.changes.models import ReviewTask
from mingfa.people.actions import grant_role
from mingfa.people.models import Role, User

from outreach.actions import cases, publishing
from outreach.engine.publishing import BankNotReviewed, NotPublic
from outreach.models import CaseYield
from outreach.publishing.citing import PUBLIC_PAGES, find
from tests.library.texts import articles, bring_in, edition

from . import public_scene
from .public_scene import LAW, LINES, NOW
from .scene import browser

DRAFT = QuestionDraft(type="judge", stem="坐坏石凳要赔。", answer="T", explanation="弄坏了要赔。", topic="以案释法")


@pytest.fixture
def scene(db):
    scene = public_scene.build()
    grant_role(scene.writer, role=Role.SETTER, unit=scene.district, by=scene.boss, now=NOW)
    scene.writer = User.objects.get(pk=scene.writer.pk)
    return scene


def bank(scene, reviewed=True):
    return create_bank(name="审核题库" if reviewed else "题库", unit=scene.district, by=scene.boss, now=NOW, reviewed=reviewed)


def test_withdrawing_a_case_withdraws_everything_that_came_from_it(scene):
    case = scene.publish(scene.case())
    how = {"by": scene.writer, "now": NOW}
    question = cases.draft_question(case.pk, bank(scene), DRAFT, **how).question
    assert question.status == Question.Status.DRAFT
    for kind in ("poll", "leaflet"):
        cases.write_yield(case.pk, kind=kind, text="坐坏石凳要赔。", **how)
    publishing.withdraw_page(case.pk, reason="当事人认出了自己", **how)
    assert Question.objects.get(pk=question.pk).status == Question.Status.RETIRED
    assert set(CaseYield.objects.values_list("withdrawn_at", flat=True)) == {NOW}
    shown = browser(scene.writer).get(f"/outreach/publishing/{case.pk}/yields/").content.decode()
    assert shown.count("已撤回，请停用") == 3


def test_nothing_is_made_of_a_case_that_is_not_public(scene):
    case = scene.case()
    with pytest.raises(NotPublic):
        cases.write_yield(case.pk, kind="poll", text="坐坏石凳要赔。", by=scene.writer, now=NOW)
    with pytest.raises(NotPublic):
        cases.draft_question(case.pk, bank(scene), DRAFT, by=scene.writer, now=NOW)


def test_a_question_out_of_a_case_goes_through_review_as_well(scene):
    case = scene.publish(scene.case())
    with pytest.raises(BankNotReviewed):
        cases.draft_question(case.pk, bank(scene, reviewed=False), DRAFT, by=scene.writer, now=NOW)


def test_the_forms_are_filled_in_from_the_case_and_make_the_draft(scene):
    case, client, kept = scene.publish(scene.case()), browser(scene.writer), bank(scene)
    address = f"/outreach/publishing/{case.pk}/yields/"
    shown = client.get(f"{address}?kind=poll").content.decode()
    assert "答完再讲：弄坏了要赔" in shown
    assert "《石凳办法》第二条" in shown
    form = {"make": "question", "bank": kept.pk, "type": "judge", "stem": "坐坏石凳要赔。", "answer": "对"}
    form["cites"] = "《石凳办法》第二条"
    assert client.post(address, form).status_code == 302
    assert client.post(address, {**form, "answer": "丙"}).status_code == 422
    assert client.post(address, {"make": "text", "kind": "leaflet", "text": "坐坏石凳要赔。"}).status_code == 302
    assert list(CaseYield.objects.values_list("kind", flat=True)) == ["question", "leaflet"]


def test_public_pages_that_cite_a_changed_article_get_a_review_task(scene):
    page = scene.publish(scene.page())
    draft = scene.page("草稿", slug="draft")
    assert [one.key for one in find(LAW, {(2, 0)})] == [str(page.pk)]
    changed = articles(LINES[0], "弄坏石凳的，谁都不用赔，由园林部门修好。")
    bring_in(edition(LAW, changed, version=date(2026, 5, 1), effective_on=date(2026, 5, 1)))
    tasks = list(ReviewTask.objects.filter(kind="public").values_list("key", flat=True))
    assert (tasks, draft.live) == ([str(page.pk)], False)


def test_retiring_a_page_for_a_changed_law_withdraws_it(scene):
    page = scene.publish(scene.page())
    PUBLIC_PAGES.retire(str(page.pk), scene.writer, NOW)
    assert (find(LAW, {(2, 0)}), Client().get(f"/public/{page.slug}/").status_code) == ([], 404)
