"""Who may sign in, and the one password hash a sign-in costs."""

import environ
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from mingfa.people.lockout import failures_of, refuse_haste
from mingfa.people.models import User
from mingfa.people.queries import account_called

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def bound_to_loopback() -> bool:
    """Whether the server was started for this computer only. `serve` puts its address into the environment."""
    return environ.Env().str("MINGFA_BOUND_HOST", "") in LOOPBACK


class AccountBackend(ModelBackend):
    """Signs in by user name, staff number or telephone number.

    Every try costs exactly one hash, whoever is behind the name: nobody, a person who has not set a password yet,
    a disabled account. Demo accounts are accepted only while the server is bound to loopback.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        """The user, or None. Raises lockout.SlowDown before anything is checked."""
        if request is None or username is None or password is None:
            return None
        now = timezone.now()
        user = account_called(username)
        request.account_failures = failures_of(username, user, now=now)
        refuse_haste(request.account_failures, now=now)
        if user is None:
            User().set_password(password)
            return None
        fits = user.check_password(password)
        return user if fits and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user) -> bool:
        """Also asked for every request of a running session."""
        return user.is_active and (not user.is_demo or bound_to_loopback())
