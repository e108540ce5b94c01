"""Who is due, who has finished, and what a trainer may choose from."""
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from mingfa import completions
from mingfa.bank import actions as bank_actions
from mingfa.indicators.figures import rate
from mingfa.indicators.registry import indicator
from mingfa.people import actions as people
from mingfa.people.models import DutyStatus, OrgUnit, Role
from mingfa.periods import Month, Year

from courses import actions, queries, study
from courses.completions import COURSES
from tests.together import assert_together

from .scene import DUE, NOW, TODAY, finish, finish_course

YEAR = Year(2026)


def figure(scene, unit=None, **more):
    return queries.completion(unit or scene.district, YEAR, today=TODAY, **more)


def test_completion_counts_who_finished_of_who_is_due(scene):
    people_due = [scene.person(f"学{n}", category="civil") for n in "甲乙丙"]
    scene.assign(scene.town)
    finish_course(people_due[0], scene)
    finish(people_due[1], scene.lessons[0])
    assert figure(scene) == rate(1, 3)


def test_nobody_due_has_no_rate(scene):
    assert figure(scene).text == "—"


def test_only_the_named_categories_are_due(scene):
    scene.person("学甲", category="civil")
    scene.person("学乙", category="village")
    scene.assign(scene.town, categories=["village"])
    assert figure(scene) == rate(0, 1)


def test_everything_below_a_unit_is_due(scene):
    village = people.create_unit(name="青石村", kind="village", parent=scene.town, by=scene.boss, now=NOW)
    scene.person("村干", OrgUnit.objects.get(pk=village.pk))
    scene.assign(scene.town)
    assert figure(scene) == rate(0, 1)
    rows = queries.completion_by_unit(scene.district, YEAR, today=TODAY)
    assert [(unit.name, one.fraction) for unit, one in rows] == [("穗安街道", "0 / 1")]


def test_many_units_are_read_once_and_each_has_its_own_figure(scene):
    village = OrgUnit.objects.get(pk=people.create_unit(
        name="青石村", kind="village", parent=scene.town, by=scene.boss, now=NOW
    ).pk)  # fmt: skip
    finish_course(scene.person("学甲"), scene)
    scene.person("村干", village)
    scene.assign(scene.town)
    scene.assign(scene.district)
    with time_machine.travel(NOW, tick=False):
        assert_together(indicator("study_completion"), [scene.district, scene.town, village], YEAR)


def test_who_moved_between_two_assignments_is_due_in_each_unit_for_its_own(scene):
    other = OrgUnit.objects.get(pk=people.create_unit(
        name="黄莺岗镇", kind="township", parent=scene.district, by=scene.boss, now=NOW
    ).pk)  # fmt: skip
    cadre = scene.person("学甲")
    scene.assign(scene.town)
    people.move_person(cadre, unit=other, by=scene.boss, now=NOW)
    scene.assign(other)
    units = [scene.district, scene.town, other]
    found = queries.completion_of_units(units, YEAR, today=TODAY)
    assert found == {unit.pk: figure(scene, unit) for unit in units}


def test_two_assignments_count_a_person_once(scene):
    scene.person("学甲")
    scene.assign(scene.town)
    scene.assign(scene.district)
    in_town = figure(scene, scene.town)
    assert in_town == rate(0, 1)


def test_with_two_courses_both_have_to_be_finished(scene):
    cadre = scene.person()
    second = actions.create_course(title="第二门课", unit=scene.district, by=scene.trainer, now=NOW)
    scene.lesson("一课", [scene.question(20)], course=second)
    scene.assign(scene.town)
    scene.assign(scene.town, course=second)
    finish_course(cadre, scene)
    assert figure(scene) == rate(0, 1)
    assert figure(scene, course=scene.course.pk) == rate(1, 1)
    assert figure(scene, course=second.pk) == rate(0, 1)


def test_who_left_the_roster_is_not_due(scene):
    scene.person("学甲", duty_status=DutyStatus.RETIRED)
    scene.assign(scene.town)
    assert figure(scene).whole == 0


def test_who_comes_before_the_due_date_is_due_and_who_comes_after_is_not(scene):
    scene.assign(scene.town)
    scene.person("新来", now=NOW + timedelta(days=3))
    later = DUE + timedelta(days=20)
    assert queries.completion(scene.district, YEAR, today=TODAY).whole == 0
    assert queries.completion(scene.district, YEAR, today=later).whole == 1
    scene.person("更晚来", now=NOW + timedelta(days=30))
    assert queries.completion(scene.district, YEAR, today=later + timedelta(days=30)).whole == 1


def test_who_moves_is_due_where_the_main_posting_is(scene):
    cadre = scene.person()
    scene.assign(scene.district)
    people.move_person(cadre, unit=scene.other_town, by=scene.boss, now=NOW)
    tomorrow = TODAY + timedelta(days=1)
    rows = queries.completion_by_unit(scene.district, YEAR, today=tomorrow)
    assert [unit.name for unit, one in rows] == ["嘉禾区", "黄莺岗镇"]


def test_a_withdrawn_assignment_is_not_counted(scene):
    scene.person()
    actions.withdraw_assignment(scene.assign(scene.town), by=scene.boss, now=NOW)
    assert figure(scene).whole == 0


def test_an_assignment_belongs_to_the_period_of_its_due_date(scene):
    scene.person()
    scene.assign(scene.town)
    assert queries.completion(scene.town, Month(2026, 9), today=TODAY).whole == 1
    assert queries.completion(scene.town, Month(2026, 10), today=TODAY).whole == 0


def test_finishing_after_the_period_does_not_change_it(scene):
    cadre = scene.person()
    scene.assign(scene.town)
    finish_course(cadre, scene, now=NOW.replace(month=10))
    assert queries.completion(scene.town, Month(2026, 9), today=TODAY) == rate(0, 1)
    assert queries.completion(scene.town, YEAR, today=TODAY) == rate(1, 1)


def test_a_total_equals_the_sum_over_the_children(scene):
    for n in range(4):
        scene.person(f"学{n}", scene.town if n % 2 else scene.other_town)
    scene.assign(scene.district)
    total = figure(scene)
    rows = [one for _, one in queries.completion_by_unit(scene.district, YEAR, today=TODAY)]
    assert (total.part, total.whole) == (sum(one.part for one in rows), sum(one.whole for one in rows))


def test_figures_take_the_same_queries_for_one_and_for_thirty_units(scene):
    scene.assign(scene.district)
    scene.person("学一", scene.town)

    def measure():
        with CaptureQueriesContext(connection) as captured:
            queries.completion_by_unit(scene.district, YEAR, today=TODAY)
        return len(captured)

    before = measure()
    for n in range(30):
        unit = people.create_unit(name=f"第{n}镇", kind="township", parent=scene.district, by=scene.boss, now=NOW)
        scene.person(f"学{n}", OrgUnit.objects.get(pk=unit.pk))
    assert measure() == before


def test_due_dates_follow_the_main_posting(scene):
    cadre, elsewhere = scene.person("学甲"), scene.person("学乙", scene.other_town)
    scene.assign(scene.town)
    assert study.due_dates(cadre, today=TODAY) == {scene.course.pk: DUE}
    assert study.due_dates(elsewhere, today=TODAY) == {}


def test_the_earliest_date_still_ahead_counts(scene):
    cadre = scene.person()
    scene.assign(scene.town, due_on=date(2026, 11, 1))
    scene.assign(scene.town)
    assert study.due_dates(cadre, today=TODAY) == {scene.course.pk: DUE}
    assert study.due_dates(cadre, today=date(2026, 10, 15)) == {scene.course.pk: date(2026, 11, 1)}
    assert study.due_dates(cadre, today=date(2026, 12, 1)) == {scene.course.pk: date(2026, 11, 1)}


def test_what_is_due_stands_before_what_is_not(scene):
    actions.create_course(title="自己学的课", unit=scene.district, by=scene.trainer, now=NOW)
    cadre = scene.person()
    titles = [line.course.title for line in study.my_courses(cadre, today=TODAY)]
    assert titles == ["依法分类处理群众诉求", "自己学的课"]
    assert [line.due_on for line in study.my_courses(cadre, today=TODAY)] == [None, None]
    scene.assign(scene.town)
    assert [line.due_on for line in study.my_courses(cadre, today=TODAY)] == [DUE, None]


def test_my_courses_take_the_same_queries_for_one_and_for_thirty(scene):
    cadre = scene.person()
    scene.assign(scene.town)
    def measure():
        with CaptureQueriesContext(connection) as captured:
            study.my_courses(cadre, today=TODAY)
        return len(captured)

    before = measure()
    for n in range(10):
        course = actions.create_course(title=f"第{n}门课", unit=scene.district, by=scene.trainer, now=NOW)
        scene.lesson("一课", scene.questions[:1], course=course)
        scene.assign(scene.town, course=course)
    assert measure() == before


def test_an_exam_may_require_a_published_course_and_asks_who_has_finished_it(scene):
    cadre, course = scene.person(), ("course", str(scene.course.pk))
    assert (course[1], scene.course.title) in COURSES.choices(scene.trainer)
    assert completions.finished(cadre, [course]) == set()
    finish_course(cadre, scene)
    assert completions.finished(cadre, [course, ("course", "999999"), ("unknown", "1")]) == {course}


@pytest.fixture
def town_trainer(scene):
    return scene.holder(Role.TRAINER, scene.town)


def test_AZ1_a_trainer_chooses_questions_of_own_banks_and_those_above(scene, town_trainer):
    neighbour = bank_actions.create_bank(name="邻镇题库", unit=scene.other_town, by=scene.boss, now=NOW)
    own = bank_actions.create_bank(name="街道题库", unit=scene.town, by=scene.boss, now=NOW)
    scene.question(30, bank=neighbour)
    mine = scene.question(31, bank=own)
    assert set(queries.askable_questions(town_trainer)) == {*scene.questions, mine}


def test_AL2_reserved_and_retired_questions_cannot_be_chosen(scene, town_trainer):
    reserved, retired = scene.question(40), scene.question(41)
    reserved.reserved = True
    reserved.save()
    bank_actions.retire_question(retired, by=scene.boss, now=NOW)
    assert set(queries.askable_questions(town_trainer)) == set(scene.questions)


def test_a_trainer_assigns_to_the_own_unit_and_its_children(scene, town_trainer):
    village = people.create_unit(name="青石村", kind="village", parent=scene.town, by=scene.boss, now=NOW)
    assert [unit.name for unit in queries.units_to_assign(town_trainer)] == ["穗安街道", village.name]
    assert [unit.name for unit in queries.units_to_assign(scene.trainer)] == ["嘉禾区", "穗安街道", "黄莺岗镇"]
    assert list(queries.units_to_assign(scene.person())) == []


def test_today_is_the_day_in_beijing():
    assert timezone.localdate(NOW.replace(hour=17)) == TODAY + timedelta(days=1)
