"""Accounts: switching off and on, one-time codes and passwords."""

import base64
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from mingfa.sockets import notify

from ..errors import WrongActivation
from ..models import ActivationCode, User
from ..queries import account_called
from ..registry import latest_activity, tell_disabled
from ..validators import PASSWORDS_KEPT
from ..vault import code_hash

CODE_BYTES = 16
CODE_GROUP = 4
CODE_LIFETIME = timedelta(days=14)
# People read 0 for O, 1 for I and 8 for B; base32 has none of the three digits.
MISREAD = str.maketrans("018", "OIB")


def disable_account(user: User, *, by: User | None, now: datetime) -> None:
    """Nobody can sign in any more and open sessions end with their next request; nothing is deleted."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            return
        shut_account(user, now)
        log(user, "people.disable_account", user=by, timestamp=now)


def shut_account(user: User, now: datetime) -> None:
    """The part of disabling shared with moving people out and with the roster: no entry of its own."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.activation_codes.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    tell_disabled(user, now)
    _close_sockets(user)


def _close_sockets(user: User) -> None:
    """Ask every open page of this person to connect anew: only sessions that are still good come back."""
    notify(f"user.{user.pk}", {"type": "account.closed"})


def enable_account(user: User, *, by: User | None, now: datetime) -> None:
    """Undo disable_account. Work that was frozen stays frozen until somebody releases it."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            log(user, "people.enable_account", user=by, timestamp=now)


def issue_activation(user: User, *, by: User | None, now: datetime) -> str:
    """A new one-time code; older unused ones of this person stop working.

    Returns the code in groups of four (K7QD-…): 128 random bits. It is not kept and cannot be shown again.
    """
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    with transaction.atomic():
        user.activation_codes.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
        ActivationCode.objects.create(
            user=user, code_hash=code_hash(code), issued_by=by, issued_at=now, expires_at=now + CODE_LIFETIME
        )
        log(user, "people.issue_activation", user=by, timestamp=now)
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP))


def find_activation(name: str, code: str, *, now: datetime) -> ActivationCode:
    """The usable code of the account called `name` (user name, staff or telephone number).

    Raises WrongActivation, whatever of the two is wrong.
    """
    folded = "".join(mark for mark in code.upper() if mark.isalnum()).translate(MISREAD)
    found = (
        ActivationCode.objects.select_related("user")
        .filter(code_hash=code_hash(folded), used_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    owner = account_called(name)
    if found is None or owner is None or owner.pk != found.user_id:
        raise WrongActivation
    return found


def redeem_activation(name: str, code: str, password: str, *, now: datetime) -> User:
    """Set the first or a new password with a one-time code. The password was checked by the form.

    Raises WrongActivation. Of two people who use one code at once, one succeeds.
    """
    activation = find_activation(name, code, now=now)
    user = activation.user
    # Hashing takes long, so it comes before the transaction.
    user.set_password(password)
    with transaction.atomic():
        won = ActivationCode.objects.filter(pk=activation.pk, used_at=None, expires_at__gt=now).update(
            used_at=now
        )
        if not won:
            raise WrongActivation
        _keep_own_password(user, now)
        log(user, "people.redeem_activation", user=user, timestamp=now)
        _close_sockets(user)
    return user


def change_password(user: User, password: str, *, by: User, now: datetime) -> None:
    """Set a password of the person's own; all other sessions end. The form checked the password."""
    user.set_password(password)
    with transaction.atomic():
        _keep_own_password(user, now)
        log(user, "people.change_password", user=by, timestamp=now)
        _close_sockets(user)


def _keep_own_password(user: User, now: datetime) -> None:
    """Store a password just chosen, and its hash among the last ones."""
    user.must_change_password, user.password_set_at = False, now
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    user.past_passwords.create(hashed=user.password, set_at=now)
    kept = user.past_passwords.values_list("pk", flat=True)[:PASSWORDS_KEPT]
    user.past_passwords.exclude(pk__in=list(kept)).delete()


def expire_password(user: User, *, now: datetime) -> bool:
    """Ask for a new password when the one in use is too old. Called at sign-in, never in the middle of the work.

    Whoever comes back to a running exam is asked at the next sign-in. Demo passwords do not expire.

    Returns:
        Whether it has expired now.
    """
    days = settings.PASSWORD_DAYS
    if not days or user.is_demo or user.password_set_at is None or now < user.password_set_at + timedelta(days=days):
        return False
    if latest_activity(user, now) == now:
        return False
    user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["must_change_password"])
        log(user, "people.expire_password", user=None, timestamp=now)
    return True


def set_one_time_password(user: User, *, by: User | None, now: datetime) -> str:
    """A random password that has to be changed at the first sign-in. Returned once, kept as hash only."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user.set_password(password)
    user.must_change_password, user.password_set_at = True, None
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password", "password_set_at"])
        log(user, "people.set_one_time_password", user=by, timestamp=now)
        _close_sockets(user)
    return password


def make_demo_account(user: User, *, username: str, hashed: str, by: User | None, now: datetime) -> User:
    """Turn a made-up person into a demo account; it signs in only while the server is bound to loopback.

    hashed: the password as make_password returns it, so that six accounts cost one hash.
    """
    user.username, user.password = username, hashed
    user.is_demo, user.must_change_password = True, False
    with transaction.atomic():
        user.save(update_fields=["username", "password", "is_demo", "must_change_password"])
        log(user, "people.make_demo_account", user=by, timestamp=now)
    return user
