"""The socket every signed-in page may open, and the watch that ends sockets of closed accounts and sessions."""
import asyncio
import logging
from importlib import import_module

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

logger = logging.getLogger(__name__)

# Seconds between two looks at all open sockets' accounts: a disabled account loses its sockets within 5 s
# even when nobody announced it (a command in another process, a change in the database itself).
WATCH_INTERVAL = 3
NOT_SIGNED_IN = 4401
CLOSED = 4403

_open: set[AsyncJsonWebsocketConsumer] = set()
_farewells: set[asyncio.Task] = set()


def begin_watch(consumer):
    """Close the socket with CLOSED when its account (`user_id`, None for a device) or its session (`session_key`) ends."""
    _open.add(consumer)


def end_watch(consumer):
    _open.discard(consumer)


class SignedInConsumer(AsyncJsonWebsocketConsumer):
    """A socket that belongs to a session and lives only as long as the session and its account do."""

    async def connect(self):
        user = self.scope["user"]
        if not (user.is_authenticated and user.is_active):
            await self.close(NOT_SIGNED_IN)
            return
        self.user_id = user.pk
        self.session_key = self.scope["session"].session_key
        self.groups = [f"user.{user.pk}"]
        await self.channel_layer.group_add(self.groups[0], self.channel_name)
        begin_watch(self)
        await self.accept()

    async def disconnect(self, code):
        end_watch(self)

    async def account_closed(self, message):
        """The account was disabled, got a new password or fewer rights: the page has to ask anew."""
        await self.close(CLOSED)


class MeConsumer(SignedInConsumer):
    """`/ws/me/`: hints for one person, on whatever page he or she has open."""

    async def receive(self, text_data=None, bytes_data=None):
        """Pages have nothing to say here; whatever arrives is dropped unread."""

    async def hint(self, message):
        """Pass on ``message["content"]`` as it is."""
        await self.send_json(message["content"])


async def watch():
    """Close the sockets whose account is disabled or whose session has ended; runs as long as the server does."""
    while True:
        await asyncio.sleep(WATCH_INTERVAL)
        try:
            for consumer in await _ended(list(_open)):
                _open.discard(consumer)
                # One that takes nothing any more must not hold up the rest.
                farewell = asyncio.create_task(consumer.close(CLOSED))
                _farewells.add(farewell)
                farewell.add_done_callback(_farewells.discard)
        except Exception:
            logger.exception("watch over open sockets failed; next look in %s s", WATCH_INTERVAL)


async def _ended(consumers):
    if not consumers:
        return []
    active, sessions = await database_sync_to_async(_living)(
        {consumer.user_id for consumer in consumers} - {None}, {consumer.session_key for consumer in consumers}
    )
    return [c for c in consumers if c.user_id not in active | {None} or c.session_key not in sessions]


def _living(user_ids, session_keys):
    """Return which of the accounts are active and which of the sessions exist: two queries, however many sockets."""
    session = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    active = get_user_model().objects.filter(pk__in=user_ids, is_active=True).values_list("pk", flat=True)
    alive = session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    return set(active), set(alive.values_list("session_key", flat=True))
