"""HTTP through the one process: a body is taken whole, in time and up to a limit, before anything acts on it."""
import asyncio
import json
import socket
from contextlib import ExitStack
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import requests
from mingfa import asgi, bodies
from mingfa.asgi import application
from mingfa.bridge import Bridge

from exams import papers
from exams.tokens import issue
from tests.exams import scene
from tests.servers import running_server

pytestmark = pytest.mark.urls("tests.house_urls")


async def post(*messages, path="/house/echo/", length=b"20", headers=()):
    """Send a form in these body messages, then nothing for ever; returns (status, headers, text), None unanswered."""
    incoming, sent = iter(messages), []

    async def receive():
        for message in incoming:
            return message
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            *([(b"content-length", length)] if length else []),
            *headers,
        ],
    }
    await asyncio.wait_for(application(scope, receive, send), 60)
    if not sent:
        return None
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return sent[0]["status"], dict(sent[0]["headers"]), text


def part(body, more):
    return {"type": "http.request", "body": body, "more_body": more}


LEFT = {"type": "http.disconnect"}


async def test_a_form_in_two_parts_is_read_whole():
    status, _, text = await post(part(b"text=abcde&", True), part(b"more=fghi", False))
    assert (status, text) == (200, "abcde")


async def test_a_form_larger_than_the_memory_for_it_is_read_whole(monkeypatch):
    monkeypatch.setattr(bodies, "IN_MEMORY", 8)
    status, _, text = await post(part(b"text=abcde&", True), part(b"more=fghi", False))
    assert (status, text) == (200, "abcde")


async def test_a_form_whose_client_leaves_is_not_acted_on():
    assert await post(part(b"text=abcde&", True), LEFT) is None


async def test_a_save_whose_client_leaves_is_not_acted_on():
    assert await post(part(b"{", True), LEFT, path="/sittings/1/save/") is None


async def test_a_client_that_falls_silent_is_told_so_and_hung_up_on(monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    status, headers, text = await post(part(b"text=abcde&", True))
    assert (status, headers[b"connection"]) == (408, b"close")
    assert "网络太慢，没有保存" in text


async def test_a_save_that_falls_silent_is_told_to_try_again(monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    status, _, text = await post(part(b"{", True), path="/sittings/1/save/")
    assert (status, json.loads(text)["code"]) == (408, "slow")


def test_a_save_naming_half_a_character_is_refused_and_not_a_failure(db):
    """JSON can write half a surrogate pair; no reply could be encoded with it."""
    district = scene.build()
    cadre = district.person()
    sitting = scene.sit(district.exam(), cadre)
    # Remembered, so that the thread of the save needs none of the rows this test will roll back.
    papers.paper_of(sitting.pk)
    token = (b"x-sitting-token", issue(sitting.pk, sitting.epoch).encode())
    body = part(b'{"changes":{"\\ud800":[[],1]}}', False)
    status, _, text = asyncio.run(post(body, path=f"/sittings/{sitting.pk}/save/", headers=[token]))
    papers.forget()
    assert (status, json.loads(text)["code"]) == (400, "bad_answer")


async def test_a_body_announced_too_large_is_refused_unread():
    status, _, text = await post(length=b"%d" % (bodies.LARGEST + 1))
    assert status == 413
    assert "一次最多提交 21 MB。" in text


async def test_a_body_that_grows_too_large_is_refused_on_the_way(monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST", 100)
    status, headers, _ = await post(part(b"text=" + b"a" * 60, True), part(b"a" * 60, True), length=None)
    assert status == 413
    assert b"content-security-policy" in headers


async def test_only_the_admin_takes_more_than_a_spreadsheet():
    length = b"%d" % (bodies.LARGEST + 1)
    status, *_ = await post(part(b"a=1", False), path="/admin/none/", length=length)
    assert status != 413
    status, *_ = await post(path="/admin/none/", length=b"%d" % (bodies.LARGEST_ADMIN + 1))
    assert status == 413


def test_half_sent_bodies_keep_nobody_else_from_reading(new_data_folder):
    with running_server(new_data_folder()) as server, ExitStack() as held:
        address = urlsplit(server.url)
        # With a cookie, so that the token check goes on to read the form.
        head = f"POST /login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={'a' * 32}\r\nContent-Length: 1000\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        for _ in range(asgi.HTTP_THREADS + 1):
            client = held.enter_context(socket.create_connection((address.hostname, address.port)))
            client.sendall(head.encode() + b"a")
        # Before the first of them is given up.
        assert requests.get(server.url + "/login/", timeout=bodies.PATIENCE - 2).status_code == 200


async def test_a_reader_who_takes_nothing_holds_no_thread():
    bridge, sent, reached = Bridge(pages, workers=1), [], asyncio.Event()

    async def stuck(message):
        reached.set()
        await asyncio.Event().wait()

    async def reader(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": []}
    waiting = asyncio.create_task(bridge(scope, BytesIO(), stuck))
    await asyncio.wait_for(reached.wait(), 60)
    await asyncio.wait_for(bridge(scope, BytesIO(), reader), 60)
    waiting.cancel()
    assert sent[0]["status"] == 200
    assert b"".join(one["body"] for one in sent[1:]) == LONG
    assert [one["more_body"] for one in sent[1:]] == [True, True, True, True, True, False]


LONG = b"a page " * 200_000  # 1.4 MB: more than is kept in memory, in six parts


def pages(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [LONG]
