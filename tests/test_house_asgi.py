"""HTTP through the one process: a body that breaks off is a failure, never a shorter form."""
import pytest
from mingfa.asgi import application

pytestmark = pytest.mark.urls("tests.house_urls")


async def post(*messages):
    """Send a form in these body messages to the echo address; returns the status."""
    incoming, sent = iter(messages), []

    async def receive():
        return next(incoming)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/house/echo/",
        "query_string": b"",
        "headers": [
            (b"host", b"testserver"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", b"20"),
        ],
    }
    await application(scope, receive, send)
    return sent[0]["status"]


def part(body, more):
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_form_in_two_parts_is_read_whole():
    assert await post(part(b"text=abcde&", True), part(b"more=fghi", False)) == 200


async def test_a_form_whose_client_leaves_is_not_acted_on():
    assert await post(part(b"text=abcde&", True), {"type": "http.disconnect"}) == 400
