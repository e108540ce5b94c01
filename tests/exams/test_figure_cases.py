"""Edge cases of the figures, roster and excuses (domain guide §3): (N, E, D, Y, S, P) and what is printed."""
import pytest
from django.db import IntegrityError, transaction
from mingfa.people import actions as people
from mingfa.people.errors import UnitInUse
from mingfa.people.models import OrgUnit, Posting

from exams import actions, indicators, queries
from exams.models import Candidate

from . import cases, scene
from .cases import BEFORE, DAY, YEAR, excuse, heads, move, rates, sit, year
from .scene import CLOSES, NOON, OPENS, holder, minutes

AFTER = CLOSES + minutes(60)


@pytest.fixture
def pair(district):
    """Two people of 穗安街道."""
    return district.person("甲一"), district.person("乙二")


# --- postings and transfers ---------------------------------------------------------------------------
def test_a_transfer_before_the_freeze_counts_in_the_new_unit(district, pair):
    move(district, pair[0], district.other_town, now=BEFORE - DAY)
    exam = district.exam()
    assert (heads(exam, district.town)[0], heads(exam, district.other_town)[0]) == (1, 1)


def test_a_transfer_on_the_day_of_the_freeze_counts_in_the_new_unit(district, pair):
    move(district, pair[0], district.other_town, now=BEFORE - minutes(1))
    exam = district.exam()
    assert (heads(exam, district.town)[0], heads(exam, district.other_town)[0]) == (1, 1)


def test_a_transfer_after_the_freeze_leaves_the_person_where_the_roster_has_him(district, pair):
    exam = district.exam()
    move(district, pair[0], district.other_town, now=NOON)
    sit(exam, pair[0], 100, now=NOON + minutes(5))
    assert heads(exam, district.town) == (2, 0, 0, 2, 1, 1)
    assert heads(exam, district.other_town) == (0, 0, 0, 0, 0, 0)


def test_a_transfer_between_two_exams_counts_once_over_the_year_in_the_first_unit(district, pair):
    spring = district.exam(name="春季")
    move(district, pair[0], district.other_town, now=CLOSES + DAY)
    autumn = district.exam(
        name="秋季", opens_at=CLOSES + 5 * DAY, closes_at=CLOSES + 9 * DAY, now=CLOSES + 3 * DAY
    )
    sit(autumn, pair[0], 100, now=CLOSES + 6 * DAY)
    assert (heads(spring, district.town)[0], heads(autumn, district.other_town)[0]) == (2, 1)
    assert (year(district.town), year(district.other_town)) == ((2, 0, 2, 1, 1), (0, 0, 0, 0, 0))
    assert year(district.district) == (2, 0, 2, 1, 1)


def test_two_transfers_on_one_day_are_one_line_of_the_roster(district, pair):
    move(district, pair[0], district.other_town, now=BEFORE - minutes(30))
    move(district, pair[0], district.district, now=BEFORE - minutes(20))
    exam = district.exam()
    assert heads(exam) == (2, 0, 0, 2, 0, 0)
    assert [one.unit for one in exam.candidates.filter(user=pair[0])] == [district.district]


def test_somebody_with_two_postings_counts_once_in_the_unit_of_the_personnel_relation(district, pair):
    cases.secondary(pair[0], district.other_town)
    exam = district.exam()
    assert (heads(exam), heads(exam, district.other_town)[0]) == ((2, 0, 0, 2, 0, 0), 0)


def test_somebody_only_lent_to_a_unit_is_not_on_its_roster(district, pair):
    Posting.objects.filter(user=pair[0]).update(main=False)
    assert heads(district.exam()) == (1, 0, 0, 1, 0, 0)


def test_a_posting_that_ends_on_the_day_of_the_freeze_still_counts(district, pair):
    Posting.objects.filter(user=pair[0]).update(ends_on=BEFORE.date())
    Posting.objects.filter(user=pair[1]).update(ends_on=BEFORE.date() - DAY)
    assert [one.user for one in district.exam().candidates.all()] == [pair[0]]


def test_who_arrives_after_the_freeze_is_not_due(district, pair):
    exam = district.exam()
    district.person("新来的", district.other_town)
    assert heads(exam) == (2, 0, 0, 2, 0, 0)


def test_a_person_stands_on_the_roster_of_an_exam_only_once(district, pair):
    exam = district.exam()
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.create(exam=exam, user=pair[0], unit=district.other_town)


def test_an_account_that_was_disabled_stays_due(district, pair):
    exam = district.exam()
    people.disable_account(pair[0], by=district.boss, now=NOON)
    assert heads(exam) == (2, 0, 0, 2, 0, 0)


# --- leaving --------------------------------------------------------------------------------------------
def test_who_retired_before_the_freeze_is_not_on_the_roster(district, pair):
    move(district, pair[0], district.town, now=BEFORE - DAY, status="retired")
    assert heads(district.exam()) == (1, 0, 0, 1, 0, 0)


def test_who_retires_in_the_window_is_due_until_the_exemption_is_approved(district, pair):
    exam = district.exam()
    move(district, pair[0], district.town, now=NOON, status="retired")
    assert heads(exam) == (2, 0, 0, 2, 0, 0)
    excuse(exam, pair[0], district, "退休")
    assert heads(exam) == (2, 1, 0, 1, 0, 0)


def test_a_death_told_after_the_close_changes_the_figures_only_once_a_second_person_approves(district, pair):
    exam = district.exam()
    sit(exam, pair[1], 100)
    asked = excuse(exam, pair[0], district, "去世", now=AFTER)
    assert rates(district.town, exam) == ["50.0%", "100%", "50.0%", "100%"]
    cases.approve(asked, holder(district, "leader", unit=district.district))
    assert (heads(exam), rates(district.town, exam)[0]) == ((2, 1, 0, 1, 1, 1), "100%")


def test_who_passed_and_died_leaves_numerator_and_denominator_together(district, pair):
    exam = district.exam()
    sit(exam, pair[0], 100)
    asked = excuse(exam, pair[0], district, "去世", now=AFTER)
    assert heads(exam) == (2, 0, 0, 2, 1, 1)
    cases.approve(asked, holder(district, "leader", unit=district.district))
    assert heads(exam) == (2, 1, 0, 1, 0, 0)
    assert year(district.town) == (2, 1, 1, 0, 0)


def test_an_exemption_that_is_refused_changes_nothing(district, pair):
    exam = district.exam()
    asked = excuse(exam, pair[0], district, "产假", now=AFTER)
    cases.approve(asked, holder(district, "leader", unit=district.district), approved=False)
    assert heads(exam) == (2, 0, 0, 2, 0, 0)


def test_an_exemption_taken_back_makes_due_again(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "产假")
    actions.change_standing(
        scene.candidate(exam, pair[0]), kind="restore", reason="已返岗", by=district.boss, now=NOON + minutes(1)
    )
    assert heads(exam) == (2, 0, 0, 2, 0, 0)


def test_exempt_becomes_deferred_and_is_never_both(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "产假")
    excuse(exam, pair[0], district, "住院", kind="defer", now=NOON + minutes(1))
    assert heads(exam) == (2, 0, 1, 1, 0, 0)


def test_exempt_in_spring_and_due_in_autumn_is_due_for_the_year(district, pair):
    spring = district.exam(name="春季")
    excuse(spring, pair[0], district, "产假")
    district.exam(name="秋季", opens_at=CLOSES + 5 * DAY, closes_at=CLOSES + 9 * DAY, now=CLOSES + 3 * DAY)
    assert year(district.town) == (2, 0, 2, 0, 0)


# --- nothing to divide by --------------------------------------------------------------------------------
def test_a_unit_whose_people_are_all_exempt_has_no_rate_and_stands_in_the_table(district, pair):
    district.person("他镇人", district.other_town)
    exam = district.exam()
    for one in pair:
        excuse(exam, one, district, "产假")
    assert rates(district.town, exam) == ["—"] * 4
    table = [(unit.name, f.text, f.fraction) for unit, f in indicators.ATTENDANCE.by_child(district.district, YEAR, str(exam.pk))]
    assert table == [("穗安街道", "—", "0 / 0"), ("黄莺岗镇", "0.0%", "0 / 1")]


def test_a_unit_whose_people_are_all_deferred_has_no_rate_but_is_due_over_the_year(district, pair):
    exam = district.exam()
    for one in pair:
        excuse(exam, one, district, "驻村", kind="defer")
    assert (rates(district.town, exam), rates(district.town)[0]) == (["—"] * 4, "0.0%")


def test_due_and_nobody_there_is_zero_and_what_is_asked_of_those_there_is_a_dash(district, pair):
    assert rates(district.town, district.exam()) == ["0.0%", "—", "0.0%", "—"]


def test_a_unit_without_people_has_no_row_and_no_rate(district, pair):
    exam = district.exam()
    assert rates(district.other_town, exam) == ["—"] * 4
    assert [unit for unit, _ in indicators.ATTENDANCE.by_child(district.district, YEAR, str(exam.pk))] == [district.town]


def test_a_year_without_exams_has_no_rate(district, pair):
    assert rates(district.district) == ["—"] * 4


# --- the tree changes ------------------------------------------------------------------------------------
def test_a_unit_moved_in_the_tree_takes_its_frozen_heads_along(district, pair):
    exam = district.exam()
    sit(exam, pair[0], 100)
    people.revise_unit(
        district.town, name="穗安街道", kind="township", parent=district.other_town, by=district.boss, now=NOON
    )
    whole = (2, 0, 0, 2, 1, 1)
    assert (heads(exam, district.other_town), heads(exam, district.town), heads(exam, district.district)) == (whole,) * 3
    root = OrgUnit.objects.get(pk=district.district.pk)
    assert [(unit.name, f.fraction) for unit, f in indicators.ATTENDANCE.by_child(root, YEAR)] == [("黄莺岗镇", "1 / 2")]


def test_a_unit_closed_after_the_freeze_keeps_its_figures_and_cannot_be_removed(district, pair):
    exam = district.exam()
    for one in pair:
        move(district, one, district.other_town, now=NOON)
    with pytest.raises(UnitInUse):
        people.delete_unit(district.town, by=district.boss, now=NOON)
    assert heads(exam, district.town) == (2, 0, 0, 2, 0, 0)
    assert heads(district.exam(name="下一场", now=NOON + DAY), district.town) == (0, 0, 0, 0, 0, 0)


def test_a_new_name_of_a_unit_changes_no_number(district, pair):
    exam = district.exam()
    people.revise_unit(
        district.town, name="穗安新区街道", kind="township", parent=district.district, by=district.boss, now=NOON
    )
    assert (heads(exam, district.town), heads(exam, district.district)) == ((2, 0, 0, 2, 0, 0),) * 2


def test_people_of_the_district_itself_are_a_row_of_their_own(district, pair):
    boss = district.person("区本级", district.district)
    exam = district.exam()
    sit(exam, boss, 100)
    rows = [(unit.name, f.fraction) for unit, f in indicators.ATTENDANCE.by_child(district.district, YEAR, str(exam.pk))]
    assert rows == [("嘉禾区", "1 / 1"), ("穗安街道", "0 / 2")]
    assert heads(exam, district.district) == (3, 0, 0, 3, 1, 1)


# --- who the names are -------------------------------------------------------------------------------------
def test_the_names_behind_every_figure_are_as_many_as_are_missing_to_it(district, pair):
    third, fourth = district.person("丙三"), district.person("丁四")
    exam = district.exam()
    sit(exam, pair[0], 100)
    sit(exam, pair[1], 0)
    excuse(exam, fourth, district, "住院", kind="defer")
    key = str(exam.pk)
    for one in (indicators.ATTENDANCE, indicators.PASSED_OF_DUE, indicators.PASSED_OF_SAT):
        assert len(one.behind(district.district, YEAR, key)) == one.compute(district.district, YEAR, key).short
    assert [one.name for one in indicators.missing(district.town, YEAR, key)] == [third.name]
    assert [one.name for one in indicators.excused(district.town, YEAR, key)] == [fourth.name]


def test_an_exam_for_named_categories_leaves_out_who_has_none_and_says_how_many(district, pair):
    Posting.objects.filter(user=pair[0]).update(category="")
    exam = district.exam(publish=False, categories=["civil"])
    assert queries.left_out_without_category(exam, on=OPENS.date()) == 1
    actions.publish_exam(exam, by=district.boss, now=BEFORE)
    assert heads(exam) == (1, 0, 0, 1, 0, 0)
