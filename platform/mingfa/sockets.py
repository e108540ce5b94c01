"""The one way from HTTP threads (and tasks) to WebSockets.

HTTP runs in threads beside the event loop that owns the sockets. `async_to_sync(group_send)` from such a thread
wakes the receivers seconds late, so the coroutine is handed to the server's own loop, which runs it at once.
"""
import asyncio
import logging

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

_loop: asyncio.AbstractEventLoop | None = None


def attach(loop):
    """Remember the running server's event loop; called once at start-up, with None at shutdown."""
    global _loop
    _loop = loop


def notify(group, message):
    """Send `message` to every socket in `group` once the surrounding transaction has committed.

    A message is a hint to look, never the fact itself: it is lost when nobody listens or Redis is away, and that
    never fails the caller. Consumers, which already run on the loop, use their own channel layer instead.

    Args:
        group: name of the group, e.g. ``user.17``.
        message: dictionary with ``type``, the consumer's method (``account.closed`` → ``account_closed``).
    """
    transaction.on_commit(lambda: _send(group, message))


def _send(group, message):
    layer = get_channel_layer()
    loop = _loop
    if loop is not None and loop.is_running():
        future = asyncio.run_coroutine_threadsafe(layer.group_send(group, message), loop)
        future.add_done_callback(lambda done: done.cancelled() or _report(done.exception(), group))
    elif not isinstance(layer, InMemoryChannelLayer):
        # A command or a separate worker: Redis carries it to the servers. In memory there is nobody to tell.
        try:
            async_to_sync(layer.group_send)(group, message)
        except Exception as error:
            _report(error, group)


def _report(error, group):
    if error is not None:
        logger.warning("message to %s was not sent: %s", group, type(error).__name__)
