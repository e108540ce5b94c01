"""A file of entries against the ledger as it is: what its names mean, and whether every stock stays at zero or more."""
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from django.db.models import Sum
from mingfa.people.models import OrgUnit
from mingfa.spreadsheets import SheetError
from mingfa.wording import day as day_words

from . import queries
from .engine import ledger
from .engine.ledger import Books, Lines, Pair
from .engine.refusals import NotUpwards, Refusal, Short
from .importing.ledger import Parsed, Read
from .models import Batch, Line, Material, Movement
from .repeats import repeats_of
from .wording import count, place_name, sentence

ROWS = UUID("5b0f4a3e-6c0e-4a4e-9d0b-6f6a2d0f7c11")
# Inside one day: what arrives comes before what leaves, and a 盘点 is of the evening.
ORDER = {"receive": 0, "transfer": 1, "send_back": 2, "hand_out": 3, "lose": 4, "count": 5}


@dataclass(frozen=True)
class NewBatch:
    """A batch the file brings in; `material` is None where the material is new as well."""

    name: str
    category: str
    label: str
    material: Material | None


@dataclass(frozen=True)
class Step:
    """One row, its names resolved. `batch` is a key, or a NewBatch that has none yet."""

    read: Read
    batch: int | NewBatch
    place: OrgUnit
    to: OrgUnit | None
    key: UUID


@dataclass
class Plan:
    """What a file would write, in the order in which it is written. `known`: rows of this very file that are in already.
    `repeats`: rows that say the same as an entry of another file or of the forms; left out of the steps or not."""

    digest: str
    steps: list[Step] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)
    known: int = 0
    repeats: list[Step] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.steps) + self.known

    @property
    def new_materials(self) -> set[str]:
        return {one.batch.name for one in self.steps if isinstance(one.batch, NewBatch) and one.batch.material is None}

    @property
    def new_batches(self) -> int:
        return len({one.batch for one in self.steps if isinstance(one.batch, NewBatch)})


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def key_of(unit: OrgUnit, digest: str, row: int) -> UUID:
    """The key of a row's entry: the same file imported again makes the same entries."""
    return uuid5(ROWS, f"{unit.pk} {digest} {row}")


def plan_ledger(
    parsed: Parsed, *, digest: str, unit: OrgUnit, places: list[OrgUnit], skip_repeats: bool = False
) -> Plan:
    """Resolve and try every row. Any error means that nothing of the file is to be written.

    unit: whose file it is; new materials become its own. places: the stores the person keeps. skip_repeats: rows that
    say the same as an entry there are left out.
    """
    plan, names = Plan(digest, errors=list(parsed.errors)), _Names(unit, places)
    keys = {row.row: key_of(unit, digest, row.row) for row in parsed.rows}
    there = set(Movement.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    plan.known = len(there)
    for read in sorted(parsed.rows, key=lambda one: (one.day, ORDER[one.kind], one.row)):
        if keys[read.row] in there:
            continue
        try:
            plan.steps.append(names.step(read, keys[read.row]))
        except _Unknown as unknown:
            plan.errors.append(parsed.error(read.row, unknown.field, unknown.code, unknown.message))
    plan.repeats = repeats_of(plan.steps, digest)
    if skip_repeats:
        left_out = {one.read.row for one in plan.repeats}
        plan.steps = [one for one in plan.steps if one.read.row not in left_out]
    if not plan.errors:
        _try(plan, parsed)
    plan.errors.sort(key=lambda one: one.row or 0)
    return plan


def lines_of(step: Step, batch: int) -> Lines:
    """The lines of a row other than a 盘点."""
    quantity, place = step.read.quantity, step.place.pk
    match step.read.kind:
        case "receive":
            return ledger.receive(batch, place, quantity)
        case "transfer" | "send_back":
            if step.read.kind == "send_back" and (
                step.to.pk == place or not step.place.path.startswith(step.to.path)
            ):
                raise NotUpwards(step.to.pk)
            return ledger.transfer(batch, place, step.to.pk, quantity)
        case "hand_out":
            return ledger.hand_out(batch, place, quantity)
    return ledger.lose(batch, place, quantity)


class _Unknown(Exception):
    def __init__(self, field: str, code: str, message: str):
        super().__init__(message)
        self.field, self.code, self.message = field, code, message


class _Names:
    """What the words of a file mean to this person."""

    def __init__(self, unit: OrgUnit, places: list[OrgUnit]):
        self.unit = unit
        self.places = _by_name(places)
        self.above = _by_name(queries.stores_above(places))
        self.materials: dict[str, list[Material]] = defaultdict(list)
        for one in queries.materials_of(places):
            self.materials[one.name].append(one)
        self.batches: dict[int, dict[str, int]] = defaultdict(dict)
        for batch in Batch.objects.filter(material__in=queries.materials_of(places)):
            self.batches[batch.material_id][batch.label] = batch.pk
        self.fresh: dict[tuple[str, str], NewBatch] = {}
        self.categories = {label: value for value, label in Material.Category.choices}

    def step(self, read: Read, key: UUID) -> Step:
        place = _one(self.places, read.place, "place", "不在您管的范围里，或名称和系统里不一样")
        to = None
        if read.to:
            places = {**self.above, **self.places} if read.kind == "send_back" else self.places
            to = _one(places, read.to, "to", "不在您管的范围里，或名称和系统里不一样")
        return Step(read, self.batch(read), place, to, key)

    def batch(self, read: Read) -> int | NewBatch:
        found = self.materials.get(read.material, [])
        if len(found) > 1:
            raise _Unknown("material", "two_materials", f"有两种资料都叫“{read.material}”，请先在台账里改名")
        material = found[0] if found else None
        known = self.batches.get(material.pk, {}) if material else {}
        coming = [one for (name, _), one in self.fresh.items() if name == read.material]
        if not read.label and read.kind != "receive":
            every = [*known.values(), *coming]
            if len(every) == 1:
                return every[0]
        if not read.label:
            words = "印制批次没有填" if read.kind == "receive" or (known or coming) else self._no_such(read.material)
            raise _Unknown("label", "missing", words)
        if read.label in known:
            return known[read.label]
        if fresh := self.fresh.get((read.material, read.label)):
            return fresh
        if read.kind != "receive":
            words = f"“{read.material}”没有批次“{read.label}”" if material or coming else self._no_such(read.material)
            raise _Unknown("label" if material or coming else "material", "unknown_batch", words + "，请先登记入库")
        return self._new(read, material, coming)

    def _new(self, read: Read, material: Material | None, coming: list[NewBatch]) -> NewBatch:
        category = coming[0].category if coming else self.categories.get(read.category, "")
        if material is None and not category:
            known = "、".join(self.categories)
            raise _Unknown("category", "unknown_category", f"新的资料要写明类别。可以写：{known}")
        fresh = NewBatch(read.material, category, read.label, material)
        return self.fresh.setdefault((read.material, read.label), fresh)

    def _no_such(self, name: str) -> str:
        return f"台账里没有“{name[:20]}”"


def _by_name(places: Iterable[OrgUnit]) -> dict[str, list[OrgUnit]]:
    found: dict[str, list[OrgUnit]] = defaultdict(list)
    for one in places:
        for name in {one.name, place_name(one)}:
            found[name].append(one)
    return found


def _one(places: dict[str, list[OrgUnit]], name: str, field: str, words: str) -> OrgUnit:
    found = places.get(name, [])
    if not found:
        raise _Unknown(field, "unknown_place", f"“{name[:20]}”{words}")
    if len(found) > 1:
        raise _Unknown(field, "two_places", f"有两处都叫“{name[:20]}”，不能导入，请在登记页逐笔登记")
    return found[0]


def _try(plan: Plan, parsed: Parsed) -> None:
    """Enter everything into books of its own, and tell the rows that would take what is not there."""
    numbers: dict[NewBatch, int] = {}
    for step in plan.steps:
        if isinstance(step.batch, NewBatch):
            numbers.setdefault(step.batch, -1 - len(numbers))
    books = Books(_days({step.batch for step in plan.steps if isinstance(step.batch, int)}))
    for step in plan.steps:
        batch = numbers.get(step.batch, step.batch)
        read = step.read
        try:
            if read.kind == "count":
                booked = books.stock(batch, step.place.pk, read.day)
                lines = ledger.count(batch, step.place.pk, booked=booked, counted=read.quantity)
            else:
                lines = lines_of(step, batch)
            books.enter(lines, read.day)
        except Short as short:
            there, wanted = count(short.available), count(short.wanted)
            message = f"“{read.material}”在{place_name(step.place)}{day_words(short.on)}只有 {there}，不能出 {wanted}"
            plan.errors.append(parsed.error(read.row, "quantity", "short", message))
        except Refusal as refusal:
            plan.errors.append(parsed.error(read.row, "to", "refused", sentence(refusal)))


def _days(batches: set[int]) -> dict[Pair, dict[date, int]]:
    daily: dict[Pair, dict[date, int]] = defaultdict(dict)
    lines = Line.objects.filter(account=Line.Account.STOCK, batch__in=batches)
    rows = lines.values_list("batch", "place", "movement__happened_on").annotate(Sum("quantity")).order_by()
    for batch, place, day, change in rows:
        daily[batch, place][day] = change
    return daily
