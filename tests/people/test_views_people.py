"""The liaison's pages: own units only, in every direction; slips, accounts, export."""
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people.actions import disable_account, move_person
from mingfa.people.importing.roster import read_roster
from mingfa.people.models import ActivationCode, Posting, Role, RosterImport, User
from mingfa.spreadsheets import read_rows

from .making import NOW, holder, liaison, person, township

pytestmark = pytest.mark.django_db


def form_of(person, **changes):
    posting = person.current_posting
    return {
        "name": person.name, "unit": posting.unit_id, "staff_number": person.staff_number or "", "phone": "",
        "identity": "", "post": posting.post, "grade": posting.grade, "category": posting.category,
        "duty_status": posting.duty_status, **changes,
    }  # fmt: skip


def state_of(*people):
    """Every stored value about these people."""
    pks = [one.pk for one in people]
    return (
        list(User.objects.filter(pk__in=pks).order_by("pk").values()),
        list(Posting.objects.filter(user__in=pks).order_by("pk").values()),
        list(ActivationCode.objects.filter(user__in=pks).values()),
    )


# --- the list --------------------------------------------------------------------------------------------
def test_a_liaison_sees_the_people_of_the_own_unit_and_below(client, top, here, there):
    village = township(here, "桃源村")
    person(here, "丁四"), person(village, "戊五"), person(there, "己六")
    client.force_login(liaison(here))

    page = client.get(reverse("person_list"))

    names = [row["posting"].user.name for row in page.context["rows"]]
    assert names == ["丁四", "联一", "戊五"]


@pytest.mark.parametrize("words", ["丁四", "丁 四", "ds", "dingsi", "JH0001", "jh00", "13800000001"])
def test_people_are_found_by_name_initials_number_and_telephone(client, here, words):
    person(here, "丁四", staff_number="JH0001", phone="13800000001")
    person(here, "戊五", staff_number="XX0002", phone="13800000002")
    client.force_login(liaison(here))

    page = client.get(reverse("person_list"), {"q": words})

    assert [row["posting"].user.name for row in page.context["rows"]] == ["丁四"]


def test_the_list_can_be_narrowed_to_a_unit_and_to_those_who_left(client, top, here, there):
    gone = person(here, "丁四")
    person(there, "己六")
    move_person(gone, unit=here, duty_status="moved_out", by=None, now=NOW)
    client.force_login(liaison(top))

    narrowed = client.get(reverse("person_list"), {"unit": there.pk}).context["rows"]
    left = client.get(reverse("person_list"), {"state": "gone"}).context["rows"]

    assert [row["posting"].user.name for row in narrowed] == ["己六"]
    assert [row["posting"].user.name for row in left] == ["丁四"]


def test_a_unit_of_others_narrows_to_nothing_more(client, here, there):
    person(there, "己六")
    client.force_login(liaison(here))

    page = client.get(reverse("person_list"), {"unit": there.pk})

    assert "己六" not in page.content.decode()


def test_the_list_costs_the_same_with_one_and_with_thirty_rows(client, here):
    client.force_login(liaison(here))
    client.get(reverse("person_list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("person_list"))
    for number in range(30):
        person(here, "丁四", username=f"d{number}", phone=f"138000000{number:02d}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("person_list"))

    assert len(many) == len(few)
    assert page.context["page"].paginator.num_pages == 2


def test_telephone_numbers_are_masked_on_the_list(client, here):
    person(here, "丁四", phone="13812345678")
    client.force_login(liaison(here))

    page = client.get(reverse("person_list")).content.decode()

    assert "138****5678" in page
    assert "13812345678" not in page


@pytest.mark.parametrize("role", [Role.TRAINER, Role.LEADER, Role.SETTER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_other_roles_have_no_list(client, here, role):
    client.force_login(holder(here, role))

    assert client.get(reverse("person_list")).status_code == 403


# --- adding and changing ---------------------------------------------------------------------------------
def test_a_liaison_adds_a_person(client, here):
    client.force_login(liaison(here))

    client.post(
        reverse("person_add"),
        {"name": "丁　四", "unit": here.pk, "phone": "138 0000 0001", "category": "civil", "duty_status": "on_duty"},
    )

    added = User.objects.get(name="丁四")
    assert (added.username, added.current_posting.unit, added.has_usable_password()) == ("dingsi", here, False)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"phone": "1380000"}, "手机号应为 11 位"),
        ({"identity": "110101199001011234"}, "身份证号不对"),
        ({"phone": "", "staff_number": ""}, "至少填一个"),
        ({"staff_number": "JH0001"}, "这个工号已经有人使用"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_saves_nothing(client, here, values, message):
    person(here, "戊五", staff_number="JH0001")
    client.force_login(liaison(here))
    before = User.objects.count()

    filled = {"name": "丁四", "unit": here.pk, "phone": "13800000001", "duty_status": "on_duty"}
    page = client.post(reverse("person_add"), filled | values)

    assert page.status_code == 422
    assert message in page.content.decode()
    assert User.objects.count() == before


def test_AZ1_nobody_is_added_to_another_unit(client, here, there):
    client.force_login(liaison(here))

    page = client.post(
        reverse("person_add"), {"name": "丁四", "unit": there.pk, "phone": "13800000001", "duty_status": "on_duty"}
    )

    assert page.status_code == 422
    assert not User.objects.filter(name="丁四").exists()


def test_a_changed_post_starts_a_new_posting_and_keeps_the_old_one(client, here):
    cadre = person(here, "丁四", post="科员", staff_number="JH0001")
    client.force_login(liaison(here))

    client.post(reverse("person_edit", args=[cadre.pk]), form_of(cadre, post="科长"))

    postings = list(cadre.postings.order_by("starts_on").values_list("post", "main"))
    assert postings == [("科员", True), ("科长", True)]
    assert User.objects.get(pk=cadre.pk).current_posting.post == "科长"


def test_AZ2_the_form_takes_no_rights(client, here):
    cadre = person(here, "丁四", staff_number="JH0001")
    client.force_login(liaison(here))

    client.post(
        reverse("person_edit", args=[cadre.pk]),
        form_of(cadre, is_superuser="on", is_staff="on", role="secadmin", score="100", username="root", password="x"),
    )

    after = User.objects.get(pk=cadre.pk)
    assert (after.is_superuser, after.is_staff, after.username) == (False, False, "dingsi")
    assert after.role_grants.count() == 0


def test_AZ2_a_liaison_does_not_move_people_to_other_units(client, here, there):
    cadre = person(here, "丁四", staff_number="JH0001")
    client.force_login(liaison(here))

    page = client.post(reverse("person_edit", args=[cadre.pk]), form_of(cadre, unit=there.pk))

    assert page.status_code == 422
    assert User.objects.get(pk=cadre.pk).current_posting.unit == here


# --- the boundary between units --------------------------------------------------------------------------
def everybody_of(unit):
    """One client per role of this unit, one cadre without role, one visitor."""
    clients = {"visitor": Client()}
    users = {"cadre": person(unit, "无角色", username=f"none{unit.pk}")}
    users |= {role.value: holder(unit, role, role.label, username=f"{role}{unit.pk}") for role in Role}
    for name, user in users.items():
        clients[name] = Client()
        clients[name].force_login(user)
    return clients


def test_AZ1_no_role_of_another_unit_reaches_a_person(here, there):
    target = person(here, "丁四", staff_number="JH0001", phone="13812345678", post="科长")
    before = state_of(target)
    calls = [
        ("get", reverse("person_edit", args=[target.pk]), {}),
        ("post", reverse("person_edit", args=[target.pk]), form_of(target, name="改名", unit=there.pk)),
        ("post", reverse("person_account", args=[target.pk]), {"do": "disable"}),
        ("post", reverse("person_slips"), {"person": target.pk}),
        ("get", reverse("person_list"), {"q": "丁四", "unit": here.pk}),
        ("get", reverse("person_export"), {"unit": here.pk}),
    ]

    for name, client in everybody_of(there).items():
        for method, address, data in calls:
            response = getattr(client, method)(address, data)
            assert response.status_code in (200, 302, 403, 404), (name, address)
            assert "科长" not in response.content.decode(errors="replace"), (name, address)
            assert "138****5678" not in response.content.decode(errors="replace"), (name, address)
    assert state_of(target) == before


def test_AZ1_an_export_holds_only_the_own_units(client, here, there):
    person(here, "丁四"), person(there, "己六")
    client.force_login(liaison(here))

    response = client.get(reverse("person_export"), {"unit": there.pk})

    names = {row.text(0) for row in read_rows(response.content, "名册.xlsx")[0].rows}
    assert names == {"姓名", "丁四", "联一"}


def test_an_export_can_be_read_in_again_and_says_where_it_comes_from_on_another_sheet(client, here):
    person(here, "丁四")
    client.force_login(liaison(here))
    sheets = read_rows(client.get(reverse("person_export"), {"unit": here.pk}).content, "名册.xlsx")
    listed = read_roster(sheets, {here.name})
    # Nobody here has a number to be told apart by; the rows are read, and the second sheet is no second list.
    assert {(one.sheet, one.code) for one in listed.errors} == {("名册", "no_key")}
    assert len(listed.errors) == 2
    assert "共 2 行。内容摘要 SHA-256 " in sheets[1].rows[1].text(0)


def test_AZ4_visitors_and_cadres_reach_no_staff_page(here):
    target = person(here, "丁四")
    roster = RosterImport.objects.create(file_name="a.xlsx", created_at=NOW)
    cadre = Client()
    cadre.force_login(person(here, "无角色"))
    addresses = [
        reverse(name, args=args)
        for name, args in [
            ("person_list", []), ("person_add", []), ("person_export", []), ("person_slips", []),
            ("person_edit", [target.pk]), ("person_account", [target.pk]), ("roster_upload", []),
            ("roster_template", []), ("roster", [roster.pk]), ("roster_decide", [roster.pk]),
            ("roster_confirm", [roster.pk]),
        ]
    ]  # fmt: skip

    for address in addresses:
        for method in ("get", "post"):
            assert getattr(Client(), method)(address).status_code in (302, 405), address
            assert getattr(cadre, method)(address).status_code in (403, 404, 405), address


# --- accounts and slips ----------------------------------------------------------------------------------
def test_a_slip_holds_a_code_that_works_and_an_address_without_it(client, here):
    cadre = person(here, "丁四")
    client.force_login(liaison(here))

    page = client.post(reverse("person_slips"), {"person": [cadre.pk]}).content.decode()

    code = re.search(r'class="code">([A-Z2-7-]+)<', page)[1]
    assert len(code.replace("-", "")) == 26
    assert "<svg" in page
    activation = {"account": "dingsi", "code": code, "new_password": "Ming-Yue-2027", "repeat": "Ming-Yue-2027"}
    assert Client().post(reverse("activate"), activation).status_code == 302


def test_slips_for_many_are_issued_one_each(client, here):
    people = [person(here, "丁四", username=f"d{number}") for number in range(3)]
    client.force_login(liaison(here))

    page = client.post(reverse("person_slips"), {"person": [one.pk for one in people]})

    assert len({slip.code for slip in page.context["slips"]}) == 3
    assert ActivationCode.objects.count() == 3


@pytest.mark.parametrize("odd", ["9" * 30, "9" * 5000, "-1", "１", "x"])
def test_a_number_nobody_has_gets_no_slip(client, here, odd):
    client.force_login(liaison(here))

    response = client.post(reverse("person_slips"), {"person": [odd]})

    assert (response.status_code, response.url) == (302, reverse("person_list"))
    assert not ActivationCode.objects.exists()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_AZ1_a_liaison_gets_no_code_for_an_administrator(client, here, role):
    admin = holder(here, role, "管一", staff_number="JH0009")
    before = state_of(admin)
    client.force_login(liaison(here))

    client.post(reverse("person_slips"), {"person": [admin.pk]})
    disabled = client.post(reverse("person_account", args=[admin.pk]), {"do": "disable"})
    changed = client.post(reverse("person_edit", args=[admin.pk]), form_of(admin, phone="13800000009"))

    assert (disabled.status_code, changed.status_code) == (403, 403)
    assert state_of(admin) == before


def test_AZ1_a_liaison_gets_no_code_for_somebody_whose_role_reaches_further(client, top, here):
    leader = holder(here, Role.LEADER, "领一", of=top)
    client.force_login(liaison(here))

    client.post(reverse("person_slips"), {"person": [leader.pk]})

    assert not ActivationCode.objects.filter(user=leader).exists()


def test_the_security_administrator_issues_codes_for_administrators(client, here):
    admin = holder(here, Role.AUDIT_ADMIN, "审一")
    client.force_login(holder(here, Role.SECURITY_ADMIN, "安一"))

    client.post(reverse("person_slips"), {"person": [admin.pk]})

    assert ActivationCode.objects.filter(user=admin).count() == 1


def test_an_account_is_disabled_and_enabled(client, here):
    cadre = person(here, "丁四")
    client.force_login(liaison(here))

    client.post(reverse("person_account", args=[cadre.pk]), {"do": "disable"})
    off = User.objects.get(pk=cadre.pk).is_active
    client.post(reverse("person_account", args=[cadre.pk]), {"do": "enable"})

    assert (off, User.objects.get(pk=cadre.pk).is_active) == (False, True)


def test_disabled_people_get_no_slip(client, here):
    cadre = person(here, "丁四")
    disable_account(cadre, by=None, now=NOW)
    client.force_login(liaison(here))

    response = client.post(reverse("person_slips"), {"person": [cadre.pk]})

    assert response.status_code == 302
    assert not ActivationCode.objects.exists()


def test_AZ3_a_role_that_was_taken_away_counts_from_the_next_request(client, here):
    user = liaison(here)
    client.force_login(user)
    assert client.get(reverse("person_list")).status_code == 200

    user.role_grants.all().delete()

    assert client.get(reverse("person_list")).status_code == 403


# --- export ----------------------------------------------------------------------------------------------
def test_IF4_names_that_look_like_formulas_come_back_as_the_same_text(client, here):
    names = ["=HYPERLINK(1)", "+1", "-2", "@sum", "＝甲", "＋甲", "－甲", "＠甲"]
    for number, name in enumerate(names):
        person(here, name, username=f"f{number}", post=name)
    client.force_login(liaison(here))

    response = client.get(reverse("person_export"))

    rows = read_rows(response.content, "名册.xlsx")[0].rows[1:]
    assert {row.text(4) for row in rows if row.text(4)} == set(names)
    assert b"<f>" not in response.content


def test_an_export_masks_telephone_numbers(client, here):
    person(here, "丁四", phone="13812345678")
    client.force_login(liaison(here))

    rows = read_rows(client.get(reverse("person_export")).content, "名册.xlsx")[0].rows

    assert [row.text(8) for row in rows] == ["手机号", "138****5678", ""]


