"""How long a sign-in lasts: 30 minutes without a request, 12 hours at most (compliance A4).

A running exam is not interrupted: whoever starts one calls `keep_until` with its end, and `release` after it.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.backends import db
from django.utils.crypto import get_random_string

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# The session is written again at most this often, not with every request.
TOUCH_EVERY = timedelta(minutes=5)

BEGUN = "signed_in_at"
SEEN = "seen_at"
KEPT = "kept_until"


class SessionStore(db.SessionStore):
    """Django's sessions in the database; signing in writes the new one once instead of twice.

    The new key is given when the session is saved at the end of the request. The old row is gone at once, so a
    planted session id is worthless (AZ5).
    """

    def _get_new_session_key(self):
        # 32 random characters need no look-up first: should a key exist, the INSERT fails and another is tried.
        return get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")

    def cycle_key(self):
        """Same content under a key nobody has seen."""
        data, old = self._session, self.session_key
        if old:
            self.delete(old)
        self._session_key = None
        self._session_cache = data
        self.modified = True


def begin_session(request, now: datetime) -> None:
    """Note when the person signed in. Called once, right after signing in."""
    request.session[BEGUN] = request.session[SEEN] = now.timestamp()


def keep_until(request, end: datetime) -> None:
    """Do not end the session for idleness before `end` (the end of an exam): saves carry a token of their own."""
    request.session[KEPT] = end.timestamp()


def release(request, end: datetime, now: datetime) -> None:
    """Take back `keep_until(end)`: idleness counts again, from now. One kept for another exam is left alone."""
    if request.session.get(KEPT) == end.timestamp():
        del request.session[KEPT]
        request.session[SEEN] = now.timestamp()


def is_over(request, now: datetime) -> bool:
    """Whether the sign-in has lasted too long or was idle too long. Notes the visit when it is worth a write."""
    session, moment = request.session, now.timestamp()
    begun = session.get(BEGUN)
    if begun is None:
        begin_session(request, now)
        return False
    kept = session.get(KEPT, 0)
    if moment <= kept:
        return False
    if moment > begun + ABSOLUTE.total_seconds():
        return True
    if moment > max(session.get(SEEN, begun), kept) + IDLE.total_seconds():
        return True
    if moment > session.get(SEEN, begun) + TOUCH_EVERY.total_seconds():
        session[SEEN] = moment
    return False
