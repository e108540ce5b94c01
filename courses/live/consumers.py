"""The socket of a room. It only carries: the log decides, the hub hands out, actions write.

A plain ASGI application, not a channels consumer: that would keep seven copies of the connection's facts and two more
tasks for each idle socket, and take every message through a thread first. It has no channel layer of its own: a lost
Redis must not throw anybody out.
"""
import asyncio
import json
import logging
import re
import time

from channels.security.websocket import AllowedHostsOriginValidator
from django.db import Error
from mingfa import clock, consumers

from . import door, queries, tickets
from . import hub as hubs
from .actions import Given
from .board import Actor, Refusal, check_command
from .board.refusals import TooOften
from .clients import Client
from .frames import text_of
from .handling import ANSWERS, Handled, answered, handle, refused
from .limits import LARGEST, POINTING, Bucket
from .models import Training
from .threads import in_thread

logger = logging.getLogger(__name__)

ADDRESS = re.compile(r"/ws/live/(\d{1,18})/")
HELLO_WITHIN = 10  # seconds
SIGN_IN, NOT_YOURS, TOO_MANY, TOO_LARGE, LATER = 4401, 4403, 4429, 1009, 1013


def takes(scope) -> int | None:
    """The training's id if this ASGI connection is a socket of a room."""
    found = scope["type"] == "websocket" and ADDRESS.fullmatch(scope["path"])
    return int(found[1]) if found else None


async def application(scope, receive, send) -> None:
    """ASGI: one socket, from the handshake to its end. Pages of other sites are refused."""
    await _from_own_pages(scope, receive, send)


async def _knock(scope, receive, send):
    """The handshake asks for a sign-in (or a venue's device) with a place in this room."""
    await receive()
    training_id = takes(scope)
    try:
        guest = await in_thread(door.guest_with_place, training_id, door.cookies_in(scope["headers"]))
    except Error:
        logger.exception("nobody can enter room %s", training_id)
        guest = None
    if guest is None:
        await send({"type": "websocket.close", "code": SIGN_IN})
        return
    await send({"type": "websocket.accept"})
    # Nobody reads them again, and a class has a thousand sockets.
    scope["headers"].clear()
    await RoomSocket(training_id, guest, send).carry(receive)


_from_own_pages = AllowedHostsOriginValidator(_knock)


class RoomSocket:
    """One open socket. The first frame brings the ticket, each further one a command or a sign of life."""

    __slots__ = ("bucket", "client", "closed", "deadline", "farewell", "guest", "hub", "pointing", "send", "training_id")

    def __init__(self, training_id: int, guest: door.Guest, send):
        self.training_id, self.guest, self.send = training_id, guest, send
        self.client: Client | None = None
        self.hub: hubs.Hub | None = None
        self.bucket = self.deadline = self.farewell = self.pointing = None
        self.closed = False

    @property
    def user_id(self) -> int | None:
        return self.guest.user

    @property
    def session_key(self) -> str:
        return self.guest.session_key

    async def carry(self, receive):
        """Take what the page sends, one after the other, until the socket ends."""
        consumers.begin_watch(self)
        self.deadline = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._nobody_spoke)
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                if not self.closed:
                    await self._received(message)
        finally:
            self.closed = True
            consumers.end_watch(self)
            self.deadline.cancel()
            if self.hub is not None:
                hubs.leave(self.hub, self.client)

    def _nobody_spoke(self):
        self.farewell = asyncio.create_task(self.close(SIGN_IN))

    async def close(self, code: int):
        if not self.closed:
            self.closed = True
            await self.send({"type": "websocket.close", "code": code})

    async def _received(self, message):
        text = message.get("text")
        if text is None or len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
            await self.close(TOO_LARGE)
            return
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            frame = None
        frame = frame if isinstance(frame, dict) else {}
        if self.client is None:
            await self._hello(frame)
        elif not self.bucket.take(time.monotonic()):
            await self._struck(frame)
        elif "beat" in frame:
            self.client.push('{"beat":1}')
        elif "looks" in frame:
            self.client.looks = frame["looks"] is True
        elif "cmd" in frame:
            await self._command(frame)

    async def _hello(self, frame):
        self.deadline.cancel()
        ticket, since = tickets.read(frame.get("ticket")), frame.get("since", 0)
        if ticket is None:
            await self.close(SIGN_IN)
            return
        if ticket.training != self.training_id or not self.guest.holds(ticket):
            await self.close(NOT_YOURS)
            return
        try:
            # A cadre's place was looked up at the handshake; a role may have been taken since the ticket was made.
            if ticket.role != "cadre" and await in_thread(queries.actor_of, ticket) is None:
                await self.close(NOT_YOURS)
                return
            self.hub = await hubs.enter(self.training_id)
        except Training.DoesNotExist:
            await self.close(NOT_YOURS)
            return
        except Error:
            logger.exception("room %s does not open", self.training_id)
            await self.close(LATER)
            return
        if any(ticket.was_ended_by(kick) for kick in self.hub.kicks):
            await self.close(NOT_YOURS)
            return
        actor = Actor(ticket.role, ticket.user, self.guest.name, ticket.venue)
        self.bucket = Bucket.of(actor.role)
        self.client = Client(actor, self._send, self.close)
        self.hub.join(self.client, since if type(since) is int and since >= 0 else 0)

    async def _send(self, text):
        await self.send({"type": "websocket.send", "text": text})

    async def _struck(self, frame):
        if self.bucket.is_over:
            await self.close(TOO_MANY)
        elif "cmd" in frame:
            self._tell(refused(_idem(frame), TooOften(5)))

    async def _command(self, frame):
        kind, data, idem, actor = frame["cmd"], frame.get("data", {}), _idem(frame), self.client.actor
        try:
            if kind == "pointer":
                where = check_command(kind, data, role=actor.role, state=self.hub.state["state"])
                self.pointing = self.pointing or Bucket(*POINTING)
                if self.pointing.take(time.monotonic()):
                    self.hub.hint({"kind": "pointer", **where})
                return
            if kind in ANSWERS:
                handled = answered(idem, await self.hub.answers.take(Given(kind, data, actor, frame.get("at"))))
            else:
                handled = await in_thread(
                    handle, self.training_id, kind, data, actor=actor, idem=idem, now=clock.now(), at=frame.get("at")
                )
        except Refusal as refusal:
            handled = refused(idem, refusal)
        except Error:
            # Locked, away or full: without a receipt the page keeps the command and sends it again.
            logger.exception("a command of room %s failed", self.training_id)
            await self.close(LATER)
            return
        self.hub.offer(handled.envelopes)
        self.hub.bring(self.client)
        self._tell(handled)

    def _tell(self, handled: Handled):
        self.client.push(text_of(handled.frame))


def _idem(frame) -> str:
    idem = frame.get("idem", "")
    return idem[:40] if isinstance(idem, str) else "?"
