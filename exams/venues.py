"""Look-ups of an exam's 考点, and whether a request may work there."""
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.urls import reverse

from .engine import seb, venues
from .engine.refusals import NeedsSafeBrowser, TooManyTries, WrongCode
from .models import Candidate, Exam, SittingEvent, TimeGrant

MOST_TRIES, TRIES_FOR = 10, 600  # wrong codes of one person in so many seconds


@dataclass(frozen=True)
class Place:
    """Where a request comes from. address: of the network; code: what was typed; safe: it proved to be the safe browser."""

    address: str
    code: str = ""
    safe: bool = False


def place_of(request, exam: Exam) -> Place:
    """Of a request; looks at the headers of the safe browser only where the exam needs it."""
    safe = exam.safe_browser and is_safe_browser(request, exam)
    return Place(request.META.get("REMOTE_ADDR", ""), request.POST.get("code", "")[:20], safe)


def reached(grant: TimeGrant) -> venues.Reach:
    """Whom an outage was for; with its unit and those apart loaded."""
    return venues.Reach(grant.unit.path if grant.unit else "", tuple(one.path for one in grant.apart.all()))


def within(reach: venues.Reach, field: str) -> Q:
    """Rows whose tree path in `field` (of a unit) is one the reach concerns."""
    found = Q(**{f"{field}__startswith": reach.path})
    for path in reach.apart:
        found &= ~Q(**{f"{field}__startswith": path})
    return found


def check_place(candidate: Candidate, place: Place, venue: venues.Venue | None, *, entering: bool) -> None:
    """Whether somebody may start or take over (`entering`), or go on from here.

    Args:
        venue: the one that holds for this candidate (exams.arrangements).

    Raises:
        NeedsSafeBrowser, WrongAddress; when entering WrongCode, TooManyTries
    """
    exam = candidate.exam
    if exam.safe_browser and not place.safe:
        raise NeedsSafeBrowser()
    venues.check_address(venue, place.address)
    if entering and venue is not None and venue.code:
        _check_code(candidate, venue, place.code)


def _check_code(candidate: Candidate, venue: venues.Venue, code: str) -> None:
    key = f"venue-code-{candidate.pk}"
    if cache.get(key, 0) >= MOST_TRIES:
        raise TooManyTries(TRIES_FOR // 60)
    try:
        venues.check_code(venue, code)
    except WrongCode:
        cache.add(key, 0, TRIES_FOR)
        cache.incr(key)
        raise


def safe_settings(request, exam: Exam) -> dict:
    """The settings of the safe browser for an exam, as this host is reached."""
    start = request.build_absolute_uri(reverse("exams:notice", args=[exam.pk]))
    return seb.settings_for(start, request.build_absolute_uri("/me/"))


def is_safe_browser(request, exam: Exam) -> bool:
    """Whether a request proves to come from the safe browser: by one of the keys entered by hand where there are any,
    else by our configuration. Anybody who reads the configuration file can reckon the key of that."""
    address = request.build_absolute_uri()
    if keys := exam.safe_browser_keys.split():
        return seb.proves(address, keys, request.headers.get("X-SafeExamBrowser-RequestHash", ""))
    config = request.headers.get("X-SafeExamBrowser-ConfigKeyHash", "")
    return bool(config) and seb.proves(address, [seb.config_key(safe_settings(request, exam))], config)


def facts_of(sitting_ids) -> dict[int, list[str]]:
    """What happened while people sat, in words, by sitting. One query."""
    rows = SittingEvent.objects.filter(sitting__in=sitting_ids).order_by().values_list("sitting", "kind")
    found: dict[int, list[str]] = {}
    for sitting, kind, times, seconds in rows.annotate(times=Count("pk"), sum=Sum("seconds")):
        words = f"离开试卷 {times} 次，共 {_duration(seconds)}" if kind == "left" else f"换设备 {times} 次"
        found.setdefault(sitting, []).append(words)
    return found


def _duration(seconds: int) -> str:
    return f"{seconds} 秒" if seconds < 60 else f"{seconds // 60} 分 {seconds % 60} 秒"
