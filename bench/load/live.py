"""Sockets of a live training: the room they join, a plain consumer to compare with, and the clients' end."""
import asyncio
import json
import statistics
import time
from pathlib import Path

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from django.urls import path
from websockets.asyncio.client import connect

from .crowd import PATIENCE, Crowd, Keys

# Run by manage.py shell: a class that has begun; prints the keys of a cadre and of the trainer.
ROOM = """
import json
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from courses.live import tickets
from courses.live.models import Training
from tests.live import scene as scenes
made = scenes.build()
now = timezone.now()
Training.objects.update(starts_at=now, ends_at=now + timedelta(hours=2))
made.begin(now=now)
keys = []
for user, actor in ((made.cadres[0], made.sitting()), (made.trainer, made.teaching)):
    client = Client()
    client.force_login(user)
    keys.append([client.cookies["sessionid"].value, tickets.issue(made.training.pk, actor)])
print(json.dumps([made.training.pk, *keys]))
"""


class GroupConsumer(AsyncWebsocketConsumer):
    """The textbook way: every socket is a member of a group, a message is sent to the group. No database."""

    seq = 0

    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()
        await self.send('{"events":[]}')

    async def disconnect(self, code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        frame = json.loads(text_data)
        if "cmd" in frame:
            GroupConsumer.seq += 1
            envelope = {
                "seq": GroupConsumer.seq, "at": round(time.time() * 1000), "actor": 1, "role": "trainer", "venue": None,
                "kind": frame["cmd"], "v": 1, "data": frame["data"],
            }  # fmt: skip
            text = json.dumps({"events": [envelope]}, ensure_ascii=False, separators=(",", ":"))
            await self.channel_layer.group_send("room", {"type": "room.event", "text": text})
            await self.send(json.dumps({"ack": frame["idem"]}))

    async def room_event(self, message):
        await self.send(message["text"])


reference = URLRouter([path("ws/room/", GroupConsumer.as_asgi())])


async def fan_out(pid: int, url: str, path: str, keys: list[Keys], *, events: int, pause: float = 0.0) -> dict:
    """Server CPU per event to all sockets, latency, memory of a socket, gaps.

    Args:
        pid: of the server.
        keys: of the trainer and of each phone.
        pause: seconds between two events at least; without one the next goes out when everybody has the last.
    """
    # What the first sockets load is the server's, not theirs.
    first = Crowd(path, keys[-20:], [url])
    await first.enter()
    await first.leave()
    await asyncio.sleep(1)
    before, joining = resident(pid), cpu(pid)
    took, sent = [], {}

    def noted(phone, event):
        if event["kind"] == "mark":
            took.append(time.perf_counter() - sent[event["data"]["text"]])

    phones, desk = Crowd(path, keys[1:], [url], noted=noted), Crowd(path, keys[:1], [url])
    await phones.enter()
    joined = cpu(pid)
    await desk.enter()
    await asyncio.sleep(3)
    memory = (resident(pid) - before) / len(phones.phones)
    warm = 3
    for n in range(warm + events):
        if n == warm:
            took.clear()
            began, spent = time.perf_counter(), cpu(pid)
        text = f"event {n}"
        sent[text], wanted = time.perf_counter(), len(took) + len(phones.phones)
        desk.phones[0].say("mark", {"text": text}, f"bench-{n:016d}")
        while len(took) < wanted and time.perf_counter() - sent[text] < PATIENCE:
            await asyncio.sleep(0.002)
        await asyncio.sleep(max(0, pause - (time.perf_counter() - sent[text])))
    spent, seconds = cpu(pid) - spent, time.perf_counter() - began
    # Whoever came in before the hub reported somebody else has one event more behind it: only the last number counts.
    await asyncio.sleep(1)
    wrong = phones.wrong + (len(took) != events * len(phones.phones))
    took.sort()
    await desk.leave()
    await phones.leave()
    return {
        "cpu_ms": round(1000 * spent / events, 1), "p95_s": round(took[int(len(took) * 0.95)], 3),
        "median_s": round(statistics.median(took), 3), "slowest_s": round(took[-1], 3),
        "socket_kb": round(memory / 1024, 1),
        "join_cpu_ms": round(1000 * (joined - joining) / len(phones.phones), 2), "wrong_clients": wrong,
        "seconds": round(seconds, 1),
    }  # fmt: skip


async def _open(url, origin, cookie, hello):
    """A socket with a client of its own, for whom frames by hand are not enough."""
    headers = {"Cookie": f"sessionid={cookie}"} if cookie else {}
    line = await connect(
        url, origin=origin, additional_headers=headers, compression=None, ping_interval=None, max_queue=None, open_timeout=60
    )
    if hello is not None:
        await line.send(json.dumps(hello))
    return line


def cpu(pid: int) -> float:
    """Seconds of CPU the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def resident(pid: int) -> int:
    """Bytes of memory the process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
