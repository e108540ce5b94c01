"""Formulas by which a form would reach another file, program or host, wherever a workbook keeps formulas (fault catalogue IF2).

Besides its cells those are the rules of conditional formats, the conditions of data validations and the columns of tables.
"""
import re
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from mingfa.spreadsheets.errors import SpreadsheetRefused

# Functions and signs by which a formula reaches another file, program or host.
REACHES_OUT = re.compile(
    r"\[\d+\]|\[[^\]]*\.xl|\||://|\\\\"
    r"|\b(?:WEBSERVICE|HYPERLINK|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|IMAGE|DDE|IMPORT(?:DATA|FEED|HTML|RANGE|XML))\s*\(",
    re.IGNORECASE,
)
# The choices of a drop-down, written out: text in which a sign is only a sign.
_TEXT = re.compile(r'"[^"]*"')


def refuse_reaching_out(page: Worksheet) -> None:
    """Raises SpreadsheetRefused (unsafe_formula) with the place of the first one."""
    for row in page.iter_rows():
        for cell in row:
            if cell.data_type == "f" and REACHES_OUT.search(str(getattr(cell.value, "text", cell.value))):
                raise _unsafe(page, f"{cell.coordinate} 的公式", "改成数值", cell.row)
    for kind, place, formula in _rules(page):
        if REACHES_OUT.search(formula) and not _TEXT.fullmatch(formula):
            raise _unsafe(page, f"{place} 的{kind}里的公式", f"删去这条{kind}")


def drop_names_reaching_out(book: Workbook) -> None:
    """Names of the book and of its sheets; what used one says so when the form is opened."""
    for names in (book.defined_names, *(page.defined_names for page in book.worksheets)):
        for name in [name for name, one in names.items() if REACHES_OUT.search(one.value or "")]:
            del names[name]


def _rules(page: Worksheet) -> Iterator[tuple[str, str, str]]:
    """(what it belongs to, where, formula) of everything besides cells."""
    for one in page.conditional_formatting:
        for rule in one.rules:
            bounds = [bound for scale in (rule.colorScale, rule.dataBar, rule.iconSet) if scale for bound in scale.cfvo]
            for formula in (*rule.formula, *(bound.val for bound in bounds)):
                yield "条件格式", str(one.sqref), str(formula)
    for one in page.data_validations.dataValidation:
        for formula in (one.formula1, one.formula2):
            yield "数据有效性", str(one.sqref), formula or ""
    for table in page.tables.values():
        for column in table.tableColumns:
            for formula in (column.calculatedColumnFormula, column.totalsRowFormula):
                yield "表格列", table.ref, getattr(formula, "attr_text", None) or ""


def _unsafe(page: Worksheet, what: str, mend: str, row: int | None = None) -> SpreadsheetRefused:
    words = f"“{page.title}”{what}会打开别的文件或网址，未接收。请{mend}后上传。"
    return SpreadsheetRefused("unsafe_formula", words, sheet=page.title, row=row)
