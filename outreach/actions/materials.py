"""Materials: new ones, and better words for those there are."""
from datetime import datetime

from django.db import transaction
from mingfa.library.models import Law
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import NameTaken
from ..models import Material


def create_material(
    *, name: str, category: str, unit: OrgUnit, by: User, now: datetime, law: Law | None = None, size: str = "",
    low_at: int = 100,
) -> Material:  # fmt: skip
    """A new material without stock, kept by `unit`.

    Raises:
        NameTaken
    """
    with transaction.atomic():
        _free(name, unit)
        material = Material.objects.create(name=name, category=category, unit=unit, law=law, size=size, low_at=low_at)
        log(material, "outreach.create_material", user=by, timestamp=now, data={"unit": unit.pk})
    return material


def revise_material(
    material: Material, *, name: str, category: str, law: Law | None, size: str, low_at: int, by: User, now: datetime
) -> Material:
    """Other words for a material. Its unit stays, and so does everything in the ledger.

    Raises:
        NameTaken
    """
    with transaction.atomic():
        material = Material.objects.select_for_update(of=("self",)).select_related("unit").get(pk=material.pk)
        before = {"name": material.name, "category": material.category, "low_at": material.low_at}
        if name != material.name:
            _free(name, material.unit)
        material.name, material.category, material.law = name, category, law
        material.size, material.low_at = size, low_at
        material.save()
        log(material, "outreach.revise_material", user=by, timestamp=now, data={"before": before})
    return material


def _free(name: str, unit: OrgUnit) -> None:
    # The lock makes the second of two same forms wait, so that it is told instead of failing.
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    if Material.objects.filter(unit=unit, name=name).exists():
        raise NameTaken(name)
