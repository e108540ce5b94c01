"""Wrong passwords: what counts as one account, how long it has to wait, what the owner is told (compliance A3).

django-axes locks the pair of account and source address after five failures for ten minutes. The account alone
only slows down, a source alone is never locked (an office shares one address). Unknown names are treated alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import CharField, Count, DateTimeField, GenericIPAddressField, Max, Q

from mingfa.people.models import User
from mingfa.people.vault import typed_phone_hash
from mingfa.prepared import Given, Prepared

SLOW_AFTER = 10
SLOW_WINDOW = timedelta(hours=1)
LONGEST_WAIT = 30  # seconds


class SlowDown(Exception):
    """The account has to wait `seconds` before the next try. Nothing was checked and nothing is counted."""

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Failures:
    """recent: wrong passwords of the last hour; last_at: time of the last one; since: those since the last
    successful sign-in."""

    recent: int
    last_at: datetime | None
    since: int


def account_key(request, credentials: dict | None) -> str:
    """How axes names the account that was typed: a telephone number is kept as hash only."""
    typed = (credentials or {}).get("username") or ""
    return key_of(typed) or "-"


def key_of(typed: str) -> str:
    """One key for all spellings of what was typed."""
    hashed = typed_phone_hash(typed)
    return f"phone:{hashed[:40]}" if hashed else typed.strip().lower().replace("\0", "")[:150]


_NAMES = 4
_ANY_FAILURE = Prepared(
    lambda: AccessFailureLog.objects.filter(username__in=[Given(place, CharField()) for place in range(_NAMES)])
    .only("pk").order_by()[:1]
)  # fmt: skip


def failures_of(typed: str, user: User | None, *, now: datetime) -> Failures:
    """Wrong passwords for an account from all addresses and under all its names. One query, two when there are any.

    user: None for a name nobody has; then only what was typed counts, at the same cost.
    """
    keys = {key_of(typed)}
    if user:
        keys |= {key_of(user.username), key_of(user.staff_number or "")}
        keys |= {f"phone:{user.phone_hash[:40]}"} if user.phone_hash else set()
    keys -= {""}
    # Most people have none, and putting the counting query together takes longer than to see that.
    if len(keys) <= _NAMES and not _ANY_FAILURE.all(*(sorted(keys) * _NAMES)[:_NAMES]):
        return Failures(0, None, 0)
    since = Q(attempt_time__gt=user.last_login) if user and user.last_login else Q()
    found = AccessFailureLog.objects.filter(username__in=keys).aggregate(
        recent=Count("pk", filter=Q(attempt_time__gt=now - SLOW_WINDOW)),
        last_at=Max("attempt_time"),
        since=Count("pk", filter=since) if since else Count("pk"),
    )
    return Failures(**found)


def refuse_haste(failures: Failures, *, now: datetime) -> None:
    """Raises SlowDown while an account with many failures of the last hour has to wait: 1, 2, 4 … 30 seconds."""
    if failures.recent < SLOW_AFTER:
        return
    wait = min(2 ** min(failures.recent - SLOW_AFTER, 10), LONGEST_WAIT)
    left = (failures.last_at + timedelta(seconds=wait) - now).total_seconds()
    if left > 0:
        raise SlowDown(int(left) + 1)


_ATTEMPTS = Prepared(
    lambda: AccessAttempt.objects.filter(
        username=Given(0, CharField()), ip_address=Given(1, GenericIPAddressField()), attempt_time__gte=Given(2, DateTimeField())
    ).order_by()
)


class Handler(AxesDatabaseHandler):
    """Axes' records in the database, with one INSERT for a sign-in that no failure came before."""

    def get_failures(self, request, credentials=None) -> int:
        """Failures of this pair of account and address inside the cool-off; asked before every password."""
        account, since = account_key(request, credentials), get_cool_off_threshold(request)
        found = _ATTEMPTS.all(account, request.axes_ip_address, since)
        return sum(one.failures_since_start for one in found)

    def user_logged_in(self, sender, request, user, **kwargs):
        AccessLog.objects.create(
            username=user.get_username(),
            ip_address=request.axes_ip_address,
            user_agent=request.axes_user_agent,
            http_accept=request.axes_http_accept,
            path_info=request.axes_path_info,
            attempt_time=request.axes_attempt_time,
        )
        failures = getattr(request, "account_failures", None)
        if failures is None or failures.recent:
            self.reset_user_attempts(request, {"username": request.POST.get("login") or user.username})


def locked_response(request, original_response, credentials):
    """The page as it stands, with status 429: the form says how long it is locked."""
    original_response.status_code = 429
    return original_response
