"""One process for HTTP and WebSocket: the WSGI application in threads, sockets on the loop.

Django's own ASGI handler costs several times the WSGI path for each request, so HTTP goes through a2wsgi.
"""
import asyncio
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingfa.settings")

from mingfa.wsgi import application as wsgi_application  # noqa: I001 first: it sets Django up for the imports below

from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path, re_path

from exams import saves
from mingfa import consumers, sockets

# Threads for HTTP. Each keeps one database connection; they mostly wait for commits and password hashes.
HTTP_THREADS = 16


async def refuse(scope, receive, send):
    """Refuse the handshake of a socket address that does not exist."""
    await receive()
    await send({"type": "websocket.close"})


SOCKETS = [
    path("ws/me/", consumers.MeConsumer.as_asgi()),
    re_path("", refuse),
]

http = WSGIMiddleware(wsgi_application, workers=HTTP_THREADS)
websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(SOCKETS)))


async def application(scope, receive, send):
    """Route one connection by its kind."""
    if saves.takes(scope) is not None:
        await saves.application(scope, receive, send)
    elif scope["type"] == "http":
        await http(scope, _whole(receive), send)
    elif scope["type"] == "websocket":
        await websocket(scope, receive, send)
    else:
        await _lifespan(receive, send)


def _whole(receive):
    """Raise when the client leaves in the middle of a body: half a form must never look like a whole one."""

    async def receive_or_raise():
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError("client left before the end of the body")
        return message

    return receive_or_raise


async def _lifespan(receive, send):
    await receive()
    sockets.attach(asyncio.get_running_loop())
    watch = asyncio.create_task(consumers.watch())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    watch.cancel()
    sockets.attach(None)
    await send({"type": "lifespan.shutdown.complete"})
