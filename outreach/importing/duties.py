"""Rows of a 普法责任清单: reads cells, names columns, tells what is wrong where. Pure."""
from dataclasses import dataclass

from mingfa.spreadsheets import Header, Row, SheetError, Sheets, find_header

# field → headings; the first is what we write.
COLUMNS: dict[str, tuple[str, ...]] = {
    "unit": ("责任单位", "单位", "普法责任主体"),
    "subject": ("普法内容", "普法内容（法律法规）", "法律法规", "重点普法内容"),
    "audience": ("重点对象", "普法对象", "对象"),
    "ways": ("普法形式", "普法形式/载体", "形式", "载体", "主要措施"),
    "due": ("时间节点", "完成时限", "时间"),
    "leader": ("责任领导", "分管领导"),
    "section": ("责任科室", "责任部门"),
    "officer": ("责任人", "联系人"),
    "standard": ("标准", "标准/频次", "频次", "目标"),
}
LABELS = {field: words[0] for field, words in COLUMNS.items()}
LONGEST = {"unit": 100, "due": 60, "leader": 60, "section": 60, "officer": 60}
MOST_ROWS = 2_000


@dataclass(frozen=True)
class DutyRow:
    row: int
    unit: str
    subject: str
    words: dict[str, str]


@dataclass(frozen=True)
class ParsedDuties:
    """errors: every finding of the whole file."""

    sheet: str
    header: Header | None
    rows: tuple[DutyRow, ...]
    errors: tuple[SheetError, ...]

    def error(self, row: int, field: str, code: str, message: str) -> SheetError:
        return SheetError(self.sheet, row, self.header.letters(field) if self.header else None, code, message)


def read_duties(sheets: Sheets) -> ParsedDuties:
    """The rows of the first sheet that has the headings. Without a 责任单位 they are of the unit that imports."""
    for sheet in sheets:
        header = find_header(sheet, COLUMNS, required=("subject",))
        if header is not None:
            break
    else:
        message = "没有找到表头。要有“普法内容”这一列"
        return ParsedDuties("", None, (), (SheetError("", None, None, "no_header", message),))
    rows, errors, seen = [], [], {}
    found = list(sheet.rows_after(header.row))
    if len(found) > MOST_ROWS:
        message = f"一个文件最多 {MOST_ROWS} 行，这里有 {len(found)} 行"
        return ParsedDuties(sheet.name, header, (), (SheetError(sheet.name, None, None, "too_many", message),))
    for row in found:
        read, wrong = _row(row, header, sheet.name)
        if read and (before := seen.setdefault((read.unit, read.subject), read.row)) != read.row:
            letters = header.letters("subject")
            wrong.append(SheetError(sheet.name, read.row, letters, "repeat", f"和第 {before} 行是同一个单位的同一项"))
        errors += wrong
        if read and not wrong:
            rows.append(read)
    if not rows and not errors:
        errors.append(SheetError(sheet.name, None, None, "empty", "表头下面没有内容"))
    return ParsedDuties(sheet.name, header, tuple(rows), tuple(errors))


def _row(row: Row, header: Header, sheet: str) -> tuple[DutyRow | None, list[SheetError]]:
    words = {field: " ".join(row.text(header.columns.get(field)).split()) for field in COLUMNS}
    errors = [
        SheetError(
            sheet, row.number, header.letters(field), "too_long", f"{LABELS[field]}最多 {LONGEST.get(field, 120)} 字"
        )
        for field, text in words.items()
        if len(text) > LONGEST.get(field, 120)
    ]
    if not words["subject"]:
        # A row with nothing but its number is the empty rest of a printed form.
        given = any(text for field, text in words.items() if field != "unit")
        if given:
            errors.append(SheetError(sheet, row.number, header.letters("subject"), "missing", "普法内容没有填"))
        return None, errors
    unit, subject = words.pop("unit"), words.pop("subject")
    return DutyRow(row.number, unit, subject, words), errors
