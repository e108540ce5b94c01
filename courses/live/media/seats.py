"""One page's seat in the two-way room: a session of Janus that our server holds for it.

No browser reaches Janus itself. Offers and answers of WebRTC pass through the page's socket (relaying), only sound and
picture go straight to Janus' ports. What Janus has to say by itself comes by long polling, on loopback.
"""
import asyncio
import json
import logging
import secrets
from contextlib import suppress
from urllib.parse import quote

from mingfa import clock

from .asking import NoAnswer, ask_beside
from .rooms import PLUGIN, Janus, NoRoom

logger = logging.getLogger(__name__)

PATIENCE = 8  # seconds for what Janus answers later, an offer or an answer
POLL = 45  # seconds; Janus ends an empty long poll after 30


class Seat:
    """A handle that is in the room, and one more for each speaker that is watched.

    Args:
        tell: coroutine function that takes `{feeds: [{feed, who}]}` and `{gone: feed}`, and None when Janus is gone.
    """

    def __init__(self, janus: Janus, room: int, tell):
        self.janus, self.room, self.tell = janus, room, tell
        self.session = self.handle = 0
        self.sounds: dict[int, list[str]] = {}  # mids of the sound, by feed
        self.watched: dict[int, int] = {}  # handle by feed
        self.waiting: dict[str, asyncio.Future] = {}
        self.listening: asyncio.Task | None = None

    async def enter(self, name: str) -> list[dict]:
        """Take the seat; who speaks now: [{feed, who}].

        Args:
            name: what the others are told of a speaker: trainer, or v and the number of a hall.

        Raises:
            NoRoom
        """
        self.session = (await self._say("", janus="create"))["data"]["id"]
        self.listening = asyncio.create_task(self._listen())
        self.handle = await self._attach()
        token = self.janus.room_token(self.room, clock.now())
        said = await self._ask(self.handle, request="join", ptype="publisher", room=self.room, display=name, token=token)
        return self._speakers(said)

    async def speak(self, offer: str) -> str:
        """Send sound and picture; the answer to the page's offer. Raises NoRoom, also when too many speak already."""
        return await self._described(self.handle, {"type": "offer", "sdp": offer}, request="publish")

    async def hush(self) -> None:
        """Send nothing any more; whoever sends nothing may."""
        with suppress(NoRoom):
            await self._ask(self.handle, request="unpublish")

    async def watch(self, feed: int, *, sound: bool) -> str:
        """The offer with which the page gets a speaker, or the speaker's sound alone. Raises NoRoom."""
        if feed not in self.sounds:
            raise NoRoom("nobody speaks there")
        await self._let_go(feed)
        handle = self.watched[feed] = await self._attach()
        streams = [{"feed": feed, "mid": mid} for mid in self.sounds[feed]] if sound else [{"feed": feed}]
        token = self.janus.room_token(self.room, clock.now())
        return await self._described(
            handle, None, request="join", ptype="subscriber", room=self.room, streams=streams, token=token
        )

    async def start(self, feed: int, answer: str) -> None:
        """The page has taken the offer of a speaker. Raises NoRoom."""
        if feed not in self.watched:
            raise NoRoom("not watched")
        await self._ask(self.watched[feed], {"type": "answer", "sdp": answer}, request="start")

    async def leave(self) -> None:
        """Give the seat up; Janus forgets all of it."""
        if self.listening is not None:
            self.listening.cancel()
        if self.session:
            with suppress(NoRoom):
                await self._say(f"/{self.session}", janus="destroy")

    # --- Janus --------------------------------------------------------------------------------------
    async def _attach(self) -> int:
        return (await self._say(f"/{self.session}", janus="attach", plugin=PLUGIN))["data"]["id"]

    async def _let_go(self, feed: int) -> None:
        handle = self.watched.pop(feed, 0)
        if handle:
            with suppress(NoRoom):
                await self._say(f"/{self.session}/{handle}", janus="detach")

    async def _described(self, handle: int, jsep: dict | None, **body) -> str:
        """The description that comes with the plugin's answer."""
        said = await self._ask(handle, jsep, **body)
        try:
            return said["jsep"]["sdp"]
        except KeyError as without:
            raise NoRoom("no description") from without

    async def _ask(self, handle: int, jsep: dict | None = None, **body) -> dict:
        """The plugin's answer, which comes by the long poll."""
        key = secrets.token_hex(8)
        answered = self.waiting[key] = asyncio.get_running_loop().create_future()
        more = {"jsep": jsep} if jsep else {}
        try:
            await self._say(f"/{self.session}/{handle}", janus="message", transaction=key, body=body, **more)
            async with asyncio.timeout(PATIENCE):
                event = await answered
        except TimeoutError as late:
            raise NoRoom("no answer") from late
        finally:
            self.waiting.pop(key, None)
        said = _data(event)
        if event.get("janus") == "error" or "error_code" in said:
            raise NoRoom(f"error {said.get('error_code')}")
        return event

    async def _say(self, path: str, **message) -> dict:
        sent = {"transaction": secrets.token_hex(8), "token": self.janus.api_token(clock.now()), **message}
        try:
            reply = json.loads(await ask_beside(self.janus.api + path, json.dumps(sent).encode(), patience=PATIENCE))
        except (NoAnswer, ValueError) as error:
            raise NoRoom(str(error)[:200]) from error
        if not isinstance(reply, dict) or reply.get("janus") == "error":
            raise NoRoom(str(reply)[:200])
        return reply

    async def _listen(self):
        try:
            while True:
                token = quote(self.janus.api_token(clock.now()), safe="")
                address = f"{self.janus.api}/{self.session}?maxev=10&token={token}"
                heard = json.loads(await ask_beside(address, patience=POLL))
                for event in heard if isinstance(heard, list) else [heard]:
                    if event.get("janus") in ("error", "timeout"):
                        # Asking again for a session that is gone would be answered at once, for ever.
                        raise NoAnswer("the session has ended")
                    await self._heard(event)
        except (NoAnswer, ValueError) as gone:
            logger.warning("Janus is gone: %s", gone)
            for one in self.waiting.values():
                one.done() or one.set_exception(NoRoom("gone"))
            await self.tell(None)

    async def _heard(self, event: dict) -> None:
        answered = self.waiting.get(event.get("transaction", ""))
        if answered is not None and not answered.done():
            answered.set_result(event)
            return
        speakers, said = self._speakers(event), _data(event)
        if speakers:
            await self.tell({"feeds": speakers})
        gone = said.get("unpublished") or said.get("leaving")
        if isinstance(gone, int) and self.sounds.pop(gone, None) is not None:
            await self._let_go(gone)
            await self.tell({"gone": gone})

    def _speakers(self, event: dict) -> list[dict]:
        found = []
        for one in _data(event).get("publishers", []):
            self.sounds[one["id"]] = [stream["mid"] for stream in one.get("streams", []) if stream.get("type") == "audio"]
            found.append({"feed": one["id"], "who": one.get("display", "")})
        return found


def _data(event: dict) -> dict:
    return event.get("plugindata", {}).get("data", {})
