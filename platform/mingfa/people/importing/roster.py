"""A workbook to checked entries: find the sheet and header, read row by row, find repeats."""
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

from mingfa.people.importing import fields
from mingfa.people.importing.columns import KEYS, LABELS, LONGEST, REQUIRED, SYNONYMS
from mingfa.people.names import fold_name
from mingfa.spreadsheets import Header, Row, Sheet, SheetError, cell_text, find_header, fold_label

TOTALS = ("合计", "总计", "小计", "共计")
NOTES = ("注", "说明", "备注", "填表", "审核", "制表", "填报")


@dataclass(frozen=True)
class Entry:
    """One person of the list. Personal numbers are plain here and only here; they are sealed before storing.

    row: number as Excel shows it. unit, section: names. category, duty_status: values of the models' choices.
    given: fields whose column exists and whose cell is not empty; what is not given is left as it is.
    """

    row: int
    name: str
    unit: str
    section: str = ""
    staff_number: str = ""
    identity: str = ""
    phone: str = ""
    birth_month: str = ""
    post: str = ""
    grade: str = ""
    category: str = ""
    duty_status: str = "on_duty"
    given: frozenset[str] = frozenset()

    @property
    def needs_unit_decision(self) -> bool:
        return self.duty_status in fields.UNIT_UNCERTAIN

    @property
    def not_due(self) -> bool:
        return self.duty_status in fields.NOT_DUE


@dataclass
class Roster:
    """header_row: None if no sheet has a header. entries: rows without findings, and those whose only finding is
    an unknown unit in `undecided`. skipped: (row, text) of rows that are no people."""

    header_row: int | None = None
    entries: list[Entry] = field(default_factory=list)
    undecided: list[Entry] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)


def read_roster(sheets: list[Sheet], known_units: Container[str]) -> Roster:
    """Read the one sheet with a header. known_units: names that exist, or will, when the list is applied."""
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet, SYNONYMS, required=REQUIRED))]
    roster = Roster()
    if not found:
        roster.errors.append(
            SheetError("", None, None, "no_header", "前 10 行里没有找到表头。表头要有“姓名”和“单位”两列。")
        )
        return roster
    if len(found) > 1:
        names = "、".join(sheet.name for sheet, _ in found)
        roster.errors.append(
            SheetError("", None, None, "several_sheets", f"有 {len(found)} 张工作表都像花名册：{names}。请只留一张。")
        )
        return roster
    sheet, header = found[0]
    roster.header_row = header.row
    if not any(key in header.columns for key in KEYS):
        roster.errors.append(
            SheetError(sheet.name, header.row, None, "no_key_column", "表头里要有工号、手机号或身份证号中的一列。")
        )
        return roster
    _read_rows(sheet, header, known_units, roster)
    return roster


def _read_rows(sheet: Sheet, header: Header, known_units: Container[str], roster: Roster) -> None:
    seen = _Seen()
    for row in sheet.rows_after(header.row):
        reason = _no_person(row, header)
        if reason:
            roster.skipped.append((row.number, reason))
            continue
        reader = _RowReader(sheet.name, header, row)
        entry = reader.entry()
        repeat = seen.repeat_of(entry)
        if repeat:
            reader.add(repeat.field, f"duplicate_{repeat.word}_of_row_{repeat.row}", repeat.message, repeat.row)
        seen.remember(entry)
        unknown = bool(entry.unit) and entry.unit not in known_units
        if not reader.errors:
            (roster.undecided if unknown else roster.entries).append(entry)
        if unknown:
            reader.add("unit", "unknown_unit", f"没有叫“{entry.unit}”的单位。请改成系统里的名称，或先新增这个单位。")
        roster.errors.extend(reader.errors)


def _no_person(row: Row, header: Header) -> str:
    """The text by which a row shows that it is a total, a note or a repeated header; "" for people."""
    filled = [text for cell in row.cells if (text := cell_text(cell))]
    first = fold_label(filled[0])
    if first.startswith(TOTALS):
        return next(word for word in TOTALS if first.startswith(word))
    if len(filled) <= 2 and first.startswith(NOTES):
        return filled[0][:30]
    if fold_label(row.text(header.columns["name"])) in SYNONYMS["name"]:
        return "表头"
    return ""


class _RowReader:
    """Reads one row and collects everything that is wrong with it."""

    def __init__(self, sheet: str, header: Header, row: Row):
        self.sheet, self.header, self.row = sheet, header, row
        self.errors: list[SheetError] = []

    def add(self, name: str, code: str, message: str, other: int | None = None) -> None:
        self.errors.append(
            SheetError(self.sheet, self.row.number, self.header.letters(name), code, message, other)
        )

    def entry(self) -> Entry:
        name = fold_name(self._text("name"))
        if not name:
            self.add("name", "no_name", "没有填姓名。")
        elif any(mark.isdigit() for mark in name):
            self.add("name", "bad_name", f"姓名“{name[:20]}”里有数字。请核对。")
        unit = "".join(self._text("unit").split())
        if not unit:
            self.add("unit", "no_unit", "没有填单位。")
        identity, born = self._read("identity", fields.read_identity, ("", ""))
        values = {
            "staff_number": "".join(self._text("staff_number").split()),
            "identity": identity,
            "phone": self._read("phone", fields.read_phone, ""),
        }
        if not any(values.values()) and not self.errors:
            self.add("identity", "no_key", "工号、手机号、身份证号至少要填一个，否则分不清同名的人。")
        return Entry(
            row=self.row.number,
            name=name,
            unit=unit,
            section="".join(self._text("section").split()),
            birth_month=self._read("birth_month", fields.read_birth_month, "") or born,
            post=self._text("post"),
            grade=self._text("grade"),
            category=self._read("category", fields.read_category, ""),
            duty_status=self._read("duty_status", fields.read_duty_status, "on_duty"),
            given=frozenset(name for name in SYNONYMS if self.row.text(self.header.columns.get(name))),
            **values,
        )

    def _text(self, name: str) -> str:
        text = self.row.text(self.header.columns.get(name))
        if len(text) > LONGEST[name]:
            self.add(name, "too_long", f"{LABELS[name]}有 {len(text)} 个字，最多 {LONGEST[name]} 个。")
        return text

    def _read(self, name: str, read: Callable[[Any], Any], empty: Any) -> Any:
        try:
            return read(self.row.value(self.header.columns.get(name)))
        except fields.CellError as wrong:
            self.add(name, wrong.code, wrong.message)
            return empty


@dataclass(frozen=True)
class _Repeat:
    row: int
    field: str
    word: str
    message: str


class _Seen:
    """Who stood in an earlier row. Two people of one name are two; one person twice is reported (IF11)."""

    def __init__(self):
        self.by: dict[tuple[str, str], Entry] = {}

    def remember(self, entry: Entry) -> None:
        for name in KEYS:
            if value := getattr(entry, name):
                self.by.setdefault((name, value), entry)

    def repeat_of(self, entry: Entry) -> _Repeat | None:
        for name, word in (("identity", "id"), ("staff_number", "staff_number")):
            other = self.by.get((name, getattr(entry, name)))
            if other:
                return _Repeat(other.row, name, word, f"{LABELS[name]}和第 {other.row} 行相同。请核对是不是同一个人。")
        other = self.by.get(("phone", entry.phone))
        if other and not _told_apart(entry, other):
            return _Repeat(other.row, "phone", "phone", f"手机号和第 {other.row} 行相同。请核对是不是同一个人。")
        return None


def _told_apart(one: Entry, two: Entry) -> bool:
    """Whether two rows with one telephone number are surely two people: other identity or staff numbers."""
    return any(
        getattr(one, name) and getattr(two, name) and getattr(one, name) != getattr(two, name)
        for name in ("identity", "staff_number")
    )
