"""HTTP of the event loop to the WSGI application in a thread, and its reply back.

The thread hands the whole reply over at once and is free: a reader on a bad line holds a connection, never a thread,
and the loop is woken once for a request. (a2wsgi's own responder lets the thread wait for the loop after the head,
after every part and after the end, which costs about as much as a small page.)
"""
import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile

from a2wsgi.wsgi import build_environ

from mingfa.spreadsheets.limits import MEGABYTE

# Larger replies wait in a temporary file.
IN_MEMORY = MEGABYTE
# Bytes handed to the server at a time; it asks for the next when the client has taken most of them.
PART = 256 * 1024


class Bridge:
    """An ASGI application that runs a WSGI application in `workers` threads.

    Args:
        application: the WSGI application.
        workers: how many requests are worked on at the same time; the others wait in order.
    """

    def __init__(self, application, *, workers: int):
        self.application = application
        self.executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="http")

    async def __call__(self, scope, body, send):
        """Answer one request.

        Args:
            scope: the ASGI scope; the application finds it under "asgi.scope".
            body: a file with the whole body, standing at its beginning.
            send: where the reply goes.
        """
        environ = build_environ(scope, body)
        run = contextvars.copy_context().run
        with SpooledTemporaryFile(max_size=IN_MEMORY) as reply:
            loop = asyncio.get_running_loop()
            start = await loop.run_in_executor(self.executor, run, self._answer, environ, reply)
            await send(start)
            left, more = reply.tell(), True
            reply.seek(0)
            while more:
                part = reply.read(PART)
                left -= len(part)
                more = left > 0
                await send({"type": "http.response.body", "body": part, "more_body": more})

    def _answer(self, environ, reply) -> dict:
        """In the thread: write the body of the reply into `reply`; returns the message that starts it."""
        start = {}

        def start_response(status, headers, exc_info=None):
            start.update(
                type="http.response.start",
                status=int(status[:3]),
                headers=[(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            )
            return reply.write

        parts = self.application(environ, start_response)
        try:
            for part in parts:
                reply.write(part)
        finally:
            getattr(parts, "close", lambda: None)()
        return start
