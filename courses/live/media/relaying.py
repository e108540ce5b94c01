"""The socket of the two-way room, `/ws/live/<id>/relay/`: first `{ticket}`, answered by `{servers, feeds}`; then

    page: {speak: offer, source}   {hush: 1}           {watch: feed, sound}     {feed, answer}
    here: {answer}                 {hush: 1, taken}    {feed, offer}            {feeds}  {gone: feed}  {failed: what, feed}

The trainer speaks, until another console takes over, and the hall that has the floor, as long as it has it; everybody in
the room may watch. Closed with 1013 when Janus is away: the page goes on without.
"""
import asyncio
import logging
import time
from secrets import token_hex

from mingfa import clock

from ..limits import Bucket
from ..threads import in_thread
from . import actions, ingest, queries, rooms
from .consumers import LATER, TOO_MANY, MediaConsumer, still_holds
from .seats import Seat

logger = logging.getLogger(__name__)

LOOK, ASK = 2.0, 5.0  # seconds between two looks at a speaker, at a viewer
KBPS = rooms.BITRATE // 1000


class RelayConsumer(MediaConsumer):
    largest = 32 * 1024  # bytes of a frame: a description has some thousands
    seat = keeper = None
    speaking = ""  # the key of what is sent now
    said = False  # whether the log knows it

    async def began(self, frame):
        self.bucket = Bucket.of("viewer")
        training = await in_thread(queries.two_way, self.training_id)
        if training is None:
            await self.close(ingest.OVER)
            return
        janus, who = rooms.janus(), "trainer" if self.ticket.role == "trainer" else f"v{self.ticket.venue or 0}"
        self.seat = Seat(janus, training.pk, self._told_by_janus)
        try:
            await asyncio.to_thread(janus.make_room, training.pk, title=training.title, now=clock.now())
            feeds = await self.seat.enter(who)
        except rooms.NoRoom as away:
            logger.warning("two-way room of training %s: %s", self.training_id, away)
            await self.close(LATER)
            return
        servers = rooms.turn_servers(f"{training.pk}-{self.ticket.user or who}", now=clock.now())
        await self.say(servers=servers, feeds=feeds)
        self.keeper = asyncio.create_task(self._keep())

    async def say(self, **frame):
        # Janus takes its time; the page may have gone meanwhile.
        if not self.closed:
            await super().say(**frame)

    async def _told_by_janus(self, frame):
        if frame is None:
            # Before the page hears of it: what it does instead is said after this.
            await self._say_off()
            await self.close(LATER)
        else:
            await self.say(**frame)

    async def told(self, frame):
        if not self.bucket.take(time.monotonic()):
            if self.bucket.is_over:
                await self.close(TOO_MANY)
            return
        try:
            await self._do(frame)
        except rooms.NoRoom as refused:
            logger.info("two-way room of training %s refused: %s", self.training_id, refused)
            feed = frame.get("feed", frame.get("watch"))
            await self.say(failed=next(iter(frame), ""), feed=feed if type(feed) is int else 0)

    async def _do(self, frame):
        feed, source = frame.get("feed", frame.get("watch")), frame.get("source")
        if isinstance(frame.get("speak"), str) and isinstance(source, str) and source in ingest.TRACKS:
            await self._speak(frame["speak"], source)
        elif "hush" in frame:
            await self._hush()
        elif type(feed) is int and isinstance(frame.get("answer"), str):
            await self.seat.start(feed, frame["answer"])
        elif type(feed) is int:
            await self.say(feed=feed, offer=await self.seat.watch(feed, sound=bool(frame.get("sound"))))

    async def _speak(self, offer, source):
        if not await in_thread(_may_speak, self.ticket):
            await self.say(hush=1)
            return
        answer = await self.seat.speak(offer)
        self.speaking = token_hex(8)
        await self.say(answer=answer)
        if self.ticket.role == "trainer":
            # What is on is what the trainer sends; a hall that speaks changes nothing of it.
            said = {"tracks": ingest.TRACKS[source], "kbps": KBPS, "by": self.ticket.user, "now": clock.now()}
            ingest.offer(self.training_id, await in_thread(
                actions.say_on, self.training_id, tier="janus", sender=self.speaking, **said
            ))  # fmt: skip
            self.said = True

    async def _hush(self):
        if self.speaking:
            await self._say_off()
            await self.seat.hush()

    async def _say_off(self):
        key, self.speaking, self.said = self.speaking, "", False
        if key and self.ticket.role == "trainer":
            said = await in_thread(actions.say_off, self.training_id, sender=key, now=clock.now())
            ingest.offer(self.training_id, said)

    async def _was_taken_over(self) -> bool:
        key = self.speaking
        if not self.said:
            return False
        on = await in_thread(queries.sender_on, self.training_id)
        return key == self.speaking and on not in ("", key)

    async def _keep(self):
        """Nobody stays when the class is over or the role was taken; the hall speaks while it has the floor, the trainer
        until another console sends."""
        asked = time.monotonic()
        while not self.closed:
            await asyncio.sleep(LOOK)
            try:
                if self.speaking and not await in_thread(_may_speak, self.ticket):
                    await self._hush()
                    await self.say(hush=1)
                elif await self._was_taken_over():
                    await self._hush()
                    await self.say(hush=1, taken=1)
                if time.monotonic() - asked > ASK:
                    asked = time.monotonic()
                    if not await in_thread(_may_stay, self.ticket):
                        await self.close(ingest.OVER)
            except Exception:
                logger.exception("look at a seat in training %s failed", self.training_id)

    async def disconnect(self, code):
        await super().disconnect(code)
        if self.keeper is not None:
            self.keeper.cancel()
        if self.seat is not None:
            try:
                await self._hush()
            finally:
                await self.seat.leave()


def _may_stay(ticket) -> bool:
    return queries.is_for_media(ticket) and still_holds(ticket)


def _may_speak(ticket) -> bool:
    return queries.may_speak(ticket) and still_holds(ticket)
