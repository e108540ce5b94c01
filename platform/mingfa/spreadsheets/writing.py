"""Tables into Excel and CSV that no program runs as formulas (compliance D2, fault catalogue IF4)."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from mingfa.wording import moment

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


@dataclass(frozen=True)
class Extra:
    """A further sheet of a file: a table that stands beside the first one on the page. `source` as of `write_xlsx`."""

    sheet: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    title: str
    source: str
    widths: Sequence[int] = ()


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "数据",
    title: str = "",
    widths: Sequence[int] = (),
    choices: dict[int, Sequence[str]] | None = None,
    filters: bool = False,
    source: str = "",
    beside: Sequence[Extra] = (),
) -> bytes:
    """An Excel file with one sheet, and one for each table `beside` it. Text is always written as text, so reading it back
    gives the same text.

    title: a line above the header. widths: column widths in characters. choices: column index → words offered
    in a drop-down for the rows below the header (they are a help, other words can still be typed). filters: a filter
    on every column. source: a line below the rows that says where they come from.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True})
    # Quote prefix is Excel's own mark for “this is text”: it stays text even after somebody edits the cell.
    text = book.add_format({"quote_prefix": True, "num_format": "@"})
    bold = book.add_format({"bold": True, "quote_prefix": True, "bottom": 1})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    formats = (text, bold, date, stamp)
    page, top = _fill(book, sheet, header, rows, title, widths, formats, filters, source)
    for column, words in (choices or {}).items():
        page.data_validation(
            top + 1,
            column,
            top + 2000,
            column,
            {"validate": "list", "source": list(words), "error_type": "warning"},
        )
    for one in beside:
        _fill(book, one.sheet, one.header, one.rows, one.title, one.widths, formats, True, one.source)
    book.close()
    return out.getvalue()


def _fill(book, sheet, header, rows, title, widths, formats, filters, source):
    """A sheet with everything on it but drop-downs. Returns it with the row of its header."""
    text, bold, date, stamp = formats
    page = book.add_worksheet(sheet)
    top = 0
    if title:
        page.write_string(0, 0, title, bold)
        top = 1
    for column, label in enumerate(header):
        page.write_string(top, column, label, bold)
        page.set_column(column, column, widths[column] if column < len(widths) else 16, text)
    number = top
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            _write(page, number, column, value, (text, date, stamp))
    page.freeze_panes(top + 1, 0)
    if filters:
        page.autofilter(top, 0, max(number, top + 1), len(header) - 1)
    if source:
        page.write_string(number + 2, 0, source, text)
    return page, top


def export_xlsx(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str, title: str, of: str, now: datetime,
    widths: Sequence[int] = (), beside: Sequence[Extra] = (), importable: bool = False,
) -> bytes:  # fmt: skip
    """A table of the product as its readers take it away: title, filters, frozen header, and a line below the rows that
    says where they come from, as of when, how many they are, and the digest of their content.

    of: the page it comes from, in words: “成绩单”. importable: the table can be read in again, so nothing stands above or below
    it, and the line has a sheet of its own.
    """
    rows = [tuple(row) for row in rows]
    source = source_line(header, rows, of=of, now=now)
    if importable:
        origin = Extra("来源", ("来源",), [(source,)], title="", source="", widths=(120,))
        return write_xlsx(header, rows, sheet=sheet, widths=widths, filters=True, beside=[*beside, origin])
    return write_xlsx(header, rows, sheet=sheet, title=title, widths=widths, filters=True, source=source, beside=beside)


def extra_sheet(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str, title: str, of: str, now: datetime,
    widths: Sequence[int] = (),
) -> Extra:  # fmt: skip
    """What `export_xlsx` makes, as a sheet `beside` another table."""
    rows = [tuple(row) for row in rows]
    return Extra(sheet, header, rows, title=title, source=source_line(header, rows, of=of, now=now), widths=widths)


def source_line(header: Sequence[str], rows: Sequence[Sequence[Any]], *, of: str, now: datetime) -> str:
    """Where the rows come from, as of when, how many they are, and the digest of their content."""
    return f"来源：明法 {of}，截至 {moment(now)}，共 {len(rows)} 行。内容摘要 SHA-256 {digest_of_rows(header, rows)}"


def digest_of_rows(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over header and cells as text, in order: the same table gives the same digest on every machine."""
    told = [[str(_here(cell)) for cell in row] for row in (header, *rows)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _here(value: Any) -> Any:
    """A moment in Beijing time, to the second as Excel keeps it; anything else as it is."""
    if not isinstance(value, datetime):
        return value
    return (timezone.localtime(value) if timezone.is_aware(value) else value).replace(microsecond=0, tzinfo=None)


def _write(page, row: int, column: int, value: Any, formats) -> None:
    text, date, stamp = formats
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, value, text)
    elif isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", text)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, _here(value), stamp)
    elif hasattr(value, "isoformat"):
        page.write_datetime(row, column, value, date)
    else:
        page.write_number(row, column, value)
