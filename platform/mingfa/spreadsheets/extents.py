"""One pass over a workbook's XML before the real parser: how far the sheets reach, how much text they use.

The parser keeps a full rectangle per sheet, so two cells in opposite corners would make it reserve gigabytes.
Any document type declaration is refused: entities are declared there, and Office never writes one.
"""

import re
from collections.abc import Iterable
from xml.parsers import expat

from mingfa.numbers import whole
from mingfa.spreadsheets.errors import SpreadsheetRefused
from mingfa.spreadsheets.limits import Limits

ROW = re.compile(r"[1-9]\d{0,6}", re.ASCII)
PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
SHARED_STRINGS = "xl/sharedstrings.xml"


def check_sheets(parts: dict[str, bytes], limits: Limits) -> None:
    """Refuses workbooks beyond `limits`. parts: name → XML of every part of the workbook.

    Raises SpreadsheetRefused (declares_entities, broken_file, too_many_rows, too_many_columns,
    too_many_cells, too_much_text).
    """
    shared = _SharedTexts()
    for name, content in parts.items():
        if name.lower() == SHARED_STRINGS:
            shared.read(content)
    for name, content in parts.items():
        if name.lower() != SHARED_STRINGS:
            extent = _Extent(shared.lengths)
            extent.read(content)
            extent.check(limits)


def check_reach(parts: Iterable[bytes], limits: Limits) -> None:
    """Refuses a workbook whose sheets together reach over more than `limits.cells` places, empty cells and joined ranges
    included: who keeps the looks of a form keeps all of those.

    Raises SpreadsheetRefused (too_many_rows, too_many_columns, too_many_cells, broken_file).
    """
    places = 0
    for content in parts:
        reach = _Reach([])
        reach.read(content)
        places += reach.check(limits)
    if places > limits.cells:
        raise SpreadsheetRefused(
            "too_many_cells", "各工作表加起来太大了。请只留要填的工作表，删去用不到的行列（选中后“删除”，不是“清除内容”）。"
        )


def refuse_declarations(content: bytes) -> None:
    """Refuses one XML part that declares a document type: entities and remote parts come in by it.

    Raises SpreadsheetRefused (declares_entities, broken_file).
    """
    _Part().read(content)


class _Part:
    """An expat parser over one part that refuses document type declarations."""

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_declarations
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as broken:  # the latter for encodings that it does not know
            raise SpreadsheetRefused(
                "broken_file", "文件已损坏，打不开。请用办公软件打开后另存为新文件再上传。"
            ) from broken

    @staticmethod
    def _refuse_declarations(*_):
        raise SpreadsheetRefused(
            "declares_entities",
            "文件里有外部引用声明（DTD 或实体），为安全起见未读取。请重新制作文件后上传。",
        )

    def start(self, name: str, attributes: dict) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


class _SharedTexts(_Part):
    """lengths: characters of each shared text, in order."""

    def __init__(self):
        self.lengths: list[int] = []

    def start(self, name, attributes):
        if name.endswith(" si") or name == "si":
            self.lengths.append(0)

    def text(self, data):
        if self.lengths:
            self.lengths[-1] += len(data)


class _Extent(_Part):
    """Far corner and amount of text of a sheet; parts that are no sheets have no cells and pass."""

    def __init__(self, shared: list[int]):
        self.shared = shared
        self.rows = self.columns = self.characters = 0
        self.row = self.column = 0
        self.is_shared = self.in_value = False

    def start(self, name, attributes):
        tag = name.rpartition(" ")[2]
        if tag == "row":
            place = attributes.get("r")
            if place and not ROW.fullmatch(place):
                raise _misplaced()
            self.row, self.column = int(place) if place else self.row + 1, 0
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t", "f"):
            # Only cells that hold something count: whole columns of empty formatted cells are common.
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
            self.in_value = True

    def _begin_cell(self, attributes):
        self.is_shared = attributes.get("t") == "s"
        place = attributes.get("r")
        if place is None:
            self.column += 1
            return
        match = PLACE.fullmatch(place)
        if not match:
            raise _misplaced()
        self.column, self.row = _column_number(match[1]), int(match[2])

    def end(self, name):
        self.in_value = False

    def text(self, data):
        if not self.in_value:
            return
        if self.is_shared:
            # The parser takes the first text for a place it cannot read, and refuses one that does not exist.
            place = whole(data) or 0
            self.characters += self.shared[place] if place < len(self.shared) else 0
        else:
            self.characters += len(data)

    def check(self, limits: Limits) -> None:
        if self.rows > limits.rows:
            raise SpreadsheetRefused(
                "too_many_rows",
                f"表里最后一格在第 {self.rows} 行，最多读 {limits.rows} 行。请删去下方内容或分成几个文件。",
            )
        if self.columns > limits.columns:
            raise SpreadsheetRefused(
                "too_many_columns",
                f"表里有内容的列到第 {self.columns} 列，最多读 {limits.columns} 列。请删去右侧多余内容。",
            )
        if self.rows * self.columns > limits.cells:
            raise SpreadsheetRefused(
                "too_many_cells",
                f"表格有 {self.rows} 行 {self.columns} 列，太大了。请删去用不到的列或分成几个文件。",
            )
        if self.characters > limits.text:
            raise SpreadsheetRefused("too_much_text", "表格里的文字总量太大，未读取。请分成几个文件。")


class _Reach(_Extent):
    """Far corner of whatever has a place on a sheet, whether anything is in it or not."""

    def start(self, name, attributes):
        super().start(name, attributes)
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        elif tag in ("mergeCell", "hyperlink"):
            for corner in attributes.get("ref", "").split(":"):
                match = PLACE.fullmatch(corner)
                if not match:
                    raise _misplaced()
                self.rows, self.columns = max(self.rows, int(match[2])), max(self.columns, _column_number(match[1]))

    def check(self, limits: Limits) -> int:
        """How many places the sheet has. Raises SpreadsheetRefused."""
        if self.rows > limits.rows:
            raise SpreadsheetRefused(
                "too_many_rows",
                f"有一张工作表到第 {self.rows} 行都有格子（空的也算），最多 {limits.rows} 行。请选中下方空行，删除后再上传。",
            )
        if self.columns > limits.columns:
            raise SpreadsheetRefused(
                "too_many_columns",
                f"有一张工作表到第 {self.columns} 列都有格子（空的也算），最多 {limits.columns} 列。请删除右侧空列再上传。",
            )
        return self.rows * self.columns


def _misplaced() -> SpreadsheetRefused:
    return SpreadsheetRefused("broken_file", "文件已损坏，单元格位置不对。请用表格软件另存为 .xlsx 再上传。")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
