"""The Wagtail admin: who gets in, units and roles through our actions, accounts to look at only."""
import pytest
from django.urls import reverse
from mingfa.people.models import OrgUnit, Role, RoleGrant, User
from wagtail.models import ModelLogEntry

from .making import holder, liaison, person, township

pytestmark = pytest.mark.django_db


def super_user():
    return User.objects.create(username="first", name="初始管理员", is_superuser=True)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.TRAINER, 200),
        (Role.SETTER, 200),
        (Role.SYSTEM_ADMIN, 200),
        (Role.SECURITY_ADMIN, 200),
        (Role.AUDIT_ADMIN, 200),
        (Role.LIAISON, 302),
        (Role.LEADER, 302),
        (Role.MARKER, 302),
    ],
)
def test_only_some_roles_get_into_the_admin(client, top, role, status):
    client.force_login(holder(top, role))

    assert client.get("/admin/").status_code == status


def test_cadres_do_not_get_into_the_admin(client, top):
    client.force_login(person(top))

    assert client.get("/admin/").status_code == 302


def test_the_system_administrator_keeps_units(client, top):
    client.force_login(holder(top, Role.SYSTEM_ADMIN))

    added = client.post(reverse("units:add"), {"name": "西二街道", "kind": "township", "parent": top.pk})
    unit = OrgUnit.objects.get(name="西二街道")
    client.post(reverse("units:edit", args=[unit.pk]), {"name": "西二镇", "kind": "township", "parent": top.pk})

    assert added.status_code == 302
    assert OrgUnit.objects.get(pk=unit.pk).name == "西二镇"
    assert OrgUnit.objects.get(pk=unit.pk).get_parent() == top
    entries = ModelLogEntry.objects.filter(object_id=str(unit.pk), content_type__model="orgunit")
    assert [entry.action for entry in entries] == [
        "people.revise_unit", "people.create_unit",
    ]  # fmt: skip
    assert client.get(reverse("units:index")).status_code == 200


def test_a_unit_with_people_is_not_deleted(client, top):
    unit = township(top)
    person(unit)
    client.force_login(holder(top, Role.SYSTEM_ADMIN))

    response = client.post(reverse("units:delete", args=[unit.pk]))

    assert response.status_code in (302, 403)
    assert OrgUnit.objects.filter(pk=unit.pk).exists()


def test_the_system_administrator_gives_no_roles_and_sees_no_accounts(client, top):
    client.force_login(holder(top, Role.SYSTEM_ADMIN))

    names = ("role_grants:index", "role_grants:add", "wagtailusers_users:index")

    assert [client.get(reverse(name)).status_code for name in names] == [302, 302, 302]


def test_the_security_administrator_gives_and_takes_roles(client, top):
    cadre = person(township(top), staff_number="JH0001")
    client.force_login(holder(top, Role.SECURITY_ADMIN))

    given = client.post(reverse("role_grants:add"), {"account": "JH0001", "role": Role.TRAINER, "unit": top.pk})
    grant = RoleGrant.objects.get(user=cadre)
    listed = client.get(reverse("role_grants:index"))
    client.post(reverse("role_grants:delete", args=[grant.pk]))

    assert given.status_code == 302
    assert (grant.role, grant.unit) == (Role.TRAINER, top)
    assert "培训师" in listed.content.decode()
    assert not RoleGrant.objects.filter(user=cadre).exists()
    assert not cadre.groups.exists()


def test_nobody_gets_two_of_the_three_administrators(client, top):
    auditor = holder(top, Role.AUDIT_ADMIN, staff_number="JH0009")
    client.force_login(holder(top, Role.SECURITY_ADMIN, "安一"))

    response = client.post(reverse("role_grants:add"), {"account": "JH0009", "role": Role.SYSTEM_ADMIN, "unit": top.pk})

    assert "一人只能担任一种" in response.content.decode()
    assert [grant.role for grant in auditor.role_grants.all()] == [Role.AUDIT_ADMIN]


def test_nobody_gives_roles_to_oneself(client, top):
    admin = holder(top, Role.SECURITY_ADMIN, staff_number="JH0009")
    client.force_login(admin)

    client.post(reverse("role_grants:add"), {"account": "JH0009", "role": Role.TRAINER, "unit": top.pk})

    assert [grant.role for grant in admin.role_grants.all()] == [Role.SECURITY_ADMIN]


def test_AZ1_roles_of_another_unit_are_out_of_reach(client, top):
    here, there = township(top), township(top, "西二街道")
    grant = liaison(there).role_grants.get()
    client.force_login(holder(here, Role.SECURITY_ADMIN, "安一"))

    response = client.post(reverse("role_grants:delete", args=[grant.pk]))

    assert response.status_code in (302, 403)
    assert RoleGrant.objects.filter(pk=grant.pk).exists()


def test_the_list_of_accounts_is_only_for_looking(client, top):
    cadre = person(township(top))
    client.force_login(super_user())

    listed = client.get(reverse("wagtailusers_users:index"))
    tries = [
        client.get(reverse("wagtailusers_users:add")).status_code,
        client.post(reverse("wagtailusers_users:edit", args=[cadre.pk]), {"is_superuser": "on"}).status_code,
        client.post(reverse("wagtailusers_users:delete", args=[cadre.pk])).status_code,
        client.post(f"/admin/bulk/people/user/set_active_state/?id={cadre.pk}", {"mark_as_active": ""}).status_code,
    ]

    assert listed.status_code == 200
    assert reverse("person_edit", args=[cadre.pk]) in listed.content.decode()
    assert all(status in (302, 403, 404) for status in tries)
    cadre.refresh_from_db()
    assert (cadre.is_active, cadre.is_superuser) == (True, False)
