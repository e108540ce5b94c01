"""CM2: nothing becomes public but by three signatures of three people who did not write it; an edit begins again."""
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from mingfa.review import actions as reviewing
from mingfa.review import engine
from mingfa.review.models import Review, ReviewStep
from wagtail.models import Page, Revision, TaskState

from outreach.actions import publishing
from outreach.engine.publishing import InReviewAlready
from outreach.models import AnswerPage, NotReviewed, PublicSite, PublicText, Release

from . import public_scene
from .public_scene import NOW, fresh
from .scene import browser


@pytest.fixture
def scene(db):
    return public_scene.build()


def seen_by_visitors(page) -> int:
    return Client().get(f"/public/{page.slug}/").status_code


def edit(page, **fields):
    draft = fresh(page).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft.save_revision(user=None)


def form_of(page) -> dict:
    """What the editor sends."""
    return {
        "title": page.title, "slug": page.slug, "unit": page.unit_id, "summary": "改。", "body-count": "0",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip


def states(page) -> list[str]:
    texts = PublicText.objects.filter(page=page.pk).values_list("pk", flat=True)
    return list(Review.objects.filter(target_id__in=list(texts)).order_by("id").values_list("state", flat=True))


def test_the_third_signature_publishes_the_page(scene):
    page = scene.page()
    review = scene.submit(page)
    for number, reviewer in enumerate(scene.reviewers):
        assert seen_by_visitors(page) == 404
        scene.sign(review, reviewer, secrecy=number == 1)
    assert seen_by_visitors(page) == 200
    stored, release = fresh(page), Release.objects.get()
    assert (stored.live, release.by, release.ended_at) == (True, scene.reviewers[2], None)
    steps = ReviewStep.objects.filter(review=review, act="sign").values_list("step", "person", "opinion", "text_hash")
    digest = release.text.text_hash
    assert list(steps) == [(number, one.pk, "看过", digest) for number, one in enumerate(scene.reviewers, 1)]


def test_the_last_step_waits_for_the_secrecy_check(scene):
    review = scene.submit(scene.page())
    for reviewer in scene.reviewers[:2]:
        scene.sign(review, reviewer)
    with pytest.raises(engine.NoSecrecyCheck):
        scene.sign(review, scene.reviewers[2])


def test_an_author_signs_no_step_unless_the_unit_allows_the_first(scene):
    page = scene.page()
    both = scene.person("兼任", "outreach", "review1", "review2", "review3")
    draft = fresh(page).get_latest_revision_as_object()
    draft.summary = "改过一次。"
    draft.save_revision(user=both)
    with pytest.raises(engine.IsAuthor):
        scene.sign(scene.submit(page), both)
    second = scene.page("第二页", slug="second")
    publishing.set_publishing_rule(scene.district, author_first=True, by=scene.reviewers[2], now=NOW)
    review = publishing.submit_page(second.pk, by=both, now=NOW)
    assert scene.sign(review, both).state == "second"
    with pytest.raises(engine.IsAuthor):
        scene.sign(review, both)


def test_wagtails_own_workflow_stands_at_the_same_step_and_locks_the_page_for_everybody(scene):
    page = scene.page()
    review = scene.submit(page)
    for step, reviewer in enumerate(scene.reviewers, 1):
        task = fresh(page).current_workflow_task
        assert (task.step, fresh(page).get_lock().for_user(scene.boss)) == (step, True)
        scene.sign(review, reviewer, secrecy=True)
    assert fresh(page).current_workflow_task is None
    assert list(TaskState.objects.values_list("status", flat=True)) == ["approved"] * 3


def test_a_locked_page_takes_no_edit_in_the_admin_from_a_superuser(scene):
    page = scene.page()
    scene.submit(page)
    before = Revision.objects.count()
    answer = browser(scene.boss).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**form_of(page), "title": "改了", "action-publish": "1"}
    )
    assert (answer.status_code, Revision.objects.count(), fresh(page).title) == (200, before, "坐坏了石凳，要不要赔")


@pytest.mark.parametrize("signed", [1, 2])
def test_CM2_an_edit_in_review_returns_it_to_the_first_step_and_voids_what_was_signed(scene, signed):
    page = scene.page()
    review = scene.submit(page)
    for reviewer in scene.reviewers[:signed]:
        scene.sign(review, reviewer, secrecy=True)
    edit(page, summary="换了说法。")
    assert states(page) == ["void", "first"]
    assert fresh(page).current_workflow_task.step == 1
    with pytest.raises(engine.NotInReview):
        scene.sign(review, scene.reviewers[signed])
    scene.sign_all(Review.objects.last())
    assert "换了说法" in Client().get(f"/public/{page.slug}/").content.decode()


def test_CM2_an_edit_after_publishing_is_not_shown_until_it_is_signed(scene):
    page = scene.publish(scene.page())
    edit(page, summary="悄悄换的话。")
    assert "悄悄换的话" not in Client().get(f"/public/{page.slug}/").content.decode()
    scene.sign_all(scene.submit(page))
    assert "悄悄换的话" in Client().get(f"/public/{page.slug}/").content.decode()
    assert Release.objects.filter(ended_at=None).count() == 1


def test_CM2_reverting_to_an_earlier_revision_is_an_edit(scene):
    page = scene.page()
    first = fresh(page).get_latest_revision()
    edit(page, summary="第二稿。")
    scene.submit(page)
    first.as_object().save_revision(user=scene.boss, previous_revision=first)
    assert states(page) == ["void", "first"]


def test_CM2_a_copy_of_a_public_page_is_a_draft_without_signatures(scene):
    page = scene.publish(scene.page())
    with pytest.raises(NotReviewed):
        page.copy(update_attrs={"slug": "again"}, user=scene.boss)
    with pytest.raises(NotReviewed):
        page.create_alias(update_slug="alias")
    copy = page.copy(update_attrs={"slug": "again"}, keep_live=False, user=scene.boss)
    assert (copy.live, seen_by_visitors(copy), states(copy)) == (False, 404, [])


def test_CM2_a_move_ends_the_release_and_the_approval(scene):
    page = scene.publish(scene.page())
    elsewhere = PublicSite.objects.get().get_parent()
    page.move(elsewhere, pos="last-child")
    assert (seen_by_visitors(page), states(page), Release.objects.get().reason) == (404, ["void"], "页面换了位置")


def test_CM2_moving_into_another_place_of_the_same_list_changes_nothing(scene):
    first, second = scene.publish(scene.page()), scene.publish(scene.page("第二页"))
    fresh(second).move(fresh(first), pos="left", user=scene.boss)
    assert (seen_by_visitors(first), seen_by_visitors(second)) == (200, 200)


@pytest.mark.parametrize("way", ["revision", "action-less save", "base page", "update", "scheduled", "go live"])
def test_CM2_no_command_makes_an_unsigned_page_public(scene, way):
    page = scene.page()
    scene.submit(page)
    latest = fresh(page).get_latest_revision()
    if way == "revision":
        with pytest.raises(NotReviewed):
            latest.publish()
    elif way == "action-less save":
        page.live = True
        with pytest.raises(NotReviewed):
            page.save()
    elif way == "base page":
        base = Page.objects.get(pk=page.pk)
        base.live = True
        base.save()
    elif way == "update":
        AnswerPage.objects.filter(pk=page.pk).update(live=True, live_revision=latest)
    elif way == "scheduled":
        Revision.objects.filter(pk=latest.pk).update(approved_go_live_at=NOW.replace(year=2020))
        with pytest.raises(NotReviewed):
            call_command("publish_scheduled", stdout=StringIO())
    else:
        draft = fresh(page).get_latest_revision_as_object()
        draft.go_live_at = NOW.replace(year=2020)
        with pytest.raises(NotReviewed):
            draft.save_revision().publish(user=scene.boss, skip_permission_checks=True)
    assert seen_by_visitors(page) == 404
    assert Client().get(page.url or "/none/").status_code == 404


def test_CM2_a_release_row_put_into_the_table_by_hand_shows_nothing(scene):
    page = scene.page()
    review = scene.submit(page)
    text = PublicText.objects.get(pk=review.target_id)
    Release.objects.create(page_id=page.pk, text=text, slug=page.slug, at=NOW, by=scene.boss)
    assert seen_by_visitors(page) == 404
    assert page.title not in Client().get("/public/list/questions/").content.decode()


def test_CM2_a_signed_text_changed_in_the_table_is_not_shown(scene):
    page = scene.publish(scene.page())
    text = PublicText.objects.get()
    PublicText.objects.filter(pk=text.pk).update(content=text.content.replace("照价赔", "不用赔"))
    assert seen_by_visitors(page) == 404


@pytest.mark.parametrize("who", ["boss", "writer"])
def test_CM2_the_admins_publish_button_bulk_action_and_workflow_publish_nothing(scene, who):
    page, user = scene.page(), getattr(scene, who)
    client = browser(user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    shown = client.get(address)
    assert shown.status_code == 200
    assert 'name="action-publish"' not in shown.content.decode()
    assert 'name="action-submit"' not in shown.content.decode()
    for action in ("action-publish", "action-submit", "action-workflow-action"):
        client.post(address, {**form_of(page), action: "approve"})
    for action in ("publish", "copy_for_translation", "revert_to_page_revision"):
        client.post(f"/admin/api/main/pages/{page.pk}/action/{action}/", {}, content_type="application/json")
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={page.pk}", {})
    assert (fresh(page).live, seen_by_visitors(page), Release.objects.count()) == (False, 404, 0)


def test_CM2_approving_wagtails_task_by_code_publishes_nothing(scene):
    page = scene.page()
    scene.submit(page)
    for _ in range(2):
        fresh(page).current_workflow_task_state.approve(user=None)
    with pytest.raises(NotReviewed):
        fresh(page).current_workflow_task_state.approve(user=None)
    assert (seen_by_visitors(page), states(page)) == (404, ["first"])


def test_a_page_in_review_or_public_is_not_submitted_once_more(scene):
    page = scene.page()
    scene.submit(page)
    with pytest.raises(InReviewAlready):
        scene.submit(page)
    scene.sign_all(Review.objects.get())
    with pytest.raises(InReviewAlready):
        scene.submit(page)


def test_a_returned_text_comes_again_changed_or_not(scene):
    page = scene.page()
    review = scene.submit(page)
    reviewing.return_review(review.pk, by=scene.reviewers[0], now=NOW, text_hash=review.text_hash, opinion="写清楚些")
    assert fresh(page).get_lock() is None
    assert states(page) == ["returned"]
    again = scene.submit(page)
    reviewing.return_review(again.pk, by=scene.reviewers[0], now=NOW, text_hash=again.text_hash, opinion="再写清楚些")
    edit(page, summary="写清楚了。")
    scene.sign_all(scene.submit(page))
    assert states(page) == ["void", "void", "passed"]


def test_withdrawing_takes_the_page_away_at_once_and_its_approval_with_it(scene):
    page = scene.publish(scene.page())
    assert seen_by_visitors(page) == 200
    publishing.withdraw_page(page.pk, reason="有人提出意见", by=scene.writer, now=NOW)
    assert (seen_by_visitors(page), fresh(page).live, states(page)) == (404, False, ["void"])
    with pytest.raises(NotReviewed):
        fresh(page).get_latest_revision().publish()
    scene.sign_all(scene.submit(page))
    assert seen_by_visitors(page) == 200


def test_a_page_unpublished_by_a_command_or_its_expiry_is_gone_as_well(scene):
    page = scene.publish(scene.page())
    page.unpublish()
    assert (seen_by_visitors(page), Release.objects.filter(ended_at=None).count(), states(page)) == (404, 0, ["void"])


def test_CM4_a_page_with_reviews_is_not_deleted(scene):
    page = scene.publish(scene.page())
    client = browser(scene.boss)
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={page.pk}", {})
    assert fresh(page).live
