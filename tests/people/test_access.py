"""Roles reach the unit and all below it, nothing beside and nothing above."""
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from mingfa.people.access import holds, people_visible_to, require, units_visible_to
from mingfa.people.actions import create_unit, grant_role, move_person, revoke_role
from mingfa.people.models import OrgUnit, Role, User

from .making import NOW, district, holder, liaison, person, township

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    top = district()
    here, there = township(top), township(top, "西二街道")
    return top, here, there, township(here, "桃源村")


def names(queryset):
    return [one.name for one in queryset]


def test_units_are_visible_from_the_grant_downwards(tree):
    top, here, _, _ = tree

    assert names(units_visible_to(liaison(here), Role.LIAISON)) == ["东一镇", "桃源村"]
    assert names(units_visible_to(liaison(top, "联二"))) == ["嘉禾区", "东一镇", "桃源村", "西二街道"]


def test_a_role_shows_nothing_of_another_role(tree):
    assert names(units_visible_to(liaison(tree[1]), Role.LEADER)) == []


def test_visitors_and_people_without_a_role_see_nothing(tree):
    for user in (AnonymousUser(), person(tree[0])):
        assert names(units_visible_to(user)) == names(people_visible_to(user)) == []
        assert not holds(user, Role.LIAISON)


def test_the_super_user_sees_everything(tree):
    user = User.objects.create(username="first", is_superuser=True)

    assert len(units_visible_to(user, Role.LIAISON)) == 4
    assert holds(user, Role.LIAISON, unit=tree[3])


def test_people_are_visible_where_they_are_now(tree):
    _, here, there, _ = tree
    moved = person(here, "丁四")
    move_person(moved, unit=there, by=None, now=NOW.replace(day=9))

    assert names(people_visible_to(liaison(here))) == ["联一"]
    assert names(people_visible_to(liaison(there, "联二"))) == ["丁四", "联二"]


def test_somebody_with_several_roles_is_visible_once(tree):
    top, here, _, village = tree
    user = holder(here, Role.LIAISON)
    grant_role(user, role=Role.TRAINER, unit=village, by=None, now=NOW)
    grant_role(user, role=Role.LEADER, unit=top, by=None, now=NOW)

    assert names(people_visible_to(User.objects.get(pk=user.pk))) == ["联一"]


def test_a_unit_whose_path_begins_alike_is_not_below(tree):
    top = tree[0]
    for number in range(40):
        create_unit(name=f"单位{number}", kind="office", parent=top, by=None, now=NOW)
    units = list(OrgUnit.objects.filter(kind="office"))

    for unit in (units[0], units[1], units[9]):
        assert [one.pk for one in units_visible_to(holder(unit, Role.LEADER))][:1] == [unit.pk]
        assert not holds(holder(unit, Role.LEADER), Role.LEADER, unit=units[20])


def test_a_refusal_says_in_chinese_who_is_in_charge(tree):
    with pytest.raises(PermissionDenied, match="这里由“东一镇”的出题人管理"):
        require(person(tree[1]), Role.SETTER, unit=tree[1])


def test_roles_are_read_once_per_user(tree):
    user = liaison(tree[1])
    with CaptureQueriesContext(connection) as statements:
        holds(user, Role.LIAISON)
        holds(user, Role.LEADER, unit=tree[1])
        units_visible_to(user, Role.LIAISON)

    assert len(statements) == 1


def test_a_revoked_role_is_gone_with_the_next_user_object(tree):
    user = liaison(tree[1])

    revoke_role(user, role=Role.LIAISON, unit=tree[1], by=None, now=NOW)

    assert not holds(User.objects.get(pk=user.pk), Role.LIAISON)
