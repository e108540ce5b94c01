"""Edge cases of the figures, sittings and makeups (domain guide §3): what counts, once, in which year."""
from datetime import UTC, datetime

import pytest
from mingfa.indicators.figures import Figure, rate
from mingfa.periods import Month, Year

from exams import actions, indicators
from exams.models import Exam

from . import scene
from .cases import DAY, YEAR, excuse, heads, makeup, move, rates, sit, year
from .scene import CLOSES, NOON, minutes

LATER = CLOSES + 10 * DAY + minutes(30)  # inside the first makeup


@pytest.fixture
def pair(district):
    return district.person("甲一"), district.person("乙二")


# --- which sitting counts ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("rule", "marks", "passed"), [
    ("best", (50, 60, 40), 1), ("last", (80, 50), 0), ("last", (50, 80), 1), ("first", (50, 100), 0), ("first", (60, 0), 1),
])  # fmt: skip
def test_of_several_attempts_the_rule_of_the_exam_says_which_counts_and_the_person_counts_once(
    district, pair, rule, marks, passed
):
    exam = district.exam(attempts=3, counting=rule)
    for place, mark in enumerate(marks):
        sit(exam, pair[0], mark, now=NOON + minutes(place))
    assert heads(exam) == (2, 0, 0, 2, 1, passed)


@pytest.mark.parametrize(("mark", "counts"), [(60, (1, 0)), (50, (0, 0)), (90, (1, 1)), (80, (1, 0))])
def test_exactly_the_pass_mark_passes_and_exactly_ninety_is_excellent(district, pair, mark, counts):
    exam = district.exam()
    sit(exam, pair[0], mark)
    assert heads(exam)[5] == counts[0]
    assert indicators.EXCELLENT.compute(district.town, YEAR, str(exam.pk)) == rate(counts[1], 1)


def test_voiding_the_only_attempt_makes_absent_and_another_chance_brings_back(district, pair):
    exam = district.exam()
    voided = sit(exam, pair[0], 100)
    actions.void_sitting(voided, reason="断电", again=True, by=district.boss, now=NOON + minutes(1))
    assert heads(exam) == (2, 0, 0, 2, 0, 0)
    sit(exam, pair[0], 70, now=NOON + minutes(2))
    assert heads(exam) == (2, 0, 0, 2, 1, 1)


def test_voiding_the_attempt_that_passed_leaves_the_one_that_failed(district, pair):
    exam = district.exam(attempts=2)
    sit(exam, pair[0], 50)
    cheated = sit(exam, pair[0], 100, now=NOON + minutes(1))
    actions.void_sitting(cheated, reason="代考", by=district.boss, now=NOON + minutes(2))
    assert heads(exam) == (2, 0, 0, 2, 1, 0)


@pytest.mark.parametrize(("blank_counts", "sat"), [(False, 0), (True, 1)])
def test_an_empty_sheet_counts_as_the_exam_says(district, pair, blank_counts, sat):
    exam = district.exam(blank_counts=blank_counts)
    actions.submit_sitting(scene.sit(exam, pair[0]).pk, by=pair[0], now=NOON)
    assert heads(exam) == (2, 0, 0, 2, sat, 0)


def test_an_open_sitting_counts_from_its_end_on_with_what_was_saved(district, pair):
    exam = district.exam()
    sit(exam, pair[0], 70, end=False)
    assert heads(exam) == (2, 0, 0, 2, 0, 0)
    actions.end_overdue_sittings(now=NOON + minutes(61))
    assert heads(exam) == (2, 0, 0, 2, 1, 1)


def test_who_starts_just_before_the_close_counts_after_it(district, pair):
    exam = district.exam()
    sit(exam, pair[0], 70, now=CLOSES - minutes(1), end=False)
    actions.end_overdue_sittings(now=CLOSES + minutes(1))
    assert (heads(exam), Exam.objects.get(pk=exam.pk).state) == ((2, 0, 0, 2, 1, 1), "closed")


# --- 缓考 ---------------------------------------------------------------------------------------------------
def test_deferred_and_then_passed_counts_over_the_year_and_not_in_the_first_session(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "住院", kind="defer")
    sit(exam, pair[1], 100)
    again = makeup(exam, district)
    sit(again, pair[0], 80, now=LATER)
    assert (heads(exam), heads(again)) == ((2, 0, 1, 1, 1, 1), (1, 0, 0, 1, 1, 1))
    assert (year(district.town), rates(district.town)) == ((2, 0, 2, 2, 2), ["100%", "100%", "100%", "50.0%"])


def test_deferred_and_absent_from_the_makeup_is_due_and_missing_over_the_year(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "住院", kind="defer")
    sit(exam, pair[1], 100)
    makeup(exam, district)
    assert (year(district.town), rates(district.town)[0]) == ((2, 0, 2, 1, 1), "50.0%")


def test_deferred_twice_stays_due(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "住院", kind="defer")
    again = makeup(exam, district)
    excuse(again, pair[0], district, "仍在住院", kind="defer", now=LATER)
    assert (heads(again)[:4], year(district.town)) == ((2, 0, 1, 1), (2, 0, 2, 0, 0))


def test_deferred_and_back_before_the_close_sits_the_first_session(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "出差", kind="defer")
    line = scene.candidate(exam, pair[0])
    actions.change_standing(line, kind="restore", reason="已返岗", by=district.boss, now=NOON + minutes(1))
    sit(exam, pair[0], 60, now=NOON + minutes(2))
    assert heads(exam) == (2, 0, 0, 2, 1, 1)


# --- makeups ------------------------------------------------------------------------------------------------
def test_failed_and_absent_from_the_makeup_has_sat_and_not_passed(district, pair):
    exam = district.exam()
    sit(exam, pair[0], 50)
    makeup(exam, district)
    assert year(district.town) == (2, 0, 2, 1, 0)


def test_two_rounds_of_makeup_count_a_person_once(district, pair):
    exam = district.exam()
    first = makeup(exam, district)
    sit(first, pair[0], 50, now=LATER)
    second = makeup(exam, district, at=CLOSES + 20 * DAY, name="第二轮补考")
    sit(second, pair[0], 60, now=CLOSES + 20 * DAY + minutes(5))
    assert (heads(second)[0], year(district.town)) == (2, (2, 0, 2, 1, 1))


def test_absent_and_then_exempt_from_the_makeup_stays_due_for_the_year(district, pair):
    exam = district.exam()
    again = makeup(exam, district)
    excuse(again, pair[0], district, "退休", now=LATER)
    assert (heads(again)[:4], year(district.town)) == ((2, 1, 0, 1), (2, 0, 2, 0, 0))


def test_exempt_from_the_first_session_does_not_come_to_the_makeup(district, pair):
    exam = district.exam()
    excuse(exam, pair[0], district, "产假")
    assert [one.user for one in makeup(exam, district).candidates.all()] == [pair[1]]
    assert year(district.town) == (2, 1, 1, 0, 0)


def test_who_moved_meanwhile_is_made_up_for_in_the_unit_of_the_first_session(district, pair):
    exam = district.exam()
    move(district, pair[0], district.other_town, now=CLOSES + DAY)
    sit(makeup(exam, district), pair[0], 100, now=LATER)
    assert (year(district.town), year(district.other_town)) == ((2, 0, 2, 1, 1), (0, 0, 0, 0, 0))


def test_who_retired_before_the_makeup_still_comes_back_and_needs_an_exemption_by_name(district, pair):
    exam = district.exam()
    move(district, pair[0], district.town, now=CLOSES + DAY, status="retired")
    assert heads(makeup(exam, district))[0] == 2


def test_a_makeup_in_january_makes_up_for_the_old_year_and_is_no_figure_of_the_new_one(district, pair):
    opens = datetime(2026, 12, 20, 1, tzinfo=UTC)
    exam = district.exam(opens_at=opens, closes_at=opens + DAY, now=opens - DAY)
    sit(exam, pair[0], 100, now=opens + minutes(5))
    january = datetime(2027, 1, 10, 1, tzinfo=UTC)
    sit(makeup(exam, district, at=january), pair[1], 60, now=january + minutes(5))
    assert (year(district.town), year(district.town, Year(2027))) == ((2, 0, 2, 2, 2), (0, 0, 0, 0, 0))
    assert (rates(district.town)[2], rates(district.town, period=Year(2027))[2]) == ("100%", "—")
    assert rates(district.town, period=Month(2026, 12))[2] == "100%"


def test_an_exam_that_closes_in_the_first_minute_of_the_new_year_in_beijing_belongs_to_it(district, pair):
    closes = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # 0:00 on 1 January 2027 in Beijing
    district.exam(opens_at=closes - DAY, closes_at=closes, now=closes - 2 * DAY)
    assert (year(district.town)[0], year(district.town, Year(2027))[0]) == (0, 2)


def test_two_windows_of_one_year_each_count_for_themselves_and_the_person_once(district, pair):
    first = district.exam(name="第一批")
    second = district.exam(name="第二批", opens_at=CLOSES + DAY, closes_at=CLOSES + 3 * DAY, now=CLOSES)
    sit(first, pair[0], 100)
    sit(second, pair[0], 50, now=CLOSES + DAY + minutes(5))
    sit(second, pair[1], 70, now=CLOSES + DAY + minutes(5))
    assert (heads(first), heads(second)) == ((2, 0, 0, 2, 1, 1), (2, 0, 0, 2, 2, 1))
    assert year(district.town) == (2, 0, 2, 2, 2)


# --- 一次合格率, 补考合格率, 平均分 ------------------------------------------------------------------------
def found(indicator, unit, exam=None) -> Figure:
    return indicator.compute(unit, YEAR, exam and str(exam.pk))


def test_passing_at_the_first_time_is_asked_of_the_first_valid_sitting(district, pair):
    third, fourth = district.person("丙三"), district.person("丁四")
    exam = district.exam(attempts=3)
    sit(exam, pair[0], 50)
    sit(exam, pair[0], 100, now=NOON + minutes(1))
    sit(exam, pair[1], 60)
    actions.submit_sitting(scene.sit(exam, third).pk, by=third, now=NOON)  # empty: no valid sitting
    sit(exam, third, 70, now=NOON + minutes(1))
    actions.void_sitting(sit(exam, fourth, 100), reason="代考", by=district.boss, now=NOON)
    sit(exam, fourth, 50, now=NOON + minutes(1))
    assert found(indicators.FIRST_TIME, district.town, exam) == rate(2, 4)
    assert indicators.PASSED_OF_SAT.compute(district.town, YEAR, str(exam.pk)) == rate(3, 4)


def test_over_the_year_the_first_time_is_that_of_the_first_session_somebody_sat(district, pair):
    exam = district.exam()
    sit(exam, pair[0], 50)
    again = makeup(exam, district)
    sit(again, pair[0], 100, now=LATER)
    sit(again, pair[1], 100, now=LATER)
    assert found(indicators.FIRST_TIME, district.district) == rate(1, 2)
    assert found(indicators.MADE_UP, district.district) == rate(2, 2)


def test_the_makeups_rate_is_of_those_who_sat_one(district, pair):
    exam = district.exam()
    again = makeup(exam, district)
    sit(again, pair[0], 50, now=LATER)
    assert (found(indicators.MADE_UP, district.town), found(indicators.MADE_UP, district.town, again)) == (rate(0, 1),) * 2
    assert found(indicators.MADE_UP, district.town, exam).text == "—"


def test_the_average_is_over_those_who_sat_with_the_best_mark_of_each(district, pair):
    third = district.person("丙三")
    district.person("缺考人")
    exam = district.exam(attempts=2)
    sit(exam, pair[0], 50)
    sit(exam, pair[0], 70, now=NOON + minutes(1))
    sit(exam, pair[1], 60)
    sit(exam, third, 70)
    assert found(indicators.AVERAGE, district.town, exam).text == "66.7"
    assert found(indicators.AVERAGE, district.other_town, exam).text == "—"


def test_who_moved_between_two_exams_has_one_home_in_these_figures_too(district, pair):
    district.exam(name="春季")
    move(district, pair[0], district.other_town, now=CLOSES + DAY)
    autumn = district.exam(name="秋季", opens_at=CLOSES + 5 * DAY, closes_at=CLOSES + 9 * DAY, now=CLOSES + 3 * DAY)
    sit(autumn, pair[0], 100, now=CLOSES + 6 * DAY)
    assert found(indicators.FIRST_TIME, district.town) == found(indicators.FIRST_TIME, district.district) == rate(1, 1)
    assert found(indicators.FIRST_TIME, district.other_town) == rate(0, 0)
