"""The process that takes in what a trainer's browser sends: cut, kept, told to the viewers' feed.

One process writes a take (a lock on its file sees to that); it is the one the trainer's socket happens to lead to.
When the socket is lost the take stays open for a minute, so that the browser goes on with it: it keeps what was not
acknowledged and asks how much is here. A process that was killed leaves a file that the next one goes on with.
"""
import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from mingfa import clock
from mingfa.people.models import User

from .. import hub as hubs
from .. import queries as live_queries
from ..models import Recording
from ..threads import in_thread
from ..tickets import Ticket
from . import actions, feeds, files, queries
from .boxes import Broken, Cutter, Fragment, Init
from .tasks import close_after

logger = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks at whether this may go on
MARK = 30.0  # seconds between two markers in the log
LINGER = 60.0  # seconds a take waits for its browser
OVER, TAKEN_OVER = feeds.OVER, 4409
# What the log says is on, by what the trainer sends.
TRACKS = {"camera": ["video", "audio"], "screen": ["screen", "audio"], "sound": ["audio"]}

# Disk work has a thread of its own: a slow disk must hold neither the room nor its database up.
disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="media")
_running: dict[int, "Ingest"] = {}
_doors: dict[int, asyncio.Lock] = {}


async def on_disk(function, *arguments):
    return await asyncio.get_running_loop().run_in_executor(disk, partial(function, *arguments))


class Ingest:
    """One take while it is written."""

    def __init__(self, ticket: Ticket, recording: Recording, writer: files.Writer, source: str):
        self.source = source
        self.ticket, self.recording, self.writer = ticket, recording, writer
        self.training_id = recording.training_id
        self.cutter = Cutter(writer.init)
        self.consumer = None
        self.lock = asyncio.Lock()
        self.marked = 0.0
        self.said = self.over = False
        self.lost_at = time.monotonic()
        self.keeper = asyncio.create_task(self._keep())

    @property
    def have(self) -> int:
        return self.writer.size

    @property
    def sender(self) -> str:
        """What the log calls this take."""
        return f"take-{self.recording.take:06d}"

    async def take(self, data: bytes, consumer) -> int:
        """Take bytes in; how many of the stream are kept now. Those of a socket that was replaced are dropped.

        Raises:
            boxes.Broken, OSError
        """
        async with self.lock:
            pieces = await self._keep_pieces(data) if consumer is self.consumer else []
        if pieces:
            feeds.wake(self.training_id)
            if not self.said and any(isinstance(one, Init) for one in pieces):
                await self.say_on()
            if any(isinstance(one, Fragment) for one in pieces):
                await self._mark()
        return self.have

    async def _keep_pieces(self, data: bytes) -> list:
        """What is whole is kept, also of bytes that are broken further on."""
        try:
            pieces = self.cutter.feed(data)
        except Broken as broken:
            await on_disk(self.writer.append, broken.before)
            raise
        if pieces:
            await on_disk(self.writer.append, pieces)
        return pieces

    async def say_on(self):
        """This is what is on from now."""
        tracks = TRACKS[self.source]
        said = {"tracks": tracks, "kbps": 432 if len(tracks) > 1 else 32, "by": self.ticket.user, "now": clock.now()}
        offer(self.training_id, await in_thread(
            actions.say_on, self.training_id, tier="push", sender=self.sender, **said
        ))  # fmt: skip
        self.said = True

    async def _mark(self):
        if time.monotonic() - self.marked < MARK:
            return
        media_ms = self.recording.offset_ms + self.writer.end_ms
        envelopes = await in_thread(actions.say_marker, self.training_id, media_ms, now=clock.now())
        if envelopes:
            self.marked = time.monotonic()
            offer(self.training_id, envelopes)

    async def _keep(self):
        """End the take when the class is over, the role was taken, another take began, or nobody came back."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                code = await self._why_over()
            except Exception:
                logger.exception("look at take %s of %s failed", self.recording.take, self.training_id)
                continue
            if code:
                task = asyncio.create_task(self.end(code))
                await asyncio.shield(task)
                return

    async def _why_over(self) -> int:
        if not await in_thread(may_publish, self.ticket):
            return OVER
        newest = await in_thread(queries.newest_take, self.training_id)
        if newest is not None and newest.take != self.recording.take:
            return TAKEN_OVER
        if self.said and await in_thread(queries.sender_on, self.training_id) not in ("", self.sender):
            return TAKEN_OVER  # by a stream that goes another way
        return 1000 if self.consumer is None and time.monotonic() - self.lost_at > LINGER else 0

    def let_go(self, consumer) -> None:
        """Its socket is gone; the browser may come back."""
        if self.consumer is consumer:
            self.consumer, self.lost_at = None, time.monotonic()

    async def end(self, code: int = 1000) -> None:
        """No more of this take: close the file, say so in the log, then close its socket."""
        async with _door(self.training_id):
            await self.end_inside(code)

    async def end_inside(self, code: int) -> None:
        """The same for those who hold the door: nobody begins or goes on with a take meanwhile."""
        if self.over:
            return
        self.over = True
        if _running.get(self.training_id) is self:
            del _running[self.training_id]
        async with self.lock:
            consumer, self.consumer = self.consumer, None
            await on_disk(self.writer.finish)
        feeds.wake(self.training_id)
        await in_thread(actions.close_recording, self.recording, now=clock.now())
        if code != TAKEN_OVER:
            offer(self.training_id, await in_thread(actions.say_off, self.training_id, sender=self.sender, now=clock.now()))
        if consumer is not None:
            await consumer.close(code)
        self.keeper.cancel()

    async def stop(self) -> None:
        """The server stops: let go of the file as it is, the next process goes on with it."""
        self.over = True
        _running.pop(self.training_id, None)
        self.keeper.cancel()
        consumer, self.consumer = self.consumer, None
        if consumer is not None:
            await consumer.close(hubs.RESTART)
        async with self.lock:
            await on_disk(self.writer.close)


def offer(training_id: int, envelopes) -> None:
    """Hints for the room's sockets in this process; the log has told all others."""
    hub = hubs.running(training_id)
    if hub is not None:
        hub.offer(envelopes)


def may_publish(ticket: Ticket) -> bool:
    """Only a trainer of the class, and only while it is on."""
    if ticket.role != "trainer" or not queries.is_for_media(ticket):
        return False
    return live_queries.actor_of(ticket) is not None


def _door(training_id: int) -> asyncio.Lock:
    """One at a time begins, goes on with or ends a take of a training."""
    return _doors.setdefault(training_id, asyncio.Lock())


async def begin(ticket: Ticket, *, take: int, mime: str, source: str, consumer) -> Ingest:
    """Go on with a take of this trainer, or begin another (`take` 0, or one that is closed).

    Raises:
        files.Busy: another process still writes it; try again.
        board.Refusal: not now.
    """
    async with _door(ticket.training):
        running = _running.get(ticket.training)
        if running is not None and take and running.recording.take == take and running.ticket.user == ticket.user:
            async with running.lock:
                before, running.consumer = running.consumer, consumer
                running.cutter = Cutter(running.writer.init)
            if before is not None:
                await before.close(TAKEN_OVER)
            return running
        if running is not None:
            await running.end_inside(TAKEN_OVER)
        recording = await in_thread(_openable, ticket, take) if take else None
        if recording is None:
            by = await in_thread(User.objects.get, pk=ticket.user)
            recording = await in_thread(
                actions.begin_recording, ticket.training, mime=mime, by=by, now=clock.now()
            )
            await in_thread(close_after, ticket.training)
        made = _running[ticket.training] = Ingest(ticket, recording, await on_disk(files.Writer, recording.path), source)
        made.consumer = consumer
        if made.writer.init is not None or await in_thread(queries.sender_on, ticket.training):
            # Who takes over is who ends it, also when no picture comes; a take that goes on may not have been said yet.
            await made.say_on()
        return made


def _openable(ticket: Ticket, take: int) -> Recording | None:
    newest = queries.newest_take(ticket.training)
    mine = newest is not None and newest.take == take and newest.made_by_id == ticket.user
    return newest if mine and newest.state == Recording.State.OPEN else None


def running(training_id: int) -> Ingest | None:
    return _running.get(training_id)


async def stop_all() -> None:
    """When the server stops."""
    for one in list(_running.values()):
        await one.stop()
    await feeds.close_all()
