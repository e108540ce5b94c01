"""How long a sign-in lasts: 30 minutes without a request, 12 hours at most (compliance A4).

A running exam is not interrupted: what it saves is activity too (registry.last_activity).
"""

from datetime import datetime, timedelta

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from mingfa.people.registry import latest_activity

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# The session is written again at most this often, not with every request.
TOUCH_EVERY = timedelta(minutes=5)

BEGUN = "signed_in_at"
SEEN = "seen_at"


class SessionStore(db.SessionStore):
    """Django's sessions in the database; signing in writes the new one once instead of twice.

    The new key is given when the session is saved at the end of the request. The old row is gone at once, so a
    planted session id is worthless (AZ5).
    """

    def _get_new_session_key(self):
        # 32 random characters need no look-up first: should a key exist, the INSERT fails and another is tried.
        return get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")

    def load(self):
        """Written out, because every page asks and the ORM takes several times as long to ask as the database to answer."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT session_data FROM {self.model._meta.db_table} WHERE session_key = %s AND expire_date > %s",  # noqa: S608
                [self.session_key, connection.ops.adapt_datetimefield_value(timezone.now())],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

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


def is_over(request, now: datetime) -> bool:
    """Whether the sign-in has lasted too long or was idle too long. Notes the visit when it is worth a write."""
    session, moment = request.session, now.timestamp()
    begun = session.get(BEGUN)
    if begun is None:
        begin_session(request, now)
        return False
    seen = session.get(SEEN, begun)
    too_long, too_idle = moment > begun + ABSOLUTE.total_seconds(), moment > seen + IDLE.total_seconds()
    if too_long or too_idle:
        # Asked only now, so that ordinary requests cost nothing.
        active = latest_activity(request.user, now)
        if active is None or now > active + IDLE:
            return True
    if moment > seen + TOUCH_EVERY.total_seconds():
        session[SEEN] = moment
    return False
