"""Who knocks at a room: the person or the hall's device behind a session cookie, and whether a ticket still holds."""
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.core.cache import cache
from django.http import parse_cookie
from django.utils import timezone
from mingfa.people.models import Session
from mingfa.people.sessions import person_of

from . import queries
from .board import Actor
from .limits import Bucket
from .tickets import Ticket

# In the session of a hall's computer: the venue it shows.
DEVICE = "live_venue"
REMEMBERED = 60  # seconds; a bucket is empty long before


@dataclass(frozen=True, slots=True)
class Guest:
    """One who is signed in: a person, or (`user` None) the device of a venue."""

    session_key: str
    user: int | None
    name: str
    venue: int | None

    def holds(self, ticket: Ticket) -> bool:
        """Whether the ticket was made for this one."""
        own = ticket.user == self.user and (self.user is not None or ticket.venue == self.venue)
        return own and ticket.is_of(self.session_key)


def cookies_in(headers) -> str:
    """The cookie header of an ASGI connection."""
    return next((value.decode("latin-1") for name, value in headers if name == b"cookie"), "")


def key_in(cookies: str) -> str:
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def guest_with_place(training_id: int, cookies: str) -> Guest | None:
    """Who is signed in with these cookies and has a place in the room; None for nobody, an ended session, others."""
    key = key_in(cookies)
    if not key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = person_of(session) or get_user(SimpleNamespace(session=session))
    if user.is_authenticated:
        venue, name = None, user.name
    else:
        user, venue, name = None, session.get(DEVICE), ""
        if venue is None:
            return None
    return Guest(key, user and user.pk, name, venue) if queries.has_place(training_id, user, venue) else None


def may_ask(ticket: Ticket | None, *, now: float) -> bool:
    """Whether one more request may pass: over HTTP the same rates hold as on a socket, in each process.

    Args:
        now: seconds of a clock that only goes forward.
    """
    if ticket is None:
        return True
    key = f"live.asked.{ticket.training}.{ticket.user or ''}.{ticket.venue or ''}"
    bucket = cache.get(key) or Bucket.of(ticket.role)
    passes = bucket.take(now)
    cache.set(key, bucket, REMEMBERED)
    return passes


def actor_with(training_id: int, ticket: Ticket | None, cookies: str) -> tuple[Actor | None, int]:
    """(actor, 0) of a good ticket of this room; else (None, HTTP status). For single requests without a handshake."""
    if ticket is None or (ticket.session and not _is_open(ticket, key_in(cookies))):
        return None, 401
    actor = queries.actor_of(ticket) if ticket.training == training_id else None
    if actor is None or any(ticket.was_ended_by(kick) for kick in queries.kicks_of(training_id)):
        return None, 403
    return actor, 0


def _is_open(ticket: Ticket, session_key: str) -> bool:
    """Whether the session of the page is the one that asks, and goes on."""
    going_on = Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now())
    return ticket.is_of(session_key) and going_on.exists()
