"""A prepared look-up gives what its queryset would give, with one statement and for any value."""
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, Exists, OuterRef
from django.forms import model_to_dict
from mingfa.json_rows import as_json, from_json
from mingfa.people.models import OrgUnit, RoleGrant, Session, User
from mingfa.periods import Year
from mingfa.prepared import AmongGiven, Given, GivenPeriod, GivenUnit, Prepared, PreparedRows

from exams.models import Candidate
from exams.yearly import exams_of
from tests.exams import scene
from tests.exams.scene import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidates():
    district = scene.build()
    people = [district.person(name) for name in ("陈志远", "李晓梅")]
    exam = district.exam(good_mark="82.5")
    return [scene.candidate(exam, one) for one in people]


def related():
    return Candidate.objects.select_related("exam__blueprint__bank", "unit").filter(user_id=Given(0, BigIntegerField()))


def test_it_gives_the_same_objects_with_the_same_values_as_the_queryset(candidates, django_assert_num_queries):
    prepared = Prepared(related)
    for expected in candidates:
        with django_assert_num_queries(1):
            found = prepared.first(expected.user_id)
            parts = [found, found.exam, found.unit, found.exam.blueprint, found.exam.blueprint.bank]
        pairs = zip(
            parts, [expected, expected.exam, expected.unit, expected.exam.blueprint, expected.exam.blueprint.bank], strict=True
        )
        for one, other in pairs:
            assert (type(one), one.pk, one._state.db) == (type(other), other.pk, "default")
            assert {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields} == {
                field.attname: getattr(other, field.attname) for field in other._meta.concrete_fields
            }
    assert model_to_dict(found.exam) == model_to_dict(expected.exam)


def test_what_does_not_exist_is_none(candidates):
    assert Prepared(related).first(999_999) is None
    assert Prepared(lambda: related()[:5]).all(999_999) == []


def test_a_missing_relation_and_an_annotation_come_with_it():
    def make():
        has_roles = Exists(RoleGrant.objects.filter(user=OuterRef("user")))
        return Session.objects.select_related("user").annotate(has_roles=has_roles).filter(
            session_key=Given(0, CharField()), expire_date__gt=Given(1, DateTimeField())
        )

    Session.objects.create(session_key="visitor", session_data="x", expire_date=NOON)
    prepared = Prepared(make)
    found = prepared.first("visitor", NOON - timedelta(seconds=1))
    assert (found.user, found.has_roles, found.expire_date) == (None, False, NOON)
    assert prepared.first("visitor", NOON) is None


def test_a_value_is_a_value_and_never_part_of_the_statement(candidates):
    prepared = Prepared(lambda: User.objects.filter(username=Given(0, CharField())))
    assert prepared.all("x' OR '1'='1") == []
    assert [one.pk for one in prepared.all("boss")] == [User.objects.get(username="boss").pk]


def test_every_row_comes_in_the_order_of_the_queryset(candidates):
    prepared = Prepared(lambda: Candidate.objects.filter(exam_id=Given(0, BigIntegerField())).order_by("-pk"))
    assert [one.pk for one in prepared.all(candidates[0].exam_id)] == sorted((one.pk for one in candidates), reverse=True)


def test_a_list_of_any_length_is_one_value(candidates, django_assert_num_queries):
    prepared = PreparedRows(lambda: Candidate.objects.filter(AmongGiven("user_id", 0)).order_by("pk").values_list("pk"))
    users = [one.user_id for one in candidates]
    for asked in ([], users[:1], users, [*users, *range(10**6, 10**6 + 2000)]):
        with django_assert_num_queries(1):
            rows = prepared.all(asked)
        assert [pk for (pk,) in rows] == [one.pk for one in candidates if one.user_id in asked]


def test_a_query_written_for_real_periods_and_units_is_asked_for_any(candidates):
    prepared = Prepared(lambda: exams_of(GivenPeriod, GivenUnit))
    closes = candidates[0].exam.closes_at
    for year in (closes.year - 1, closes.year, closes.year + 1):
        for unit in OrgUnit.objects.all():
            period = Year(year)
            assert prepared.all(period.starts_on, period.ends_on, unit.path) == list(exams_of(period, unit))
    assert prepared.all(Year(closes.year).starts_on, Year(closes.year).ends_on, candidates[0].unit.path)


def test_rows_in_a_json_text_arrive_in_order_with_their_types_and_are_never_part_of_the_statement():
    rows = [(2, "他说“好”'; DROP TABLE exams_exam; --", Decimal("2.5")), (1, None, None), (10**12, "", Decimal(-3))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {from_json('bigint', 'text', 'numeric')[connection.vendor]}", [as_json(rows)])
        found = cursor.fetchall()
    assert [(number, text, mark and Decimal(mark)) for number, text, mark in found] == rows
