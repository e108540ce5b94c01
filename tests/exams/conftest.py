import re

import pytest
from django.urls import reverse

from exams.models import Sitting

from . import scene


@pytest.fixture
def district(db):
    return scene.build()


@pytest.fixture
def cadre(district):
    return district.person()


@pytest.fixture
def exam(district, cadre):
    return district.exam()


@pytest.fixture
def sitting(exam, cadre):
    return scene.sit(exam, cadre)


@pytest.fixture
def open_paper(exam, cadre, new_page):
    """Function: sign in, read the notice, start; returns the page and the sitting."""

    def sign_in(**options):
        page = new_page(**options)
        page.goto(f"{reverse('account_login')}?next={reverse('exams:notice', args=[exam.pk])}")
        page.fill("input[name=login]", cadre.username)
        page.fill("input[name=password]", scene.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(r"^[^?]*/exams/\d+/$"))  # not the sign-in page that names it
        for box in page.locator("main form input[type=checkbox]").all():
            box.check()
        page.click("main form button[type=submit]")
        page.wait_for_url("**/sittings/*/")
        return page, Sitting.objects.get()

    return sign_in
