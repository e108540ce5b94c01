"""Sockets of a demo class: the trainer's, which follows the log, and those of halls and phones, which only speak."""
import asyncio
import json
import random
from contextlib import suppress
from secrets import token_urlsafe

from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from courses.live.board import initial, reduce

from .stage import Seat

PATIENCE = 30  # seconds for one connection; a busy laptop is slow


class Line:
    """One socket that comes back by itself until it is let go."""

    def __init__(self, url: str, training_id: int, seat: Seat, rng: random.Random):
        self.url, self.training_id, self.seat, self.rng = url, training_id, seat, rng
        self.socket, self.task, self.wanted = None, None, False
        self.acknowledged, self.refused = 0, 0

    @property
    def online(self) -> bool:
        return self.socket is not None

    def arrive(self) -> None:
        self.wanted = True
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._stay())

    async def ready(self) -> bool:
        """Wait until it is there; False when it does not come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self.online:
                    await asyncio.sleep(0.2)
                return True
        return False

    async def leave(self) -> None:
        self.wanted = False
        if self.socket is not None:
            await self.socket.close()
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    async def _stay(self):
        while self.wanted:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._listen()
            self.socket = None
            # Not all at once: the same jitter as in the pages.
            await asyncio.sleep(self.rng.uniform(0.5, 3))

    async def _listen(self):
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.seat.cookie}"
        async with connect(
            f"{self.url.replace('http', 'ws', 1)}/ws/live/{self.training_id}/", origin=self.url, compression=None,
            additional_headers={"Cookie": cookie}, ping_interval=None, open_timeout=PATIENCE,
        ) as socket:  # fmt: skip
            await socket.send(json.dumps({"ticket": self.seat.ticket, "since": 0}))
            self.socket = socket
            async for text in socket:
                # Most frames are events for 300 phones; only what is for this one alone is read.
                if text.startswith('{"ack"'):
                    self.acknowledged += 1
                elif text.startswith('{"refused"'):
                    self.refused += 1
                else:
                    self.hear(text)

    def hear(self, text: str) -> None:
        """Phones and halls of this class show nothing."""

    async def say(self, kind: str, data: dict) -> None:
        """Send a command; one that finds no line is lost, as nobody here insists."""
        frame = {"cmd": kind, "idem": token_urlsafe(16), "data": data}
        if self.socket is not None:
            with suppress(WebSocketException):
                await self.socket.send(json.dumps(frame, ensure_ascii=False))


class Teaching(Line):
    """The trainer's line knows the state of the room, as the console does."""

    state = initial()

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.moved = asyncio.Event()

    def hear(self, text):
        frame = json.loads(text)
        if "snapshot" in frame:
            self.state = frame["snapshot"]
        for event in frame.get("events", ()):
            if event["seq"] > self.state["seq"]:
                self.state = reduce(self.state, event)
        self.moved.set()

    async def until(self, wanted, seconds: float = PATIENCE) -> bool:
        """Wait until `wanted(state)`; False when it does not come about in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not wanted(self.state):
                    self.moved.clear()
                    await self.moved.wait()
                return True
        return False
