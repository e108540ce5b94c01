"""Thousands of phones of a live room in one process: WebSocket by hand, so that they cost less than the server.

A phone keeps what room.js keeps: the number of the last event, and a box of commands that nobody has acknowledged.
It counts what must never happen: events that are missing and events that come twice.
"""
import asyncio
import base64
import json
import os
import random
import struct
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

PATIENCE = 120  # seconds until a crowd gives up waiting; the machine may be busy


@dataclass(frozen=True)
class Keys:
    """How somebody enters: the session cookie and the ticket of the page."""

    cookie: str
    ticket: str
    user: int = 0


@lru_cache(maxsize=64)
def _read(payload: bytes) -> dict:
    # All phones get the same bytes: read once.
    return json.loads(payload)


class Phone(asyncio.Protocol):
    """One phone of the room at this path; `enter` again after a loss, with the same `since`.

    Args:
        noted: called with the phone and each event.
    """

    def __init__(self, path: str, keys: Keys, *, noted=None):
        self.path, self.keys, self.noted = path, keys, noted
        self.since = self.gaps = self.doubles = self.snapshots = self.entered = 0
        self.last: int | None = None
        self.outbox: dict[str, dict] = {}
        self.told: dict[str, dict] = {}
        self.code: int | None = None
        self.transport: asyncio.Transport | None = None
        self.buffer, self.open, self.ready, self.lost = b"", False, None, None

    # --- in and out ---------------------------------------------------------------------------------
    async def enter(self, url: str, *, timeout: float = PATIENCE) -> None:
        """Connect, show the ticket, and wait for what was missed.

        Raises:
            ConnectionError: refused, or lost before the first frame.
        """
        loop, place = asyncio.get_running_loop(), urlsplit(url)
        self.buffer, self.open, self.code = b"", False, None
        self.ready, self.lost = loop.create_future(), loop.create_future()
        await loop.create_connection(lambda: self, place.hostname, place.port)
        head = (
            f"GET {self.path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: http://{place.netloc}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nCookie: sessionid={self.keys.cookie}\r\n\r\n"
        )
        self.transport.write(head.encode())
        await asyncio.wait([self.ready, self.lost], timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if not self.ready.done():
            self.tear()
            raise ConnectionError(self.code)
        self.entered += 1

    def tear(self) -> None:
        """Lose the line without a word."""
        if self.transport is not None:
            self.transport.abort()

    def say(self, cmd: str, data: dict, idem: str) -> None:
        """Put a command into the box, and on its way if there is a line."""
        self.outbox[idem] = {"cmd": cmd, "idem": idem, "data": data}
        if self.open and self.ready.done():
            self._write(json.dumps(self.outbox[idem]).encode())

    async def settled(self, *, timeout: float = PATIENCE) -> None:
        """Wait until everything in the box is acknowledged or refused, on this line."""
        end = time.monotonic() + timeout
        while self.outbox and time.monotonic() < end and not self.lost.done():
            await asyncio.sleep(0.02)

    @property
    def is_in(self) -> bool:
        return self.ready is not None and self.ready.done() and not self.lost.done()

    # --- the protocol -------------------------------------------------------------------------------
    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        self.open = False
        if not self.lost.done():
            self.lost.set_result(None)

    def data_received(self, data):
        buffer = self.buffer + data if self.buffer else data
        if not self.open:
            head, end, rest = buffer.partition(b"\r\n\r\n")
            if not end:
                self.buffer = buffer
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.code = int(head[9:12])
                self.transport.close()
                return
            self.open, buffer = True, rest
            self._write(json.dumps({"ticket": self.keys.ticket, "since": self.last or 0}).encode())
        at = 0
        while len(buffer) - at >= 2:
            kind, size, start = buffer[at] & 15, buffer[at + 1], at + 2
            if size == 126:
                if len(buffer) < at + 4:
                    break
                size, start = struct.unpack_from("!H", buffer, start)[0], at + 4
            elif size == 127:
                if len(buffer) < at + 10:
                    break
                size, start = struct.unpack_from("!Q", buffer, start)[0], at + 10
            if len(buffer) < start + size:
                break
            self._frame(kind, buffer[start : start + size])
            at = start + size
        self.buffer = buffer[at:]

    def _frame(self, kind, payload):
        if kind == 9:
            self._write(payload, kind=10)
        elif kind == 8:
            self.code = struct.unpack("!H", payload[:2])[0] if payload else 1005
            self.transport.close()
        elif kind == 1:
            self._told(_read(payload))

    def _told(self, frame):
        if "snapshot" in frame:
            self.snapshots += 1
            self.last = frame["seq"] if self.last is None else max(self.last, frame["seq"])
        for event in frame.get("events", ()):
            self._count(event["seq"])
            if self.noted:
                self.noted(self, event)
        idem = frame.get("ack") or frame.get("refused")
        if idem in self.outbox and frame.get("code") != "often":
            self.told[idem] = frame
            del self.outbox[idem]
        if not self.ready.done():
            self.ready.set_result(None)
            for waiting in self.outbox.values():
                self._write(json.dumps(waiting).encode())

    def _count(self, seq):
        if self.last is None or seq == self.last + 1:
            self.last = seq
        elif seq <= self.last:
            self.doubles += 1
        else:
            self.gaps += seq - self.last - 1
            self.last = seq

    def _write(self, payload: bytes, kind: int = 1):
        size = len(payload)
        head = bytes([0x80 | kind, 0x80 | size]) if size < 126 else bytes([0x80 | kind, 0xFE]) + struct.pack("!H", size)
        # A mask of zeros leaves the bytes as they are.
        self.transport.write(head + b"\0\0\0\0" + payload)


@dataclass
class Crowd:
    """Many phones, each at one of the servers; whoever loses the line comes back by itself with jitter."""

    path: str
    everybody: list[Keys]
    urls: list[str]
    jitter: float = 3.0
    noted: object = None
    phones: list[Phone] = field(default_factory=list)
    keepers: list[asyncio.Task] = field(default_factory=list)
    failures: Counter = field(default_factory=Counter)

    async def enter(self, *, at_once: int = 100) -> None:
        """All come in, so many at the same time, and stay."""
        self.phones = [Phone(self.path, keys, noted=self.noted) for keys in self.everybody]
        gate = asyncio.Semaphore(at_once)

        async def one(phone, url):
            async with gate:
                await phone.enter(url)

        await asyncio.gather(*(one(phone, self.url_of(n)) for n, phone in enumerate(self.phones)))
        self.keepers = [asyncio.create_task(self._keep(n, phone)) for n, phone in enumerate(self.phones)]

    def url_of(self, n: int) -> str:
        return self.urls[n % len(self.urls)]

    async def _keep(self, n: int, phone: Phone):
        failures = 0
        while True:
            await phone.lost
            # room.js: full jitter over a span that doubles.
            await asyncio.sleep(random.random() * min(30, self.jitter * 2 ** max(0, failures - 1)))
            try:
                await phone.enter(self.url_of(n))
                failures = 0
            except OSError as error:
                self.failures[str(error.args[0] if error.args else type(error).__name__)] += 1
                failures += 1
                if phone.lost is None or not phone.lost.done():
                    phone.lost = asyncio.get_running_loop().create_future()
                    phone.lost.set_result(None)

    async def until(self, true, *, timeout: float = PATIENCE) -> float:
        """Wait until `true(phone)` for every phone; the seconds it took.

        Raises:
            TimeoutError: says how many are not so far.
        """
        began = time.monotonic()
        while any(not true(phone) for phone in self.phones):
            if time.monotonic() > began + timeout:
                late = sum(not true(phone) for phone in self.phones)
                raise TimeoutError(f"{late} of {len(self.phones)} phones wait; failures {dict(self.failures)}")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    def tear(self) -> None:
        """Everybody loses the line at the same moment."""
        for phone in self.phones:
            phone.tear()

    async def leave(self) -> None:
        for keeper in self.keepers:
            keeper.cancel()
        await asyncio.gather(*self.keepers, return_exceptions=True)
        self.tear()
        await asyncio.sleep(0)

    @property
    def wrong(self) -> int:
        """Phones with a gap, a double, or another last number than the rest."""
        last = max(phone.last or 0 for phone in self.phones)
        return sum(bool(one.gaps or one.doubles or one.last != last) for one in self.phones)
