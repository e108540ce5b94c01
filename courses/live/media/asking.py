"""One request to a system beside ours (Janus, BigBlueButton), by an address from the settings. Follows no redirects."""
import asyncio
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT = 5  # seconds
LONGEST = 256 * 1024  # bytes of an answer


class NoAnswer(Exception):
    """Nobody there, or not an answer."""


def ask(address: str, body: bytes | None = None) -> bytes:
    """The answer's content; with a body (JSON) it is a POST.

    Raises:
        NoAnswer
    """
    parts = urlsplit(address)
    kind = {"http": HTTPConnection, "https": HTTPSConnection}.get(parts.scheme)
    if kind is None or not parts.hostname:
        raise NoAnswer("address")
    line = kind(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        line.request("GET" if body is None else "POST", path, body, {"Content-Type": "application/json"} if body else {})
        reply = line.getresponse()
        content = reply.read(LONGEST)
    except (OSError, HTTPException) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        line.close()
    if reply.status != 200:
        raise NoAnswer(str(reply.status))
    return content


async def ask_beside(address: str, body: bytes | None = None, *, patience: float) -> bytes:
    """The same on the event loop, for answers that may take their time.

    Args:
        patience: seconds for all of it.

    Raises:
        NoAnswer
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoAnswer("address")
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    # HTTP/1.0: the answer ends where the connection does.
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.0\r\nHost: {parts.hostname}:{port}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    try:
        async with asyncio.timeout(patience):
            raw = await _exchange(parts.hostname, port, parts.scheme == "https", f"{head}\r\n".encode() + (body or b""))
    except (OSError, TimeoutError) as error:
        raise NoAnswer(type(error).__name__) from error
    top, _, content = raw.partition(b"\r\n\r\n")
    status = top.split(b" ", 2)[1:2]
    if status != [b"200"]:
        raise NoAnswer(status[0].decode("latin-1") if status else "nothing")
    return content


async def _exchange(host: str, port: int, tls: bool, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port, ssl=tls or None, limit=LONGEST)
    try:
        writer.write(sent)
        await writer.drain()
        raw = b""
        while len(raw) <= LONGEST and (part := await reader.read(LONGEST)):
            raw += part
        return raw
    finally:
        writer.close()
