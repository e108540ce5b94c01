"""The ledger as the office's own Excel table: the empty one, and all entries, which can be read back."""
from collections.abc import Iterable, Iterator

from mingfa.people.models import OrgUnit
from mingfa.periods import Period
from mingfa.spreadsheets import write_xlsx

from . import queries
from .importing.ledger import LABELS
from .models import Batch, Material, Movement
from .wording import place_name

FIELDS = ("day", "kind", "material", "category", "label", "quantity", "place", "to", "spot", "note")
ENTRIES = (*(LABELS[field] for field in FIELDS), "经办")
WIDTHS = (12, 8, 28, 12, 16, 10, 18, 18, 28, 28, 12)


def template_xlsx() -> bytes:
    """The empty table with drop-downs."""
    kinds = [label for value, label in Movement.Kind.choices if value != Movement.Kind.REVERSE]
    choices = {1: kinds, 3: Material.Category.labels}
    return write_xlsx(ENTRIES[:-1], [], sheet="宣传资料台账", widths=WIDTHS, choices=choices)


def entry_rows(places: Iterable[OrgUnit], period: Period) -> list[tuple]:
    """All entries of a period in the columns of ENTRIES."""
    return [row for entry in queries.entries_in(places, period) for row in _rows(entry)]


def _rows(entry: Movement) -> Iterator[tuple]:
    """One row for each batch of an entry; a transfer is one row with both its ends."""
    if entry.kind == Movement.Kind.COUNT:
        taking = entry.taking
        yield _row(entry, taking.batch, taking.counted, taking.place, None)
        return
    by_batch: dict[Batch, list] = {}
    for line in entry.moves:
        by_batch.setdefault(line.batch, []).append(line)
    for batch, lines in by_batch.items():
        source, to = lines[0], lines[1].place if len(lines) > 1 else None
        # Reversals keep their sign; what else happened is written as people write it, without one.
        quantity = source.quantity if entry.kind == Movement.Kind.REVERSE else abs(source.quantity)
        yield _row(entry, batch, quantity, source.place, to)


def _row(entry: Movement, batch: Batch, quantity: int, place: OrgUnit, to: OrgUnit | None) -> tuple:
    material = batch.material
    return (
        entry.happened_on, entry.get_kind_display(), material.name, material.get_category_display(), batch.label, quantity,
        place_name(place), place_name(to) if to else "", entry.spot, entry.note, entry.by.name,
    )  # fmt: skip
