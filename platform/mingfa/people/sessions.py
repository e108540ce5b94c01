"""How long a sign-in lasts: 30 minutes without a request (15 in the admin), 12 hours at most (compliance A4).

A running exam is not interrupted: what it saves is activity too (registry.last_activity).
"""

from datetime import datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField, Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string

from mingfa.people.registry import latest_activity
from mingfa.prepared import Given, Prepared

IDLE = timedelta(minutes=30)
IDLE_ADMIN = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
# The session is written again at most this often, not with every request.
TOUCH_EVERY = timedelta(minutes=5)
TOUCH_EVERY_ADMIN = timedelta(minutes=1)

ACCOUNTS = "mingfa.people.backends.AccountBackend"
BEGUN = "signed_in_at"
SEEN = "seen_at"


def _with_person():
    from mingfa.people.models import RoleGrant, Session  # models import nothing of ours, and this module is a setting

    has_roles = Exists(RoleGrant.objects.filter(user=OuterRef("user")))
    return Session.objects.select_related("user").annotate(has_roles=has_roles).filter(
        session_key=Given(0, CharField()), expire_date__gt=Given(1, DateTimeField())
    )


# Every page asks.
_WITH_PERSON = Prepared(_with_person)


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read together with their person; signing in writes one row once.

    The new key is given when the session is saved at the end of the request. The old row is gone at once, so a
    planted session id is worthless (AZ5).
    """

    def _get_new_session_key(self):
        # 32 random characters need no look-up first: should a key exist, the INSERT fails and another is tried.
        return get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")

    # Whose session was read; None for visitors and before reading.
    person = None

    @classmethod
    def get_model_class(cls):
        from mingfa.people.models import Session  # models import nothing of ours, and this module is a setting

        return Session

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def load(self):
        """The content, and `person` with it. One statement."""
        found = _WITH_PERSON.first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
            return {}
        self.person = found.user
        if self.person is not None and not found.has_roles:
            self.person.role_less = True
        return self.decode(found.session_data)

    def cycle_key(self):
        """Same content under a key nobody has seen."""
        data, old = self._session, self.session_key
        if old:
            self.delete(old)
        self._session_key = None
        self._session_cache = data
        self.modified = True


def person_of(session: SessionStore):
    """The person signed in with a session, where nothing is out of the ordinary; else None.

    Checks what django.contrib.auth.get_user checks: the same backend still lets the account in, and the password is
    the one signed in with. Ask get_user about the rest (it also takes a key that has just been replaced).
    """
    backend = session.get(BACKEND_SESSION_KEY)
    person = session.person
    if person is None or session.get(SESSION_KEY) != str(person.pk) or backend != ACCOUNTS:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    return person if same and load_backend(backend).user_can_authenticate(person) else None


def begin_session(request, now: datetime) -> None:
    """Note when the person signed in. Called once, right after signing in."""
    request.session[BEGUN] = request.session[SEEN] = now.timestamp()


def is_over(request, now: datetime) -> bool:
    """Whether the sign-in has lasted too long or was idle too long. Notes the visit when it is worth a write."""
    session, moment = request.session, now.timestamp()
    admin = request.path_info.startswith("/admin/")
    idle, touch_every = (IDLE_ADMIN, TOUCH_EVERY_ADMIN) if admin else (IDLE, TOUCH_EVERY)
    begun = session.get(BEGUN)
    if begun is None:
        begin_session(request, now)
        return False
    seen = session.get(SEEN, begun)
    too_long, too_idle = moment > begun + ABSOLUTE.total_seconds(), moment > seen + idle.total_seconds()
    if too_long or too_idle:
        # Asked only now, so that ordinary requests cost nothing.
        active = latest_activity(request.user, now)
        if active is None or now > active + idle:
            return True
    if moment > seen + touch_every.total_seconds():
        session[SEEN] = moment
    return False
