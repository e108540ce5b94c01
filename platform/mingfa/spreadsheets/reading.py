"""Rows with their positions out of .xlsx (calamine) and CSV (UTF-8, UTF-16, GB18030)."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from mingfa.spreadsheets.archive import checked_workbook
from mingfa.spreadsheets.errors import SpreadsheetRefused
from mingfa.spreadsheets.limits import Limits
from mingfa.spreadsheets.writing import plain_cell

HEADER_ROWS = 10


@dataclass(frozen=True)
class Row:
    """number: as Excel shows it, from 1. cells: str, float, int, bool or a date; "" where empty."""

    number: int
    cells: tuple[Any, ...]

    def text(self, column: int | None) -> str:
        """The cell as trimmed text; "" for a column that does not exist."""
        if column is None or column >= len(self.cells):
            return ""
        return cell_text(self.cells[column])

    def value(self, column: int | None) -> Any:
        """The cell as the file has it: a number stays a number, so that lost digits can be noticed."""
        return "" if column is None or column >= len(self.cells) else self.cells[column]

    @property
    def is_blank(self) -> bool:
        return not any(cell_text(cell) for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """name: "" for CSV. rows: all rows from the first, blank ones included."""

    name: str
    rows: tuple[Row, ...]

    def rows_after(self, number: int) -> Iterator[Row]:
        """Rows below row `number` that hold something."""
        return (row for row in self.rows[number:] if not row.is_blank)


Sheets = list[Sheet]


@dataclass(frozen=True)
class Header:
    """row: number of the header row. columns: field → column index from 0, only fields that were found."""

    row: int
    columns: dict[str, int]

    def letters(self, field: str) -> str | None:
        """Column letters of a field for messages, None if the sheet has no such column."""
        index = self.columns.get(field)
        return None if index is None else column_letters(index)


def read_rows(source: str | Path | bytes, name: str, *, limits: Limits | None = None) -> Sheets:
    """All sheets of a workbook, or the one of a CSV file.

    source: path or the file's bytes. name: the user's file name, used only to tell CSV from other text.
    Raises SpreadsheetRefused: empty_file, file_too_large, old_format, unknown_format, unknown_encoding and
    the codes of `archive.checked_workbook`. Never reaches out to anything the file names.
    """
    limits = limits or Limits()
    data = _bytes(source, limits)
    if data.startswith(b"PK"):
        return _workbook(checked_workbook(data, limits))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetRefused(
            "old_format", "这是旧的 .xls 或加了密码的文件。请取消密码并另存为 .xlsx 后上传。"
        )
    if not name.lower().endswith((".csv", ".txt")):
        raise SpreadsheetRefused("unknown_format", "认不出这种文件。请上传 .xlsx 或 .csv 表格。")
    return [_csv_sheet(data, limits)]


def _bytes(source: str | Path | bytes, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        with Path(source).open("rb") as file:
            data = file.read(limits.file + 1)
    if not data.strip():
        raise SpreadsheetRefused("empty_file", "文件是空的。请检查是否选错了文件。")
    if len(data) > limits.file:
        raise SpreadsheetRefused(
            "file_too_large", f"文件超过 {limits.file // (1024 * 1024)} MB。请删去图片或分成几个文件。"
        )
    return data


def _workbook(data: bytes) -> Sheets:
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [
            Sheet(meta.name, _numbered(book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)))
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            and meta.visible == python_calamine.SheetVisibleEnum.Visible
        ]
    except (python_calamine.CalamineError, ValueError, OverflowError) as broken:
        raise SpreadsheetRefused(
            "broken_file", "文件已损坏，打不开。请用表格软件打开后另存为 .xlsx 再上传。"
        ) from broken


def _numbered(rows: list[list[Any]]) -> tuple[Row, ...]:
    return tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, 1))


def _csv_sheet(data: bytes, limits: Limits) -> Sheet:
    text = _decode(data)
    if len(text) > limits.text:
        raise SpreadsheetRefused("too_much_text", "表格里的文字总量太大，未读取。请分成几个文件。")
    if "\0" in text:
        raise SpreadsheetRefused(
            "unknown_format", "文件里有乱码，不是文字表格。请另存为 .xlsx 或 CSV 后上传。"
        )
    first_line = text[: text.find("\n") + 1] or text
    delimiter = max(",\t;，", key=first_line.count)
    rows, count = [], 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([plain_cell(cell) for cell in cells])
            if len(rows) > limits.rows:
                raise SpreadsheetRefused("too_many_rows", f"表格超过 {limits.rows} 行。请分成几个文件。")
            if len(cells) > limits.columns:
                raise SpreadsheetRefused(
                    "too_many_columns",
                    f"第 {len(rows)} 行有 {len(cells)} 列，最多读 {limits.columns} 列。",
                    row=len(rows),
                )
            count += len(cells)
            if count > limits.cells:
                raise SpreadsheetRefused(
                    "too_many_cells", f"表格超过 {limits.cells} 格，太大了。请删去用不到的列或分成几个文件。"
                )
    except csv.Error as broken:
        raise SpreadsheetRefused(
            "broken_file", f"第 {len(rows) + 1} 行读不下去，可能少了引号。请检查这一行。", row=len(rows) + 1
        ) from broken
    return Sheet("", _numbered(rows))


def _decode(data: bytes) -> str:
    """Text of a CSV file: a byte order mark decides, then UTF-8, then GB18030 (what Chinese Excel writes)."""
    codes = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for code in codes:
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise SpreadsheetRefused("unknown_encoding", "认不出文件的文字编码。请另存为“CSV UTF-8”或 .xlsx 后上传。")


def cell_text(value: Any) -> str:
    """A cell as trimmed text: whole numbers without a decimal point, dates as 2026-03-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value).strip()


def fold_label(text: str) -> str:
    """A heading in comparable form: full-width forms, inner blanks, line breaks and marks like * dropped."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).strip("*＊:").lower()


def find_header(
    sheet: Sheet, synonyms: Mapping[str, tuple[str, ...]], *, required: tuple[str, ...] = ()
) -> Header | None:
    """The header among the first ten rows, None if there is none.

    synonyms: field → headings that mean it. required: fields without which a row is no header.
    The row with most known headings wins, the upper one of two equal ones. A heading is used once, at its
    first place; note text in brackets behind it (“姓名(必填)”) does not matter.
    """
    names = {fold_label(word): field for field, words in synonyms.items() for word in words}
    best = None
    for row in sheet.rows[:HEADER_ROWS]:
        columns: dict[str, int] = {}
        for index, cell in enumerate(row.cells):
            label = fold_label(cell_text(cell))
            field = names.get(label) or names.get(label.split("(")[0])
            if field:
                columns.setdefault(field, index)
        complete = columns and all(field in columns for field in required)
        if complete and (best is None or len(columns) > len(best.columns)):
            best = Header(row.number, columns)
    return best


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
