"""A prepared look-up gives what its queryset would give, with one statement and for any value."""
from datetime import timedelta

import pytest
from django.db.models import BigIntegerField, CharField, DateTimeField, Exists, OuterRef
from django.forms import model_to_dict
from mingfa.people.models import RoleGrant, Session, User
from mingfa.prepared import Given, Prepared

from exams.models import Candidate
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
