"""按目前进度, the last days and the year before."""
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from mingfa.indicators.actions import freeze_figures
from mingfa.indicators.figures import rate
from mingfa.people.models import Role
from mingfa.periods import Year

from exams import actions, indicators, outlook
from exams.engine.forecast import expected_at_close, last_days, looks_back_to
from exams.models import Candidate

from . import scene
from .scene import NOON, OPENS, browser, minutes

DAY = timedelta(days=1)
NOW = datetime(2026, 9, 17, 10, 40, tzinfo=UTC)


def expected(**more):
    facts = {"due": 100, "sat": 40, "came": 20, "since": NOW - 2 * DAY, "now": NOW, "closes_at": NOW + DAY, **more}
    return expected_at_close(**facts)


def test_who_goes_on_as_before_is_expected_at_the_end():
    assert expected() == 50
    assert expected(closes_at=NOW + 3 * DAY) == 70


def test_half_a_person_is_not_expected():
    assert expected(came=1, closes_at=NOW + 3 * DAY) == 41


def test_more_than_are_due_never_come():
    assert expected(came=40, closes_at=NOW + 30 * DAY) == 100


def test_when_nobody_came_lately_nobody_more_is_expected():
    assert expected(came=0) == 40


@pytest.mark.parametrize("more", [
    {"since": NOW + DAY}, {"since": NOW - timedelta(hours=5)}, {"closes_at": NOW}, {"closes_at": NOW - DAY}, {"sat": 100},
    {"due": 0, "sat": 0, "came": 0},
])  # fmt: skip
def test_before_opening_in_the_first_hours_after_closing_and_at_the_goal_nothing_is_foretold(more):
    assert expected(**more) is None


@given(
    due=st.integers(1, 10**6), share=st.floats(0, 1), came=st.integers(0, 10**6), hours=st.integers(6, 90),
    left=st.integers(1, 2000),
)  # fmt: skip
def test_a_forecast_lies_between_those_who_sat_and_those_who_are_due(due, share, came, hours, left):
    sat = int(due * share)
    found = expected(
        due=due, sat=sat, came=min(came, sat), since=NOW - timedelta(hours=hours), closes_at=NOW + timedelta(hours=left)
    )
    assert found is None if sat >= due else sat <= found <= due


def test_the_pace_is_that_since_the_day_before_yesterday_or_since_opening():
    assert looks_back_to(NOW, NOW - 9 * DAY) == datetime(2026, 9, 15, tzinfo=UTC)
    assert looks_back_to(NOW, NOW - DAY) == NOW - DAY


def test_seven_days_at_most_up_to_today_or_the_last_one():
    opens, over = date(2026, 9, 1), date(2026, 9, 20)
    assert last_days(opens_on=opens, over_on=over, today=date(2026, 9, 3)) == [date(2026, 9, n) for n in (1, 2, 3)]
    assert last_days(opens_on=opens, over_on=over, today=date(2026, 9, 12)) == [date(2026, 9, n) for n in range(6, 13)]
    assert last_days(opens_on=opens, over_on=over, today=date(2026, 12, 1))[-1] == over
    assert last_days(opens_on=opens, over_on=over, today=date(2026, 8, 31)) == []


# --- through the models ---------------------------------------------------------------------------


@pytest.fixture
def exam(district):
    for n in range(6):
        district.person(f"干部{n}")
    return district.exam()


def hand_in(exam, person, now):
    sitting = scene.sit(exam, person, now=now)
    scene.answer_all(sitting, now=now)
    actions.submit_sitting(sitting.pk, by=None, now=now + minutes(5))


def read(district, exam, now):
    with time_machine.travel(now, tick=False):
        return indicators.read(district.district, Year(2026), str(exam.pk))


def test_the_reading_of_a_running_exam_has_its_days_and_its_forecast(district, exam):
    users = [one.user for one in Candidate.objects.filter(exam=exam).order_by("pk")]
    hand_in(exam, users[0], OPENS + minutes(60))
    hand_in(exam, users[1], OPENS + DAY)
    hand_in(exam, users[2], OPENS + DAY + minutes(30))
    found = read(district, exam, OPENS + 2 * DAY)
    assert [(one.day, one.heads, one.width) for one in found.days] == [
        (date(2026, 9, 14), 1, "50%"), (date(2026, 9, 15), 2, "100%"), (date(2026, 9, 16), 0, "0%"),
    ]  # fmt: skip
    assert found.forecast.figure == rate(6, 6)
    assert "9 月 14 日以来" in found.forecast.how
    assert sum(one.heads for one in found.days) == found.figures["exam_attendance"].part


def test_after_closing_the_days_stand_and_nothing_is_foretold(district, exam):
    hand_in(exam, exam.candidates.first().user, NOON)
    found = read(district, exam, exam.closes_at + 30 * DAY)
    assert (found.days[0].heads, found.days[-1].day, found.forecast) == (1, date(2026, 9, 18), None)


def earlier(district, exam, name, **more):
    """An exam a year before with the roster of today."""
    with time_machine.travel(OPENS - 366 * DAY):
        made = district.exam(
            name=name, opens_at=OPENS - 365 * DAY, closes_at=exam.closes_at - 365 * DAY, publish=False, **more
        )
    for one in exam.candidates.all():
        Candidate.objects.create(exam=made, user=one.user, unit=one.unit, category=one.category)
    type(made).objects.filter(pk=made.pk).update(state="closed")
    list(actions.recount_standings())
    return made


def test_the_same_exam_of_the_year_before_stands_beside_the_figure(district, exam):
    type(exam).objects.filter(pk=exam.pk).update(name="2026 年度法治理论考试")
    made = earlier(district, exam, "2025年度法治理论考试")
    earlier(district, exam, "2025年度信访业务考试")
    Candidate.objects.filter(exam=made).update(exempt_reason="")
    found = read(district, exam, NOON).before
    assert (found.name, found.key, found.period) == (made.name, f"exams-{made.pk}", "2025")
    assert found.figures["exam_attendance"] == rate(0, 6)


def test_an_exam_with_another_name_or_organiser_is_not_the_same(district, exam):
    earlier(district, exam, "信访业务考试")
    earlier(district, exam, exam.name, unit=district.town)
    assert outlook.year_before(exam) is None


def test_without_an_exam_the_frozen_figures_of_the_year_before_stand_there(district, exam):
    codes = [one.code for one in indicators.BOARD.cards]
    freeze_figures(district.district, Year(2025), codes, by=district.boss, now=NOON - 200 * DAY)
    leader = scene.holder(district, Role.LEADER)
    with time_machine.travel(NOON, tick=True):
        answer = browser(leader).get(f"/board/{district.district.pk}/")
    words = answer.content.decode()
    assert "上年：2025 年冻结的数据" in words
    assert [card.before.text for card in answer.context["table"].cards] == ["—"] * 3


def test_the_board_shows_forecast_days_and_the_way_to_the_people(district, exam):
    leader = scene.holder(district, Role.LEADER)
    for one in exam.candidates.all()[:2]:
        hand_in(exam, one.user, NOON)
    with time_machine.travel(OPENS + DAY, tick=True):
        words = browser(leader).get(f"/board/{district.district.pk}/").content.decode()
    assert "按目前进度，9 月 18 日截止时预计" in words
    assert 'class="fore" width="' in words
    assert "到 100%，还要请到 4 人" in words
    assert "看 4 人的名单" in words
    assert '<th scope="row" class="mf-nowrap">9 月 14 日</th><td class="n">2</td>' in words
