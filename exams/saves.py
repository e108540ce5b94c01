"""The answer save over HTTP, once: as a plain Django view and as an ASGI application below Django's middleware.

A save is six of every ten requests of a sitting, so the server that `serve` starts lets it pass beside the
middleware. What the middleware would have done is done here: host check, body limit, no stored copies. The
signed token stands for session and user; the guarded UPDATE of the action decides.
"""
import asyncio
import io
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, close_old_connections
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from mingfa import bodies, clock

from . import actions, tokens
from .engine.refusals import BadAnswer, Refusal
from .wording import sentence

logger = logging.getLogger(__name__)

LARGEST = 256 * 1024  # bytes; a 1,200-question paper sent whole is under 100 kB
ADDRESS = re.compile(r"/sittings/(\d{1,18})/save/")

Reply = tuple[int, dict]


def answer(sitting_id: int, token: str, body: bytes) -> Reply:
    """(status, JSON) of one save request.

    Args:
        token: the X-Sitting-Token header, untrusted.
        body: {"changes": {question name: [[option names], seq]}}, untrusted.
    """
    held = tokens.read(token)
    if held is None or held.sitting_id != sitting_id:
        message = "这份试卷的凭证无效。请重新登录后打开试卷，已保存的答案都在"
        return 403, {"code": "token", "message": message}
    if len(body) > LARGEST:
        return too_large()
    try:
        sent = json.loads(body)
        changes = sent["changes"] if isinstance(sent, dict) else None
    except (ValueError, KeyError, RecursionError):
        return _refused(BadAnswer("", "form"))
    try:
        saved = actions.save_answers(sitting_id, changes, epoch=held.epoch, now=clock.now())
    except Refusal as refusal:
        return _refused(refusal)
    except Error:
        # Locked, away or full: the page keeps its changes and tries again until the receipt.
        logger.exception("save of sitting %s failed", sitting_id)
        return 503, {"code": "busy", "message": "暂时存不进去，没有保存。页面会自动再试，请不要关闭"}
    except ObjectDoesNotExist:
        return 404, {"code": "gone", "message": "没有这份试卷"}
    at = timezone.localtime(saved.saved_at).strftime("%H:%M:%S") if saved.saved_at else ""
    return 200, {
        "rev": saved.revision, "saved": saved.saved, "at": at, "receipt": saved.receipt,
        "ends": int(saved.ends_at.timestamp() * 1000),
    }  # fmt: skip


def too_large() -> Reply:
    return 413, {"code": "size", "message": "一次发送的内容太大，没有保存"}


def too_slow() -> Reply:
    return 408, {"code": "slow", "message": "网络太慢，没有保存。页面会自动再试，请不要关闭"}


def headers() -> dict[str, str]:
    """What every reply carries: the server's time for the clock on the page, and no stored copy."""
    return {
        "Cache-Control": "no-store",
        "X-Server-Time": str(int(clock.now().timestamp() * 1000)),
        "X-Content-Type-Options": "nosniff",
    }


def _refused(refusal: Refusal) -> Reply:
    facts = {"code": refusal.code, "message": sentence(refusal)}
    if isinstance(refusal, BadAnswer):
        return 400, {**facts, "bad": [refusal.question]}
    return 409, facts


# Each thread keeps one database connection; commits wait for the disk, so a few more than cores.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="saves")


def _in_thread(sitting_id: int, token: str, body: bytes) -> Reply:
    close_old_connections()
    try:
        return answer(sitting_id, token, body)
    finally:
        close_old_connections()


def takes(scope) -> int | None:
    """The sitting's id if this ASGI connection is a save that needs no redirect to HTTPS; else None."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    found = ADDRESS.fullmatch(scope["path"])
    if found is None or (settings.SECURE_SSL_REDIRECT and scope["scheme"] != "https"):
        return None
    return int(found[1])


async def application(scope, receive, send) -> None:
    """ASGI: one save. Failures are logged by the server and answered with 500, as JSON."""
    sent = dict(scope["headers"])
    body = io.BytesIO()
    try:
        await bodies.receive_into(body, receive, limit=LARGEST)
        refused = None
    except bodies.Refused as reason:
        refused = too_large() if isinstance(reason, bodies.TooLarge) else too_slow()
    if refused:
        status, facts = refused
    elif not validate_host(split_domain_port(sent.get(b"host", b"").decode("latin-1"))[0], settings.ALLOWED_HOSTS):
        status, facts = 400, {"code": "host", "message": "地址不对，没有保存"}
    else:
        token = sent.get(b"x-sitting-token", b"").decode("latin-1")
        loop = asyncio.get_running_loop()
        status, facts = await loop.run_in_executor(_threads, _in_thread, takes(scope), token, body.getvalue())
    # ASCII: the reply may quote half a surrogate pair of the request, which no encoding takes.
    content = json.dumps(facts, separators=(",", ":")).encode()
    head = {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers()}
    raw = [(name.lower().encode(), value.encode()) for name, value in head.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})
