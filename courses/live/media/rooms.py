"""Two-way rooms on a Janus beside the product: made and entered over its HTTP API on loopback, with tokens of ours.

Janus checks a token's signature by itself: the API token opens the plugin, the room token one room, and both run out.
No browser gets one; `seats` enters for it.
"""
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from .asking import NoAnswer, ask
from .schemes import janus_token, turn_credentials

PLUGIN = "janus.plugin.videoroom"
GOOD_FOR = 3600  # seconds a token opens the door; who is inside stays
SPEAKERS = 6  # at once; a class has one trainer and one or two who were given the floor
BITRATE = 512_000
EXISTS = 427  # the plugin's error for a room that was made already


class NoRoom(Exception):
    """Janus does not answer, or did not make the room."""


@dataclass(frozen=True)
class Janus:
    """One Janus.

    Args:
        api: its HTTP address as this server sees it, e.g. http://127.0.0.1:8088/janus.
        secret: `token_auth_secret` of its configuration.
        admin_key: `admin_key` of its VideoRoom plugin; without it nobody makes rooms.
    """

    api: str
    secret: str
    admin_key: str

    def make_room(self, room: int, *, title: str, now: datetime) -> None:
        """Make the room; one that is there stays. Raises NoRoom."""
        session = self._say("", {"janus": "create"}, now)["data"]["id"]
        try:
            handle = self._say(f"/{session}", {"janus": "attach", "plugin": PLUGIN}, now)["data"]["id"]
            body = {
                "request": "create", "room": room, "description": title, "permanent": False, "is_private": True,
                "publishers": SPEAKERS, "bitrate": BITRATE, "audiocodec": "opus", "videocodec": "h264,vp8",
                "signed_tokens": True, "admin_key": self.admin_key, "notify_joining": False,
            }  # fmt: skip
            reply = self._say(f"/{session}/{handle}", {"janus": "message", "body": body}, now)
            said = reply.get("plugindata", {}).get("data", {})
            if said.get("videoroom") != "created" and said.get("error_code") != EXISTS:
                raise NoRoom(f"error {said.get('error_code')}")
        finally:
            self._say(f"/{session}", {"janus": "destroy"}, now)

    def api_token(self, now: datetime) -> str:
        return janus_token(self.secret, rights=[PLUGIN], expires=int(now.timestamp()) + GOOD_FOR)

    def room_token(self, room: int, now: datetime) -> str:
        return janus_token(self.secret, realm=PLUGIN, rights=[f"room={room}"], expires=int(now.timestamp()) + GOOD_FOR)

    def _say(self, path: str, message: dict, now: datetime) -> dict:
        sent = {**message, "transaction": secrets.token_hex(8), "token": self.api_token(now)}
        try:
            reply = json.loads(ask(self.api + path, json.dumps(sent).encode()))
        except (NoAnswer, ValueError) as error:
            raise NoRoom(str(error)[:200]) from error
        if not isinstance(reply, dict) or reply.get("janus") == "error":
            raise NoRoom(str(reply)[:200])
        return reply


def is_set_up() -> bool:
    """Whether this office has a Janus."""
    return bool(settings.JANUS_API and settings.JANUS_SECRET)


def janus() -> Janus:
    return Janus(settings.JANUS_API.rstrip("/"), settings.JANUS_SECRET, settings.JANUS_ADMIN_KEY)


def turn_servers(name: str, *, now: datetime) -> list[dict]:
    """Where a browser gets a way out that is not open to it itself; empty without coturn.

    Args:
        name: who, for coturn's log.
    """
    if not settings.TURN_URLS:
        return []
    made = {"urls": settings.TURN_URLS}
    if settings.TURN_SECRET:
        made |= turn_credentials(settings.TURN_SECRET, name=name, expires=int(now.timestamp()) + GOOD_FOR)
    return [made]
