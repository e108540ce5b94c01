"""Whatever tree and roster there is, at every level the rows add up to the total, and the names to what is missing."""
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.indicators.figures import total
from mingfa.people.models import OrgUnit, User

from exams import actions, indicators, queries, yearly
from exams.models import Candidate, Exam, Sitting

from . import scene
from .cases import YEAR

RATES = (indicators.ATTENDANCE, indicators.PASSED_OF_SAT, indicators.PASSED_OF_DUE, indicators.EXCELLENT)
KINDS = ("absent", "exempt", "deferred", "waiting", "failed", "passed", "excellent")
MARK = {"failed": "59.5", "passed": "60", "excellent": "90"}
# Where each unit hangs (an earlier one), and each person's unit and standing in the exam and, if there, in its makeup.
TREES = st.lists(st.integers(0, 30), min_size=1, max_size=9)
PEOPLE = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(KINDS), st.sampled_from((None, *KINDS)), st.integers(0, 9)), max_size=14
)


def grow(root: OrgUnit, parents: list[int]) -> list[OrgUnit]:
    units = [root]
    for number, parent in enumerate(parents):
        above = OrgUnit.objects.get(pk=units[parent % len(units)].pk)
        units.append(above.add_child(name=f"单位{number}", kind="office"))
    return list(OrgUnit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path"))


def put(exam: Exam, user: User, unit: OrgUnit, kind: str) -> None:
    row = Candidate(exam=exam, user=user, unit=unit)
    row.exempt_reason = "产假" if kind == "exempt" else ""
    row.deferred_reason = "住院" if kind == "deferred" else ""
    row.save()
    if kind == "waiting" or kind in MARK:
        mark = Decimal(MARK[kind]) if kind in MARK else None
        state = Sitting.State.SUBMITTED if mark is None else Sitting.State.MARKED
        sitting = Sitting.objects.create(
            candidate=row, number=1, state=state, started_at=scene.NOON, ends_at=scene.CLOSES, submitted_at=scene.NOON, mark=mark
        )
        row.counted, row.counted_mark, row.passed = sitting, mark, None if mark is None else mark >= exam.pass_mark
        row.save()


@pytest.fixture
def sessions(district, cadre):
    exam = district.exam()
    again = Exam.objects.get(pk=district.exam(name="补考", closes_at=scene.CLOSES + scene.minutes(99)).pk)
    again.makeup_of = exam
    again.save()
    Candidate.objects.all().delete()
    return exam, again


def check_level(unit: OrgUnit, subject: str | None) -> None:
    for one in RATES:
        rows = [figure for _, figure in one.by_child(unit, YEAR, subject)]
        assert total(rows) == one.compute(unit, YEAR, subject)


def check_names(exam: Exam, unit: OrgUnit) -> None:
    heads = queries.standing(exam, unit)
    assert heads.due == heads.on_roster - heads.exempt - heads.deferred
    key = str(exam.pk)
    assert len(indicators.missing(unit, YEAR, key)) == heads.due - heads.sat
    assert len(indicators.excused(unit, YEAR, key)) == heads.exempt + heads.deferred
    assert len(indicators.failed(unit, YEAR, key)) == heads.sat - heads.passed
    assert heads.excellent <= heads.passed <= heads.sat <= heads.due


def test_at_every_level_of_any_tree_the_rows_add_up_to_the_total(district, sessions):
    exam, again = sessions

    @settings(
        max_examples=25, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(parents=TREES, people=PEOPLE)
    def check(parents, people):
        with transaction.atomic():
            units = grow(OrgUnit.objects.get(pk=district.district.pk), parents)
            users = User.objects.bulk_create(User(username=f"p{n}", name=f"人{n}", password="!") for n in range(len(people)))
            for user, (place, first, second, later) in zip(users, people, strict=True):
                put(exam, user, units[place % len(units)], first)
                if second:
                    put(again, user, units[later % len(units)], second)
            list(actions.recount_standings())
            for unit in units:
                for subject in (str(exam.pk), str(again.pk), None):
                    check_level(unit, subject)
                check_names(exam, unit)
            year = yearly.yearly_standing([exam, again], units[0])
            assert year.on_roster == len(people)
            assert year.excellent <= year.passed <= year.sat <= year.due
            transaction.set_rollback(True)

    check()
