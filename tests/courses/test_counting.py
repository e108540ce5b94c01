"""The study board counts in the database whom queries.due_people reads one by one."""
from contextlib import contextmanager
from datetime import timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.indicators.figures import rate
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit
from mingfa.periods import Month, Year

from courses import actions, queries
from courses.counting import StudyBoard, Unfinished
from courses.models import Completion

from .scene import BEFORE, NOW, TODAY, finish, finish_course

YEAR = Year(2026)


def board(scene, unit=None, period=YEAR):
    return StudyBoard(unit or scene.district, period, course=scene.course.pk, today=TODAY)


def names(found):
    return [(one.name, one.unit, one.why) for one in found]


def test_the_unfinished_are_named_with_how_far_they_got(scene):
    scene.person("学甲")
    second, done = scene.person("学乙"), scene.person("学丙")
    scene.assign(scene.town)
    finish_course(done, scene)
    finish(second, scene.lessons[0])
    assert names(Unfinished(board(scene))) == [("学甲", "穗安街道", "还没开始"), ("学乙", "穗安街道", "已完成 1 课")]


def test_any_part_of_the_list_is_that_part_of_the_whole(scene):
    for n in range(7):
        scene.person(f"学{n}", scene.town if n % 2 else scene.other_town)
    scene.assign(scene.district)
    whole = names(Unfinished(board(scene)))
    assert len(whole) == 8  # the trainer stands in the district itself
    for start in range(9):
        assert names(Unfinished(board(scene))[start : start + 3]) == whole[start : start + 3]


def test_a_row_has_the_first_names_and_only_those_of_its_unit(scene):
    for n in range(4):
        scene.person(f"学{n}", scene.town)
    done = scene.person("学完", scene.town)
    finish_course(done, scene)
    scene.person("别处", scene.other_town)
    scene.assign(scene.district)
    assert board(scene).first_unfinished([scene.town], 3) == {scene.town.path: ["学0", "学1", "学2"]}
    assert board(scene).first_unfinished([scene.district], 3) == {scene.district.path: ["何砚秋"]}


def test_a_course_nobody_is_due_for_has_no_rate_and_no_rows(scene):
    assert (board(scene).figure.text, board(scene).rows(), list(Unfinished(board(scene)))) == ("—", [], [])


def test_finishing_after_the_period_does_not_change_its_board(scene):
    cadre = scene.person()
    scene.assign(scene.town)
    finish_course(cadre, scene, now=NOW.replace(month=10))
    assert board(scene, period=Month(2026, 9)).figure == rate(0, 1)
    assert board(scene).figure == rate(1, 1)


def test_who_moved_between_two_due_dates_counts_once_and_where_the_earlier_one_found_him(scene):
    cadre = scene.person("学甲")
    scene.assign(scene.town, due_on=TODAY - timedelta(days=3), now=NOW - timedelta(days=9))
    people.move_person(cadre, unit=scene.other_town, by=scene.boss, now=NOW)
    scene.assign(scene.other_town)
    assert [(unit.name, figure) for unit, figure in board(scene).rows()] == [("穗安街道", rate(0, 1))]
    assert board(scene, scene.other_town).figure == rate(0, 1)


def test_the_board_takes_the_same_queries_for_one_and_for_thirty_units(scene):
    scene.assign(scene.district)

    def measure():
        with CaptureQueriesContext(connection) as captured:
            one = board(scene)
            one.first_unfinished([unit for unit, _ in one.rows()], 3)
            Unfinished(one)[:5]
        return len(captured)

    scene.person("学一", scene.town)
    before = measure()
    for n in range(30):
        unit = people.create_unit(name=f"第{n}镇", kind="township", parent=scene.district, by=scene.boss, now=NOW)
        scene.person(f"学{n}", OrgUnit.objects.get(pk=unit.pk))
    assert measure() == before


def test_whoever_finishes_is_on_the_board_at_once(scene):
    first, second = scene.person("学甲"), scene.person("学乙", scene.other_town)
    scene.assign(scene.district)
    for n, cadre in enumerate((first, second), 1):
        assert board(scene).figure == rate(n - 1, 3)
        finish_course(cadre, scene)
    assert [(unit.name, figure) for unit, figure in board(scene).rows()] == [
        ("嘉禾区", rate(0, 1)), ("穗安街道", rate(1, 1)), ("黄莺岗镇", rate(1, 1)),
    ]  # fmt: skip


def test_a_completion_that_a_later_one_overtook_is_counted(scene):
    first, second = scene.person("学甲"), scene.person("学乙")
    scene.assign(scene.town)
    slow = Completion.objects.create(user=first, course=scene.course, finished_at=NOW)
    number, _ = slow.pk, slow.delete()
    finish_course(second, scene)
    assert board(scene).figure == rate(1, 2)
    Completion.objects.create(pk=number, user=first, course=scene.course, finished_at=NOW)
    assert board(scene).figure == rate(2, 2)


def test_who_comes_moves_or_retires_is_on_the_board_at_once(scene):
    cadre = scene.person("学甲")
    scene.assign(scene.town)
    assert board(scene).figure == rate(0, 1)
    scene.person("学乙")
    assert board(scene).figure == rate(0, 2)
    people.move_person(cadre, unit=scene.other_town, by=scene.boss, now=NOW - timedelta(days=1))
    assert board(scene).figure == rate(0, 1)
    people.move_person(cadre, unit=scene.town, duty_status="retired", by=scene.boss, now=NOW)
    assert board(scene).figure == rate(0, 1)


def test_an_assignment_given_or_taken_back_is_on_the_board_at_once(scene):
    scene.person("学甲"), scene.person("学乙", scene.other_town)
    one = scene.assign(scene.town)
    assert board(scene).figure == rate(0, 1)
    other = scene.assign(scene.other_town)
    assert board(scene).figure == rate(0, 2)
    actions.withdraw_assignment(one, by=scene.boss, now=NOW)
    assert board(scene).figure == rate(0, 1)
    actions.withdraw_assignment(other, by=scene.boss, now=NOW)
    assert board(scene).figure == rate(0, 0)


def test_a_page_asked_for_again_counts_nobody(scene):
    scene.person("学甲")
    scene.assign(scene.town)
    assert board(scene).figure == rate(0, 1)
    with CaptureQueriesContext(connection) as captured:
        assert board(scene).figure == rate(0, 1)
    assert not [one for one in captured if "people_posting" in one["sql"]]


PEOPLE = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["civil", "village"]), st.booleans(), st.sampled_from([None, 0, 1, 2])),
    max_size=8,
)  # fmt: skip
ASSIGNED = st.lists(
    st.tuples(
        st.sets(st.integers(0, 2), min_size=1), st.sampled_from([[], ["civil"], ["village"]]), st.sampled_from([-20, -2, 0, 13]),
    ),
    max_size=3,
)  # fmt: skip


@contextmanager
def undone():
    """Leave the database as it was for the next example."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)
        cache.clear()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(PEOPLE, ASSIGNED)
def test_everybody_is_counted_where_the_list_of_those_due_has_him(scene, folk, assigned):
    units = [scene.district, scene.town, scene.other_town]
    with undone():
        for n, (place, category, done, moves) in enumerate(folk):
            cadre = scene.person(f"学{n}", units[place], category=category)
            if done:
                Completion.objects.create(user=cadre, course=scene.course, finished_at=NOW)
            if moves not in (None, place):
                people.move_person(cadre, unit=units[moves], by=scene.boss, now=NOW - timedelta(days=5))
        for chosen, categories, days in sorted(assigned, key=lambda one: one[2]):
            scene.assign(*(units[n] for n in chosen), categories=categories, due_on=TODAY + timedelta(days=days), now=BEFORE)
        for unit in units:
            found, slow = board(scene, unit), queries.due_people(unit, YEAR, courses=[scene.course.pk], today=TODAY)
            assert found.figure == rate(sum(one.complete for one in slow), len(slow))
            assert found.rows() == queries.completion_by_unit(unit, YEAR, course=scene.course.pk, today=TODAY)
            assert [one.name for one in Unfinished(found)] == [one.name for one in slow if not one.complete]
