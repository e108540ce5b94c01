"""Reader of Word documents: paragraphs as lines, tables as rows of questions, keys, or lines of their cells."""

from mingfa.bank.importing.results import RawQuestion
from mingfa.bank.importing.texts import read_lines
from mingfa.bank.importing.units import Line, without_wide_blanks
from mingfa.bank.importing.word.boxes import Table, lines_of_table, read_as_rows, table_of
from mingfa.bank.importing.word.numbering import Numbering, numbering_of
from mingfa.bank.importing.word.package import W, open_package
from mingfa.bank.importing.word.paragraphs import Words, with_label, words_of
from mingfa.spreadsheets import Limits, SheetError, SpreadsheetRefused

BOXES = "文本框里的文字没有读入。请核对文本框里有没有试题，有就移到正文里再导入。"
HOLDERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}


def read_word(data: bytes, name: str) -> tuple[list[RawQuestion], list[SheetError], tuple[str, ...]]:
    """The raw questions of a .docx in file order, findings, and notes about what was left out.

    Raises SpreadsheetRefused for files that cannot be read (see `package.open_package`).
    """
    package = open_package(data)
    body = package.document.find(f"{W}body")
    if body is None:
        raise SpreadsheetRefused("broken_file", "文件里没有正文。请用 Word 打开后另存为 .docx 再上传。")
    reader = _Reader(numbering_of(package), name)
    reader.read(body)
    raws, errors = reader.finish()
    return raws, errors, (BOXES,) if reader.boxes else ()


class _Reader:
    """Walks through the body once; text between two question tables is read in one go with what surrounds it."""

    def __init__(self, numbering: Numbering, name: str):
        self.numbering, self.name = numbering, name
        self.paragraphs = self.tables = 0
        self.boxes = False
        self.lines: list[Line] = []
        self.rows: list[RawQuestion] = []
        # Paragraph number or table name → which block of the document it is.
        self.blocks: dict[int | str, int] = {}

    def read(self, body) -> None:
        for element in _blocks(body):
            if element.tag == f"{W}p":
                self.paragraphs += 1
                self.blocks[self.paragraphs] = len(self.blocks)
                self.lines += self._lines(element)
            else:
                self._table(element)
            if self.paragraphs + len(self.lines) > Limits().rows * 4:
                raise SpreadsheetRefused("too_many_rows", "文档的段落太多，未读取。请分成几个文件。")

    def finish(self) -> tuple[list[RawQuestion], list[SheetError]]:
        raws, errors = read_lines(self.lines, self.name)
        return sorted([*self.rows, *raws], key=self._place), errors

    def _place(self, raw: RawQuestion) -> tuple[int, int]:
        """Which block of the document, which row of it."""
        sheet = raw.place.sheet
        return (self.blocks[sheet], raw.place.row) if sheet else (self.blocks[raw.place.row], 0)

    def _lines(self, paragraph, sheet: str = "", number: int | None = None, unit: str = "段") -> list[Line]:
        words = with_label(words_of(paragraph), self.numbering.label(paragraph))
        self.boxes = self.boxes or words.box
        return split_words(words, number or self.paragraphs, unit, sheet)

    def _table(self, element) -> None:
        self.tables += 1
        sheet = f"表格 {self.tables}"
        self.blocks[sheet] = len(self.blocks)
        table: Table = table_of(element, sheet, lambda paragraph, row: self._lines(paragraph, sheet, row, "行"))
        around = [line.text for line in reversed(self.lines[-12:]) if line.text.strip()]
        rows = read_as_rows(table, self.name, around)
        if rows is None:
            self.lines += lines_of_table(table)
        else:
            self.rows += rows


def _blocks(element):
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in HOLDERS:
            yield from _blocks(child)


def split_words(words: Words, number: int, unit: str, sheet: str) -> list[Line]:
    """A paragraph as its lines: a line break inside it begins another line of the same paragraph."""
    lines, place = [], 0
    for text in words.text.split("\n"):
        blank = len(text) - len(text.lstrip())
        start, end = place + blank, place + len(text)
        strong = tuple(
            (max(first, start) - start, min(last, end) - start, how)
            for first, last, how in words.strong
            if first < end and last > start
        )
        kept, strong = without_wide_blanks(text.strip(), strong)
        lines.append(Line(number, kept, text, strong, unit, sheet, words.picture))
        place = end + 1
    return lines
