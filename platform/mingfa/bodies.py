"""The body of a request is taken on the event loop, whole, before a thread or a query is spent on it.

A client that sends one byte and waits holds a connection, never a thread; one that leaves half-way is never
handed on; and nobody fills the disk with a body larger than any page of ours takes.
"""
import asyncio

from mingfa.numbers import whole
from mingfa.spreadsheets.limits import MEGABYTE, Limits

# Seconds between two parts of a body. A mobile connection that is silent for longer has gone.
PATIENCE = 20
# Larger bodies wait in a temporary file.
IN_MEMORY = MEGABYTE
# The largest upload of our own pages is a spreadsheet; the fields around it fit into one megabyte more.
LARGEST = Limits().file + MEGABYTE
# Wagtail's admin takes documents: slides and scanned files.
LARGEST_ADMIN = 110 * MEGABYTE


class Refused(Exception):
    """The body cannot be taken; `status` is the HTTP status that says so."""

    status = 400


class TooLarge(Refused):
    status = 413


class TooSlow(Refused):
    status = 408


def limit_of(path: str) -> int:
    """Bytes a body for this path may have."""
    return LARGEST_ADMIN if path.startswith("/admin/") else LARGEST


def is_declared_larger(length: str, limit: int) -> bool:
    """Whether a Content-Length header (empty when there is none) announces more than `limit` bytes."""
    return bool(length) and whole(length, most=limit) is None


async def receive_into(file, receive, *, limit: int) -> None:
    """Write a whole request body to `file`.

    Raises:
        TooLarge: as soon as more than `limit` bytes have come; the rest is not waited for.
        TooSlow: nothing came for PATIENCE seconds.
        ConnectionAbortedError: the client left before the end: half a form must never look like a whole one.
    """
    size, more = 0, True
    while more:
        try:
            async with asyncio.timeout(PATIENCE):
                message = await receive()
        except TimeoutError as silent:
            raise TooSlow from silent
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError("client left before the end of the body")
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > limit:
            raise TooLarge
        file.write(part)
