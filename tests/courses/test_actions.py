"""Assigning a course and finishing its lessons."""
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from mingfa.bank import actions as bank_actions
from mingfa.people.models import Role, User
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.documents import get_document_model
from wagtail.models import Collection, GroupCollectionPermission, ModelLogEntry, PageLogEntry, Site
from wagtail.permissions import policy_registry

from courses import actions, study
from courses.models import Assignment, Completion, CoursesPage, LessonAnswer, LessonResult

from .scene import BEFORE, DUE, NOW, TODAY, answers, finish, finish_course


def entries(action):
    return ModelLogEntry.objects.filter(action=action)


def test_all_right_finishes_the_lesson(scene, cadre):
    result = finish(cadre, scene.lessons[0])
    assert (result.right, result.asked, result.passed) == (2, 2, True)
    assert study.my_course(cadre, scene.course, today=TODAY).progress.fraction == "1 / 2"


def test_one_wrong_answer_does_not_finish_it(scene, cadre):
    given = answers(scene.lessons[0])
    _, second = given
    result = actions.finish_lesson(cadre, scene.lessons[0], {**given, second: "A"}, now=NOW)
    assert (result.right, result.asked, result.passed) == (1, 2, False)
    assert study.my_course(cadre, scene.course, today=TODAY).progress.part == 0


def test_the_check_may_be_repeated_until_it_is_right(scene, cadre):
    for right in (False, False, True):
        finish(cadre, scene.lessons[0], right=right)
    assert list(LessonResult.objects.values_list("passed", flat=True)) == [False, False, True]
    assert study.my_course(cadre, scene.course, today=TODAY).progress.part == 1


def test_a_later_wrong_answer_takes_nothing_away(scene, cadre):
    finish(cadre, scene.lessons[0])
    finish(cadre, scene.lessons[0], right=False)
    assert study.my_course(cadre, scene.course, today=TODAY).progress.part == 1


def test_the_last_lesson_finishes_the_course_once(scene, cadre):
    finish(cadre, scene.lessons[1])
    assert not Completion.objects.exists()
    finish(cadre, scene.lessons[0])
    finish(cadre, scene.lessons[0])
    completion = Completion.objects.get()
    assert (completion.user, completion.course, completion.finished_at) == (cadre, scene.course, NOW)


def test_a_lesson_added_later_leaves_the_completion(scene, cadre):
    finish_course(cadre, scene)
    scene.lesson("告知书怎么写", [scene.question(9)])
    assert Completion.objects.filter(user=cadre).count() == 1


def test_who_passed_all_that_is_left_has_finished_when_a_lesson_goes_offline(scene, cadre):
    finish(cadre, scene.lessons[0])
    finish(scene.person("另一人"), scene.lessons[1])
    scene.lessons[1].unpublish()
    assert [one.user for one in Completion.objects.all()] == [cadre]


def test_who_passed_all_that_is_left_has_finished_when_a_lesson_is_deleted(scene, cadre):
    finish(cadre, scene.lessons[0])
    scene.lessons[1].delete()
    assert [one.user for one in Completion.objects.all()] == [cadre]


def test_who_passed_all_that_is_left_has_finished_when_a_lesson_loses_its_check(scene, cadre):
    finish(cadre, scene.lessons[0])
    lesson = scene.lessons[1]
    lesson.check_questions.set([])
    lesson.save_revision().publish()
    assert [one.user for one in Completion.objects.all()] == [cadre]


@pytest.mark.parametrize("how", ["retired", "reserved"])
def test_who_passed_all_that_is_left_has_finished_when_the_last_question_of_a_lesson_leaves(scene, cadre, how):
    finish(cadre, scene.lessons[0])
    if how == "retired":
        bank_actions.retire_question(scene.questions[2], by=scene.boss, now=NOW)
    else:
        bank_actions.reserve_question(scene.questions[2], reserved=True, by=scene.boss, now=NOW)
    assert [(one.user, one.finished_at) for one in Completion.objects.all()] == [(cadre, NOW)]
    assert PageLogEntry.objects.get(action="courses.complete_remaining").data == {"people": 1}


def test_taking_the_whole_course_offline_finishes_nobody(scene, cadre):
    # Lessons go offline one by one, the last one last.
    finish(cadre, scene.lessons[1])
    UnpublishPageAction(scene.course, user=scene.boss, include_descendants=True).execute()
    assert not Completion.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time and no row locks")
def test_two_lessons_handed_in_at_once_wait_for_each_other(scene, cadre):
    with CaptureQueriesContext(connection) as seen:
        finish(cadre, scene.lessons[0])
    assert any("FOR UPDATE" in one["sql"] and "people_user" in one["sql"] for one in seen)


def test_AZ1_a_check_takes_no_question_of_another_units_bank(scene):
    other = bank_actions.create_bank(name="邻镇题库", unit=scene.other_town, by=scene.boss, now=NOW)
    trainer = scene.holder(Role.TRAINER, scene.town)
    own = actions.create_course(title="街道自己的课", unit=scene.town, by=trainer, now=NOW)
    foreign = scene.question(30, bank=other)
    with pytest.raises(ValidationError, match="不在您能用的题库里"):
        actions.add_lesson(own, title="一课", body=[], questions=[foreign], by=trainer, now=NOW)
    assert not own.get_children().exists()


def test_AZ1_trainers_add_and_choose_files_and_change_only_their_own(scene):
    group = Group.objects.get(name="培训师")
    change = Permission.objects.get(codename="change_document")
    GroupCollectionPermission.objects.get_or_create(
        group=group, collection=Collection.get_first_root_node(), permission=change
    )
    actions.prepare_site(by=scene.boss, now=NOW)
    trainer, other = scene.trainer, scene.holder(Role.TRAINER, scene.town)
    trainer, other = (User.objects.get(pk=one.pk) for one in (trainer, other))
    files = [get_document_model().objects.create(title="课件", uploaded_by_user=one) for one in (trainer, other)]
    document_policy = policy_registry.get_by_type(get_document_model())
    allowed = [document_policy.user_has_permission_for_instance(trainer, "change", one) for one in files]
    deleted = [document_policy.user_has_permission_for_instance(trainer, "delete", one) for one in files]
    chosen = [document_policy.user_has_permission_for_instance(trainer, "choose", one) for one in files]
    assert (allowed, deleted, chosen) == ([True, False], [True, False], [True, True])


def test_a_lesson_without_a_check_is_not_asked_for(scene, cadre):
    scene.lesson("只读的一课", [])
    finish_course(cadre, scene)
    assert Completion.objects.filter(user=cadre).count() == 1


def test_a_blank_answer_is_not_right_but_allowed(scene, cadre):
    given = answers(scene.lessons[0])
    _, second = given
    result = actions.finish_lesson(cadre, scene.lessons[0], {**given, second: ""}, now=NOW)
    assert (result.right, result.passed) == (1, False)


def test_nothing_answered_is_refused(scene, cadre):
    with pytest.raises(actions.NothingAnswered):
        actions.finish_lesson(cadre, scene.lessons[0], dict.fromkeys(answers(scene.lessons[0]), ""), now=NOW)
    assert not LessonResult.objects.exists()


def test_answers_to_other_questions_are_refused(scene, cadre):
    with pytest.raises(actions.CheckChanged):
        actions.finish_lesson(cadre, scene.lessons[0], answers(scene.lessons[1]), now=NOW)
    assert not LessonResult.objects.exists()


def test_a_lesson_without_questions_cannot_be_finished(scene, cadre):
    empty = scene.lesson("只读的一课", [])
    with pytest.raises(actions.NothingToCheck):
        actions.finish_lesson(cadre, empty, {}, now=NOW)


def test_AL2_a_question_reserved_later_is_not_asked_any_more(scene, cadre):
    question = scene.questions[0]
    question.reserved = True
    question.save()
    assert [one.answer for one in study.check_versions(scene.lessons[0], now=NOW)] == ["AC"]
    assert finish(cadre, scene.lessons[0]).asked == 1


def test_AL2_a_reserved_question_is_refused_for_a_check(scene):
    question = scene.question(7)
    question.reserved = True
    question.save()
    with pytest.raises(ValidationError, match="考试专用"):
        scene.lesson("新课", [question])


def test_a_retired_question_is_refused_for_a_check(scene):
    question = scene.question(7)
    bank_actions.retire_question(question, by=scene.boss, now=NOW)
    question.refresh_from_db()
    with pytest.raises(ValidationError, match="不在使用中"):
        scene.lesson("新课", [question])


def test_every_answer_is_kept_with_its_version(scene, cadre):
    finish(cadre, scene.lessons[0], right=False)
    assert list(LessonAnswer.objects.values_list("given", "right")) == [("B", False), ("B", False)]


def test_a_check_leaves_one_audit_entry(scene, cadre):
    finish(cadre, scene.lessons[0])
    entry = entries("courses.check").get()
    assert (entry.user, entry.timestamp, entry.data) == (cadre, NOW, {"right": 2, "asked": 2})


def test_assigning_names_units_categories_and_due_date(scene):
    assignment = scene.assign(scene.town, categories=["civil", "civil", "village"])
    assert (assignment.due_on, list(assignment.units.all())) == (DUE, [scene.town])
    assert sorted(one.category for one in assignment.categories.all()) == ["civil", "village"]
    entry = entries("courses.assign").get()
    assert entry.data == {"course": scene.course.title, "units": ["穗安街道"], "due_on": "2026-09-30"}


def test_a_due_date_in_the_past_is_refused(scene):
    with pytest.raises(actions.DueDatePast):
        scene.assign(due_on=date(2026, 9, 16))
    assert not Assignment.objects.exists()


def test_today_is_a_possible_due_date(scene):
    assert scene.assign(due_on=TODAY).due_on == TODAY


def test_AZ1_a_trainer_assigns_only_own_courses_to_own_units(scene):
    trainer = scene.holder(Role.TRAINER, scene.town)
    with pytest.raises(PermissionDenied):
        scene.assign(scene.town, by=trainer)
    own = actions.create_course(title="街道自己的课", unit=scene.town, by=trainer, now=NOW)
    with pytest.raises(PermissionDenied):
        scene.assign(scene.town, scene.other_town, course=own, by=trainer)
    assert scene.assign(scene.town, course=own, by=trainer).course == own
    assert Assignment.objects.count() == 1


def test_AZ1_nobody_but_the_trainer_of_the_unit_makes_a_course(scene):
    for role in set(Role) - {Role.TRAINER}:
        with pytest.raises(PermissionDenied):
            actions.create_course(title="课", unit=scene.town, by=scene.holder(role, scene.town), now=NOW)


def test_withdrawing_keeps_what_was_finished(scene, cadre):
    assignment = scene.assign()
    finish_course(cadre, scene)
    actions.withdraw_assignment(assignment, by=scene.trainer, now=NOW)
    actions.withdraw_assignment(assignment, by=scene.trainer, now=NOW)
    assert study.due_dates(cadre, today=TODAY) == {}
    assert Completion.objects.count() == 1
    assert entries("courses.withdraw").count() == 1


def test_AZ1_withdrawing_another_units_assignment_is_refused(scene):
    assignment = scene.assign()
    with pytest.raises(PermissionDenied):
        actions.withdraw_assignment(assignment, by=scene.holder(Role.TRAINER, scene.town), now=NOW)
    assert Assignment.objects.get().withdrawn_at is None


def test_the_first_run_prepares_the_site_once(scene):
    page = actions.prepare_site(by=scene.boss, now=BEFORE)
    site = Site.objects.get()
    assert (site.site_name, site.root_page.title, site.is_default_site) == ("明法", "明法", True)
    assert [(one.title, one.url) for one in CoursesPage.objects.all()] == [("学习", "/courses/")]
    assert page.get_parent() == site.root_page
    assert PageLogEntry.objects.filter(action="courses.prepare_site").count() == 1


def test_course_and_lesson_have_readable_addresses(scene):
    assert scene.course.url == "/courses/yi-fa-fen-lei-chu-li-qun-zhong-su-qiu/"
    assert scene.lessons[0].url == scene.course.url + "xing-zheng-fu-yi-yu-xin-fang-zen-me-fen-liu/"


def test_a_second_course_of_the_same_title_gets_another_address(scene):
    again = actions.create_course(title=scene.course.title, unit=scene.district, by=scene.trainer, now=NOW)
    assert again.url == scene.course.url.rstrip("/") + "-2/"


def test_an_address_of_a_view_is_refused_for_a_course(scene):
    with pytest.raises(ValidationError, match="已被系统占用"):
        actions.create_course(title="Assignments", unit=scene.district, by=scene.trainer, now=NOW)
