"""Making a training: title, times, venues; the roster is frozen from the units' people."""
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from mingfa.audit import record
from mingfa.people import access
from mingfa.people.models import OrgUnit, Role, User
from mingfa.people.queries import roster_on

from ..board.refusals import WrongMoment
from ..models import RosterEntry, Training, Venue

CHANGEABLE = ("draft",)


@transaction.atomic
def create_training(
    *, title: str, unit: OrgUnit, starts_at: datetime, ends_at: datetime, venues: Iterable[OrgUnit], by: User, now: datetime
) -> Training:
    """A draft with a venue for each of the units. `by` has to be trainer of `unit` and of every venue's unit."""
    access.require(by, Role.TRAINER, unit=unit)
    training = Training.objects.create(title=title, unit=unit, trainer=by, starts_at=starts_at, ends_at=ends_at)
    set_venues(training, venues, by=by, now=now)
    record(training, "live.create_training", user=by, now=now, data={"unit": unit.pk})
    return training


@transaction.atomic
def revise_training(
    training: Training, *, title: str, starts_at: datetime, ends_at: datetime, venues: Iterable[OrgUnit], by: User,
    now: datetime,
) -> Training:
    """Change a draft. Raises WrongMoment when it is scheduled already: take it back to a draft first."""
    access.require(by, Role.TRAINER, unit=training.unit)
    locked = Training.objects.select_for_update().get(pk=training.pk)
    if locked.state not in CHANGEABLE:
        raise WrongMoment("revise", locked.state)
    locked.title, locked.starts_at, locked.ends_at = title, starts_at, ends_at
    locked.save(update_fields=["title", "starts_at", "ends_at"])
    set_venues(locked, venues, by=by, now=now)
    record(locked, "live.revise_training", user=by, now=now)
    return locked


def set_venues(training: Training, units: Iterable[OrgUnit], *, by: User, now: datetime) -> None:
    """Exactly these units have a venue; everybody below goes to the nearest one. Part of making and revising."""
    units = list(units)
    for unit in units:
        access.require(by, Role.TRAINER, unit=unit)
    training.venues.exclude(unit__in=units).delete()
    has = set(training.venues.values_list("unit", flat=True))
    Venue.objects.bulk_create(
        Venue(training=training, unit=unit, name=f"{unit.name}会场") for unit in units if unit.pk not in has
    )
    _freeze_roster(training)


def _freeze_roster(training: Training) -> None:
    """Everybody on the roster on the day of the training, at the venue of the nearest unit above."""
    training.roster.all().delete()
    venues = {venue.unit.path: venue for venue in training.venues.select_related("unit")}
    below = OrgUnit.objects.none()
    for path in venues:
        below = below | OrgUnit.objects.filter(path__startswith=path)
    day = timezone.localdate(training.starts_at)
    entries = []
    due = roster_on(day, units=below).order_by("unit__path", "pk")
    for user_id, path, unit_id in due.values_list("user_id", "unit__path", "unit_id"):
        nearest = max((one for one in venues if path.startswith(one)), key=len)
        entries.append(RosterEntry(training=training, venue=venues[nearest], user_id=user_id, unit_id=unit_id))
    RosterEntry.objects.bulk_create(entries, batch_size=500)
