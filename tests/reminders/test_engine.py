"""When something may be sent: quiet hours over midnight and within a day, weekends, both."""
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.reminders.engine import Quiet

NIGHT = Quiet(time(20), time(8), weekends=True)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of September 2026; the 14th is a Monday."""
    return datetime(2026, 9, day, hour, minute)


@pytest.mark.parametrize(("asked", "sent"), [
    (at(14, 10), at(14, 10)), (at(14, 8), at(14, 8)), (at(14, 7, 59), at(14, 8)), (at(14, 19, 59), at(14, 19, 59)),
    (at(14, 20), at(15, 8)), (at(14, 23), at(15, 8)), (at(15, 0), at(15, 8)),
    (at(18, 20), at(21, 8)), (at(19, 10), at(21, 8)), (at(20, 23), at(21, 8)),
])  # fmt: skip
def test_by_default_nothing_goes_out_from_eight_to_eight_and_at_weekends(asked, sent):
    assert NIGHT.first_moment(asked) == sent


def test_quiet_at_noon_alone():
    noon = Quiet(time(12), time(14), weekends=False)
    assert [noon.first_moment(one) for one in (at(19, 11, 59), at(19, 12), at(19, 13, 59), at(19, 14))] == [
        at(19, 11, 59), at(19, 14), at(19, 14), at(19, 14),
    ]  # fmt: skip


def test_two_equal_times_are_no_quiet_hours():
    assert Quiet(time(9), time(9), weekends=False).first_moment(at(20, 3)) == at(20, 3)
    assert Quiet(time(9), time(9), weekends=True).first_moment(at(20, 3)) == at(21, 0)


@given(
    st.times(), st.times(), st.booleans(), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))
)
def test_what_is_found_is_not_quiet_not_earlier_and_the_first(starts, ends, weekends, asked):
    quiet = Quiet(starts, ends, weekends)
    found = quiet.first_moment(asked)
    assert found >= asked
    assert not quiet.holds(found)
    assert found - asked <= timedelta(days=4)
    if found > asked:
        assert quiet.holds(found - timedelta(microseconds=1))
