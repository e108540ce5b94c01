"""The ledger as the office's own Excel tables: all entries (which can be read back), the totals, the empty table."""
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from mingfa.bank.heads import FEWEST, OTHERS
from mingfa.people.models import OrgUnit
from mingfa.periods import Period
from mingfa.spreadsheets import export_xlsx, write_xlsx

from . import activities, effects, queries, quizzes
from .importing.ledger import LABELS
from .models import Batch, Material, Movement
from .wording import place_name

FIELDS = ("day", "kind", "material", "category", "label", "quantity", "place", "to", "spot", "note")
ENTRIES = (*(LABELS[field] for field in FIELDS), "经办")
TOTALS = ("品名", "类别", "涉及法律", "规格", "上期结存", "入库", "调入", "调出", "发放", "损耗", "盘点", "结存", "单位")
WIDTHS = (12, 8, 28, 12, 16, 10, 18, 18, 28, 28, 12)


def template_xlsx() -> bytes:
    """The empty table with drop-downs."""
    kinds = [label for value, label in Movement.Kind.choices if value != Movement.Kind.REVERSE]
    choices = {1: kinds, 3: Material.Category.labels}
    return write_xlsx(ENTRIES[:-1], [], sheet="宣传资料台账", widths=WIDTHS, choices=choices)


def entries_xlsx(places: Iterable[OrgUnit], period: Period) -> tuple[bytes, int]:
    """All entries of a period, and how many rows that is. No line below them: the table can be read back."""
    rows = [row for entry in queries.entries_in(places, period) for row in _rows(entry)]
    return write_xlsx(ENTRIES, rows, sheet="宣传资料台账", widths=WIDTHS, filters=True), len(rows)


def totals_xlsx(places: Iterable[OrgUnit], period: Period, *, now: datetime) -> tuple[bytes, int]:
    """A row for each material, and how many there are."""
    rows = queries.totals_by_material(places, period)
    table = [
        (
            one.name, one.get_category_display(), one.law.title if one.law else "", one.size, sums.opening,
            sums.printed, sums.brought, sums.sent, sums.handed, sums.lost, sums.counted, sums.stock, one.measure,
        )
        for one, sums in ((row.subject, row.totals) for row in rows)
    ]  # fmt: skip
    title = f"宣传资料台账 {period.label}"
    return export_xlsx(TOTALS, table, sheet="汇总", title=title, of="资料台账", now=now, widths=(28, 12, 24, 18)), len(table)


def coverage_xlsx(rows: Iterable[activities.Coverage], period: Period) -> tuple[bytes, int]:
    """The matrix of places and months as shown, and how many places that is."""
    months = [f"{one.month} 月" for one in activities.months_of(period)]
    table = [(one.unit.name + ("本级" if one.alone else ""), *one.months, one.total, one.copies) for one in rows]
    header, title = ("地方", *months, "活动场次", "发放份数"), f"镇街覆盖 {period.label}"
    return write_xlsx(header, table, sheet="覆盖", title=title, widths=(24,)), len(table)


def codes_xlsx(places: Iterable[OrgUnit]) -> tuple[bytes, int]:
    """Every code with how many people answered, and how many codes that is: counts, nothing of anybody."""
    table = [
        (
            one.quiz.name, one.unit.name, str(one.batch or one.activity or one.spot), one.get_phase_display(),
            timezone.localdate(one.created_at), one.begun, one.finished, "已停用" if one.retired_at else "在用",
        )
        for one in quizzes.codes_of(places)
    ]  # fmt: skip
    header = ("扫码答题", "地方", "印在、贴在哪里", "何时扫", "建立日期", "答题人次", "答完人次", "状态")
    return write_xlsx(header, table, sheet="扫码答题", widths=(24, 18, 32, 12, 12)), len(table)


def effects_xlsx(places: list[OrgUnit], year: int) -> tuple[bytes, int]:
    """What the page of effects shows, small groups folded as there, and how many lines that is."""
    names = {one.path: one.name for one in places} | {OTHERS: "其他地方合计"}
    table = []
    for one in effects.effects(places, year):
        groups = [*((names.get(path, "别处"), cells) for path, cells in one.towns), ("合计", one.total)]
        for name, cells in groups:
            for phase in (phase for phase in effects.PHASES if phase in cells):
                held = cells[phase]
                table.append((one.belief.name, name, phase.label, held.held, held.asked, f"{held.percent}%"))
    header, source = ("误区", "地方", "何时答", "选错人次", "答题人次", "占比"), f"不到 {FEWEST} 人的地方不单独列"
    return write_xlsx(header, table, sheet=f"{year} 年宣传效果", widths=(32, 18), source=source), len(table)


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
