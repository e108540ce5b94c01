"""Long polling for lines that carry no WebSocket: the same frames, the same `since`.

Waiting for news on a thread of the HTTP pool would block it for everybody, so the server lets this address pass
beside Django's middleware. The ticket stands for session and user; session, account and role are looked up each time.
"""
import asyncio
import json
import re
import time
from contextlib import suppress
from urllib.parse import parse_qs

from django.conf import settings
from django.db import Error
from django.http.request import split_domain_port, validate_host

from . import door, tickets
from . import hub as hubs
from .board.public import MODERATORS
from .models import Training
from .threads import in_thread

ADDRESS = re.compile(r"/live/(\d{1,18})/events/")
TAIL = hubs.TAIL
WAIT = 25  # seconds; below the minute after which offices cut silent lines


def takes(scope) -> int | None:
    """The training's id if this ASGI connection asks for news and needs no redirect to HTTPS; else None."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    found = ADDRESS.fullmatch(scope["path"])
    if found is None or (settings.SECURE_SSL_REDIRECT and scope["scheme"] != "https"):
        return None
    return int(found[1])


def asked(query: str) -> tuple[str, int, float]:
    """(ticket, since, seconds to wait) of an address; a `since` that is no number is 0."""
    fields = parse_qs(query)
    since = fields.get("since", ["0"])[0]
    number = int(since) if since.isascii() and since.isdigit() and len(since) < 16 else 0
    return fields.get("ticket", [""])[0], number, 0 if "now" in fields else WAIT


REFUSED = {
    400: "地址不对，没有连上。", 401: "凭证已过期，请重新打开页面。", 403: "您不在这个培训里，请从培训列表重新进入。",
    404: "没有这个培训。", 429: "操作太频繁，页面会自动再试。", 503: "暂时连不上，页面会自动再试。",
}  # fmt: skip


async def application(scope, receive, send) -> None:
    """ASGI: one request for news."""
    training_id, sent = takes(scope), dict(scope["headers"])
    ticket, since, seconds = asked(scope["query_string"].decode("latin-1"))
    held = tickets.read(sent.get(b"x-live-ticket", b"").decode("latin-1") or ticket)
    if not validate_host(split_domain_port(sent.get(b"host", b"").decode("latin-1"))[0], settings.ALLOWED_HOSTS):
        await _reply(send, 400)
        return
    if not door.may_ask(held, now=time.monotonic()):
        await _reply(send, 429)
        return
    try:
        actor, status = await in_thread(door.actor_with, training_id, held, door.cookies_in(scope["headers"]))
        if actor is None:
            await _reply(send, status)
            return
        hub = await hubs.enter(training_id)
    except Training.DoesNotExist:
        await _reply(send, 404)
        return
    except Error:
        await _reply(send, 503)
        return
    gone = asyncio.ensure_future(_gone(receive, seconds))
    try:
        frame = await hub.news(since, moderates=actor.role in MODERATORS, gone=gone)
    finally:
        hubs.leave(hub)
        gone.cancel()
    await _reply(send, 200, frame)


async def _gone(receive, seconds: float) -> None:
    """Return when whoever asked has left, or has waited so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass


async def _reply(send, status: int, text: str = "") -> None:
    content = (text or json.dumps({"message": REFUSED[status]})).encode()
    head = {
        "content-type": "application/json", "content-length": str(len(content)), "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }  # fmt: skip
    raw = [(name.encode(), value.encode()) for name, value in head.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})
