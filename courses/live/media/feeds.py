"""What viewers are pushed: one feed per process and training follows the newest take's files and hands pieces on.

The process that takes the stream in wakes its own feed at once; a feed of another worker looks at the files (so all
workers have to see the folder of recordings). A viewer has a short queue; whoever cannot follow loses what waits and
goes on at the newest key frame. All viewers share the same bytes.
"""
import asyncio
import json
import logging
import time
from collections import deque
from contextlib import suppress

from ..models.recording import recording_path
from ..threads import in_thread
from ..tickets import Ticket
from . import files, queries
from .boxes import Init
from .lines import END, KEY
from .tracks import sound_in, sound_mime, sound_of

logger = logging.getLogger(__name__)

LOOK = 0.4  # seconds between two looks at files another process writes
QUEUE = 8  # fragments, about as many seconds
LINGER = 10.0
ASK = 4.0  # seconds between two looks at whether the viewers may still watch
OVER, NOT_YOURS = 4410, 4403

_feeds: dict[int, "Feed"] = {}


class Viewer:
    """One socket of a viewer.

    Args:
        ticket: of the page that watches.
        send: coroutine function that takes text or bytes and returns when the line has taken them.
        sound: whether it wants the sound only.
    """

    def __init__(self, ticket: Ticket, send, close, *, sound: bool):
        self.ticket, self.send, self.close, self.sound = ticket, send, close, sound
        self.queue: deque[str | bytes] = deque()
        self.waiting = 0  # fragments in the queue
        self.jumps = 0
        self.at_key = False  # whether it has what the next fragment builds on
        self.task: asyncio.Task | None = None

    def begin(self, head: str, init: bytes) -> None:
        """Another take: nothing of the one before is of use any more."""
        self.queue.clear()
        self.waiting, self.at_key = 0, False
        self._put(head)
        self._put(init)

    def push(self, data: bytes, *, key: bool, start_ms: int) -> None:
        if self.waiting >= QUEUE:
            # Texts and inits stay: a decoder is lost without them.
            self.queue = deque(one for one in self.queue if not isinstance(one, _Piece))
            self.waiting, self.at_key = 0, False
            self.jumps += 1
        if not self.at_key:
            if not key:
                return
            self.at_key = True
            self._put(json.dumps({"from": start_ms, "jumps": self.jumps}))
        self.waiting += 1
        self._put(_Piece(data))

    def tell(self, text: str) -> None:
        self._put(text)

    def _put(self, thing) -> None:
        self.queue.append(thing)
        if self.task is None:
            self.task = asyncio.create_task(self._drain())

    async def _drain(self):
        try:
            while self.queue:
                thing = self.queue.popleft()
                self.waiting -= isinstance(thing, _Piece)
                await self.send(thing.data if isinstance(thing, _Piece) else thing)
        except Exception as gone:  # the socket is closed: its consumer leaves the feed by itself
            self.queue.clear()
            logger.debug("piece not sent: %s", type(gone).__name__)
        finally:
            self.task = None


class _Piece:
    """A fragment in a queue, told from an init."""

    __slots__ = ("data",)

    def __init__(self, data: bytes):
        self.data = data


class Feed:
    def __init__(self, training_id: int):
        self.training_id = training_id
        self.viewers: set[Viewer] = set()
        self.recording = None
        self.take: int | None = None  # None before the first look
        self.seen = 0  # lines of the index
        self.init: Init | None = None
        self.ended = False
        self.last: tuple | None = None  # the newest key fragment, for those who come
        self.number = 0
        self.woken = asyncio.Event()
        self.task = asyncio.create_task(self._follow())

    # --- viewers ------------------------------------------------------------------------------------
    def join(self, viewer: Viewer) -> None:
        self.viewers.add(viewer)
        if self.init is None or self.ended:
            viewer.tell('{"idle":1}')
            return
        self._begin(viewer)
        if self.last is not None:
            self._push(viewer, *self.last)

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)
        if viewer.task is not None:
            viewer.task.cancel()
        if not self.viewers:
            loop = asyncio.get_running_loop()
            loop.call_later(LINGER, lambda: loop.create_task(self._end_if_empty()))

    async def _end_if_empty(self):
        if not self.viewers:
            await self.stop()

    async def stop(self, code: int | None = None):
        if _feeds.get(self.training_id) is self:
            del _feeds[self.training_id]
        self.task.cancel()
        for viewer in list(self.viewers):
            await viewer.close(code)

    def _begin(self, viewer: Viewer) -> None:
        init = sound_of(self.init) if viewer.sound else self.init
        if init is None:
            viewer.tell('{"idle":1}')
            return
        alone = viewer.sound or not self.init.has_video
        mime = sound_mime(self.recording.mime) if alone else self.recording.mime
        head = {"take": self.recording.take, "mime": mime, "offset": self.recording.offset_ms, "picture": self.init.has_video}
        viewer.begin(json.dumps(head), init.data)

    def _push(self, viewer: Viewer, fragment, sound: bytes) -> None:
        if not viewer.sound:
            viewer.push(fragment.data, key=fragment.key, start_ms=fragment.start_ms)
        elif sound:
            viewer.push(sound, key=True, start_ms=fragment.start_ms)

    # --- the files ----------------------------------------------------------------------------------
    async def _follow(self):
        asked = time.monotonic()
        while True:
            try:
                if time.monotonic() - asked > ASK:
                    asked = time.monotonic()
                    await self._ask()
                await self._look()
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("feed of training %s could not look", self.training_id)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), LOOK)
            self.woken.clear()

    async def _ask(self):
        """Nobody watches a class that is over, after the role was taken, or sent out."""
        viewers = list(self.viewers)
        on, lost = await in_thread(queries.who_may_not_watch, self.training_id, [viewer.ticket for viewer in viewers])
        # By the very ticket: a page opened anew after its holder was sent out has another, which is good.
        ended = {id(one) for one in lost}
        for viewer in viewers:
            if not on:
                await viewer.close(OVER)
            elif id(viewer.ticket) in ended:
                await viewer.close(NOT_YOURS)

    async def _look(self):
        if self.take is None or await in_media(self._has_next):
            self.recording = await in_thread(queries.newest_take, self.training_id)
            self.take = self.recording.take if self.recording else 0
            self.seen, self.init, self.last, self.number, self.ended = 0, None, None, 0, False
        if self.recording is not None:
            for piece in await in_media(self._read):
                self._hand_out(piece)

    def _has_next(self) -> bool:
        return files.index_of(recording_path(self.training_id, self.take + 1)).exists()

    def _read(self) -> list:
        """New pieces: an Init, fragments, None for the end. Of what was there before only the newest key fragment."""
        path = self.recording.path
        lines = files.read_lines(path, self.seen)
        if not lines:
            return []
        found: list = []
        if self.seen == 0:
            self.init = files.read_init(path, lines[0])
            if lines[-1].flags & END:
                # Over before anybody came: no live picture.
                self.seen = len(lines)
                return [None]
            found.append(self.init)
            keys = [place for place, line in enumerate(lines) if line.flags & KEY]
            self.seen, lines = len(lines), lines[keys[-1] :] if keys else []
        else:
            self.seen += len(lines)
        for line in lines:
            data = files.read_pieces(path, [line])
            found.append(files.read_fragment(self.init, data) if line.is_fragment else None)
        return found

    def _hand_out(self, piece) -> None:
        if isinstance(piece, Init):
            for viewer in self.viewers:
                self._begin(viewer)
        elif piece is None:
            self.ended = True
            for viewer in self.viewers:
                viewer.tell('{"idle":1}')
        else:
            self.number += 1
            self.last = (piece, sound_in(piece, self.number))
            for viewer in self.viewers:
                self._push(viewer, *self.last)


async def in_media(function):
    return await asyncio.get_running_loop().run_in_executor(None, function)


def enter(training_id: int) -> Feed:
    """The feed of a training in this process."""
    feed = _feeds.get(training_id)
    if feed is None:
        feed = _feeds[training_id] = Feed(training_id)
    return feed


def wake(training_id: int) -> None:
    """Something new lies in the files."""
    feed = _feeds.get(training_id)
    if feed is not None:
        feed.woken.set()


async def close_all() -> None:
    for feed in list(_feeds.values()):
        await feed.stop(1012)
