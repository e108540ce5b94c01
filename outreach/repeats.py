"""Rows of a file that say the same as an entry which is there already: an edited copy of a file that was imported, or
what somebody has typed in as well."""
from collections import Counter
from collections.abc import Iterable

from .models import Line, Movement, StockTaking

# Which of the two stock lines of an entry stands for its row: what leaves, but for what arrives from outside.
ARRIVES = (Movement.Kind.RECEIVE,)


def repeats_of(steps: Iterable, digest: str) -> list:
    """Steps (ledgers.Step) that match an entry of another file or of the forms: same day, kind, batch, place and quantity,
    and the same 发放地点 or 调往. Each entry stands for one row only. Three queries.

    digest: of the file the steps come from; its own entries are known by their keys.
    """
    steps = [one for one in steps if isinstance(one.batch, int)]
    if not steps:
        return []
    there = Counter(_entries(steps, digest))
    found = []
    for step in steps:
        key = _key(step)
        if there[key] > 0:
            there[key] -= 1
            found.append(step)
    return found


def _key(step) -> tuple:
    read = step.read
    detail = step.to.pk if step.to else read.spot
    return read.kind, read.day, step.batch, step.place.pk, read.quantity, detail


def _entries(steps: list, digest: str):
    """The keys of the entries there, reversed ones left out, those of this very file too (their rows are known)."""
    days = [one.read.day for one in steps]
    movements = (
        Movement.objects.filter(happened_on__gte=min(days), happened_on__lte=max(days), reversed_by=None)
        .exclude(kind=Movement.Kind.REVERSE).exclude(source__digest=digest)
    )  # fmt: skip
    batches = {one.batch for one in steps}
    lines = Line.objects.filter(movement__in=movements, batch__in=batches, account=Line.Account.STOCK)
    rows = lines.values_list(
        "movement", "movement__kind", "movement__happened_on", "batch", "place", "quantity", "movement__spot"
    )
    ends: dict[tuple[int, int], list[tuple]] = {}
    for movement, kind, day, batch, place, quantity, spot in rows:
        ends.setdefault((movement, batch), []).append((kind, day, batch, place, quantity, spot))
    for pair in ends.values():
        own = next((one for one in pair if (one[4] > 0) == (one[0] in ARRIVES)), None)
        if own is None or own[0] == Movement.Kind.COUNT:
            continue
        kind, day, batch, place, quantity, spot = own
        other = next((one[3] for one in pair if one is not own), None)
        yield kind, day, batch, place, abs(quantity), other or spot
    takings = StockTaking.objects.filter(movement__in=movements, batch__in=batches)
    for day, batch, place, counted in takings.values_list("movement__happened_on", "batch", "place", "counted"):
        yield "count", day, batch, place, counted, ""
