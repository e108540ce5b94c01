"""花名册 on the screen: what a list may not do to people, accounts and units that are not the importer's."""
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people.actions import disable_account, grant_role, move_person
from mingfa.people.importing.roster import read_roster
from mingfa.people.models import OrgUnit, Posting, Role, RosterImport, RosterRow, User
from mingfa.people.rosters import plan_roster, units_of
from mingfa.spreadsheets import read_rows, write_csv
from wagtail.models import ModelLogEntry

from .lists import HEADER, confirm, staged, upload
from .making import NOW, holder, liaison, person

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "data" / "roster"


def test_AZ1_a_list_changes_nobody_whose_account_the_liaison_may_not_manage(client, top, here):
    security = holder(here, Role.SECURITY_ADMIN, "安一", staff_number="A1", phone="13800000001")
    leader = holder(here, Role.LEADER, "领一", of=top, staff_number="A2", post="书记")
    root = User.objects.create_superuser("root", name="根一", staff_number="A3")
    user = liaison(here, staff_number="L1", post="科员")
    client.force_login(user)
    people = User.objects.filter(pk__in=[security.pk, leader.pk, root.pk, user.pk])
    before = list(people.values()), list(Posting.objects.order_by("pk").values())

    upload(client, [
        ("安二", "A1", "13899999999", "东一镇", "", ""), ("领一", "A2", "", "东一镇", "", "退休"),
        ("根一", "A3", "", "东一镇", "科员", ""), ("联一", "L1", "", "东一镇", "主任", ""),
    ], keep_missing="on")  # fmt: skip
    page = client.get(reverse("roster", args=[staged().pk])).content.decode()
    confirm(client)

    assert [error["code"] for error in staged().errors] == ["not_yours"] * 4
    assert "此人是管理员，或有超出您管理范围的角色" in page
    assert "这是您自己" in page
    assert (list(people.values()), list(Posting.objects.order_by("pk").values())) == before


def test_people_the_liaison_may_not_manage_may_stand_in_the_list_unchanged_or_be_missing(client, top, here):
    leader = holder(here, Role.LEADER, "领一", of=top, staff_number="A2")
    user = liaison(here)
    holder(here, Role.LEADER, "领二", of=top)
    client.force_login(user)

    upload(client, [("领一", "A2", "", "东一镇", "", ""), ("丁四", "JH0001", "", "东一镇", "", "")])
    confirm(client)

    assert staged().state == "applied"
    assert not Posting.objects.filter(duty_status="moved_out").exists()
    assert User.objects.get(pk=leader.pk).is_active


def test_the_security_administrator_changes_people_with_roles(client, top, here):
    holder(here, Role.LEADER, "领一", of=top, staff_number="A2", post="科员")
    client.force_login(holder(top, Role.SECURITY_ADMIN, "安一"))

    upload(client, [("领一", "A2", "", "东一镇", "书记", "")], keep_missing="on")
    confirm(client)

    assert User.objects.get(name="领一").current_posting.post == "书记"


def test_a_transfer_needs_no_third_party_once_the_other_unit_has_let_go(client, here, there):
    moving = person(there, "己六", staff_number="JH0003", duty_status="moved_out")
    client.force_login(liaison(here))

    upload(client, [("己六", "JH0003", "", "东一镇", "", "")], keep_missing="on")
    confirm(client)

    after = User.objects.get(pk=moving.pk)
    assert (after.is_active, after.current_posting.unit) == (True, here)


def test_a_transfer_does_not_bring_roles_of_other_units_along(client, here, there):
    moving = liaison(there, "己六", staff_number="JH0003")
    move_person(moving, unit=there, duty_status="moved_out", by=None, now=NOW)
    client.force_login(liaison(here))

    upload(client, [("己六", "JH0003", "", "东一镇", "", "")], keep_missing="on")

    assert [error["code"] for error in staged().errors] == ["not_yours"]


def test_an_account_disabled_by_hand_stays_disabled_whatever_a_list_says(client, here):
    cadre = person(here, "戊五", staff_number="JH0002", post="科员")
    disable_account(cadre, by=None, now=NOW)
    client.force_login(liaison(here))

    upload(client, [("戊五", "JH0002", "", "东一镇", "", "")], keep_missing="on")
    same = RosterRow.objects.get().change
    upload(client, [("戊五", "JH0002", "", "东一镇", "科长", "")], keep_missing="on")
    confirm(client)
    move_person(cadre, unit=here, duty_status="moved_out", by=None, now=NOW)
    upload(client, [("戊五", "JH0002", "", "东一镇", "科长", "在岗")], keep_missing="on")
    confirm(client)

    after = User.objects.get(pk=cadre.pk)
    assert same == "same"
    assert (after.is_active, after.current_posting.post, after.current_posting.duty_status) == (False, "科长", "on_duty")


def test_an_account_that_opens_again_is_named_before_and_on_record_after(client, here):
    back = person(here, "戊五", staff_number="JH0002", duty_status="moved_out")
    user = liaison(here)
    client.force_login(user)

    upload(client, [("戊五", "JH0002", "", "东一镇", "", "在岗")], keep_missing="on")
    said = RosterRow.objects.get().difference
    confirm(client)

    assert said == "账号重新启用；在岗状态：调出 → 在岗"
    assert User.objects.get(pk=back.pk).is_active
    entry = ModelLogEntry.objects.get(action="people.enable_account")
    assert (entry.object_id, entry.user_id) == (str(back.pk), user.pk)


@pytest.mark.parametrize("meanwhile", ["moved", "missing one moved", "administrator", "role lost", "added"])
def test_AZ3_what_changed_between_upload_and_confirming_counts(client, top, here, there, meanwhile):
    cadre = person(here, "丁四", staff_number="JH0001", post="科员")
    gone = person(here, "戊五", staff_number="JH0002")
    user = holder(here, Role.LIAISON, of=top, staff_number="L1")
    client.force_login(user)
    rows = [("丁四", "JH0001", "", "东一镇", "科长", ""), ("联一", "L1", "", "东一镇", "", "")]
    upload(client, [*rows, ("庚七", "JH0007", "", "东一镇", "", "")])

    if meanwhile == "moved":
        user.role_grants.update(unit=here)
        move_person(cadre, unit=there, by=None, now=NOW)
    elif meanwhile == "missing one moved":
        move_person(gone, unit=there, by=None, now=NOW)
    elif meanwhile == "administrator":
        grant_role(gone, role=Role.AUDIT_ADMIN, unit=here, by=None, now=NOW)
    elif meanwhile == "role lost":
        grant_role(cadre, role=Role.LEADER, unit=top, by=None, now=NOW)
        user.role_grants.update(unit=here)
    else:
        person(there, "庚七", staff_number="JH0007")
    before = list(User.objects.order_by("pk").values()), list(Posting.objects.order_by("pk").values())
    said = confirm(client).content.decode()

    assert "没有写入任何内容。请重新上传这份花名册" in said
    assert staged().state == "staged"
    assert (list(User.objects.order_by("pk").values()), list(Posting.objects.order_by("pk").values())) == before


def test_deciding_on_a_list_that_is_done_with_creates_no_unit(client, here):
    client.force_login(holder(here, Role.SECURITY_ADMIN, "安一"))
    upload(client, [("丁四", "JH0001", "", "桃源村", "", "")], keep_missing="on")
    RosterImport.objects.update(state="discarded")

    client.post(reverse("roster_decide", args=[staged().pk]), {"unit0-unit": here.pk, "unit0-create": "on"})

    assert not OrgUnit.objects.filter(name="桃源村").exists()


def test_AZ1_units_are_created_only_below_units_the_administrator_administers(client, here, there):
    user = holder(here, Role.SECURITY_ADMIN, "安一")
    grant_role(user, role=Role.LIAISON, unit=there, by=None, now=NOW)
    client.force_login(user)
    upload(client, [("丁四", "JH0001", "", "桃源村", "", "")], keep_missing="on")

    response = client.post(
        reverse("roster_decide", args=[staged().pk]), {"unit0-unit": there.pk, "unit0-create": "on"}
    )

    assert response.status_code == 403
    assert not OrgUnit.objects.filter(name="桃源村").exists()


def test_the_number_of_statements_does_not_grow_with_the_list(here):
    user = liaison(here)
    for number in range(12):
        person(here, "丁四", staff_number=f"JH{number:04}", post="科员")
    units = units_of(user)

    def statements(count):
        rows = [("丁四", f"JH{n:04}", "", "东一镇", "科长", "") for n in range(count)]
        listed = read_roster(read_rows(write_csv(HEADER, rows), "a.csv"), units.names)
        with CaptureQueriesContext(connection) as seen:
            plan = plan_roster(listed, units, by=user, keep_missing=True)
        assert plan.counts()["changed"] == count
        return len(seen)

    assert statements(2) == statements(12)
