"""Tables of a document: rows of questions with or without a header, answers under their numbers, or mere layout."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mingfa.bank.importing.answers import choice_letters, truth
from mingfa.bank.importing.folding import fold_word
from mingfa.bank.importing.results import Doubt, RawQuestion
from mingfa.bank.importing.tables import COLUMNS, OPTION_LETTERS, section_head, sheet_questions
from mingfa.bank.importing.units import Line
from mingfa.bank.importing.word.package import W
from mingfa.bank.importing.words import is_section_head, type_named
from mingfa.spreadsheets import Header, Row, Sheet, find_header, fold_label

NO_HEADER = Doubt(0.7, "表格没有表头，按各列的样子认出，请核对")
NUMBER = re.compile(r"第?\d{1,4}题?[.、．]?")
LABELS = {fold_label(word): name for name, words in COLUMNS.items() for word in words}


@dataclass(frozen=True)
class Cell:
    """The lines of one cell."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines if line.text).strip()


@dataclass(frozen=True)
class Table:
    """name: “表格 2”. rows: of cells; merged cells hold their words in the first of them only."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def table_of(element, name: str, lines_of: Callable) -> Table:
    """A w:tbl; a table inside a cell gives its words to that cell. lines_of(paragraph, row) → lines."""
    rows = []
    for number, row in enumerate(element.iterfind(f"{W}tr"), 1):
        cells: list[Cell] = []
        for cell in row.iterfind(f"{W}tc"):
            words = [line for paragraph in cell.iter(f"{W}p") for line in lines_of(paragraph, number)]
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = int(span.get(f"{W}val")) if span is not None and span.get(f"{W}val", "").isdecimal() else 1
            cells += [Cell(tuple(words)), *[Cell(())] * (min(width, 60) - 1)]
        rows.append(tuple(cells))
    return Table(name, tuple(rows))


def read_as_rows(table: Table, file: str, around: list[str]) -> list[RawQuestion] | None:
    """The questions of a table with one question a row; None for any other table.

    around: lines above the table, nearest first.
    """
    rows = tuple(Row(number, tuple(cell.text for cell in cells)) for number, cells in enumerate(table.rows, 1))
    sheet = Sheet(table.name, rows)
    header = find_header(sheet, COLUMNS, required=("stem",))
    hints = tuple(line for line in around if is_section_head(line))[:1] + tuple(around)
    if header and len(header.columns) > 2 and not _is_one_question(rows):
        return list(sheet_questions(sheet, header, file, hints))
    guessed = _guessed_header(rows)
    if guessed is None:
        return None
    found = sheet_questions(sheet, guessed, file, hints)
    return [replace(raw, doubts=(*raw.doubts, NO_HEADER)) for raw in found]


def lines_of_table(table: Table) -> list[Line]:
    """The words of any other table as lines: answers beside their numbers, label and value together, or cell by cell."""
    if pairs := _key_pairs(table):
        return pairs
    lines: list[Line] = []
    for cells in table.rows:
        filled = [cell for cell in cells if cell.text]
        label = fold_label(filled[0].text) if len(filled) == 2 else ""
        if label in LABELS or re.fullmatch(r"[A-H]", label.upper()):
            lines += _labelled(filled[0], filled[1])
        else:
            lines += [line for cell in filled for line in cell.lines]
    return lines


def _labelled(label: Cell, value: Cell) -> list[Line]:
    name = LABELS.get(fold_label(label.text), "option_" + label.text.strip().upper())
    first, *rest = [line for line in value.lines if line.text]
    if name == "number":
        return [replace(first, text=first.text.rstrip(".、．") + ".")]
    if name.startswith("option_"):
        front = name.removeprefix("option_") + "."
    else:
        front = "" if name in ("stem", "options") else f"{label.text.strip().rstrip('：:')}："
    moved = tuple((a + len(front), b + len(front), how) for a, b, how in first.strong)
    return [replace(first, text=front + first.text, strong=moved), *rest]


def _is_one_question(rows: tuple[Row, ...]) -> bool:
    """Label and value side by side (题干 | …, 答案 | …): a header stands across, these stand below each other."""
    first = [fold_label(row.text(0)) for row in rows]
    return sum(label in LABELS for label in first) >= 3


def _key_pairs(table: Table) -> list[Line] | None:
    """题号 1 2 3 over 答案 C B A, or beside it, as lines `1.C`; None for tables of anything else."""
    grid = [[cell.text for cell in cells] for cells in table.rows]
    down = len(grid) >= 2 and len(grid) % 2 == 0 and all(len(row) >= 2 for row in grid)
    if down:
        lines = []
        for above, below, cells in zip(grid[::2], grid[1::2], table.rows[1::2], strict=True):
            lines += _pairs(above, below, [cell.lines for cell in cells]) or [None]
        if None not in lines:
            return lines
    if all(len(row) in (2, 4, 6, 8) for row in grid):
        lines = []
        for row, cells in zip(grid, table.rows, strict=True):
            lines += _pairs(row[::2], row[1::2], [cell.lines for cell in cells[1::2]]) or [None]
        if None not in lines:
            return sorted(lines, key=lambda line: int(line.text.split(".")[0]))
    return None


def _pairs(numbers: list[str], keys: list[str], lines: list) -> list[Line]:
    found = []
    for number, key, of_cell in zip(numbers, keys, lines, strict=False):
        if fold_word(number) in ("题号", "序号", "题目", "") and fold_word(key) in ("答案", "正确答案", "参考答案", ""):
            if not (number or key) or number:
                found.append(None)
            continue
        if not NUMBER.fullmatch(fold_word(number)) or not _is_key(key) or not of_cell:
            return []
        digits = re.sub(r"\D", "", fold_word(number))
        found.append(
            Line(of_cell[0].number, f"{digits}.{key}", f"{number} {key}", (), of_cell[0].unit, of_cell[0].sheet)
        )
    return [line for line in found if line is not None]


def _is_key(text: str) -> bool:
    return choice_letters(text) is not None or truth(text) is not None


def _guessed_header(rows: tuple[Row, ...]) -> Header | None:
    """Columns by what stands in them, where a key, a type and a number show a row of one question; else None."""
    filled = [row for row in rows if not row.is_blank and not section_head(row)]
    width = max((len(row.cells) for row in filled), default=0)
    if len(filled) < 2 or width < 3:
        return None

    def share(column: int, test: Callable[[str], bool]) -> float:
        return sum(test(row.text(column)) for row in filled) / len(filled)

    columns: dict[str, int] = {}
    keys = [column for column in range(width) if share(column, lambda text: bool(text) and _is_key(text)) == 1]
    numbers = [
        column for column in range(width) if share(column, lambda text: bool(NUMBER.fullmatch(fold_word(text)))) == 1
    ]
    types = [
        column
        for column in range(width)
        if share(column, lambda text: len(text) < 8 and type_named(text) is not None) == 1
    ]
    if len(keys) != 1:
        return None
    columns["answer"] = keys[0]
    columns |= {"number": numbers[0]} if numbers and numbers[0] == 0 else {}
    columns |= {"type": types[0]} if types else {}
    free = [column for column in range(width) if column not in columns.values()]
    before = [column for column in free if column < keys[0]] or free
    stem = before[0] if before and share(before[0], lambda text: len(text) >= 6) == 1 else None
    if stem is None:
        return None
    columns["stem"] = stem
    options = [column for column in free if stem < column < keys[0]]
    behind = [column for column in free if column > keys[0]]
    if len(options) == 1:
        columns["options"] = options[0]
    elif len(options) <= len(OPTION_LETTERS):
        columns |= {f"option_{letter}": column for letter, column in zip(OPTION_LETTERS, options, strict=False)}
    columns |= {"explanation": behind[0]} if behind else {}
    return Header(0, columns)
