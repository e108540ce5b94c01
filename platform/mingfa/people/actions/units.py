"""The unit tree: add, rename, move, remove."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from wagtail.log_actions import log

from ..errors import UnitBelowItself, UnitInUse
from ..models import OrgUnit, User


def create_unit(*, name: str, kind: str, parent: OrgUnit | None, by: User | None, now: datetime) -> OrgUnit:
    """A new unit as the last one below `parent`, or a new root if there is none.

    kind: value of OrgUnit.Kind. by: None for commands.
    """
    with transaction.atomic():
        unit = OrgUnit(name=name, kind=kind)
        if parent is None:
            unit = OrgUnit.add_root(instance=unit)
        else:
            # Paths are counted from the parent's row, so it is read again under a lock.
            unit = OrgUnit.objects.select_for_update().get(pk=parent.pk).add_child(instance=unit)
        log(unit, "people.create_unit", user=by, timestamp=now)
    return unit


def revise_unit(
    unit: OrgUnit, *, name: str, kind: str, parent: OrgUnit | None, by: User | None, now: datetime
) -> OrgUnit:
    """Rename a unit, change its kind or move it with everything below. Raises UnitBelowItself."""
    with transaction.atomic():
        unit = OrgUnit.objects.select_for_update().get(pk=unit.pk)
        before = {"name": unit.name, "kind": unit.kind}
        unit.name, unit.kind = name, kind
        unit.save(update_fields=["name", "kind"])
        current = unit.get_parent()
        if parent is not None and (current is None or current.pk != parent.pk):
            parent = OrgUnit.objects.select_for_update().get(pk=parent.pk)
            if parent.path.startswith(unit.path):
                raise UnitBelowItself(unit.name)
            unit.move(parent, "last-child")
        log(unit, "people.revise_unit", user=by, data={"before": before}, timestamp=now)
    return OrgUnit.objects.get(pk=unit.pk)


def delete_unit(unit: OrgUnit, *, by: User | None, now: datetime) -> None:
    """Remove a unit nobody was ever posted to. Raises UnitInUse."""
    with transaction.atomic():
        unit = OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if not unit.is_leaf() or unit.role_grants.exists():
            raise UnitInUse(unit.name)
        log(unit, "people.delete_unit", user=by, timestamp=now, deleted=True)
        try:
            unit.delete()
        except ProtectedError as used:
            raise UnitInUse(unit.name) from used
