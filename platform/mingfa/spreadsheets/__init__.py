"""Rows out of Excel and CSV files with their positions, and tables back into Excel, safe in both directions.

    sheets = read_rows(upload, "花名册.xlsx")
    header = find_header(sheets[0], {"name": ("姓名",)})
    for row in sheets[0].rows_after(header.row): ...

Hostile or unreadable files raise SpreadsheetRefused. The header is looked for in the first ten rows, in any
order, with blanks folded. `row.number` counts as Excel shows it.

What a row contains is judged by the caller, who reports findings as `SheetError` values.
"""

from mingfa.spreadsheets.archive import xml_parts
from mingfa.spreadsheets.errors import SheetError, SpreadsheetRefused
from mingfa.spreadsheets.extents import refuse_declarations
from mingfa.spreadsheets.limits import Limits
from mingfa.spreadsheets.reading import (
    Header,
    Row,
    Sheet,
    Sheets,
    cell_text,
    column_letters,
    find_header,
    fold_label,
    read_rows,
)
from mingfa.spreadsheets.writing import (
    XLSX,
    Extra,
    digest_of_rows,
    export_xlsx,
    extra_sheet,
    plain_cell,
    safe_cell,
    source_line,
    write_csv,
    write_xlsx,
)

__all__ = [
    "XLSX",
    "Extra",
    "Header",
    "Limits",
    "Row",
    "Sheet",
    "SheetError",
    "Sheets",
    "SpreadsheetRefused",
    "cell_text",
    "column_letters",
    "digest_of_rows",
    "export_xlsx",
    "extra_sheet",
    "find_header",
    "fold_label",
    "plain_cell",
    "read_rows",
    "refuse_declarations",
    "safe_cell",
    "source_line",
    "write_csv",
    "write_xlsx",
    "xml_parts",
]
