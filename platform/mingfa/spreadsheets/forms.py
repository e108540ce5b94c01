"""Somebody else's Excel form: read it with its looks, put values into its cells, give it back.

    form = checked_form(upload)              # hostile or unreadable files raise SpreadsheetRefused
    grids(form)                              # what stands where, for choosing cells
    filled(form, {("表1", "C7"): 128})       # the same form with the values; formulas and looks stay

Everything is bounded and every part that is not XML is left out before a parser sees it (archive.py). Pictures, comments,
macros and links to other files do not survive; formulas that could reach out of the file are refused.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.cell.cell import MergedCell

from mingfa.spreadsheets.archive import checked_workbook
from mingfa.spreadsheets.errors import SpreadsheetRefused
from mingfa.spreadsheets.extents import check_reach
from mingfa.spreadsheets.limits import MEGABYTE, Limits
from mingfa.spreadsheets.reaching import drop_names_reaching_out, refuse_reaching_out
from mingfa.spreadsheets.reading import cell_text

LIMITS = Limits(file=5 * MEGABYTE, unpacked=8 * MEGABYTE, rows=3000, columns=120, cells=150_000, text=2_000_000)
SHOWN_ROWS, SHOWN_COLUMNS = 200, 40
LONGEST_TITLE = 31  # of a sheet, as Excel has it
CELL = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,3}", re.ASCII)
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_KEPT = ("/table", "/hyperlink")


def checked_form(data: bytes) -> bytes:
    """The form as it will be kept: everything that is not needed to fill it is gone.

    Raises SpreadsheetRefused: empty_file, file_too_large, old_format, not_a_workbook, unsafe_formula and the codes of
    `archive.checked_workbook`.
    """
    if not data.strip():
        raise SpreadsheetRefused("empty_file", "文件是空的。请检查是否选错了文件。")
    if len(data) > LIMITS.file:
        raise SpreadsheetRefused("file_too_large", f"文件超过 {LIMITS.file // MEGABYTE} MB。请删去图片后上传。")
    if not data.startswith(b"PK"):
        raise SpreadsheetRefused("old_format", "这不是 .xlsx 表格。旧的 .xls 或加了密码的文件，请取消密码并另存为 .xlsx。")
    bare = _without_attachments(checked_workbook(data, LIMITS))
    check_reach(_parts(bare), LIMITS)
    out = io.BytesIO()
    book = _opened(bare)
    for page in book.worksheets:
        if len(page.title) > LONGEST_TITLE:
            raise SpreadsheetRefused("broken_file", f"工作表名“{page.title[:20]}…”超过 {LONGEST_TITLE} 字。请改短后上传。")
        refuse_reaching_out(page)
    drop_names_reaching_out(book)
    book.save(out)
    return out.getvalue()


def _parts(data: bytes) -> Iterator[bytes]:
    """All of them: a sheet may lie under any name."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            yield book.read(name)


def _without_attachments(data: bytes) -> bytes:
    """The workbook without what its sheets point to besides tables and links: those parts are not there any more."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name.startswith("xl/worksheets/_rels/"):
                content = _kept_relations(content)
            after.writestr(name, content)
    return out.getvalue()


def _kept_relations(content: bytes) -> bytes:
    root = ElementTree.fromstring(content)  # noqa: S314 - archive.py has refused every declaration
    for one in list(root.iter(_RELS)):
        if not one.get("Type", "").endswith(_KEPT):
            root.remove(one)
    return ElementTree.tostring(root)


def _opened(data: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that it leaves out
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
        except Exception as broken:
            # The library has no word of its own for a file that it cannot read; it fails in every way there is.
            raise SpreadsheetRefused("broken_file", "文件已损坏，打不开。请用表格软件打开后另存为 .xlsx 再上传。") from broken
    if not book.worksheets:
        raise SpreadsheetRefused("not_a_workbook", "文件里没有工作表。")
    return book


@dataclass(frozen=True)
class Cell:
    """place: “C7”. text: what stands there; of a formula its result is not known. free: a value can be put there."""

    place: str
    text: str
    formula: bool
    free: bool


@dataclass(frozen=True)
class Grid:
    """One sheet, as far as it is shown. columns: letters. rows: (number, cells). more: whether something is cut off."""

    name: str
    columns: list[str]
    rows: list[tuple[int, list[Cell]]]
    more: bool


def grids(form: bytes) -> list[Grid]:
    """Every sheet of a form that `checked_form` has let in."""
    return [_grid(page) for page in _opened(form).worksheets]


def _grid(page) -> Grid:
    height, width = min(page.max_row, SHOWN_ROWS), min(page.max_column, SHOWN_COLUMNS)
    rows = [
        (row[0].row, [_cell(one) for one in row])
        for row in page.iter_rows(min_row=1, max_row=height, max_col=width)
    ]
    columns = [openpyxl.utils.get_column_letter(number) for number in range(1, width + 1)]
    return Grid(page.title, columns, rows, page.max_row > height or page.max_column > width)


def _cell(cell) -> Cell:
    merged = isinstance(cell, MergedCell)
    formula = not merged and cell.data_type == "f"
    text = "" if merged or formula else cell_text(cell.value)
    return Cell(cell.coordinate, text, formula, not (merged or formula))


class PlaceTaken(Exception):
    """A value cannot be put there. `sheet`, `place`; `why`: missing (no such sheet or cell), merged, formula."""

    def __init__(self, sheet: str, place: str, why: str):
        super().__init__(sheet, place, why)
        self.sheet, self.place, self.why = sheet, place, why


def check_places(form: bytes, sheet: str, places: Iterable[str]) -> None:
    """Raises PlaceTaken for the first place where no value can be put."""
    book = _opened(form)
    for place in places:
        _target(book, sheet, place)


def free_places(form: bytes) -> set[tuple[str, str]]:
    """Every (sheet, place) of a form where a value can be put, as far as the form reaches."""
    return {
        (page.title, cell.coordinate)
        for page in _opened(form).worksheets for row in page.iter_rows() for cell in row
        if not isinstance(cell, MergedCell) and cell.data_type != "f"
    }  # fmt: skip


def _target(book, sheet: str, place: str):
    if sheet not in book.sheetnames or not CELL.fullmatch(place):
        raise PlaceTaken(sheet, place, "missing")
    cell = book[sheet][place]
    if isinstance(cell, MergedCell):
        raise PlaceTaken(sheet, place, "merged")
    if cell.data_type == "f":
        raise PlaceTaken(sheet, place, "formula")
    return cell


def names_down(form: bytes, sheet: str, column: str, first: int, last: int) -> list[tuple[int, str]]:
    """(row, text) of a column between two rows, blanks left out. Raises PlaceTaken for a sheet or column there is not."""
    book = _opened(form)
    if sheet not in book.sheetnames or not CELL.fullmatch(f"{column}{first}"):
        raise PlaceTaken(sheet, f"{column}{first}", "missing")
    page = book[sheet]
    found = []
    for row in range(first, min(last, page.max_row) + 1):
        if text := cell_text(page[f"{column}{row}"].value):
            found.append((row, text))
    return found


@dataclass(frozen=True)
class Percent:
    """A rate in per cent (99.2): written so, and as its share (0.992) where the cell is formatted as per cent."""

    value: Decimal


def filled(form: bytes, values: Mapping[tuple[str, str], Any]) -> bytes:
    """The form with these values in place of what stood there; None empties the cell.

    values: (sheet, place) → number, Percent or text. Text is written as text, never as a formula. Whatever the form works
    out itself is worked out anew when it is opened. Raises PlaceTaken, and nothing is made.
    """
    book = _opened(form)
    for (sheet, place), value in values.items():
        cell = _target(book, sheet, place)
        if isinstance(value, Percent):
            value = value.value / 100 if "%" in cell.number_format else value.value
        cell.value = value
        if isinstance(value, str):
            cell.data_type, cell.quotePrefix = "s", True
    book.calculation.fullCalcOnLoad = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
