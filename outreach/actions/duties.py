"""The 普法责任清单: one item, or a whole list out of a file."""
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import DutyTaken
from ..models import DutyItem

WORDS = ("audience", "ways", "due", "leader", "section", "officer", "standard")


def save_duty(
    item: DutyItem | None, *, unit: OrgUnit, year: int, subject: str, by: User, now: datetime, **words: str
) -> DutyItem:
    """A new item, or other words for one. words: WORDS.

    Raises:
        DutyTaken
    """
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        there = DutyItem.objects.filter(unit=unit, year=year, subject=subject)
        if there.exclude(pk=item.pk if item else None).exists():
            raise DutyTaken(subject)
        item = item or DutyItem()
        item.unit, item.year, item.subject = unit, year, subject
        for name in WORDS:
            setattr(item, name, words.get(name, ""))
        item.save()
        log(item, "outreach.save_duty", user=by, timestamp=now, data={"unit": unit.pk, "year": year})
    return item


def import_duties(
    rows: Iterable[tuple[OrgUnit, str, dict[str, str]]], *, year: int, by: User, now: datetime
) -> tuple[int, int]:
    """(new, changed): the rows of a file, each (unit, subject, WORDS); an item that is there gets the file's words."""
    rows = list(rows)
    new = changed = 0
    with transaction.atomic():
        units = {unit.pk: unit for unit, _, _ in rows}
        list(OrgUnit.objects.select_for_update().filter(pk__in=units).order_by("pk"))
        there = {(one.unit_id, one.subject): one for one in DutyItem.objects.filter(unit__in=units, year=year)}
        for unit, subject, words in rows:
            item = there.get((unit.pk, subject)) or DutyItem(unit=unit, year=year, subject=subject)
            if item.pk and all(getattr(item, name) == words.get(name, "") for name in WORDS):
                continue
            new, changed = new + (item.pk is None), changed + (item.pk is not None)
            for name in WORDS:
                setattr(item, name, words.get(name, ""))
            item.save()
        for unit in units.values():
            log(unit, "outreach.import_duties", user=by, timestamp=now, data={"year": year, "rows": len(rows)})
    return new, changed
