"""One process for HTTP and WebSocket: the WSGI application in threads, sockets on the loop.

Django's own ASGI handler costs several times the WSGI path for each request, so HTTP goes to the WSGI application.
It gets its thread when the whole body has arrived (mingfa.bodies), and its reply leaves without one (mingfa.bridge).
"""
import asyncio
import os
from contextlib import suppress
from tempfile import SpooledTemporaryFile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingfa.settings")

from mingfa.wsgi import application as wsgi_application  # noqa: I001 first: it sets Django up for the imports below

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path, re_path

from courses.live import consumers as rooms
from courses.live import hub, polling
from courses.live.media import ingest
from courses.live.media.consumers import PublishConsumer, WatchConsumer
from courses.live.media.relaying import RelayConsumer
from exams import saves
from exams.consumers import BoardConsumer
from mingfa import bodies, consumers, sockets
from mingfa.bridge import Bridge
from mingfa.middleware import REFUSED_BODY

# Threads for HTTP. They wait for commits and password hashes, so one more than the usual two cores, and not many: each keeps
# a database connection with its own plans, and those that are ready to run take the interpreter from each other.
HTTP_THREADS = 3


async def refuse(scope, receive, send):
    """Refuse the handshake of a socket address that does not exist."""
    await receive()
    await send({"type": "websocket.close"})


SOCKETS = [
    path("ws/me/", consumers.MeConsumer.as_asgi()),
    path("ws/exams/<int:exam_id>/room/", BoardConsumer.as_asgi()),
    path("ws/live/<int:training_id>/publish/", PublishConsumer.as_asgi()),
    path("ws/live/<int:training_id>/watch/", WatchConsumer.as_asgi()),
    path("ws/live/<int:training_id>/relay/", RelayConsumer.as_asgi()),
    re_path("", refuse),
]

http = Bridge(wsgi_application, workers=HTTP_THREADS)
websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(SOCKETS)))


async def application(scope, receive, send):
    """Route one connection by its kind. Whoever leaves in the middle of a body is not answered."""
    with suppress(ConnectionAbortedError):
        if saves.takes(scope) is not None:
            await saves.application(scope, receive, send)
        elif polling.takes(scope) is not None:
            await polling.application(scope, receive, send)
        elif scope["type"] == "http":
            await _http(scope, receive, send)
        elif rooms.takes(scope) is not None:
            await rooms.application(scope, receive, send)
        elif scope["type"] == "websocket":
            await websocket(scope, receive, send)
        else:
            await _lifespan(receive, send)


async def _http(scope, receive, send):
    """One request. A body that cannot be taken is dropped; the middleware answers with the page that says why."""
    limit = bodies.limit_of(scope["path"])
    with SpooledTemporaryFile(max_size=bodies.IN_MEMORY) as body:
        scope = dict(scope)
        try:
            declared = dict(scope["headers"]).get(b"content-length", b"").decode("latin-1")
            if bodies.is_declared_larger(declared, limit):
                raise bodies.TooLarge
            await bodies.receive_into(body, receive, limit=limit)
        except bodies.Refused as refused:
            scope[REFUSED_BODY] = refused.status
            body.truncate(0)
        body.seek(0)
        await http(scope, body, send)


async def _lifespan(receive, send):
    await receive()
    sockets.attach(asyncio.get_running_loop())
    watch = asyncio.create_task(consumers.watch())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    watch.cancel()
    await ingest.stop_all()
    await hub.close_all()
    sockets.attach(None)
    await send({"type": "lifespan.shutdown.complete"})
