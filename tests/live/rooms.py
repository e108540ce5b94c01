"""Sockets of a room in the test's own process, and a channel layer that loses what it is given."""
import asyncio
import json
import random
import threading
from contextlib import asynccontextmanager

from asgiref.testing import ApplicationCommunicator
from channels.layers import InMemoryChannelLayer
from django.db import connections
from django.test import Client
from mingfa import asgi, sockets

from courses.live import hub as hubs
from courses.live import threads, tickets
from courses.live.board import public

ORIGIN = "http://localhost"
PATIENCE = 60  # seconds, for a busy machine


class LosingLayer(InMemoryChannelLayer):
    """Loses a share of what is sent to groups; `lost` counts it."""

    share, lost, rng = 0.0, 0, random.Random(3)

    async def group_send(self, group, message):
        if self.rng.random() < LosingLayer.share:
            LosingLayer.lost += 1
            return
        await super().group_send(group, message)


def cookie_of(user) -> str:
    """The session cookie of somebody signed in."""
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


class Socket:
    """One page's socket; it notes every event in the order of arrival."""

    def __init__(self, training_id, cookie="", *, origin=ORIGIN):
        headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
        headers += [(b"cookie", cookie.encode())] if cookie else []
        path = f"/ws/live/{training_id}/"
        scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "subprotocols": []}
        self.line = ApplicationCommunicator(asgi.application, scope)
        self.events, self.snapshots, self.last = [], [], None

    async def shake(self) -> bool:
        """Whether the handshake was accepted."""
        await self.line.send_input({"type": "websocket.connect"})
        return (await self.line.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def hello(self, ticket, since=0):
        await self.say({"ticket": ticket, "since": since})

    async def say(self, frame):
        await self.write(json.dumps(frame))

    async def write(self, text):
        await self.line.send_input({"type": "websocket.receive", "text": text})

    async def frame(self, timeout=PATIENCE) -> dict:
        message = await self.line.receive_output(timeout)
        assert message["type"] == "websocket.send", message
        frame = json.loads(message["text"])
        if "snapshot" in frame:
            self.snapshots.append(frame["snapshot"])
            self.last = frame["seq"]
        self.events += frame.get("events", [])
        if frame.get("events"):
            self.last = frame["events"][-1]["seq"]
        return frame

    async def until(self, wanted, timeout=PATIENCE) -> dict:
        """The first frame for which `wanted` is true."""
        while True:
            frame = await self.frame(timeout)
            if wanted(frame):
                return frame

    async def follow(self, seq, timeout=PATIENCE):
        """Read on until the event of this number is there."""
        while self.last is None or self.last < seq:
            await self.frame(timeout)

    async def closed(self, timeout=PATIENCE) -> int:
        """Read on until the server closes; its code."""
        while True:
            message = await self.line.receive_output(timeout)
            if message["type"] == "websocket.close":
                return message["code"]

    async def leave(self):
        await self.line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.line.wait(PATIENCE)


class Room:
    """The room of a scene's training in this process."""

    def __init__(self, scene):
        self.scene, self.id = scene, scene.training.pk
        self.people = {
            actor.id: (actor, cookie_of(user), tickets.issue(self.id, actor))
            for actor, user in [
                (scene.teaching, scene.trainer), (scene.stewarding(), scene.steward),
                *((scene.sitting(place), user) for place, user in enumerate(scene.cadres)),
            ]
        }  # fmt: skip
        self.sockets = []

    async def enter(self, user, *, since=0, ticket=None) -> Socket:
        _, cookie, own = self.people[user.pk]
        socket = Socket(self.id, cookie)
        assert await socket.shake()
        self.sockets.append(socket)
        await socket.hello(ticket or own, since)
        return socket

    async def joined(self, number):
        """Read on until so many sockets have their place: who comes later gets what has been in one piece."""
        while self.hub is None or len(self.hub.clients) < number:
            await asyncio.sleep(0.01)

    async def command(self, socket, kind, data=None, *, idem="i" * 22, **more) -> dict:
        """Send a command and read on until it is answered."""
        await socket.say({"cmd": kind, "idem": idem, "data": data or {}, **more})
        return await socket.until(lambda frame: idem in (frame.get("ack"), frame.get("refused")))

    async def elsewhere(self, function, *arguments, **named):
        """Call something as another process would: its hints go through the channel layer only."""
        return await threads.in_thread(function, *arguments, **named)

    @property
    def hub(self):
        return hubs.running(self.id)

    @property
    def seen(self):
        return public(self.hub.state)


@asynccontextmanager
async def running(room):
    """The room while its server runs."""
    sockets.attach(asyncio.get_running_loop())
    try:
        yield room
    finally:
        for socket in room.sockets:
            await socket.leave()
        await hubs.close_all()
        sockets.attach(None)


def close_connections():
    """End the database connections of the rooms' threads, which outlive a test."""
    gate = threading.Barrier(threads.WORKERS + 1)

    def close():
        gate.wait(PATIENCE)
        connections.close_all()

    waiting = [threads.pool.submit(close) for _ in range(threads.WORKERS)]
    gate.wait(PATIENCE)
    for one in waiting:
        one.result(PATIENCE)
