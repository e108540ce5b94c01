"""述法情况表: the figures of the units led, the own study and exams; for the leader and who organises, and nobody else."""
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.indicators import actions as entering
from mingfa.people import actions as people
from mingfa.people.models import Role, User
from mingfa.periods import Year
from mingfa.reports import duty
from wagtail.models import ModelLogEntry

from exams import actions
from tests.courses import scene as courses
from tests.exams import scene as exams

from .papers import told

YEAR = 2026


@pytest.fixture
def scene(db):
    with time_machine.travel(exams.NOON, tick=True):
        yield exams.build()


@pytest.fixture
def leader(scene):
    """Leads the town, is on the roster of an exam and has passed it."""
    user = exams.holder(scene, Role.LEADER, name="程望舒", unit=scene.town)
    exam = scene.exam()
    sitting = exams.sit(exam, user)
    exams.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=user, now=exams.NOON + exams.minutes(3))
    return User.objects.get(pk=user.pk)


def asked(reader, leader, year=YEAR):
    return exams.browser(reader).get(reverse("reports:duty"), {"person": leader.pk, "year": year})


def lines(answer) -> list[str]:
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    return [line.partition("\t")[2] for line in told(answer.content).splitlines()]


def test_a_leaders_sheet_has_the_units_figures_and_the_own_exams(scene, leader):
    row = entering.enter_figure(
        scene.town, "entered_leader_talks", Year(YEAR), part=9, whole=None, source="台账", by=scene.boss, now=exams.NOON
    )
    entering.check_figure(row.pk, by=leader, now=exams.NOON)
    words = lines(asked(leader, leader))
    assert words[:2] == ["程望舒同志", "2026年述法情况表"]
    table = [line.split(" | ") for line in words if " | " in line]
    found = {row[0]: row for row in table}
    assert found["参考率"][1:3] == ["100%", "1 / 1"]
    assert found["班子成员宣讲次数"][1] == "9次"
    assert found["班子成员宣讲次数"][-1] == "填报"
    assert ["考试", "法治理论考试", "2026年9月14日", "100 分，合格"] in table
    assert words[-2:] == ["程望舒", "2026年9月14日"]


def test_what_the_system_does_not_know_is_left_out_and_said(scene):
    user = exams.holder(scene, Role.LEADER, name="程望舒", unit=scene.town)
    words = "\n".join(lines(asked(user, user)))
    assert "按期办结率" not in words
    assert "系统里没有本人2026年的学习、考试和培训记录。" in words
    assert "由本人撰写" in words


def test_several_units_stand_under_their_names(scene):
    user = exams.holder(scene, Role.LEADER, name="程望舒", unit=scene.town)
    people.grant_role(user, role=Role.LEADER, unit=scene.other_town, by=scene.boss, now=exams.NOON)
    user = User.objects.get(pk=user.pk)
    words = lines(asked(user, user))
    assert [line for line in words if line.startswith("（")] == ["（一）穗安街道", "（二）黄莺岗镇"]


def test_more_units_led_take_no_more_statements_for_the_figures_of_exams(scene, leader):
    def statements():
        with CaptureQueriesContext(connection) as found:
            sheet = duty.sheet_of(User.objects.get(pk=leader.pk), Year(YEAR), now=exams.NOON)
        return sheet, [one["sql"] for one in found if "exams_" in one["sql"] or "enteredfigure" in one["sql"]]

    _, before = statements()
    people.grant_role(leader, role=Role.LEADER, unit=scene.other_town, by=scene.boss, now=exams.NOON)
    sheet, after = statements()
    assert [unit for unit, _ in sheet.units] == [scene.town, scene.other_town]
    assert len(after) == len(before) > 0


def test_a_mark_that_is_not_out_yet_is_not_in_the_sheet(scene):
    user = exams.holder(scene, Role.LEADER, name="程望舒", unit=scene.town)
    exam = scene.exam(result_policy="after_release")
    sitting = exams.sit(exam, user)
    exams.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=user, now=exams.NOON)
    words = "\n".join(lines(asked(user, user)))
    assert "已交卷，成绩还没有公布" in words
    assert "分，合格" not in words


def test_courses_stand_in_the_sheet_with_their_end(db):
    with time_machine.travel(courses.NOW, tick=True):
        scene = courses.build()
        user = scene.holder(Role.LEADER, scene.town, "程望舒")
        scene.assign(scene.district)
        before = "\n".join(lines(asked(user, user)))
        courses.finish_course(user, scene)
        after = "\n".join(lines(asked(user, user)))
    assert "学习 | 依法分类处理群众诉求 | 2026年9月30日 | 没有完成" in before
    assert "学习 | 依法分类处理群众诉求 | 2026年9月17日 | 已完成" in after


def test_who_organises_for_all_units_led_gets_it_and_every_export_is_logged(scene, leader):
    organiser = exams.holder(scene, Role.LIAISON, name="沈未央", unit=scene.town)
    lines(asked(organiser, leader))
    [entry] = ModelLogEntry.objects.filter(action="reports.duty_sheet")
    assert (entry.user_id, entry.object_id, entry.data["year"]) == (organiser.pk, str(leader.pk), YEAR)


def test_AZ1_nobody_else_gets_it(scene, leader):
    people.grant_role(leader, role=Role.LEADER, unit=scene.other_town, by=scene.boss, now=exams.NOON)
    others = [
        exams.holder(scene, Role.LEADER, name="别的领导", unit=scene.town),
        exams.holder(scene, Role.LIAISON, name="一个单位的联络员", unit=scene.town),
        exams.holder(scene, *(set(Role) - {Role.LEADER, Role.LIAISON, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}), name="其他角色"),
        scene.person("没有角色"),
    ]
    for other in others:
        assert asked(other, leader).status_code == 404
    assert ModelLogEntry.objects.filter(action="reports.duty_sheet").count() == 0


def test_AZ4_visitors_sign_in_first(client, scene, leader):
    assert client.get(reverse("reports:duty"), {"person": leader.pk}).status_code == 302


def test_somebody_who_leads_nothing_has_no_sheet(scene):
    person = scene.person("学员")
    assert asked(scene.boss, person).status_code == 404


@pytest.mark.parametrize("year", ["", "x", "1999", "2027", "９９９９"])
def test_a_year_that_is_not_offered_is_refused_in_words(scene, leader, year):
    answer = exams.browser(leader).get(reverse("reports:duty"), {"person": leader.pk, "year": year}, follow=True)
    assert "请从列表里选年度" in answer.content.decode()


@pytest.mark.parametrize("person", ["", "x", "0", "-1", "99999999999999999999"])
def test_a_person_that_is_none_is_not_found(scene, leader, person):
    assert exams.browser(leader).get(reverse("reports:duty"), {"person": person, "year": YEAR}).status_code == 404


def test_the_list_offers_the_sheets_that_a_person_may_have(scene, leader):
    organiser = exams.holder(scene, Role.LIAISON, name="沈未央", unit=scene.town)
    stranger = exams.holder(scene, Role.LIAISON, name="外单位", unit=scene.other_town)
    names = {user: exams.browser(user).get(reverse("reports:list")).context["leaders"] for user in (organiser, leader, stranger)}
    assert list(names.values()) == [[leader], [leader], []]
