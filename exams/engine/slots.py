"""时段: when the people of a unit may start, inside the exam's window (docs/rules.md “时段”)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .refusals import OutsideSlot


@dataclass(frozen=True)
class Slot:
    """From opens_at (included) to closes_at (excluded) for the unit with this tree path and all below it.

    is_open: the organiser lets its people start at any time of the exam's window.
    """

    path: str
    unit: str
    opens_at: datetime
    closes_at: datetime
    is_open: bool = False


def slot_of(path: str, slots: Iterable[Slot]) -> Slot | None:
    """The slot of the nearest unit at or above `path`; None when no unit up to the root has one."""
    above = [slot for slot in slots if path.startswith(slot.path)]
    return max(above, key=lambda slot: len(slot.path), default=None)


def check_slot(slot: Slot | None, *, now: datetime) -> None:
    """Whether somebody with this slot may start at `now`. Who has started is not asked again.

    Raises:
        OutsideSlot
    """
    if slot is not None and not slot.is_open and not slot.opens_at <= now < slot.closes_at:
        raise OutsideSlot(slot.unit, slot.opens_at, slot.closes_at, is_over=now >= slot.closes_at)
