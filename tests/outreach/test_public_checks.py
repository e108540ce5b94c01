"""What is looked at before 送审, and the gate that a case passes."""
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.images import ImageFile
from django.urls import reverse
from mingfa.library.models import Edition
from mingfa.review import engine
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry, PageLogEntry

from outreach.actions import publishing, wordlist
from outreach.engine.publishing import CaseUnchecked, FindingsOpen, MayNotStay, NoFinding
from outreach.models import CasePage
from outreach.publishing.checks import findings_of, open_findings
from outreach.publishing.texts import latest_of
from tests.library.texts import articles, bring_in, edition

from . import public_scene
from .public_scene import LAW, NOW, fresh
from .scene import browser


@pytest.fixture
def scene(db):
    return public_scene.build()


def kinds(page) -> list[tuple[str, str]]:
    return [(one.kind, one.words) for one in findings_of(latest_of(page.pk))]


def picture(title="长椅"):
    out = io.BytesIO()
    Picture.new("RGB", (40, 30), "green").save(out, "PNG")
    return get_image_model().objects.create(title=title, file=ImageFile(io.BytesIO(out.getvalue()), "bench.png"))


def justify(scene, page, number=0, reason="公开的服务电话"):
    one = findings_of(latest_of(page.pk))[number]
    return publishing.justify_finding(page.pk, kind=one.kind, mark=one.mark, reason=reason, by=scene.writer, now=NOW)


def test_broken_links_are_found_and_good_ones_are_not(scene):
    public = scene.publish(scene.page())
    draft = scene.page("草稿页", slug="draft")
    good = f'<a linktype="page" id="{public.pk}">看</a><a href="/public/{public.slug}/">看</a><a href="/laws/">法</a>'
    good += '<a href="https://flk.npc.gov.cn/">外</a><a href="/public/list/cases/">案</a>'
    bad = f'<a linktype="page" id="{draft.pk}">甲</a><a linktype="document" id="999">乙</a><a href="/laws/none/">丙</a>'
    bad += '<a href="/public/gone/">丁</a><a href="javascript:alert(1)">戊</a><a href="/admin/">己</a>'
    bad += '<a linktype="page" id="x">庚</a>'
    page = scene.page("链接", body=[("text", f"<p>{good}{bad}</p>")])
    found = [one.around for one in findings_of(latest_of(page.pk))]
    assert found == ["甲", "乙", "丙", "丁", "戊", "己", "庚"]


def test_citations_that_do_not_hold_are_found(scene):
    bring_in(edition("旧办法", articles("旧的一条。"), status="repealed"))
    body = [("text", "<p>《旧办法》第一条，《石凳办法》第九条，《没有的法》第一条，《石凳办法》第一条。</p>")]
    assert kinds(scene.page(body=body)) == [
        ("law", "《旧办法》第一条"), ("law", "《石凳办法》第九条"), ("law", "《没有的法》第一条"),
    ]  # fmt: skip


def test_a_picture_without_words_for_those_who_cannot_see_it_keeps_the_page_from_review(scene):
    page = scene.page(body=[("picture", {"image": picture(), "description": ""})])
    assert kinds(page) == [("alt", "长椅")]
    with pytest.raises(FindingsOpen):
        scene.submit(page)
    with pytest.raises(MayNotStay):
        justify(scene, page)


def test_the_offices_list_of_words_and_of_names_with_titles_is_held_against_the_text(scene):
    words = {"unit": scene.district, "by": scene.writer, "now": NOW}
    wordlist.list_word(kind="titled", word="唐守正", right="区委书记", **words)
    wordlist.list_word(kind="mistaken", word="石登", right="石凳", **words)
    page = scene.page(body=[("text", "<p>唐守正看了石登，做为样板。区委书记唐守正说好。</p>")])
    assert kinds(page) == [("title", "唐守正"), ("word", "石登"), ("word", "做为")]


def test_PR4_personal_data_blocks_review_until_it_is_changed_or_somebody_says_why_it_stays(scene):
    page = scene.page(summary="有事打 13800138000 问。")
    with pytest.raises(FindingsOpen):
        scene.submit(page)
    with pytest.raises(publishing.NoReason):
        justify(scene, page, reason="  ")
    justify(scene, page)
    assert open_findings(latest_of(page.pk)) == []
    assert scene.submit(page).state == "first"


def test_PR4_the_log_of_a_justification_keeps_who_and_why_and_not_the_number(scene):
    page = scene.page(summary="有事打 13800138000 问。")
    justify(scene, page)
    entry = PageLogEntry.objects.get(action="outreach.justify")
    assert (entry.user, entry.data) == (scene.writer, {"kind": "phone", "found": "1" + "*" * 8, "reason": "公开的服务电话"})
    logged = [str(one.data) for one in [*PageLogEntry.objects.all(), *ModelLogEntry.objects.all()]]
    assert not [one for one in logged if "13800138000" in one]


def test_PR4_an_identity_number_never_stays_whatever_the_reason(scene):
    page = scene.page(summary="证件 11010519491231002X。")
    with pytest.raises(MayNotStay):
        justify(scene, page, reason="本人同意")


def test_PR4_the_editor_warns_of_an_identity_number_before_saving(scene):
    page, client = scene.page(), browser(scene.writer)
    form = {
        "title": "证件 11010519491231002X", "slug": page.slug, "unit": scene.district.pk, "summary": "说。",
        "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, form)
    assert "这里像是有身份证号，没有保存" in answer.content.decode()
    assert "11010519491231002X" not in latest_of(page.pk).title
    client.post(address, {**form, "numbers_checked": "on"})
    assert "11010519491231002X" in latest_of(page.pk).title


def test_another_finding_is_not_settled_by_the_same_reason(scene):
    page = scene.page(summary="打 13800138000 问。")
    one = findings_of(latest_of(page.pk))[0]
    justify(scene, page)
    draft = latest_of(page.pk)
    draft.summary = "打 13900139000 问。"
    draft.save_revision(user=scene.writer)
    assert [one.words for one in open_findings(latest_of(page.pk))] == ["13900139000"]
    with pytest.raises(NoFinding):
        publishing.justify_finding(page.pk, kind=one.kind, mark=one.mark, reason="照旧", by=scene.writer, now=NOW)


def test_CM5_a_finding_of_one_page_justifies_nothing_on_another(scene):
    first, second = scene.page(summary="打 13800138000。"), scene.page("第二页", summary="打 13900139000。")
    one = findings_of(latest_of(first.pk))[0]
    with pytest.raises(NoFinding):
        publishing.justify_finding(second.pk, kind=one.kind, mark=one.mark, reason="理由", by=scene.writer, now=NOW)


def test_dates_and_addresses_are_asked_about_in_cases_only(scene):
    words = {"body": [("text", "<p>2025年3月6日，在老街12号。</p>")]}
    assert kinds(scene.page(**words)) == []
    assert [kind for kind, _ in kinds(scene.page("案子", CasePage, **words))] == ["date", "address"]


def test_a_case_goes_to_review_only_with_its_list_checked_for_this_very_text(scene):
    case = scene.case()
    draft = latest_of(case.pk)
    draft.summary = "换了一句。"
    draft.save_revision(user=scene.writer)
    with pytest.raises(CaseUnchecked):
        scene.submit(case)
    scene.check(case)
    assert scene.submit(case).state == "first"


def test_an_edited_case_leaves_review_until_it_is_checked_again(scene):
    case = scene.case()
    review = scene.submit(case)
    draft = latest_of(case.pk)
    draft.summary = "张三去了。"
    draft.save_revision(user=scene.writer)
    review.refresh_from_db()
    assert (review.state, fresh(case).get_lock()) == ("void", None)


def test_a_law_repealed_during_the_review_keeps_the_last_signature_from_publishing(scene):
    page = scene.page()
    review = scene.submit(page)
    for reviewer in scene.reviewers[:2]:
        scene.sign(review, reviewer, secrecy=True)
    Edition.objects.filter(law__short_title=LAW).update(status="repealed")
    with pytest.raises(engine.NotReady):
        scene.sign(review, scene.reviewers[2])
    assert not fresh(page).live


def test_people_of_another_unit_neither_write_nor_justify(scene):
    page = scene.page(summary="打 13800138000。")
    stranger = scene.person("外人", "outreach", unit=scene.other)
    one = findings_of(latest_of(page.pk))[0]
    with pytest.raises(PermissionDenied):
        publishing.justify_finding(page.pk, kind=one.kind, mark=one.mark, reason="理由", by=stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        scene.submit(page, by=stranger)
