"""Lists and look-ups of an exam's 时段."""
from dataclasses import dataclass

from django.db.models import Count

from .engine import slots as engine
from .models import Exam, UnitSlot
from .queries import DUE


@dataclass(frozen=True)
class SlotLine:
    """A slot with how many due people it holds for."""

    slot: UnitSlot
    heads: int


def slot_lines(exam: Exam) -> tuple[list[SlotLine], int]:
    """The slots in order of time with their heads, and how many due people have none. Two queries."""
    rows = list(exam.slots.select_related("unit", "opened_by"))
    slots = [engine.Slot(row.unit.path, row.unit.name, row.opens_at, row.closes_at) for row in rows]
    heads = {row.unit.path: 0 for row in rows}
    without = 0
    due = exam.candidates.filter(DUE).order_by().values_list("unit__path").annotate(Count("id"))
    for path, count in due:
        found = engine.slot_of(path, slots)
        if found is None:
            without += count
        else:
            heads[found.path] += count
    return [SlotLine(row, heads[row.unit.path]) for row in rows], without
