"""From when to when editions hold."""
from datetime import date

from mingfa.library.standing import Dates, begins_on, settle

OLD = Dates(1, date(2010, 1, 1), date(2010, 3, 1), date(2010, 3, 1), None, "in_force")
REVISION = Dates(2, date(2025, 6, 1), date(2026, 1, 1), date(2026, 1, 1), None, "in_force")
AMENDMENT = Dates(3, date(2025, 6, 1), date(2010, 3, 1), date(2025, 6, 1), None, "in_force")


def words(settled):
    return [(dates.in_force_from, dates.in_force_until, dates.status) for dates in settled]


def test_a_revised_text_begins_on_its_own_day_and_an_amended_one_on_the_day_of_the_amendment():
    assert begins_on(date(2025, 6, 1), date(2026, 1, 1)) == date(2026, 1, 1)
    assert begins_on(date(2025, 6, 1), date(2010, 3, 1)) == date(2025, 6, 1)


def test_an_edition_followed_by_a_revision_is_revised_from_the_day_that_one_begins():
    assert words(settle([REVISION, OLD], {})) == [
        (date(2010, 3, 1), date(2026, 1, 1), "revised"),
        (date(2026, 1, 1), None, "in_force"),
    ]


def test_an_edition_followed_by_an_amendment_is_amended():
    assert words(settle([OLD, AMENDMENT], {}))[0] == (date(2010, 3, 1), date(2025, 6, 1), "amended")


def test_an_amending_decision_that_takes_effect_later_moves_both_editions():
    assert words(settle([OLD, AMENDMENT], {date(2025, 6, 1): date(2025, 12, 1)})) == [
        (date(2010, 3, 1), date(2025, 12, 1), "amended"),
        (date(2025, 12, 1), None, "in_force"),
    ]


def test_settling_twice_changes_nothing():
    once = settle([OLD, REVISION], {})
    assert settle(once, {}) == once


def test_what_a_person_confirmed_stays():
    confirmed = Dates(1, date(2010, 1, 1), date(2010, 3, 1), date(2010, 3, 1), None, "repealed", confirmed=True)
    assert settle([confirmed, REVISION], {})[0] == confirmed


def test_the_constitution_is_amended_and_never_revised():
    amended = Dates(2, date(2018, 3, 11), date(2018, 3, 11), date(2018, 3, 11), None, "in_force", is_constitution=True)
    assert settle([OLD, amended], {})[0].status == "amended"


def test_a_repealed_law_without_a_successor_stays_repealed():
    repealed = Dates(1, date(2010, 1, 1), date(2010, 3, 1), date(2010, 3, 1), None, "repealed")
    assert settle([repealed], {}) == [repealed]
