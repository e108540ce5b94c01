"""The study pages, the check and the assignment screen, as readers and trainers meet them."""
import re

import pytest
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role

from courses import actions
from courses.models import Assignment, LessonResult

from .scene import NOW, SECRET, finish, finish_course, form_data


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def signed_in(client, cadre):
    client.force_login(cadre)
    return client


def study_addresses(scene):
    return ["/courses/", scene.course.url, scene.lessons[0].url]


def test_AZ1_only_signed_in_people_read_courses(scene, client):
    for address in study_addresses(scene):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, f"/login/?next={address}")


def test_signed_in_people_read_list_course_and_lesson(scene, signed_in):
    titles = ["我的学习", scene.course.title, scene.lessons[0].title]
    for address, words in zip(study_addresses(scene), titles, strict=True):
        response = signed_in.get(address)
        assert response.status_code == 200
        assert words in text_of(response)


def test_a_study_page_is_not_kept_by_shared_caches(scene, signed_in):
    assert "private" in signed_in.get("/courses/")["Cache-Control"]


def test_an_empty_list_says_what_now(scene, signed_in):
    scene.course.unpublish()
    assert "现在没有课程" in text_of(signed_in.get("/courses/"))


def test_the_list_shows_progress_and_due_date(scene, signed_in, cadre):
    scene.assign(scene.town)
    finish(cadre, scene.lessons[0])
    page = text_of(signed_in.get("/courses/"))
    assert "已完成 1 / 2 课" in page
    assert 'width="50%"' in page
    assert "9 月 30 日前完成" in page


def test_a_law_not_in_the_library_stands_as_citation(scene, signed_in):
    page = text_of(signed_in.get(scene.lessons[0].url))
    assert "《行政复议法》第二十条" in page
    assert "库中暂无原文" in page


def test_AL2_the_lesson_page_holds_no_key_and_no_explanation(scene, signed_in):
    page = text_of(signed_in.get(scene.lessons[0].url))
    assert SECRET not in page
    assert "checked" not in page
    for word in ("answer", "correct", "right\""):
        assert word not in page.split('id="check"')[1].split("</section>")[0]


def test_the_check_works_as_a_plain_form(scene, signed_in):
    lesson = scene.lessons[0]
    page = text_of(signed_in.get(lesson.url))
    action = re.search(r'<form method="post" action="([^"]+check/)"', page)[1]
    response = signed_in.post(action, form_data(lesson), follow=True)
    assert "全部答对，本课已完成。" in text_of(response)
    assert SECRET in text_of(response)
    assert LessonResult.objects.get().passed


def test_a_wrong_check_explains_and_offers_another_try(scene, signed_in):
    lesson = scene.lessons[0]
    response = signed_in.post(reverse("lesson_check", args=[lesson.pk]), form_data(lesson, right=False), follow=True)
    page = text_of(response)
    assert "答对 0 / 2 题。" in page
    assert page.count("不对，可以再答") == 2
    assert "再答一次" in page


def test_nothing_chosen_is_said_and_nothing_saved(scene, signed_in):
    lesson = scene.lessons[0]
    response = signed_in.post(reverse("lesson_check", args=[lesson.pk]), {}, follow=True)
    assert "还没有选答案" in text_of(response)
    assert not LessonResult.objects.exists()


@pytest.mark.parametrize("given", ["Z", "T", "A" * 100_000, "𠮷", "A\x00"])
def test_SI11_an_option_not_on_the_page_is_refused_with_a_reason(scene, signed_in, given):
    lesson = scene.lessons[0]
    data = {**form_data(lesson), next(iter(form_data(lesson))): given}
    response = signed_in.post(reverse("lesson_check", args=[lesson.pk]), data, follow=True)
    assert response.status_code == 200
    assert "这次作答没有计入" in text_of(response)
    assert not LessonResult.objects.exists()


@pytest.mark.parametrize("result", ["0", "99999999999999999999999", "9" * 5000, "x", "-1", "１"])
def test_a_made_up_result_number_shows_the_plain_lesson(scene, signed_in, result):
    response = signed_in.get(scene.lessons[0].url, {"result": result})
    assert response.status_code == 200
    assert SECRET not in text_of(response)


def test_a_check_is_handed_in_by_post_and_by_signed_in_people_only(scene, client, cadre):
    address = reverse("lesson_check", args=[scene.lessons[0].pk])
    assert client.post(address, form_data(scene.lessons[0])).status_code == 302
    assert not LessonResult.objects.exists()
    client.force_login(cadre)
    assert client.get(address).status_code == 405


def test_an_unpublished_lesson_has_no_check(scene, signed_in):
    scene.lessons[0].unpublish()
    assert signed_in.post(reverse("lesson_check", args=[scene.lessons[0].pk]), {}).status_code == 404


def queries_of(django_assert_max_num_queries, client, address) -> int:
    with django_assert_max_num_queries(200) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_takes_the_same_queries_for_one_and_for_many_courses(
    scene, signed_in, django_assert_max_num_queries
):
    scene.assign(scene.town)
    signed_in.get("/courses/")
    before = queries_of(django_assert_max_num_queries, signed_in, "/courses/")
    for n in range(10):
        course = actions.create_course(title=f"第{n}门课", unit=scene.district, by=scene.trainer, now=NOW)
        scene.lesson("一课", scene.questions[:1], course=course)
    assert queries_of(django_assert_max_num_queries, signed_in, "/courses/") == before


def test_a_lesson_takes_the_same_queries_for_one_and_for_many_articles_and_questions(
    scene, signed_in, django_assert_max_num_queries
):
    law = [("law", {"law": "行政复议法", "article": str(n)}) for n in range(1, 21)]
    long = scene.lesson("很长的一课", [scene.question(n) for n in range(50, 60)], body=law)
    signed_in.get(scene.lessons[0].url)
    before = queries_of(django_assert_max_num_queries, signed_in, scene.lessons[0].url)
    assert queries_of(django_assert_max_num_queries, signed_in, long.url) == before


# --- assignments ----------------------------------------------------------------------------------


def assignment_data(scene, **more):
    return {"course": scene.course.pk, "units": [scene.town.pk], "due_on": "2026-09-30", **more}


def test_AZ4_the_assignment_screen_is_for_trainers(scene, client):
    address = reverse("assignments")
    assert client.get(address).status_code == 302
    for role in set(Role) - {Role.TRAINER}:
        client.force_login(scene.holder(role, scene.district))
        assert client.get(address).status_code == 403
        assert client.post(address, assignment_data(scene)).status_code == 403
    assert not Assignment.objects.exists()


def test_a_trainer_assigns_a_course(scene, client):
    client.force_login(scene.trainer)
    response = client.post(reverse("assignments"), assignment_data(scene), follow=True)
    assert "已布置：依法分类处理群众诉求，9 月 30 日前完成。" in text_of(response)
    assert [unit.name for unit in Assignment.objects.get().units.all()] == ["穗安街道"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"due_on": "2026-09-16"}, "期限不能早于今天（9 月 17 日）"),
        ({"due_on": "明天"}, "日期请写成 2026-09-30 这样"),
        ({"units": []}, "请至少选一个单位"),
        ({"course": "999"}, "没有这门课程，或者您不能布置它"),
        ({"categories": ["nobody"]}, "没有这个人员类别"),
    ],
)
def test_a_wrong_assignment_says_what_to_change_and_saves_nothing(scene, client, change, words):
    client.force_login(scene.trainer)
    response = client.post(reverse("assignments"), assignment_data(scene, **change))
    assert response.status_code == 200
    assert words in text_of(response)
    assert not Assignment.objects.exists()


def test_AZ1_a_trainer_neither_sees_nor_touches_another_units_assignments(scene, client):
    assignment = scene.assign(scene.district)
    client.force_login(scene.holder(Role.TRAINER, scene.town))
    page = text_of(client.get(reverse("assignments")))
    assert scene.course.title not in page
    assert client.post(reverse("assignment_withdraw", args=[assignment.pk])).status_code == 404
    assert client.post(reverse("assignments"), assignment_data(scene)).status_code == 200
    assert Assignment.objects.get().withdrawn_at is None


def test_a_trainer_withdraws_an_assignment(scene, client):
    assignment = scene.assign()
    client.force_login(scene.trainer)
    assert "已撤回" in text_of(client.post(reverse("assignment_withdraw", args=[assignment.pk]), follow=True))
    assert Assignment.objects.get().withdrawn_at is not None


def test_the_assignment_list_takes_the_same_queries_for_one_and_for_thirty(
    scene, client, django_assert_max_num_queries
):
    client.force_login(scene.trainer)
    scene.assign(scene.town, categories=["civil"])
    client.get(reverse("assignments"))
    before = queries_of(django_assert_max_num_queries, client, reverse("assignments"))
    for _ in range(29):
        scene.assign(scene.town, scene.other_town, categories=["civil", "village"])
    assert queries_of(django_assert_max_num_queries, client, reverse("assignments")) == before


# --- the admin ------------------------------------------------------------------------------------


@pytest.fixture
def town_trainer(scene):
    return scene.holder(Role.TRAINER, scene.town)


def admin_addresses(page):
    names = ("edit", "unpublish", "delete", "copy", "move", "history")
    return [reverse(f"wagtailadmin_pages:{name}", args=[page.pk]) for name in names]


def test_a_trainer_edits_courses_of_the_own_unit_in_the_admin(scene, client):
    client.force_login(scene.trainer)
    for page in (scene.course, scene.lessons[0]):
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def test_AZ1_a_trainer_of_another_unit_changes_nothing_in_the_admin(scene, client, town_trainer):
    client.force_login(town_trainer)
    for page in (scene.course, scene.lessons[0]):
        for address in admin_addresses(page):
            for response in (client.get(address), client.post(address, {})):
                assert response.status_code in (302, 403)
                assert response.get("Location", "/admin/") == "/admin/"
    address = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", scene.course.pk])
    assert client.get(address, follow=True).redirect_chain[-1:] == [("/admin/", 302)]
    scene.course.refresh_from_db()
    assert (scene.course.live, scene.course.has_unpublished_changes) == (True, False)


def test_AZ1_a_trainer_cannot_take_the_course_list_itself_offline_or_change_it(scene, client, town_trainer):
    courses = scene.course.get_parent().specific
    for trainer in (scene.trainer, town_trainer):
        client.force_login(trainer)
        for address in admin_addresses(courses):
            for response in (client.get(address), client.post(address, {})):
                assert response.status_code in (200, 302, 403)
        assert client.get(reverse("wagtailadmin_pages:edit", args=[courses.pk])).status_code in (302, 403)
        courses.refresh_from_db()
        assert (courses.live, courses.has_unpublished_changes) == (True, False)
    client.force_login(scene.boss)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[courses.pk]))
    courses.refresh_from_db()
    assert courses.live is False


def lesson_form(lesson, *questions):
    """What the editor sends: the stored rows first, then new ones."""
    stored = list(lesson.check_questions.all())
    rows = [*((row.pk, row.question_id) for row in stored), *(("", question.pk) for question in questions)]
    data = {
        "title": lesson.title, "slug": lesson.slug, "minutes": 10, "body-count": 0, "action-publish": "1",
        "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
        "check_questions-TOTAL_FORMS": len(rows), "check_questions-INITIAL_FORMS": len(stored),
    }  # fmt: skip
    for place, (row, question) in enumerate(rows):
        data |= {
            f"check_questions-{place}-id": row, f"check_questions-{place}-question": question,
            f"check_questions-{place}-ORDER": place + 1,
        }  # fmt: skip
    return data


def test_AZ1_the_editor_takes_no_question_of_another_units_bank_but_keeps_what_is_there(scene, client):
    town = bank_actions.create_bank(name="街道题库", unit=scene.town, by=scene.boss, now=NOW)
    other = bank_actions.create_bank(name="邻镇题库", unit=scene.other_town, by=scene.boss, now=NOW)
    trainer = scene.holder(Role.TRAINER, scene.town)
    course = actions.create_course(title="街道自己的课", unit=scene.town, by=scene.trainer, now=NOW)
    foreign, more, own = scene.question(30, bank=other), scene.question(31, bank=other), scene.question(32, bank=town)
    lesson = actions.add_lesson(course, title="一课", body=[], questions=[foreign], by=scene.trainer, now=NOW)
    client.force_login(trainer)
    address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])

    refused = client.post(address, lesson_form(lesson, more))
    kept = list(lesson.check_questions.values_list("question_id", flat=True))
    client.post(address, lesson_form(lesson, own))

    assert "这道题不在您能用的题库里，请另选一题。" in refused.content.decode()
    assert kept == [foreign.pk]
    assert list(lesson.check_questions.values_list("question_id", flat=True)) == [foreign.pk, own.pk]


def test_AZ4_cadres_do_not_enter_the_admin(scene, signed_in):
    for address in (*admin_addresses(scene.course), "/admin/", reverse("check_question_chooser:choose")):
        assert signed_in.get(address).status_code in (302, 403)


def test_a_trainer_makes_a_course_only_for_own_units(scene, client, town_trainer):
    client.force_login(town_trainer)
    address = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", scene.course.get_parent().pk])
    form = client.get(address).context["form"]
    assert list(form.fields["unit"].queryset) == [scene.town]


def test_a_chinese_address_typed_in_the_admin_becomes_readable(scene, client, town_trainer):
    client.force_login(town_trainer)
    parent = scene.course.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", parent.pk])
    data = {"title": "信访条例", "slug": "信访条例", "unit": scene.town.pk, "intro": "", "action-publish": "1",
            "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    client.post(address, data)
    assert parent.get_children().last().slug == "xin-fang-tiao-li"


def test_the_chooser_offers_no_key_and_no_other_units_question(scene, client, town_trainer):
    client.force_login(town_trainer)
    page = client.get(reverse("check_question_chooser:choose")).json()["html"]
    assert "第 1 题怎么说" in page
    assert SECRET not in page
    scene.questions[0].reserved = True
    scene.questions[0].save()
    address = reverse("check_question_chooser:chosen", args=[scene.questions[0].pk])
    assert client.get(address).status_code == 404


def test_CM4_a_course_with_results_is_not_deleted(scene, client, cadre):
    finish_course(cadre, scene)
    client.force_login(scene.trainer)
    response = client.post(reverse("wagtailadmin_pages:delete", args=[scene.lessons[0].pk]), follow=True)
    assert "不能删除" in text_of(response)
    scene.course.refresh_from_db()
    assert scene.course.live


def test_a_village_assignment_reaches_its_people_only(scene, client):
    village = people.create_unit(name="青石村", kind="village", parent=scene.town, by=scene.boss, now=NOW)
    village = OrgUnit.objects.get(pk=village.pk)
    scene.assign(village)
    client.force_login(scene.person("村干", village))
    assert "9 月 30 日前完成" in text_of(client.get("/courses/"))
    client.force_login(scene.person("街干"))
    assert "9 月 30 日前完成" not in text_of(client.get("/courses/"))
