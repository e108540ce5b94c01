"""Signing in and out, locks, sessions, own data."""
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people import hashers
from mingfa.people.actions import disable_account
from mingfa.people.models import User

from .making import NEW, NOW, PASSWORD, person, sign_in, signed_in

pytestmark = pytest.mark.django_db

# --- signing in ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["jiayi", " jiayi ", "JH0001", "13800000001", "+86 138-0000-0001"])
def test_signs_in_by_user_name_staff_number_or_telephone(client, cadre, name):
    response = sign_in(client, name)

    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert client.session["_auth_user_id"] == str(cadre.pk)


def test_a_telephone_number_of_two_people_is_nobodys(client, cadre):
    person(cadre.current_posting.unit, "乙二", password=PASSWORD, phone="13800000001")

    sign_in(client, "13800000001")

    assert not signed_in(client)


def test_a_sign_in_costs_six_statements(client, cadre):
    client.get("/login/")
    with CaptureQueriesContext(connection) as statements:
        sign_in(client)

    assert len([entry for entry in statements if "SAVEPOINT" not in entry["sql"]]) == 6


@pytest.mark.parametrize("name", ["jiayi", "nobody", "weijihuo", "tingyong", "demo"])
def test_every_try_costs_exactly_one_hash(client, cadre, name, monkeypatch):
    unit = cadre.current_posting.unit
    person(unit, "未激活", username="weijihuo")
    disable_account(person(unit, "停用", username="tingyong", password=PASSWORD), by=None, now=NOW)
    User.objects.filter(pk=person(unit, "演示", username="demo", password=PASSWORD).pk).update(is_demo=True)
    hashed = []
    for name_of in ("crypto_pwhash_alg", "crypto_pwhash_str_verify"):
        real = getattr(hashers, name_of)
        monkeypatch.setattr(hashers, name_of, lambda *args, _real=real, **kw: hashed.append(1) or _real(*args, **kw))

    sign_in(client, name)

    assert len(hashed) == 1


def test_the_page_says_the_same_about_wrong_unknown_and_disabled(client, cadre):
    unit = cadre.current_posting.unit
    disable_account(person(unit, "停用", username="tingyong", password=PASSWORD), by=None, now=NOW)

    pages = [
        sign_in(client, "jiayi", "wrong").content.decode(),
        sign_in(client, "nobody", "wrong").content.decode(),
        sign_in(client, "tingyong").content.decode(),
    ]

    assert all("账号或密码不对。再错 4 次将锁定 10 分钟。" in page for page in pages)
    assert not signed_in(client)


def test_there_is_no_way_to_register(client):
    assert client.post(reverse("account_signup"), {"username": "new", "password1": NEW}).status_code == 302
    assert User.objects.count() == 0


# --- locks -----------------------------------------------------------------------------------------------
def test_AZ6_five_wrong_passwords_lock_the_account_for_this_address_only(client, cadre):
    for _ in range(5):
        response = sign_in(client, password="wrong")
    locked = sign_in(client)
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    sign_in(elsewhere)

    assert response.status_code == locked.status_code == 429
    assert "已锁定 10 分钟" in locked.content.decode()
    assert not signed_in(client)
    assert signed_in(elsewhere)


def test_AZ6_an_unknown_name_is_locked_just_the_same(client, cadre):
    for _ in range(5):
        response = sign_in(client, "nobody", "wrong")

    assert response.status_code == 429
    assert "已锁定 10 分钟" in response.content.decode()


def test_AZ6_the_lock_ends_after_ten_minutes(client, cadre):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            sign_in(client, password="wrong")
        clock.shift(timedelta(minutes=11))
        response = sign_in(client)

    assert (response.status_code, response["Location"]) == (302, "/me/")


def test_AZ6_twenty_wrong_passwords_from_many_addresses_slow_the_account_down_and_the_owner_is_told(client, cadre):
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(20):
            sign_in(Client(REMOTE_ADDR=f"10.0.{number}.1"), password="wrong")
            clock.shift(timedelta(seconds=31))
        sign_in(Client(REMOTE_ADDR="10.1.0.1"), password="wrong")
        hasty = sign_in(client)
        clock.shift(timedelta(seconds=31))
        response = sign_in(client)
        page = client.get(reverse("profile")).content.decode()

    assert "秒后再试" in hasty.content.decode()
    assert response.status_code == 302
    assert "您的账号有 21 次输错密码" in page


def test_AZ6_an_unknown_name_is_slowed_down_just_the_same(client, cadre):
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(20):
            sign_in(Client(REMOTE_ADDR=f"10.0.{number}.1"), "nobody", "wrong")
            clock.shift(timedelta(seconds=31))
        sign_in(Client(REMOTE_ADDR="10.1.0.1"), "nobody", "wrong")

        assert "秒后再试" in sign_in(client, "nobody", "wrong").content.decode()


def test_AZ6_two_hundred_people_sign_in_from_one_address(cadre):
    unit = cadre.current_posting.unit
    password = cadre.password
    for number in range(200):
        User.objects.filter(pk=person(unit, "丙", username=f"c{number}").pk).update(password=password)

    results = {sign_in(Client(), f"c{number}").status_code for number in range(200)}

    assert results == {302}


def test_a_telephone_number_typed_at_sign_in_is_kept_as_hash_only(client, cadre):
    from axes.models import AccessAttempt, AccessFailureLog

    sign_in(client, "13800000001", "wrong")

    stored = str(list(AccessAttempt.objects.values())) + str(list(AccessFailureLog.objects.values()))
    assert "13800000001" not in stored
    assert "wrong" not in stored


# --- sessions --------------------------------------------------------------------------------------------
def test_AZ5_a_planted_session_is_worthless_after_signing_in(client, cadre):
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    sign_in(client)

    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get(reverse("profile")).status_code == 302


def test_AZ3_a_disabled_account_is_refused_with_its_next_request(client, cadre):
    sign_in(client)
    assert client.get(reverse("profile")).status_code == 200

    disable_account(cadre, by=None, now=NOW)

    refused = client.get(reverse("profile"))
    assert (refused.status_code, refused["Location"]) == (302, "/login/?next=/me/profile/")


@pytest.mark.parametrize(
    ("minutes", "status"), [((29,), 200), ((31,), 302), ((25, 25, 25), 200), ((20,) * 37, 302)]
)
def test_a_session_ends_after_half_an_hour_without_a_request_or_twelve_hours(client, cadre, minutes, status):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        for pause in minutes:
            clock.shift(timedelta(minutes=pause))
            response = client.get(reverse("profile"))

    assert response.status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 302)])
def test_the_admin_is_left_after_a_quarter_of_an_hour_without_a_page(client, minutes, status):
    User.objects.create_superuser("boss", password=PASSWORD, name="总管")
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client, "boss")
        client.get("/admin/")
        clock.shift(timedelta(minutes=minutes))
        assert client.get("/admin/").status_code == status


def test_signing_out_needs_a_post_and_ends_the_session(client, cadre):
    sign_in(client)

    asked = client.get("/logout/")
    response = client.post("/logout/")

    assert asked.status_code == 200
    assert (response.status_code, response["Location"]) == (302, "/login/")
    assert not signed_in(client)


# --- next ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "http:evil.example", "\t//x"],
)
def test_AZ7_a_foreign_target_leads_home(client, cadre, target):
    response = client.post("/login/", {"login": "jiayi", "password": PASSWORD, "next": target})

    assert (response.status_code, response["Location"]) == (302, "/me/")


def test_AZ7_a_target_of_our_own_is_kept(client, cadre):
    response = client.post("/login/", {"login": "jiayi", "password": PASSWORD, "next": "/me/profile/?a=1"})

    assert response["Location"] == "/me/profile/?a=1"


# --- demo accounts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("host", "enters"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("", False)]
)
def test_demo_accounts_enter_only_while_the_server_is_bound_to_loopback(client, cadre, monkeypatch, host, enters):
    User.objects.update(is_demo=True)
    monkeypatch.setenv("MINGFA_BOUND_HOST", host)

    page = sign_in(client)

    assert signed_in(client) is enters
    assert ("账号或密码不对" in page.content.decode()) is not enters


# --- own data --------------------------------------------------------------------------------------------
def test_the_own_page_shows_masked_numbers(client, cadre):
    client.force_login(cadre)

    page = client.get(reverse("profile")).content.decode()

    assert "138****0001" in page
    assert "13800000001" not in page


def test_AZ2_the_profile_takes_nothing(client, cadre):
    client.force_login(cadre)
    before = User.objects.filter(pk=cadre.pk).values().get()

    response = client.post(
        reverse("profile"), {"role": "secadmin", "unit": "1", "is_staff": "on", "is_superuser": "on", "score": "100"}
    )

    assert response.status_code == 405
    assert User.objects.filter(pk=cadre.pk).values().get() == before


def test_AZ2_changing_the_password_takes_no_other_fields(client, cadre):
    client.force_login(cadre)

    client.post(
        reverse("account_change_password"),
        {"current": PASSWORD, "new_password": NEW, "repeat": NEW, "is_superuser": "on", "is_staff": "on"},
    )

    cadre.refresh_from_db()
    assert (cadre.is_superuser, cadre.is_staff, cadre.check_password(NEW)) == (False, False, True)


def test_AZ4_who_has_no_business_in_the_admin_gets_a_plain_refusal_and_no_circle(client, cadre):
    client.force_login(cadre)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "您现在没有这些角色" in response.content.decode()
