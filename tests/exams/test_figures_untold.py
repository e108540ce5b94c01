"""Before marks are known no figure and no list tells who passed (AL3); what tells only who came is always there."""
import pytest
from mingfa.people.models import OrgUnit

from exams import actions, indicators
from exams.models import Exam

from .cases import AFTER, YEAR, sit

BY_MARKS = (
    indicators.PASSED_OF_DUE, indicators.PASSED_OF_SAT, indicators.EXCELLENT, indicators.FIRST_TIME, indicators.AVERAGE,
)  # fmt: skip


@pytest.fixture
def exam(district):
    people = [district.person(f"考生{n}") for n in range(3)]
    exam = district.exam(result_policy=Exam.ResultPolicy.AFTER_RELEASE)
    sit(exam, people[0], 100)
    sit(exam, people[1], 20)
    list(actions.recount_standings())
    return exam


def unit_of(district) -> OrgUnit:
    return OrgUnit.objects.get(pk=district.district.pk)


def test_AL3_before_the_release_no_figure_tells_who_passed_and_attendance_is_there(district, exam):
    unit = unit_of(district)
    for subject in (str(exam.pk), None):
        assert [one.compute(unit, YEAR, subject).text for one in BY_MARKS] == ["—"] * len(BY_MARKS)
        assert indicators.ATTENDANCE.compute(unit, YEAR, subject).part == 2
    reading = indicators.read(unit, YEAR, str(exam.pk))
    assert reading.figures["exam_passed_of_sat"].text == "—"
    assert {figures["exam_passed_of_due"].text for _, figures in reading.rows} == {"—"}
    assert reading.figures["exam_attendance"].part == 2
    assert "成绩公布以后显示" in indicators.subjects(unit, YEAR)[0].facts


def test_AL3_before_the_release_nobody_stands_on_the_list_of_those_who_failed(district, exam):
    unit = unit_of(district)
    assert list(indicators.failed(unit, YEAR, str(exam.pk))) == []
    names = [one.name for one in indicators.not_passed(unit, YEAR, str(exam.pk))]
    assert "考生1" not in names
    assert names == [one.name for one in indicators.missing(unit, YEAR, str(exam.pk))]


def test_after_the_release_figures_and_names_are_there(district, exam):
    actions.release_results(exam, by=district.boss, now=AFTER)
    unit = unit_of(district)
    assert indicators.PASSED_OF_SAT.compute(unit, YEAR, str(exam.pk)).fraction == "1 / 2"
    assert "成绩公布以后显示" not in indicators.subjects(unit, YEAR)[0].facts
    assert [one.name for one in indicators.failed(unit, YEAR, str(exam.pk))] == ["考生1"]
    average = indicators.AVERAGE.compute(unit, YEAR)
    assert (average.text, average.heads) == ("60.0", 2)
