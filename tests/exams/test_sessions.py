"""A running exam keeps the sign-in; after handing in the usual limits hold again."""
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import User

from exams import actions
from exams.models import Sitting

from . import scene


@pytest.fixture
def clock():
    with time_machine.travel(scene.NOON, tick=False) as clock:
        yield clock


def begin(client, exam, cadre):
    client.post("/login/", {"login": cadre.username, "password": scene.PASSWORD})
    client.post(reverse("exams:start", args=[exam.pk]))
    return Sitting.objects.get()


def status(client):
    return client.get(reverse("profile")).status_code


def test_nobody_is_signed_out_in_the_middle_of_an_exam(client, clock, exam, cadre):
    begin(client, exam, cadre)
    clock.shift(timedelta(minutes=59))
    assert status(client) == 200


def test_after_handing_in_half_an_hour_without_a_page_ends_the_session(client, clock, exam, cadre):
    sitting = begin(client, exam, cadre)
    actions.submit_sitting(sitting.pk, by=cadre, now=scene.NOON + timedelta(minutes=10))
    clock.shift(timedelta(minutes=39))
    within = status(client)
    client.cookies.clear()
    client.post("/login/", {"login": cadre.username, "password": scene.PASSWORD})
    clock.shift(timedelta(minutes=31))
    assert (within, status(client)) == (200, 302)


def test_a_sitting_that_nobody_handed_in_holds_the_session_no_longer_than_its_end(client, clock, exam, cadre):
    begin(client, exam, cadre)
    clock.shift(timedelta(minutes=91))
    assert status(client) == 302


def test_a_voided_sitting_does_not_hold_the_session(client, clock, exam, cadre, district):
    sitting = begin(client, exam, cadre)
    actions.void_sitting(sitting, reason="替考", by=district.boss, now=scene.NOON)
    clock.shift(timedelta(minutes=31))
    assert status(client) == 302


def test_a_password_that_expires_does_not_come_between_a_person_and_a_running_exam(client, clock, exam, cadre):
    sitting = begin(client, exam, cadre)
    User.objects.update(password_set_at=scene.NOON - timedelta(days=200))
    client.cookies.clear()
    client.post("/login/", {"login": cadre.username, "password": scene.PASSWORD})
    running = client.get(reverse("exams:paper", args=[sitting.pk]))
    clock.shift(timedelta(minutes=91))
    client.post("/login/", {"login": cadre.username, "password": scene.PASSWORD})
    assert (running.status_code, status(client)) == (200, 302)
