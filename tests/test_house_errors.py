"""Refused and failed requests: a page in Chinese with a number that is in the log, and nothing else in the log."""
import logging
import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory
from mingfa import errors

NUMBER = re.compile(r"\b(\d{3}-[2-9A-HJKMNP-Z]{4})\b")
pytestmark = pytest.mark.urls("tests.house_urls")


@pytest.fixture
def quiet_client(client):
    client.raise_request_exception = False
    return client


def numbers(response):
    return NUMBER.findall(response.content.decode())


def test_a_missing_page_says_so_with_a_number_that_is_logged(db, client, caplog):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert numbers(response) == numbers_in(caplog, "404")


def test_AL6_a_failure_shows_no_trace_of_what_happened(db, quiet_client, caplog):
    response = quiet_client.post("/house/fail/", {"answer": "选项丙"})
    page = response.content.decode()
    assert response.status_code == 500
    assert numbers(response) == numbers_in(caplog, "500")
    assert "选项丙" not in page
    assert "ValueError" not in page
    assert "Traceback" not in page


def test_a_failure_page_needs_no_database(quiet_client, caplog):
    # Without the `db` fixture every query raises.
    response = quiet_client.post("/house/fail/", {"answer": "x"})
    assert numbers(response) == numbers_in(caplog, "500")


def test_an_unknown_host_is_refused_with_a_number(client, caplog):
    response = client.get("/house/echo/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert numbers(response) == numbers_in(caplog, "400")


def test_a_form_without_its_token_is_refused_with_a_number(db, client, caplog):
    client.handler.enforce_csrf_checks = True
    response = client.post("/login/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert numbers(response) == numbers_in(caplog, "403")
    assert "这次没有提交" in response.content.decode()


def test_a_refusal_shows_its_own_sentence():
    request = RequestFactory().get("/units/7/")
    request.resolver_match = None
    response = errors.permission_denied(request, PermissionDenied("这个单位不归您管理。"))
    assert response.status_code == 403
    assert "这个单位不归您管理。" in response.content.decode()


@pytest.mark.parametrize(
    ("handler", "ours", "others"),
    [
        (errors.not_found, errors.NotFound, Http404),
        (errors.bad_request, errors.Unacceptable, BadRequest),
    ],
)
def test_only_a_sentence_of_ours_reaches_the_page(handler, ours, others):
    request = RequestFactory().get("/units/7/")
    request.resolver_match = None
    assert "没有这个单位。" in handler(request, ours("没有这个单位。")).content.decode()
    assert "OrgUnit" not in handler(request, others("No OrgUnit matches the given query.")).content.decode()


def test_a_broken_error_page_still_gives_the_number(quiet_client, settings, tmp_path, caplog):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    response = quiet_client.post("/house/fail/", {"answer": "x"})
    assert response.status_code == 500
    assert set(numbers(response)) == set(numbers_in(caplog, "500"))


@pytest.mark.parametrize("address", ["/login/?next=%00", "/laws/%00/", "/house/echo/?a=1&b=x%00y"])
def test_a_nul_in_the_address_is_refused_without_a_query(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert "无法识别的字符" in response.content.decode()


@pytest.mark.parametrize("body", ["text=a%00b", "text=a\0b", "a%00=b"])
def test_a_nul_in_a_form_is_refused_without_a_query(client, body):
    response = client.post("/house/echo/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "无法识别的字符" in response.content.decode()


def test_a_nul_in_a_cookie_is_refused_without_a_query(client):
    client.cookies["sessionid"] = "\0" * 10
    assert client.get("/house/echo/").status_code == 400


def test_a_nul_beside_an_upload_is_refused(db, client):
    client.handler.enforce_csrf_checks = True
    token = client.get("/login/").cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "login": "a\0b", "password": "x"}
    response = client.post("/login/", form)
    assert response.status_code == 400
    assert "无法识别的字符" in response.content.decode()


def test_a_percent_sign_and_a_nul_inside_a_file_are_no_nul_in_a_form(client):
    upload = SimpleUploadedFile("a.txt", b"\0%00")
    assert client.post("/house/echo/", {"text": "100%0", "file": upload}).status_code == 200
    body = "text=100%250"
    assert client.post("/house/echo/", body, content_type="application/x-www-form-urlencoded").status_code == 200


def test_the_log_line_holds_no_query_string(db, client, caplog):
    client.get("/nowhere/?name=何砚秋")
    assert [record.getMessage() for record in caplog.records if "何砚秋" in record.getMessage()] == []


def numbers_in(caplog, status):
    """Return the numbers of that status in the log, in order, each once."""
    lines = [r.getMessage() for r in caplog.records if r.name == "mingfa.errors" and r.levelno >= logging.WARNING]
    return list(dict.fromkeys(n for line in lines for n in NUMBER.findall(line) if n.startswith(status)))
