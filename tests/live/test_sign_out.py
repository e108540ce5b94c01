"""What a class left unsent in a browser belongs to one person: it goes when that person signs out or another signs in."""
import pytest

from tests.exams.scene import PASSWORD

from . import scene as scenes

pytestmark = pytest.mark.django_db(transaction=True)
KEEP = """person => {
  for (const name of [`mf-live-3-cadre-${person}`, `mf-given-3-${person}`, "mf-live-3-venue-v7", "mf-device"])
    localStorage.setItem(name, "[]");
}"""
KEYS = "Object.keys(localStorage).filter(name => /^mf-(live|given|device)/.test(name)).sort()"
NOBODYS = ["mf-device", "mf-live-3-venue-v7"]  # the phone's own name, and what the screen of a hall keeps


def sign_in(page, user):
    page.goto("/login/")
    page.fill("input[name=login]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/me/")


def test_the_outbox_of_a_class_goes_with_its_person(new_page, transactional_db):
    scene = scenes.build(people_each=1)
    first, second = scene.cadres
    for user in (first, second):
        user.set_password(PASSWORD)
        user.must_change_password = False
        user.save()
    page = new_page()
    sign_in(page, first)
    page.evaluate(KEEP, str(first.pk))
    page.goto("/me/")
    assert len(page.evaluate(KEYS)) == 4  # nothing is lost while the person stays
    page.locator("form[action$='/logout/']").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url(lambda url: "/me/" not in url)
    page.goto("/login/")
    assert page.evaluate(KEYS) == NOBODYS
    sign_in(page, first)
    page.evaluate(KEEP, str(first.pk))
    page.context.clear_cookies()  # the session ran out; nobody signed out
    sign_in(page, second)
    assert page.evaluate(KEYS) == NOBODYS
