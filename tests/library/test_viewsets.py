"""Editions in the admin."""
from datetime import date

import pytest
from mingfa.library.models import Edition
from mingfa.people.models import User

from tests.library.texts import bring_in, edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    bring_in(edition())
    return Edition.objects.get()


@pytest.fixture
def admin(client):
    client.force_login(
        User.objects.create(username="guan", name="管理员甲", is_superuser=True),
        backend="mingfa.people.backends.AccountBackend",
    )
    return client


def address(stored):
    return f"/admin/law_editions/edit/{stored.pk}/"


def test_the_list_names_law_edition_and_status(admin, stored):
    page = admin.get("/admin/law_editions/").content.decode()
    assert "石凳管理条例" in page
    assert "有效" in page


def test_confirming_stores_what_was_chosen(admin, stored):
    answer = {"status": "repealed", "in_force_from": "2021-07-01", "in_force_until": "2025-01-01"}
    assert admin.post(address(stored), answer).status_code == 302
    stored.refresh_from_db()
    assert (stored.status, stored.in_force_until, stored.confirmed_by.username) == (
        "repealed",
        date(2025, 1, 1),
        "guan",
    )


def test_a_contradiction_is_told_at_the_field_and_nothing_is_stored(admin, stored):
    answer = {"status": "repealed", "in_force_from": "2021-07-01", "in_force_until": "2020-01-01"}
    page = admin.post(address(stored), answer)
    assert (page.status_code, "失效日期应晚于生效日期。" in page.content.decode()) == (200, True)
    stored.refresh_from_db()
    assert (stored.status, stored.confirmed_on) == ("in_force", None)


def test_not_yet_in_force_cannot_be_chosen(admin, stored):
    answer = {"status": "future", "in_force_from": "2021-07-01", "in_force_until": ""}
    assert admin.post(address(stored), answer).status_code == 200
    stored.refresh_from_db()
    assert stored.confirmed_on is None


def test_nobody_adds_or_deletes_an_edition_by_hand(admin, stored):
    assert admin.get("/admin/law_editions/new/").status_code in {302, 404}
    admin.post(f"/admin/law_editions/delete/{stored.pk}/")
    assert Edition.objects.count() == 1


def test_others_do_not_reach_the_admin(client, stored):
    client.force_login(
        User.objects.create(username="cadre", name="干部乙"), backend="mingfa.people.backends.AccountBackend"
    )
    answer = {"status": "repealed", "in_force_from": "2021-07-01", "in_force_until": "2025-01-01"}
    assert client.post(address(stored), answer).status_code in {302, 403}
    stored.refresh_from_db()
    assert stored.status == "in_force"
