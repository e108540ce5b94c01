"""Passwords and activation: forced change, rules, the last five, expiry, one-time codes."""
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from mingfa.people.actions import disable_account, issue_activation, set_one_time_password
from mingfa.people.models import User

from .making import NEW, NOW, PASSWORD, person, sign_in, signed_in

pytestmark = pytest.mark.django_db


# --- passwords -------------------------------------------------------------------------------------------
def test_a_one_time_password_has_to_be_replaced_first(client, cadre):
    once = set_one_time_password(cadre, by=None, now=NOW)
    sign_in(client, password=once)

    page = client.get(reverse("profile"))
    changed = client.post(
        reverse("account_change_password"), {"current": once, "new_password": NEW, "repeat": NEW}
    )

    assert (page.status_code, page["Location"]) == (302, reverse("account_change_password"))
    assert (changed.status_code, changed["Location"]) == (302, "/me/")
    assert client.get(reverse("profile")).status_code == 200
    cadre.refresh_from_db()
    assert (cadre.must_change_password, cadre.check_password(NEW), cadre.check_password(once)) == (False, True, False)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1-", "至少"),
        ("onlysmallletters", "三类"),
        ("Jiayi-20270101", "姓名、账号、工号或手机号"),
        ("JH0001-abcd", "姓名、账号、工号或手机号"),
        ("Xy-13800000001", "姓名、账号、工号或手机号"),
    ],
)
def test_weak_passwords_are_refused_with_the_rule(client, cadre, password, reason):
    client.force_login(cadre)

    response = client.post(
        reverse("account_change_password"), {"current": PASSWORD, "new_password": password, "repeat": password}
    )

    assert response.status_code == 422
    assert reason in response.content.decode()
    cadre.refresh_from_db()
    assert cadre.check_password(PASSWORD)


def test_changing_the_password_ends_other_sessions(client, cadre):
    other = Client()
    sign_in(other)
    sign_in(client)

    client.post(reverse("account_change_password"), {"current": PASSWORD, "new_password": NEW, "repeat": NEW})

    assert client.get(reverse("profile")).status_code == 200
    assert other.get(reverse("profile")).status_code == 302


def change(client, old, new):
    return client.post(reverse("account_change_password"), {"current": old, "new_password": new, "repeat": new})


def test_the_last_five_passwords_cannot_be_chosen_again_and_the_sixth_can(client, cadre):
    sign_in(client)
    chosen = [f"Ming-Yue-{year}" for year in range(2027, 2033)]
    for old, new in zip([PASSWORD, *chosen], chosen, strict=False):
        assert change(client, old, new).status_code == 302

    refused = change(client, chosen[-1], chosen[1])

    assert refused.status_code == 422
    assert "最近用过的 5 个密码不能再用" in refused.content.decode()
    assert change(client, chosen[-1], chosen[0]).status_code == 302


def test_a_password_expires_after_ninety_days_at_the_next_sign_in(client, cadre):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        change(client, PASSWORD, NEW)
        clock.shift(timedelta(days=89))
        sign_in(client, password=NEW)
        before = client.get(reverse("profile"))
        clock.shift(timedelta(days=1, minutes=1))
        still_signed_in = client.get(reverse("profile"))
        sign_in(client, password=NEW)
        after = client.get("/me/", follow=True)

    assert (before.status_code, still_signed_in.status_code) == (200, 302)
    assert "密码用满 90 天" in after.content.decode()


@pytest.mark.parametrize(("days", "demo"), [(0, False), (90, True)])
def test_expiry_can_be_switched_off_and_demo_passwords_stay(client, cadre, settings, monkeypatch, days, demo):
    monkeypatch.setenv("MINGFA_BOUND_HOST", "127.0.0.1")
    settings.PASSWORD_DAYS = days
    with time_machine.travel(NOW, tick=False):
        User.objects.update(password_set_at=NOW - timedelta(days=200), is_demo=demo)
        sign_in(client)
        assert client.get(reverse("profile")).status_code == 200


# --- activation ------------------------------------------------------------------------------------------
def activate(client, code, account="jiayi", password=NEW, **more):
    return client.post(
        reverse("activate"), {"account": account, "code": code, "new_password": password, "repeat": password, **more}
    )


@pytest.fixture
def moment():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.mark.parametrize("account", ["jiayi", "JH0001", "13800000001"])
def test_a_code_sets_the_password_and_signs_in(client, cadre, moment, account):
    code = issue_activation(cadre, by=None, now=NOW)

    response = activate(client, code.lower().replace("-", " "), account)

    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert signed_in(client)
    cadre.refresh_from_db()
    assert cadre.check_password(NEW)


def test_a_code_works_once(client, cadre, moment):
    code = issue_activation(cadre, by=None, now=NOW)
    activate(client, code)

    again = activate(Client(), code, password="Another-2027")

    assert again.status_code == 422
    assert "激活码已用过" in again.content.decode()


def test_a_code_of_somebody_else_an_old_one_and_a_replaced_one_are_refused_alike(client, cadre, moment):
    other = person(cadre.current_posting.unit, "乙二", staff_number="JH0002")
    replaced = issue_activation(cadre, by=None, now=NOW)
    foreign = issue_activation(other, by=None, now=NOW)
    current = issue_activation(cadre, by=None, now=NOW)
    refusals = [activate(client, replaced), activate(client, foreign), activate(client, "AAAA-BBBB")]
    moment.shift(timedelta(days=15))
    refusals.append(activate(client, current))

    assert all("账号或激活码不对" in page.content.decode() for page in refusals)
    assert not signed_in(client)


def test_a_disabled_account_is_not_activated(client, cadre, moment):
    code = issue_activation(cadre, by=None, now=NOW)
    disable_account(cadre, by=None, now=NOW)

    assert activate(client, code).status_code == 422


def test_AZ2_activation_takes_no_other_fields(client, cadre, moment):
    code = issue_activation(cadre, by=None, now=NOW)

    activate(client, code, is_superuser="on", is_staff="on", role="secadmin", unit="1", score="100", is_demo="on")

    cadre.refresh_from_db()
    assert (cadre.is_superuser, cadre.is_staff, cadre.is_demo, cadre.role_grants.count()) == (False, False, False, 0)
