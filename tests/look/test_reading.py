"""Text size and contrast: chosen with a button, rendered by the server, without scripts."""
import re

import pytest
from django.test import Client
from django.urls import reverse
from mingfa.people.models import User

PAGE = "/accessibility/"


def html_tag(client):
    page = client.get(PAGE).content.decode()
    return re.sub(r' data-mf-person="\d+"', "", re.search(r"<html[^>]*>", page)[0])


def choose(client, **what):
    return client.post(reverse("reading"), {"next": PAGE, **what})


@pytest.fixture
def reader(db):
    return User.objects.create_user("reader", name="林晚晴", password="Lian-Xi-2026")


@pytest.fixture
def own(client, reader):
    client.force_login(reader)
    return client


def test_a_first_visit_is_standard_and_light_and_not_marked_as_chosen(client, db):
    assert html_tag(client) == '<html lang="zh-Hans" data-bs-theme="light" data-mf-text="standard">'


@pytest.mark.parametrize("size", ["standard", "large", "xlarge"])
def test_a_visitor_keeps_the_chosen_text_size_on_this_device(client, db, size):
    response = choose(client, text=size)
    assert (response.status_code, response.url) == (302, PAGE)
    assert f'data-mf-text="{size}"' in html_tag(client)


def test_a_visitor_turns_contrast_on_and_off(client, db):
    choose(client, contrast="on")
    assert html_tag(client) == '<html lang="zh-Hans" data-bs-theme="dark" data-mf-text="standard" data-mf-chosen>'
    choose(client, contrast="off")
    assert html_tag(client) == '<html lang="zh-Hans" data-bs-theme="light" data-mf-text="standard" data-mf-chosen>'


def test_the_choice_of_somebody_signed_in_follows_to_another_device(own, reader):
    choose(own, text="xlarge")
    choose(own, contrast="on")
    reader.refresh_from_db()
    assert (reader.text_size, reader.high_contrast) == ("xlarge", True)
    elsewhere = Client()
    elsewhere.force_login(reader)
    assert html_tag(elsewhere) == '<html lang="zh-Hans" data-bs-theme="dark" data-mf-text="xlarge" data-mf-chosen>'


def test_going_back_to_standard_is_not_overruled_by_an_old_cookie(own, reader):
    choose(own, text="xlarge")
    choose(own, text="standard")
    choose(own, contrast="on")
    choose(own, contrast="off")
    assert html_tag(own) == '<html lang="zh-Hans" data-bs-theme="light" data-mf-text="standard" data-mf-chosen>'


def test_the_choice_of_one_account_does_not_touch_another(own, reader):
    other = User.objects.create_user("other", name="陈志远", password="Lian-Xi-2026")
    choose(own, text="xlarge", contrast="on")
    other.refresh_from_db()
    assert (other.text_size, other.high_contrast) == ("", False)


@pytest.mark.parametrize("what", [{}, {"text": "huge"}, {"contrast": "maybe"}, {"text": "<b>", "contrast": ""}])
def test_unknown_values_change_nothing(own, reader, what):
    assert choose(own, **what).status_code == 302
    reader.refresh_from_db()
    assert (reader.text_size, reader.high_contrast) == ("", False)
    assert not own.cookies.get("mf_text")
    assert not own.cookies.get("mf_contrast")


def test_a_forged_cookie_is_read_as_standard(client, db):
    client.cookies["mf_text"] = '"><script>'
    assert html_tag(client) == '<html lang="zh-Hans" data-bs-theme="light" data-mf-text="standard">'


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_this_site(client, db, back):
    assert client.post(reverse("reading"), {"next": back, "text": "large"}).url == "/"


@pytest.mark.parametrize("back", ["foo", "reading"])
def test_a_word_as_the_way_back_is_an_address_and_no_failure(client, db, back):
    assert client.post(reverse("reading"), {"next": back, "text": "large"}).url == back


def test_reading_is_not_changed_by_a_link(client, db):
    assert client.get(reverse("reading"), {"text": "large"}).status_code == 405


def test_the_pressed_button_says_which_size_is_on(client, db):
    choose(client, text="large")
    page = client.get(PAGE).content.decode()
    pressed = {match[1] for match in re.finditer(r'name="text" value="(\w+)" aria-pressed="true"', page)}
    assert pressed == {"large"}
