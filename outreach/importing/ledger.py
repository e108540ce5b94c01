"""Rows of the office's own ledger to entries: reads cells, names columns, tells what is wrong where. Pure.

One row is one entry. Names stay names here; `resolve` in `outreach.ledgers` finds what they mean.
"""
import re
from dataclasses import dataclass
from datetime import date, timedelta

from mingfa.spreadsheets import Header, Row, SheetError, Sheets, cell_text, find_header

# field → headings, compared with blanks and full-width forms folded; the first is what we write.
COLUMNS: dict[str, tuple[str, ...]] = {
    "day": ("日期", "时间", "登记日期", "发放日期"),
    "kind": ("事项", "类型", "业务类型", "出入库"),
    "material": ("品名", "资料名称", "宣传资料", "名称", "宣传品名称"),
    "category": ("类别", "资料类别", "种类"),
    "label": ("印制批次", "批次"),
    "quantity": ("数量", "份数", "数量(份)", "件数"),
    "place": ("存放单位", "地点", "单位", "仓库", "镇街"),
    "to": ("调往", "调入单位", "调拨到镇街", "退到"),
    "spot": ("发放地点", "活动", "活动或点位", "发放对象"),
    "note": ("说明", "备注", "原因"),
}
REQUIRED = ("day", "kind", "material", "quantity", "place")
LABELS = {field: words[0] for field, words in COLUMNS.items()}
KINDS = {
    "入库": "receive", "印制入库": "receive", "调拨": "transfer", "调出": "transfer", "发放": "hand_out", "退回": "send_back",
    "损耗": "lose", "报损": "lose", "盘点": "count",
}  # fmt: skip
LONGEST = {"material": 80, "label": 40, "spot": 100, "note": 200}
# A file holds so many entries; more are more files.
MOST_ROWS = 5_000
EXCEL_EPOCH = date(1899, 12, 30)
WRITTEN_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class Read:
    """One row as it was read. `quantity` of a 盘点 is what was counted."""

    row: int
    day: date
    kind: str
    material: str
    quantity: int
    place: str
    category: str = ""
    label: str = ""
    to: str = ""
    spot: str = ""
    note: str = ""


@dataclass(frozen=True)
class Parsed:
    """sheet, header: for messages about cells. errors: every finding of the whole file."""

    sheet: str
    header: Header | None
    rows: tuple[Read, ...]
    errors: tuple[SheetError, ...]

    def error(self, row: int, field: str, code: str, message: str) -> SheetError:
        return SheetError(self.sheet, row, self.header.letters(field) if self.header else None, code, message)


def read_ledger(sheets: Sheets, *, today: date) -> Parsed:
    """The entries of the first sheet that has the headings, with an error for each cell that cannot be understood."""
    for sheet in sheets:
        header = find_header(sheet, COLUMNS, required=REQUIRED)
        if header is not None:
            break
    else:
        words = "、".join(LABELS[field] for field in REQUIRED)
        return Parsed("", None, (), (SheetError("", None, None, "no_header", f"没有找到表头。要有这些列：{words}"),))
    reader = _Reader(sheet.name, header, today)
    rows = [row for row in sheet.rows_after(header.row) if not _is_sum(row, header)]
    if len(rows) > MOST_ROWS:
        message = f"一个文件最多 {MOST_ROWS} 笔，这里有 {len(rows)} 笔。请分成几个文件"
        return Parsed(sheet.name, header, (), (SheetError(sheet.name, None, None, "too_many", message),))
    read = tuple(one for one in map(reader.row, rows) if one)
    if not read and not reader.errors:
        reader.errors.append(SheetError(sheet.name, None, None, "empty", "表头下面没有内容"))
    return Parsed(sheet.name, header, read, tuple(reader.errors))


def _is_sum(row: Row, header: Header) -> bool:
    """合计 at the foot of a table is no entry."""
    return any(row.text(column).replace(" ", "").replace("　", "") in ("合计", "总计", "小计") for column in (
        0, header.columns["material"]))  # fmt: skip


class _Reader:
    def __init__(self, sheet: str, header: Header, today: date):
        self.sheet, self.header, self.today = sheet, header, today
        self.errors: list[SheetError] = []

    def row(self, row: Row) -> Read | None:
        before = len(self.errors)
        kind = self._kind(row)
        values = {
            "day": self._day(row), "kind": kind, "quantity": self._quantity(row, kind),
            **{field: self._text(row, field) for field in ("material", "category", "label", "place", "to", "spot", "note")},
        }  # fmt: skip
        for field in ("material", "place", *_needs(kind)):
            if not values[field]:
                self._wrong(row, field, "missing", f"{LABELS[field]}没有填")
        return None if len(self.errors) > before else Read(row=row.number, **values)

    def _kind(self, row: Row) -> str:
        word = self._text(row, "kind")
        if word == "冲正":
            self._wrong(row, "kind", "reversal", "冲正要在系统里对着原来的一笔办理，不能导入")
        elif word not in KINDS:
            known = "、".join(dict.fromkeys(["入库", "调拨", "发放", "退回", "损耗", "盘点"]))
            self._wrong(row, "kind", "unknown_kind", f"事项“{word[:20]}”看不懂。可以写：{known}")
        return KINDS.get(word, "")

    def _day(self, row: Row) -> date | None:
        day = read_day(row.value(self.header.columns["day"]))
        if day is None:
            self._wrong(row, "day", "day", "日期看不懂。请写成 2026-12-04 的样子")
        elif day > self.today:
            self._wrong(row, "day", "future", "这一天还没有到。台账只记已经发生的事")
        return day

    def _quantity(self, row: Row, kind: str) -> int:
        text = row.text(self.header.columns["quantity"]).replace(",", "").replace("，", "")
        text = re.sub(r"\s*[份件张本册]$", "", text)
        least = 0 if kind == "count" else 1
        if not (text.isascii() and text.isdigit() and len(text) <= 8 and int(text) >= least):
            self._wrong(row, "quantity", "quantity", f"数量要是不小于 {least} 的整数")
            return 0
        return int(text)

    def _text(self, row: Row, field: str) -> str:
        text = " ".join(row.text(self.header.columns.get(field)).split())
        if len(text) > LONGEST.get(field, 100):
            self._wrong(row, field, "too_long", f"{LABELS[field]}最多 {LONGEST.get(field, 100)} 字")
        return text

    def _wrong(self, row: Row, field: str, code: str, message: str) -> None:
        self.errors.append(SheetError(self.sheet, row.number, self.header.letters(field), code, message))


def _needs(kind: str) -> tuple[str, ...]:
    """What a row of this kind needs besides what every row needs."""
    return {"transfer": ("to",), "send_back": ("to",), "hand_out": ("spot",), "lose": ("note",)}.get(kind, ())


def read_day(value) -> date | None:
    """A date out of an Excel date, its serial number or 2026-12-4, 2026.12.4, 2026年12月4日; None for anything else."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, float) and value.is_integer() and 36_000 < value < 74_000:
        return EXCEL_EPOCH + timedelta(days=int(value))
    match = WRITTEN_DAY.fullmatch("".join(cell_text(value).split()).split("T")[0])
    if not match:
        return None
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None

