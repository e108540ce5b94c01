"""How many answers may come from one place in a minute, without knowing which place it is. Pure.

An address is never kept: it becomes a keyed hash whose key is made when the process starts and written nowhere, and the
table of hashes is thrown away every minute. IPv6 counts by /64, which is one household or one phone.
"""
import hashlib
import hmac
import ipaddress
import secrets
from threading import Lock

WINDOW = 60  # seconds
# More places than this in a minute: the table starts anew rather than grow.
MOST_PLACES = 100_000


def place_of(address: str) -> str:
    """What is limited together: the IPv4 address, the /64 of an IPv6 one; unreadable ones are all one place."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


class Limiter:
    """Counts by place and minute, in the memory of this process only."""

    def __init__(self):
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._window, self._counts = 0, {}

    def allows(self, address: str, *, now: float, most: int) -> bool:
        """Count one more from this address, unless `most` have come from its place in this minute. 0: no limit.

        now: seconds since some moment.
        """
        if not most:
            return True
        place = hmac.digest(self._key, place_of(address).encode(), hashlib.sha256)[:16]
        with self._lock:
            window = int(now // WINDOW)
            if window != self._window or len(self._counts) >= MOST_PLACES:
                self._window, self._counts = window, {}
            number = self._counts.get(place, 0)
            if number >= most:
                return False
            self._counts[place] = number + 1
            return True


class Once:
    """Remembers what has been used, for at least `seconds`, at most twice as long; in the memory of this process."""

    def __init__(self, seconds: float):
        self._seconds, self._lock = seconds, Lock()
        self._since, self._new, self._old = 0.0, set(), set()

    def first(self, word: str, *, now: float) -> bool:
        """Whether this is the first time; the second of two at once is told no."""
        with self._lock:
            if now - self._since > self._seconds:
                self._since, self._new, self._old = now, set(), self._new
            if word in self._new or word in self._old:
                return False
            self._new.add(word)
            return True
