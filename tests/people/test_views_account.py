"""Signing in and out, locks, sessions, forced change, own password and own data."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .making import PASSWORD, district, person, township

pytestmark = pytest.mark.django_db


@pytest.fixture
def cadre():
    return person(township(district()), "甲一", password=PASSWORD, staff_number="JH0001", phone="138 0000 0001")


def sign_in(client, name, password=PASSWORD, **extra):
    return client.post("/login/", {"login": name, "password": password}, **extra)


@pytest.mark.parametrize("name", ["jiayi", "JH0001", "13800000001", "+86 138-0000-0001"])
def test_signs_in_by_user_name_staff_number_or_telephone(client, cadre, name):
    response = sign_in(client, name)

    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert client.session["_auth_user_id"] == str(cadre.pk)


def test_a_sign_in_costs_few_statements(client, cadre):
    client.get("/login/")
    with CaptureQueriesContext(connection, ) as statements:
        sign_in(client, "jiayi")

    for q in statements: print(q["sql"][:150])
    assert len(statements) <= 12
