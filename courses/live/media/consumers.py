"""The two sockets of media: the trainer's, which sends, and the viewers', which get. Never the room's own socket."""
import asyncio
import json
import logging
import re
import shutil
import time
from pathlib import Path

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from mingfa import consumers

from .. import queries as live_queries
from .. import tickets
from ..board import Refusal
from ..limits import LARGEST, Bucket
from ..threads import in_thread
from . import feeds, files, ingest, queries
from .boxes import Broken

logger = logging.getLogger(__name__)

DEVICE = "live_venue"  # in the session of a venue's computer
HELLO_WITHIN = 10  # seconds
SIGN_IN, NOT_YOURS, TOO_MANY, TOO_LARGE, LATER = 4401, 4403, 4429, 1009, 1013
NOT_MEDIA, FULL = 1007, 4507
CHUNK = 256 * 1024  # bytes of one message
# The trainer's line: what waited during a lost line comes at once, then so many bytes a second.
BURST, RATE = 48 * 1024 * 1024, 1024 * 1024
TEST = 2 * 1024 * 1024  # bytes a line test may send
SPARE = 500 * 1024 * 1024  # bytes the disk has to have free before a take begins
MIME = re.compile(r"(video|audio)/mp4;\s?codecs=\"?[A-Za-z0-9.,\- ]{3,60}\"?")


def still_holds(ticket: tickets.Ticket) -> bool:
    """A role may have been taken, or its holder been sent out, since the ticket was made."""
    sent_out = any(ticket.was_ended_by(kick) for kick in live_queries.kicks_of(ticket.training))
    return not sent_out and live_queries.actor_of(ticket) is not None


class MediaConsumer(AsyncWebsocketConsumer):
    """The handshake asks for a sign-in (or a venue's device) with a place in this room, the first frame brings the ticket.

    Without a channel layer of its own: a lost Redis must not throw anybody out.
    """

    channel_layer_alias = None
    groups: list = []
    largest = LARGEST  # bytes of a text
    ticket = None
    closed = False

    async def connect(self):
        self.training_id = int(self.scope["url_route"]["kwargs"]["training_id"])
        user, session = self.scope["user"], self.scope["session"]
        user = user if user.is_authenticated and user.is_active else None
        self.user_id, self.session_key = user and user.pk, session.session_key
        self.device_venue = session.get(DEVICE) if user is None else None
        if user is None and self.device_venue is None:
            await self.close(SIGN_IN)
        elif not await in_thread(live_queries.has_place, self.training_id, user, self.device_venue):
            await self.close(NOT_YOURS)
        else:
            consumers.begin_watch(self)
            await self.accept()
            self.deadline = asyncio.get_running_loop().call_later(HELLO_WITHIN, self._nobody_spoke)

    def _nobody_spoke(self):
        self.farewell = asyncio.create_task(self.close(SIGN_IN))

    async def _admitted(self, frame) -> tickets.Ticket | None:
        """The ticket of the first frame; without a good one for this room the socket is closed."""
        ticket = tickets.read(frame.get("ticket"))
        if ticket is None:
            await self.close(SIGN_IN)
            return None
        own = ticket.user == self.user_id and (self.user_id is not None or ticket.venue == self.device_venue)
        own = own and ticket.is_of(self.session_key)
        if ticket.training != self.training_id or not own or not await in_thread(still_holds, ticket):
            await self.close(NOT_YOURS)
            return None
        return ticket

    async def close(self, code=None, reason=None):
        if not self.closed:
            self.closed = True
            await super().close(code)

    async def receive(self, text_data=None, bytes_data=None):
        if self.closed:
            return
        if bytes_data is not None:
            await self.took(bytes_data)
        elif len(text_data) > self.largest:
            await self.close(TOO_LARGE)
        else:
            await self._text(text_data)

    async def _text(self, text_data):
        try:
            frame = json.loads(text_data)
        except (ValueError, RecursionError):
            frame = None
        frame = frame if isinstance(frame, dict) else {}
        if self.ticket is not None:
            await self.told(frame)
            return
        self.deadline.cancel()
        self.ticket = await self._admitted(frame)
        if self.ticket is not None:
            await self.began(frame)

    async def say(self, **frame):
        await self.base_send({"type": "websocket.send", "text": json.dumps(frame)})

    async def disconnect(self, code):
        consumers.end_watch(self)
        self.closed = True
        if hasattr(self, "deadline"):
            self.deadline.cancel()
        self.left()

    def left(self):
        """The socket is gone."""


class PublishConsumer(MediaConsumer):
    """`/ws/live/<id>/publish/`: first `{ticket, take, mime}`, answered by `{take, have}`; then the stream in order from
    byte `have` on. Every `{have}` says how much is kept: what lies before it need not be sent again. `{end: 1}` ends the
    take. With `test` nothing is kept: the bytes are only counted.
    """

    ingest = None
    testing = False

    async def began(self, frame):
        self.level, self.at, self.got = 0.0, time.monotonic(), 0
        if self.ticket.role != "trainer":
            await self.close(NOT_YOURS)
            return
        if frame.get("test"):
            self.testing = True
            await self.say(have=0)
            return
        take, mime, source = frame.get("take", 0), frame.get("mime", ""), frame.get("source", "camera")
        right = isinstance(mime, str) and MIME.fullmatch(mime) and isinstance(source, str) and source in ingest.TRACKS
        if not right or type(take) is not int or not 0 <= take < 2**15:
            await self.close(NOT_MEDIA)
        elif not await in_thread(ingest.may_publish, self.ticket):
            await self.close(ingest.OVER)
        elif not take and await asyncio.to_thread(_is_full):
            await self.close(FULL)
        else:
            await self._open(take, mime, source)

    async def _open(self, take, mime, source):
        try:
            self.ingest = await ingest.begin(self.ticket, take=take, mime=mime, source=source, consumer=self)
        except Refusal:
            await self.close(ingest.OVER)
        except (files.Busy, OSError):
            logger.exception("take %s of %s could not be opened", take, self.training_id)
            await self.close(LATER)
        else:
            await self.say(take=self.ingest.recording.take, have=self.ingest.have)

    async def took(self, data: bytes):
        if len(data) > CHUNK:
            await self.close(TOO_LARGE)
        elif self.ingest is None and not self.testing:
            await self.close(NOT_YOURS)
        elif not self._may_take(len(data)):
            await self.close(TOO_MANY)
        elif self.testing:
            await self.say(have=self.got)
        else:
            await self._keep(data)

    def _may_take(self, size: int) -> bool:
        now = time.monotonic()
        self.level = max(0.0, self.level - (now - self.at) * RATE) + size
        self.at = now
        self.got += size
        return self.level <= BURST and not (self.testing and self.got > TEST)

    async def _keep(self, data):
        try:
            have = await self.ingest.take(data, self)
        except Broken as broken:
            logger.warning("stream of training %s refused: %s", self.training_id, broken.why)
            await self.close(NOT_MEDIA)
        except OSError:
            logger.exception("take of training %s could not be kept", self.training_id)
            await self.close(FULL)
        else:
            if not self.closed:
                await self.say(have=have)

    async def told(self, frame):
        if "end" in frame and self.ingest is not None:
            await self.ingest.end(1000)

    def left(self):
        if self.ingest is not None:
            self.ingest.let_go(self)


class WatchConsumer(MediaConsumer):
    """`/ws/live/<id>/watch/`: first `{ticket, sound}`; then `{take, mime, offset}`, an init, fragments, and anew for
    each take. `{sound: true}` later changes to the sound alone and back. `{idle: 1}`: nothing is on now.
    """

    feed = viewer = None

    async def began(self, frame):
        self.bucket = Bucket.of("viewer")
        if not await in_thread(queries.is_for_media, self.ticket):
            await self.close(ingest.OVER)
            return
        self._join(bool(frame.get("sound")))

    def _join(self, sound: bool):
        self.feed = feeds.enter(self.training_id)
        self.viewer = feeds.Viewer(self.ticket, self._pass_on, self.close, sound=sound)
        self.feed.join(self.viewer)

    async def _pass_on(self, thing):
        await self.base_send({"type": "websocket.send", "bytes" if isinstance(thing, bytes) else "text": thing})

    async def took(self, data: bytes):
        await self.close(TOO_LARGE)

    async def told(self, frame):
        if not self.bucket.take(time.monotonic()):
            if self.bucket.is_over:
                await self.close(TOO_MANY)
        elif "sound" in frame and bool(frame["sound"]) != self.viewer.sound:
            self.feed.leave(self.viewer)
            self._join(bool(frame["sound"]))

    def left(self):
        if self.feed is not None:
            self.feed.leave(self.viewer)
            self.feed = None


def _is_full() -> bool:
    folder = Path(settings.RECORDINGS_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free < SPARE
