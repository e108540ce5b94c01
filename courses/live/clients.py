"""One socket of a room, as its hub knows it."""
import asyncio
import logging
import types

from .board import Actor
from .board.public import MODERATORS

logger = logging.getLogger(__name__)

QUEUE = 64
AGAIN = 0.5  # seconds until a task that goes on is cancelled once more


def begin(coroutine) -> asyncio.Task | None:
    """Run a coroutine until it first has to wait; a task for the rest of it, None when nothing is left.

    Nearly always the socket takes the frame at once, and a task for each would cost as much as the frame.
    """
    try:
        waited_for = coroutine.send(None)
    except StopIteration:
        return None
    return asyncio.create_task(_rest(coroutine, waited_for))


async def end(tasks: set[asyncio.Task]) -> None:
    """Cancel until they have ended: a cancellation that meets the client of Redis while it connects gets lost there."""
    left = tasks
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)


@types.coroutine
def _rest(coroutine, waited_for):
    while True:
        try:
            arrived = yield waited_for
        except BaseException as thrown:
            step, argument = coroutine.throw, thrown
        else:
            step, argument = coroutine.send, arrived
        try:
            waited_for = step(argument)
        except StopIteration as ended:
            return ended.value


class Client:
    """One socket in a room: a short queue, and a snapshot instead of the queue when it cannot follow.

    Args:
        send: coroutine function that sends one text.
        close: coroutine function that closes with a code.
    """

    __slots__ = ("actor", "close", "hub", "looks", "moderates", "queue", "resync", "send", "seq", "task")

    def __init__(self, actor: Actor, send, close):
        self.actor, self.send, self.close = actor, send, close
        self.moderates = actor.role in MODERATORS
        # Number of the last event queued: none goes out twice, whoever hands it out.
        self.seq = 0
        # Whether it shows the slides: pointers are for those, because they come often.
        self.looks = actor.role == "venue"
        # A list, because an empty deque takes 600 bytes and most sockets are idle most of the time.
        self.queue: list[str] = []
        self.resync, self.task, self.hub = False, None, None

    def show(self, seq: int, frame: str) -> None:
        """Queue an event, if it has not been sent yet."""
        if seq > self.seq:
            self.seq = seq
            self.push(frame)

    def push(self, frame: str) -> None:
        """Queue a frame; a full queue is dropped for one snapshot."""
        if len(self.queue) >= QUEUE:
            self.queue.clear()
            self.resync = True
        elif not self.resync:
            self.queue.append(frame)
        if self.task is None:
            self.task = begin(self._drain())

    async def _drain(self):
        try:
            while self.resync or self.queue:
                if self.resync:
                    self.resync = False
                    self.queue.clear()
                    frame, self.seq = self.hub.snapshot(moderates=self.moderates), self.hub.last
                else:
                    frame = self.queue.pop(0)
                await self.send(frame)
        except Exception as gone:  # the socket is closed: its consumer leaves the hub by itself
            self.queue.clear()
            logger.debug("frame not sent: %s", type(gone).__name__)
        finally:
            self.task = None
