"""Tables into Excel and CSV that no program runs as formulas (compliance D2, fault catalogue IF4)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

# The content type of what write_xlsx makes.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What Excel, WPS and LibreOffice take for the start of a formula or of a new cell, half and full width.
RISKY = "=+\\-@\t\r\n＝＋－＠﹢﹣﹦﹫−"
NEEDS_MARK = re.compile(f"'*[{RISKY}]")
MARKED = re.compile(f"'+[{RISKY}]")


def safe_cell(value: Any) -> Any:
    """The value for a CSV cell: text that could start a formula gets an apostrophe in front, numbers stay."""
    if isinstance(value, str) and NEEDS_MARK.match(value):
        return "'" + value
    return value


def plain_cell(value: str) -> str:
    """What `safe_cell` was given: takes off the apostrophe it put in front, and no other."""
    return value[1:] if MARKED.match(value) else value


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file as UTF-8 with byte order mark, which Chinese Excel opens without asking."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "数据",
    title: str = "",
    widths: Sequence[int] = (),
    choices: dict[int, Sequence[str]] | None = None,
) -> bytes:
    """An Excel file with one sheet. Text is always written as text, so reading it back gives the same text.

    title: a line above the header. widths: column widths in characters. choices: column index → words offered
    in a drop-down for the rows below the header (they are a help, other words can still be typed).
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True})
    # Quote prefix is Excel's own mark for “this is text”: it stays text even after somebody edits the cell.
    text = book.add_format({"quote_prefix": True, "num_format": "@"})
    bold = book.add_format({"bold": True, "quote_prefix": True, "bottom": 1})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    top = 0
    if title:
        page.write_string(0, 0, title, bold)
        top = 1
    for column, label in enumerate(header):
        page.write_string(top, column, label, bold)
        page.set_column(column, column, widths[column] if column < len(widths) else 16, text)
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            _write(page, number, column, value, text, date)
    for column, words in (choices or {}).items():
        page.data_validation(
            top + 1,
            column,
            top + 2000,
            column,
            {"validate": "list", "source": list(words), "error_type": "warning"},
        )
    page.freeze_panes(top + 1, 0)
    book.close()
    return out.getvalue()


def _write(page, row: int, column: int, value: Any, text, date) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, value, text)
    elif isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", text)
    elif hasattr(value, "isoformat"):
        page.write_datetime(row, column, value, date)
    else:
        page.write_number(row, column, value)
