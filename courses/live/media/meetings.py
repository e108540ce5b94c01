"""External meetings: an address of another system's room. Video is theirs, everything else stays here."""
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from ..board import Actor
from ..models import MediaPlan, Training
from .asking import NoAnswer, ask
from .schemes import bbb_address

REMEMBERED = 60  # seconds a meeting that was made is not made again
TENCENT = ("meeting.tencent.com", "voovmeeting.com")


class NoMeeting(Exception):
    """The other system does not answer, or does not want to."""


@dataclass(frozen=True)
class BigBlueButton:
    """One server, by its address (ending in /bigbluebutton) and its shared secret."""

    base: str
    secret: str

    def create(self, meeting: str, *, name: str) -> None:
        """Make the room; making it again changes nothing. Raises NoMeeting."""
        fields = {"meetingID": meeting, "name": name, "record": "false"}
        address = bbb_address(self.base, "create", fields, self.secret)
        try:
            content = ask(address)
        except NoAnswer as error:
            raise NoMeeting(str(error)) from error
        # Read by one word only: nothing of a foreign document is parsed.
        if not re.search(rb"<returncode>\s*SUCCESS\s*</returncode>", content):
            found = re.search(rb"<messageKey>\s*(\w+)", content)
            raise NoMeeting(found[1].decode() if found else "refused")

    def join(self, meeting: str, *, name: str, moderates: bool, user: str) -> str:
        """The address one person enters with."""
        role = "MODERATOR" if moderates else "VIEWER"
        fields = {"meetingID": meeting, "fullName": name, "role": role, "userID": user, "redirect": "true"}
        return bbb_address(self.base, "join", fields, self.secret)


def bigbluebutton() -> BigBlueButton | None:
    """The server of this office, if there is one."""
    if not (settings.BBB_URL and settings.BBB_SECRET):
        return None
    return BigBlueButton(settings.BBB_URL, settings.BBB_SECRET)


def is_https(address: str) -> bool:
    """Whether a browser may be sent there: https, a host, nothing that is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username and not re.search(r"[\s\\\x00-\x1f]", address)


def is_tencent(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in TENCENT)


def entrance(training: Training, plan: MediaPlan, actor: Actor) -> str:
    """Where the browser of this person (or hall) goes. Raises NoMeeting."""
    if plan.provider != MediaPlan.Provider.BBB:
        return plan.address
    server = bigbluebutton()
    if server is None:
        raise NoMeeting("not set up")
    meeting = f"mingfa-{training.pk}-{training.secret[:8]}"
    if cache.get(f"live.bbb.{meeting}") is None:
        server.create(meeting, name=training.title)
        cache.set(f"live.bbb.{meeting}", True, REMEMBERED)
    return server.join(meeting, name=actor.name, moderates=actor.role == "trainer", user=actor.key)
