"""The four rates by the definitions of domain guide §3, through the models."""
from datetime import timedelta
from decimal import Decimal

import pytest
from mingfa.indicators.figures import rate, rate_text
from mingfa.people.models import User
from mingfa.periods import Month, Year

from exams import actions, indicators, yearly
from exams.models import Candidate, Exam, Sitting
from tests.together import assert_together

from . import scene as scenes

YEAR = Year(2026)
INDICATORS = (indicators.ATTENDANCE, indicators.PASSED_OF_SAT, indicators.PASSED_OF_DUE, indicators.EXCELLENT)


def put_on_roster(exam, unit, count, start=0) -> list[Candidate]:
    """People on a frozen roster, as publishing leaves them; by rows, because 130 accounts would take a minute."""
    users = User.objects.bulk_create(
        User(username=f"u{start + n}", name=f"人{start + n}", password="!") for n in range(count)
    )
    return Candidate.objects.bulk_create(Candidate(exam=exam, user=user, unit=unit) for user in users)


def sat(candidate, mark):
    """A handed-in and marked sitting that counts."""
    sitting = Sitting.objects.create(
        candidate=candidate, number=1, state=Sitting.State.MARKED, started_at=scenes.NOON, ends_at=scenes.CLOSES,
        submitted_at=scenes.NOON, mark=Decimal(mark),
    )  # fmt: skip
    candidate.counted, candidate.counted_mark, candidate.passed = sitting, sitting.mark, sitting.mark >= 60
    candidate.attempts_used = 1
    candidate.save()


@pytest.fixture
def worked(district, cadre):
    """The worked example: N 130, E 2, D 3, S 124, P 120; of those 30 excellent."""
    exam = district.exam()
    exam.candidates.all().delete()
    people = put_on_roster(exam, district.town, 130)
    for one in people[:2]:
        one.exempt_reason = "退休"
    for one in people[2:5]:
        one.deferred_reason = "住院"
    Candidate.objects.bulk_update(people[:5], ["exempt_reason", "deferred_reason"])
    for place, one in enumerate(people[5:129]):
        sat(one, "95" if place < 30 else "80" if place < 120 else "59.5")
    list(actions.recount_standings())
    return exam, people


@pytest.fixture
def makeup(district, worked):
    """The makeup: 3 缓考, 1 缺考 and 4 不合格 are due, all sit, 7 pass."""
    _, people = worked
    again = [*people[2:5], people[129], *people[125:129]]
    opens = scenes.CLOSES + timedelta(days=20)
    exam = district.exam(name="补考", opens_at=opens, closes_at=opens + timedelta(days=1))
    exam.candidates.all().delete()
    rows = [Candidate.objects.create(exam=exam, user=one.user, unit=one.unit) for one in again]
    for place, row in enumerate(rows):
        sat(row, "70" if place < 7 else "50")
    list(actions.recount_standings())
    return exam


def texts(unit, subject=None):
    return [rate_text(one.compute(unit, YEAR, subject)) for one in INDICATORS]


def test_the_worked_example(worked, district):
    exam, _ = worked
    assert texts(district.district, str(exam.pk)) == ["99.2%", "96.8%", "96.0%", "24.2%"]
    assert indicators.ATTENDANCE.compute(district.town, YEAR, str(exam.pk)) == rate(124, 125)


def test_the_worked_example_over_the_year(worked, makeup, district):
    year = yearly.yearly_standing([worked[0], makeup], district.district)
    assert (year.on_roster, year.exempt, year.due, year.sat, year.passed) == (130, 2, 128, 128, 127)
    assert rate_text(rate(year.sat, year.due)) == "100%"
    assert rate_text(rate(year.passed, year.due)) == "99.2%"


def test_the_year_without_a_subject_counts_each_person_once(worked, makeup, district):
    attendance = indicators.ATTENDANCE.compute(district.district, YEAR)
    assert (attendance, rate_text(attendance)) == (rate(128, 128), "100%")
    passed = indicators.PASSED_OF_DUE.compute(district.district, YEAR)
    assert (passed, rate_text(passed)) == (rate(127, 128), "99.2%")
    assert indicators.PASSED_OF_SAT.compute(district.town, YEAR) == rate(127, 128)
    assert indicators.EXCELLENT.compute(district.town, YEAR) == rate(30, 128)


def test_the_year_of_a_unit_is_the_sum_of_its_children(worked, makeup, district):
    makeup.candidates.update(unit=district.other_town)
    for one in INDICATORS:
        [(child, figure)] = one.by_child(district.district, YEAR)
        assert (child, figure) == (district.town, one.compute(district.district, YEAR))


def test_over_the_year_who_was_deferred_stays_due(worked, district):
    year = yearly.yearly_standing([worked[0]], district.district)
    assert (year.exempt, year.due, year.sat) == (2, 128, 124)


@pytest.mark.parametrize("one", [*INDICATORS, indicators.FIRST_TIME, indicators.MADE_UP, indicators.AVERAGE])
def test_the_year_of_many_units_is_read_once(worked, makeup, district, one):
    Exam.objects.update(blank_counts=True)  # these sittings have no answers
    Exam.objects.filter(pk=makeup.pk).update(makeup_of=worked[0])
    sat(put_on_roster(worked[0], district.other_town, 3, start=500)[0], "91")
    again = put_on_roster(makeup, district.other_town, 1, start=600)
    sat(again[0], "40")
    assert_together(one, [district.district, district.town, district.other_town], YEAR)


def test_the_makeup_alone(makeup, district):
    assert indicators.PASSED_OF_SAT.compute(district.district, YEAR, str(makeup.pk)) == rate(7, 8)


def test_a_person_counts_where_the_first_session_had_him(worked, makeup, district):
    makeup.candidates.update(unit=district.other_town)
    assert yearly.yearly_standing([worked[0], makeup], district.other_town).on_roster == 0
    assert yearly.yearly_standing([worked[0], makeup], district.town).passed == 127


def test_an_exam_without_people_has_no_rate(district, worked):
    assert texts(district.other_town, str(worked[0].pk)) == ["—", "—", "—", "—"]


def test_a_unit_total_is_the_sum_of_its_children(worked, district):
    exam, _ = worked
    rows = put_on_roster(exam, district.other_town, 5, start=500)
    sat(rows[0], "61")
    list(actions.recount_standings())
    for one in INDICATORS:
        total = one.compute(district.district, YEAR, str(exam.pk))
        children = [figure for _, figure in one.by_child(district.district, YEAR, str(exam.pk))]
        assert (total.part, total.whole) == (sum(f.part for f in children), sum(f.whole for f in children))


def test_a_draft_exam_has_no_figures(district, cadre):
    draft = district.exam(publish=False)
    assert texts(district.district, str(draft.pk)) == ["—"] * 4
    assert indicators.subjects(district.district, YEAR) == []


def test_exams_are_offered_to_units_on_their_roster_in_the_period_they_close(worked, district):
    exam, _ = worked
    assert [one.key for one in indicators.subjects(district.town, YEAR)] == [str(exam.pk)]
    assert indicators.subjects(district.other_town, YEAR) == []
    assert indicators.subjects(district.town, Month(2026, 10)) == []


def test_the_missing_and_the_excused_are_named(worked, district):
    exam, _ = worked
    missing = indicators.missing(district.district, YEAR, str(exam.pk))
    assert [(one.name, one.unit) for one in missing] == [("人129", "穗安街道")]
    excused = indicators.excused(district.district, YEAR, str(exam.pk))
    assert [(one.name, one.kind, one.reason) for one in excused] == [
        ("人0", "免考", "退休"), ("人1", "免考", "退休"),
        ("人2", "缓考", "住院"), ("人3", "缓考", "住院"), ("人4", "缓考", "住院"),
    ]  # fmt: skip


def test_a_voided_sitting_does_not_count(district, exam, cadre):
    sitting = scenes.sit(exam, cadre)
    scenes.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=None, now=scenes.NOON + scenes.minutes(5))
    assert indicators.ATTENDANCE.compute(district.district, YEAR, str(exam.pk)) == rate(1, 1)
    sitting.refresh_from_db()
    actions.void_sitting(sitting, reason="代考", by=district.boss, now=scenes.NOON + scenes.minutes(9))
    assert indicators.ATTENDANCE.compute(district.district, YEAR, str(exam.pk)) == rate(0, 1)


def test_every_indicator_says_its_definition():
    for one in INDICATORS:
        assert "÷" in one.definition or "=" in one.definition
        assert one.formula
