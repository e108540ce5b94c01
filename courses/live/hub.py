"""One hub per process and training: it listens for the room and hands every event to its sockets in order.

The log decides. Messages of the channel layer are hints: lost ones are healed by comparing with the database every
two seconds, doubled ones are ignored by their number. No socket has a channel or a group of its own.
"""
import asyncio
import logging
import socket
import time
from collections import Counter, deque
from contextlib import suppress

from channels.layers import get_channel_layer
from mingfa import clock

from . import actions, queries
from .actions.log import group_of
from .board import Actor, public, redact, reduce
from .clients import Client, begin, end
from .frames import frame_with, text_of
from .taking import Batches
from .threads import in_thread
from .wall import code_for, step_at

logger = logging.getLogger(__name__)

RING = 500
TAIL, LARGEST_TAIL = 100, 5000  # events, bytes (strokes are long); beyond it a snapshot, which leaves out the ink, is smaller
TICK = 1.0  # seconds: sums reach the log at most this often
COMPARE = 2  # ticks between two looks at the database's head
PRESENCE = 5  # ticks
LINGER = 5.0  # seconds an empty hub stays, for those who come back
CHUNK = 100  # sockets served before others on the loop (a page, a save of an exam) get their turn
PATIENCE = 5.0  # seconds for those who are told that the room ends
MOST_SOCKETS = 20  # of one person or screen; the oldest makes room
RESTART, KICKED, TOO_MANY = 1012, 4403, 4429

# This process's name among those that report who is here.
PROCESS = f"{socket.gethostname()[:40]}.{time.time_ns():x}"

_hubs: dict[int, "Hub"] = {}
_endings: set[asyncio.Task] = set()


class Hub:
    def __init__(self, training_id: int):
        self.training_id = training_id
        # In the order they came.
        self.clients: dict[Client, None] = {}
        self.sockets: Counter[str] = Counter()
        self.waiters: set[asyncio.Future] = set()
        self.ring: deque[tuple[int, str, str]] = deque(maxlen=RING)
        self.outgoing: deque[tuple[int, str, str]] = deque()
        self.spreading: asyncio.Task | None = None
        self.state: dict = {}
        self.last = self.heard = 0
        self.secrets: dict[int, str] = {}
        self.kicks: list[dict] = []
        self.training = None
        self.held = 0
        self.dirty = self.healing = False
        self.answers = Batches(training_id, self._answered)
        self.tasks: set[asyncio.Task] = set()
        self.ready: asyncio.Task | None = None
        self.going: asyncio.TimerHandle | None = None
        self.step = 0

    # --- life ---------------------------------------------------------------------------------------
    async def _start(self):
        self.training, self.secrets, self.kicks = await in_thread(queries.room_of, self.training_id)
        self.state, self.last = self.training.snapshot, self.training.seq
        self._spawn(self._listen(get_channel_layer()))
        self._spawn(self._keep_ticking())

    async def stop(self, code: int = RESTART):
        """End the hub and its sockets; nobody who does not listen holds it up for long."""
        if _hubs.get(self.training_id) is self:
            del _hubs[self.training_id]
        if self.going:
            self.going.cancel()
        # Answers that are being stored get their receipt.
        await self.answers.finish()
        tasks = {*self.tasks, *([self.spreading] if self.spreading else [])} - {asyncio.current_task()}
        await end(tasks)
        self.wake()
        clients = list(self.clients)
        self.clients.clear()
        self.sockets.clear()
        if clients:
            _, left = await asyncio.wait([asyncio.create_task(client.close(code)) for client in clients], timeout=PATIENCE)
            left |= {client.task for client in clients if client.task is not None}
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    # --- in and out ---------------------------------------------------------------------------------
    def join(self, client: Client, since: int) -> None:
        """Let a socket in and send what it missed after `since`."""
        key = client.actor.key
        if self.sockets[key] >= MOST_SOCKETS:
            oldest = next(one for one in self.clients if one.actor.key == key)
            self.drop(oldest)
            self._spawn(oldest.close(TOO_MANY))
        client.hub, client.seq = self, self.last
        client.push(self.catch_up(since, moderates=client.moderates) or '{"events":[]}')
        self.clients[client] = None
        self.sockets[key] += 1
        self._show_code(client)

    def drop(self, client: Client) -> None:
        """Forget a socket."""
        if client in self.clients:
            del self.clients[client]
            self.sockets[client.actor.key] -= 1
            if not self.sockets[client.actor.key]:
                del self.sockets[client.actor.key]

    def bring(self, client: Client) -> None:
        """Show a socket now what is still on its way to it: who sent a command sees it before its receipt."""
        for seq, full, seen in self.outgoing:
            client.show(seq, full if client.moderates else seen)

    def catch_up(self, since: int, *, moderates: bool) -> str | None:
        """The frame with what came after `since`: the tail, or a snapshot where that is shorter; None for nothing."""
        if since == self.last:
            return None
        missing = self.last - since
        if not 0 < missing <= TAIL or not self.ring or self.ring[0][0] > since + 1:
            return self.snapshot(moderates=moderates)
        tail = frame_with([full if moderates else seen for _, full, seen in list(self.ring)[-missing:]])
        if len(tail.encode()) > LARGEST_TAIL:
            snapshot = self.snapshot(moderates=moderates)
            if len(snapshot.encode()) < len(tail.encode()):
                return snapshot
        return tail

    def snapshot(self, *, moderates: bool) -> str:
        return text_of({"snapshot": self.state if moderates else public(self.state), "seq": self.last})

    async def news(self, since: int, *, moderates: bool, gone: asyncio.Future) -> str:
        """For long polls: what came after `since`, waiting for it until it comes or `gone` is done."""
        frame = self.catch_up(since, moderates=moderates)
        if frame is None and not gone.done():
            waiter = asyncio.get_running_loop().create_future()
            self.waiters.add(waiter)
            try:
                await asyncio.wait([waiter, gone], return_when=asyncio.FIRST_COMPLETED)
            finally:
                self.waiters.discard(waiter)
            frame = self.catch_up(since, moderates=moderates)
        return frame or '{"events":[]}'

    # --- events -------------------------------------------------------------------------------------
    def offer(self, envelopes) -> None:
        """Hints: take what follows on, ignore what is known, read the log where something lies between."""
        for envelope in envelopes:
            if envelope["seq"] == self.last + 1:
                self._emit(envelope)
            elif envelope["seq"] > self.last:
                self.heard = max(self.heard, envelope["seq"])
        if self.heard > self.last and not self.healing:
            self._spawn(self.heal())

    async def heal(self) -> None:
        """Take the log's events after the last one known, and those that were heard of meanwhile."""
        if self.healing:
            return
        self.healing = True
        try:
            before = None
            while before != self.last and (before is None or self.heard > self.last):
                before = self.last
                for envelope in await in_thread(queries.events_after, self.training_id, before):
                    if envelope["seq"] == self.last + 1:
                        self._emit(envelope)
        finally:
            self.healing = False

    def _emit(self, envelope: dict) -> None:
        self.state = reduce(self.state, envelope)
        self.last = envelope["seq"]
        full = text_of(envelope)
        hidden = redact(envelope)
        seen = full if hidden is envelope else text_of(hidden)
        self.ring.append((self.last, full, seen))
        self.outgoing.append((self.last, frame_with([full]), frame_with([seen])))
        if self.spreading is None:
            self.spreading = begin(self._spread())
        self.wake()
        if envelope["kind"] == "kick":
            self.kicks.append(envelope)
            self._kick(envelope["data"])
        elif envelope["kind"] in ("checkin.open", "checkin.close"):
            self.step = 0
        elif envelope["kind"] == "qa.merge":
            # Who wanted to know the one wants to know the other: its votes are counted anew.
            self.dirty = True

    async def _spread(self) -> None:
        """Hand out what waits, in order, and give way to others between the parts."""
        try:
            while self.outgoing:
                seq, full, seen = self.outgoing[0]
                for place, client in enumerate(list(self.clients), 1):
                    client.show(seq, full if client.moderates else seen)
                    if place % CHUNK == 0:
                        await asyncio.sleep(0)
                self.outgoing.popleft()
        finally:
            self.spreading = None

    def wake(self) -> None:
        """Let all long polls look."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _kick(self, data):
        for client in list(self.clients):
            is_person = data["who"] is not None and client.actor.id == data["who"]
            is_screen = data["venue"] is not None and client.actor.role == "venue" and client.actor.venue == data["venue"]
            if is_person or is_screen:
                self._spawn(client.close(KICKED))

    def hint(self, hint: dict, *, told: bool = False) -> None:
        """Show something of the moment (a pointer) to those who see the slides; who cannot follow misses it.

        Args:
            told: it came from another process, which has told the others already.
        """
        frame = text_of({"hint": hint})
        for client in self.clients:
            if client.looks and len(client.queue) < 4:
                client.push(frame)
        if not told:
            message = {"type": "live.hint", "hint": hint, "by": PROCESS}
            self._spawn(_tell(group_of(self.training_id), message))

    def _answered(self):
        self.dirty = True

    # --- the loops ----------------------------------------------------------------------------------
    def _spawn(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.warning("room %s: %s", self.training_id, type(task.exception()).__name__)

    async def _listen(self, layer):
        """Take hints from the channel layer; while it is away the ticks do."""
        group, channel = group_of(self.training_id), None
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(group, channel)
                while True:
                    self._heard(await layer.receive(channel))
            except asyncio.CancelledError:
                if channel:
                    with suppress(Exception):
                        await layer.group_discard(group, channel)
                raise
            except Exception as error:
                logger.warning("room %s hears no hints: %s", self.training_id, type(error).__name__)
                await asyncio.sleep(COMPARE * TICK)

    def _heard(self, message):
        if message["type"] == "live.events":
            self.offer(message["events"])
        elif message["type"] == "live.rows":
            self.dirty = True
        elif message["type"] == "live.hint" and message["by"] != PROCESS:
            self.hint(message["hint"], told=True)

    async def _keep_ticking(self):
        count = 0
        while True:
            await asyncio.sleep(TICK)
            count += 1
            try:
                await self._tick(count)
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("room %s: a tick failed; the next in %s s", self.training_id, TICK)

    async def _tick(self, count: int):
        now = clock.now()
        compare = count % COMPARE == 0
        self._show_codes()
        if compare:
            head = await in_thread(queries.head_of, self.training_id)
            if head > self.last:
                await self.heal()
            self.offer(await in_thread(actions.keep_time, self.training_id, now=now))
            await self._close_those_without_role()
        counting = (self.state["poll"] and self.state["poll"]["open"]) or self.state["checkin"]
        if self.dirty or (compare and counting):
            self.dirty = False
            self.offer(await in_thread(actions.tally, self.training_id, now=now))
        if count % PRESENCE == 0:
            await self._report(now)

    async def _close_those_without_role(self):
        by_actor: dict[Actor, list[Client]] = {}
        for client in self.clients:
            if client.actor.role in ("trainer", "leader", "steward"):
                by_actor.setdefault(client.actor, []).append(client)
        if by_actor:
            for actor in await in_thread(queries.lost_their_role, self.training, list(by_actor)):
                for client in by_actor[actor]:
                    self._spawn(client.close(KICKED))

    async def _report(self, now):
        """Tell the database who is here; it adds up what the hubs of all processes say."""
        online = Counter(client.actor.venue for client in self.clients if client.actor.venue and client.actor.role != "venue")
        screens = sorted({client.actor.venue for client in self.clients if client.actor.role == "venue"})
        trainers = sum(client.actor.role == "trainer" for client in self.clients)
        counts = {"online": {str(key): heads for key, heads in online.items()}, "screens": screens, "trainers": trainers}
        self.offer(await in_thread(actions.report_presence, self.training_id, PROCESS, counts, now=now))

    # --- the code on the wall -----------------------------------------------------------------------
    def _show_codes(self):
        step = step_at(clock.now())
        if step != self.step:
            self.step = step
            for client in self.clients:
                self._show_code(client)

    def _show_code(self, client: Client) -> None:
        secrets, now = self.secrets, clock.now()
        code = code_for(client.actor, self.state["checkin"], training_id=self.training_id, secrets=secrets, now=now)
        if code:
            client.push(text_of({"hint": code}))


async def _tell(group: str, message: dict) -> None:
    try:
        await get_channel_layer().group_send(group, message)
    except Exception as error:
        logger.warning("hint to %s was not sent: %s", group, type(error).__name__)


async def enter(training_id: int) -> Hub:
    """The running hub of a training, held until `leave`.

    Raises:
        Training.DoesNotExist
    """
    hub = _hubs.get(training_id)
    if hub is None:
        hub = _hubs[training_id] = Hub(training_id)
        hub.ready = asyncio.create_task(hub._start())
    hub.held += 1
    if hub.going:
        hub.going.cancel()
        hub.going = None
    try:
        await asyncio.shield(hub.ready)
    except BaseException:
        # The room does not open, or who wanted in has left meanwhile.
        leave(hub)
        raise
    return hub


def leave(hub: Hub, client: Client | None = None) -> None:
    """Let go; an empty hub ends a little later, one that did not open at once."""
    if client is not None:
        hub.drop(client)
    hub.held -= 1
    if _hubs.get(hub.training_id) is not hub:
        return
    if hub.ready.done() and (hub.ready.cancelled() or hub.ready.exception()):
        del _hubs[hub.training_id]
    elif hub.held <= 0:
        hub.going = asyncio.get_running_loop().call_later(LINGER, _end, hub)


def _end(hub: Hub):
    if hub.held <= 0:
        task = asyncio.create_task(hub.stop())
        _endings.add(task)
        task.add_done_callback(_endings.discard)


def running(training_id: int) -> Hub | None:
    """The hub of this process, if somebody is in the room."""
    return _hubs.get(training_id)


async def close_all() -> None:
    """End every room of this process, when the server stops: sockets are told to come back, long polls are answered."""
    await asyncio.gather(*(hub.stop() for hub in list(_hubs.values())), *_endings)
