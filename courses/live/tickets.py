"""The ticket of a page: who may do what in which room, signed, good for 12 hours and as long as the sign-in lasts.

It stands in the first frame of a socket, not in the address, because addresses are logged. It says who somebody is;
whether that still holds is looked up when it is used.
"""
import re
from dataclasses import dataclass, field

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from .board import ROLES, Actor

HOURS = 12
_signer = signing.TimestampSigner(salt="live.ticket", sep=":")
_FORM = re.compile(r"(\d{1,18})-(\d{0,18})-([a-z]+)-(\d{0,18})(?:-([0-9a-f]{16}))?")


@dataclass(frozen=True)
class Ticket:
    """`issued` is in seconds; `session` a digest of the session whose page it was made for, empty for none."""

    training: int
    user: int | None
    role: str
    venue: int | None
    issued: int = field(default=0, compare=False)
    session: str = field(default="", compare=False)

    def is_of(self, session_key: str) -> bool:
        """Whether it was made for this session, or for none."""
        return not self.session or constant_time_compare(self.session, _digest(session_key))

    def was_ended_by(self, kick: dict) -> bool:
        """Whether this event, sent since, sent its holder out."""
        data = kick["data"]
        person = data["who"] is not None and data["who"] == self.user
        screen = data["venue"] is not None and self.role == "venue" and data["venue"] == self.venue
        return (person or screen) and kick["at"] >= self.issued * 1000


def issue(training_id: int, actor: Actor, *, session_key: str = "") -> str:
    """The ticket of a page that was made for this session; without one it is bound to none."""
    bound = f"-{_digest(session_key)}" if session_key else ""
    return _signer.sign(f"{training_id}-{actor.id or ''}-{actor.role}-{actor.venue or ''}{bound}")


def read(ticket: object) -> Ticket | None:
    """The content of a ticket; None when it is not one of ours, or too old."""
    if not isinstance(ticket, str) or len(ticket) > 200:
        return None
    try:
        found = _FORM.fullmatch(_signer.unsign(ticket, max_age=HOURS * 3600))
    except signing.BadSignature:
        return None
    if found is None or found[3] not in ROLES or found[3] == "system":
        return None
    user, venue = (int(one) if one else None for one in (found[2], found[4]))
    return Ticket(int(found[1]), user, found[3], venue, signing.b62_decode(ticket.split(":")[-2]), found[5] or "")


def _digest(session_key: str) -> str:
    return salted_hmac("live.ticket.session", session_key).hexdigest()[:16]
