"""Every number and list of the materials ledger. A total is the sum of lines, and each opens into them."""
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from django.db.models import F, Prefetch, Q, QuerySet, Sum, Window
from mingfa.people.access import units_visible_to
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Period

from .engine.ledger import SIGNS, Account
from .models import Batch, Line, Material, Movement, Stock, StockTaking, Visits
from .models.material import PRINT

# Who reads the ledger; 宣传员 keep it.
READERS = (Role.OUTREACH, Role.LEADER)
# What can hold stock: a 科室 shares the store of its unit.
STORES = (OrgUnit.Kind.DISTRICT, OrgUnit.Kind.OFFICE, OrgUnit.Kind.TOWNSHIP, OrgUnit.Kind.VILLAGE)


def places_read_by(user) -> list[OrgUnit]:
    """Stores whose ledger the person may read, in the order of the tree."""
    return list(units_visible_to(user, *READERS).filter(kind__in=STORES).order_by("path"))


def places_kept_by(user) -> list[OrgUnit]:
    """Stores the person keeps the ledger of."""
    return list(units_visible_to(user, Role.OUTREACH).filter(kind__in=STORES).order_by("path"))


def stores_above(places: Iterable[OrgUnit]) -> list[OrgUnit]:
    """Stores above any of these: where 退回 leads."""
    paths = {path for one in places for path in OrgUnit.paths_down_to(one.path)[:-1]}
    return list(OrgUnit.objects.filter(path__in=paths, kind__in=STORES).order_by("path"))


def materials_of(places: Iterable[OrgUnit]) -> QuerySet[Material]:
    """Materials these places may hold: those of units above them, of themselves and of units among them."""
    paths = {path for one in places for path in OrgUnit.paths_down_to(one.path)}
    return Material.objects.filter(unit__path__in=paths).select_related("law", "unit")


def batches_of(places: Iterable[OrgUnit]) -> QuerySet[Batch]:
    return Batch.objects.filter(material__in=materials_of(places)).select_related("material").order_by(
        "material__name", "id"
    )


@dataclass(frozen=True)
class Totals:
    """Sums over lines in the office's signs: 结存 = 上期结存 + 入库 + 调入 − 调出 − 发放 − 损耗 + 盘点."""

    opening: int = 0
    printed: int = 0
    brought: int = 0
    sent: int = 0
    handed: int = 0
    lost: int = 0
    counted: int = 0
    stock: int = 0

    @property
    def moved(self) -> int:
        """调入 less 调出: nothing where both ends are counted."""
        return self.brought - self.sent

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Row:
    """What a material, or a place, comes to. `scans`: of a material, how many people answered the quiz of its codes."""

    subject: Material | OrgUnit
    totals: Totals
    scans: int = 0

    @property
    def is_low(self) -> bool:
        """Of a material: not more left than its limit, and there was some."""
        return self.totals.stock <= self.subject.low_at > 0


_ACCOUNTS = {
    "printed": Account.PRINTED, "brought": Account.IN, "sent": Account.OUT, "handed": Account.HANDED,
    "lost": Account.LOST, "counted": Account.COUNTED,
}  # fmt: skip


def _totals(lines: QuerySet[Line], period: Period, group: str) -> dict[int, Totals]:
    """One query: the sums of every account in the period, and the stock before it and at its end."""
    during = Q(movement__happened_on__gte=period.starts_on)
    stock = Q(account=Account.STOCK.value)
    sums = {name: Sum("quantity", filter=during & Q(account=one.value), default=0) for name, one in _ACCOUNTS.items()}
    sums["stock"] = Sum("quantity", filter=stock, default=0)
    sums["opening"] = Sum("quantity", filter=stock & ~during, default=0)
    rows = lines.filter(movement__happened_on__lte=period.ends_on).values(group).annotate(**sums).order_by()
    return {
        row.pop(group): Totals(**{name: total * SIGNS.get(_ACCOUNTS.get(name), 1) for name, total in row.items()})
        for row in rows
    }


def totals_by_material(places: Iterable[OrgUnit], period: Period) -> list[Row]:
    """A row for each material that ever moved at these places, by name."""
    found = _totals(Line.objects.filter(place__in=list(places)), period, "batch__material")
    materials = Material.objects.filter(pk__in=found).select_related("law")
    return [Row(one, found[one.pk]) for one in materials]


def handed_by_place(period: Period) -> list[tuple[str, int, int]]:
    """(path of the place, material, copies of print handed out there), in the whole tree. One query."""
    lines = Line.objects.filter(
        place__kind__in=STORES, account=Account.HANDED.value, batch__material__category__in=PRINT,
        movement__happened_on__gte=period.starts_on, movement__happened_on__lte=period.ends_on,
    )
    sums = lines.order_by().values_list("place__path", "batch__material").annotate(copies=Sum("quantity"))
    return [(path, material, copies * SIGNS[Account.HANDED]) for path, material, copies in sums]


def with_scans(rows: Iterable[Row], places: Iterable[OrgUnit], period: Period) -> list[Row]:
    """The rows of materials with their scans in these months. One query."""
    found = Visits.objects.filter(
        code__unit__in=list(places), code__batch__isnull=False, month__gte=period.starts_on, month__lte=period.ends_on
    )
    scans = dict(found.values_list("code__batch__material").annotate(number=Sum("begun")).order_by())
    return [replace(row, scans=scans.get(row.subject.pk, 0)) for row in rows]


def totals_by_place(material: Material, places: Iterable[OrgUnit], period: Period) -> list[Row]:
    """A row for each place where this material ever moved, in the order of the tree. Their sum is the material's."""
    places = list(places)
    found = _totals(Line.objects.filter(place__in=places, batch__material=material), period, "place")
    return [Row(one, found[one.pk]) for one in places if one.pk in found]


def sum_of(rows: Iterable[Row]) -> Totals:
    return sum((row.totals for row in rows), Totals())


def lines_behind(
    places: Iterable[OrgUnit], period: Period, *, account: Account, material: Material | None = None
) -> QuerySet[Line]:
    """The lines that make a total: `shown` is the quantity as the total counts it. For 结存 all up to the period's end."""
    lines = Line.objects.filter(
        place__in=list(places), account=account.value, movement__happened_on__lte=period.ends_on
    )
    if account is not Account.STOCK:
        lines = lines.filter(movement__happened_on__gte=period.starts_on)
    if material is not None:
        lines = lines.filter(batch__material=material)
    return _told(lines).annotate(shown=F("quantity") * SIGNS[account]).order_by("-movement__happened_on", "-pk")


def sum_shown(lines: QuerySet[Line]) -> int:
    return lines.aggregate(total=Sum("shown", default=0))["total"]


def history(material: Material, places: Iterable[OrgUnit]) -> QuerySet[Line]:
    """What came and went, the latest first. `running`: the stock of the material at that place after it."""
    lines = Line.objects.filter(batch__material=material, account=Account.STOCK.value, place__in=list(places))
    order = [F("movement__happened_on").asc(), F("movement").asc()]
    running = Window(Sum("quantity"), partition_by=[F("place")], order_by=order)
    return _told(lines).annotate(running=running).order_by("-movement__happened_on", "-movement", "-pk")


def counts_that_agreed(material: Material, places: Iterable[OrgUnit]) -> QuerySet[StockTaking]:
    """盘点 that found what the books said."""
    takings = StockTaking.objects.filter(batch__material=material, place__in=list(places), booked=F("counted"))
    return takings.select_related("movement__by", "batch", "place").order_by("-movement__happened_on", "-pk")


def _told(lines: QuerySet[Line]) -> QuerySet[Line]:
    return lines.select_related(
        "movement__by", "movement__reverses", "movement__reversed_by", "batch__material", "place"
    )


def stocks_at(places: Iterable[OrgUnit]) -> list[Stock]:
    """What lies there now, for choosing: material, batch, place and balance."""
    held = Stock.objects.filter(place__in=list(places), balance__gt=0)
    return list(held.select_related("batch__material", "place").order_by("batch__material__name", "batch", "place__path"))


def places_touched(movement: Movement) -> QuerySet[OrgUnit]:
    return OrgUnit.objects.filter(pk__in=movement.lines.values("place"))


def may_reverse(movement: Movement, places: Iterable[OrgUnit]) -> bool:
    """Whether somebody who keeps these places keeps every place of the entry."""
    touched = set(movement.lines.values_list("place", flat=True))
    return bool(touched) and touched <= {one.pk for one in places}


def material_of(movement: Movement) -> Material:
    """The first material of an entry; that of its 盘点 when it moved nothing."""
    line = movement.lines.select_related("batch__material").first()
    return line.batch.material if line else movement.taking.batch.material


def stocks_after(movement: Movement) -> list[Stock]:
    """The stocks an entry touched, as they are now."""
    lines = movement.lines.filter(account=Line.Account.STOCK).values_list("batch", "place")
    pairs = list(lines) or [(movement.taking.batch_id, movement.taking.place_id)]
    touched = Q()
    for batch, place in pairs:
        touched |= Q(batch=batch, place=place)
    return list(Stock.objects.filter(touched).select_related("batch__material", "place").order_by("pk"))


def ends_of(lines: Iterable[Line]) -> dict[int, list[OrgUnit]]:
    """The places of the entries of these lines, by entry. One query."""
    movements = {one.movement_id for one in lines}
    ends: dict[int, list[OrgUnit]] = {}
    for one in Line.objects.filter(movement__in=movements, account=Line.Account.STOCK).select_related("place"):
        ends.setdefault(one.movement_id, []).append(one.place)
    return ends


def reversible(lines: Iterable[Line], places: Iterable[OrgUnit]) -> set[int]:
    """The entries of these lines that somebody who keeps `places` may reverse."""
    own, ends = {one.pk for one in places}, ends_of(lines)
    return {
        one.movement_id
        for one in lines
        if one.movement.kind != Movement.Kind.REVERSE
        and not hasattr(one.movement, "reversed_by")
        and {end.pk for end in ends[one.movement_id]} <= own
    }


def entries_in(places: Iterable[OrgUnit], period: Period) -> list[Movement]:
    """Entries of a period that touch these places, in their order, with lines and 盘点: for the table of all entries."""
    touching = Q(lines__place__in=list(places)) | Q(taking__place__in=list(places))
    found = Movement.objects.filter(
        touching, happened_on__gte=period.starts_on, happened_on__lte=period.ends_on
    ).distinct()
    lines = Line.objects.filter(account=Line.Account.STOCK).select_related("batch__material", "place").order_by("quantity")
    return list(
        found.select_related("by", "taking__batch__material", "taking__place")
        .prefetch_related(Prefetch("lines", lines, to_attr="moves"))
        .order_by("happened_on", "pk")
    )
