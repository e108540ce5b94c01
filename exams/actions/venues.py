"""Arranging 考点, and noting what happens while people sit."""
from datetime import datetime

from django.db import transaction
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import WrongState
from ..models import Exam, Sitting, SittingEvent, Venue

MOST_EVENTS = 500  # of one sitting
LONGEST_SECONDS = 86400


def _locked(exam_id: int) -> Exam:
    exam = Exam.objects.select_for_update().get(pk=exam_id)
    if exam.state not in (Exam.State.DRAFT, Exam.State.PUBLISHED):
        raise WrongState(exam.state, "published")
    return exam


def set_venue(exam: Exam, *, unit: OrgUnit, name: str, code: str, networks: str, by: User, now: datetime) -> Venue:
    """Give a unit its venue, or another one. The audit line says that there is a code, not which.

    Raises:
        WrongState: the exam is over.
    """
    with transaction.atomic():
        locked = _locked(exam.pk)
        fields = {"name": name, "code": code, "networks": networks}
        venue, _ = Venue.objects.update_or_create(exam=locked, unit=unit, defaults=fields)
        Exam.objects.filter(pk=locked.pk).update(has_venues=True)
        data = {"unit": unit.pk, "name": name, "code": bool(code), "networks": networks}
        log(locked, "exams.set_venue", user=by, data=data, timestamp=now)
    return venue


def remove_venue(venue: Venue, *, by: User, now: datetime) -> None:
    """Its people sit where the next higher unit's do, or anywhere. A second call changes nothing. Raises WrongState."""
    with transaction.atomic():
        exam = _locked(venue.exam_id)
        if Venue.objects.filter(pk=venue.pk).delete()[0]:
            Exam.objects.filter(pk=exam.pk).update(has_venues=exam.venues.exists())
            log(exam, "exams.remove_venue", user=by, data={"unit": venue.unit_id}, timestamp=now)


def set_watch(exam: Exam, *, watch_leaving: bool, safe_browser: bool, keys: str, by: User, now: datetime) -> None:
    """What is noted while people sit, and whether only the safe browser may be used. Raises WrongState."""
    with transaction.atomic():
        locked = _locked(exam.pk)
        fields = {"watch_leaving": watch_leaving, "safe_browser": safe_browser, "safe_browser_keys": keys}
        Exam.objects.filter(pk=locked.pk).update(**fields)
        data = {"watch_leaving": watch_leaving, "safe_browser": safe_browser, "keys": len(keys.split())}
        log(locked, "exams.set_watch", user=by, data=data, timestamp=now)


def note_leaving(sitting: Sitting, *, seconds: int, now: datetime) -> None:
    """The paper was out of sight for so many seconds, as its page says. No audit line: the row is the fact."""
    if sitting.events.count() < MOST_EVENTS:
        SittingEvent.objects.create(
            sitting=sitting, kind=SittingEvent.Kind.LEFT, at=now, seconds=max(0, min(seconds, LONGEST_SECONDS))
        )
