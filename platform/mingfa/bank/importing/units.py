"""Lines: what the steps that read running text work on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mingfa.bank.importing.folding import TABLE
from mingfa.spreadsheets import SpreadsheetRefused

# Signs in one form, one sign for one sign: places found in the shape are places in the text.
SHAPES = str.maketrans("．﹒：﹕（）【】［］〔〕〖〗，；！？～－", ".." "::" "()" "[][][][]" ",;!?~-")
# ⒈ and 🄀-like signs hold a number and its point in one character.
POINTED = {0x2488 + place: f"{place + 1}." for place in range(20)}
BRACKETED = {0x2474 + place: f"({place + 1})" for place in range(20)}
LABELS = POINTED | BRACKETED
# Steps look for labels and numbers all over a line, so that a line without end would take them hours.
LONGEST_LINE = 20_000
WIDEST_BLANK = 60
WIDE_BLANKS = re.compile(rf"(?<=[^\S\n]{{{WIDEST_BLANK}}})[^\S\n]+")


@dataclass(frozen=True)
class Line:
    """One line of one source unit. `number`: of the unit in its file; `strong`: spans in red or bold type.

    `raw` is the text as the file has it, for people to compare.
    """

    number: int
    text: str
    raw: str = ""
    strong: tuple[tuple[int, int], ...] = ()
    unit: str = "行"
    sheet: str = ""
    picture: bool = False
    shape: str = field(init=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "shape", self.text.translate(SHAPES))


def fold_signs(text: str) -> str:
    """Letters, digits, blanks and numbered signs in one form; blanks at the ends stay."""
    return text.translate(LABELS).translate(TABLE)


def without_wide_blanks(
    text: str, spans: Sequence[tuple[int, int, str]] = ()
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """The text with rows of blanks cut to the widest that an office uses, and the spans where they are then."""
    gone = [match.span() for match in WIDE_BLANKS.finditer(text)]
    if not gone:
        return text, tuple(spans)

    def moved(place: int) -> int:
        return place - sum(max(0, min(place, last) - first) for first, last in gone)

    return WIDE_BLANKS.sub("", text), tuple((moved(first), moved(last), how) for first, last, how in spans)


def refuse_endless(lines: Iterable[Line]) -> None:
    """Raises SpreadsheetRefused("line_too_long")."""
    for line in lines:
        if len(line.text) > LONGEST_LINE:
            where = f"{line.sheet}，" if line.sheet else ""
            told = f"{where}第 {line.number} {line.unit}有 {len(line.text)} 字，一行最多读 {LONGEST_LINE} 字。请分成几行再上传。"
            raise SpreadsheetRefused("line_too_long", told)


def text_lines(text: str) -> list[Line]:
    """The lines of a text file, numbered from 1."""
    plain = re.sub(r"\r\n?", "\n", text).replace("\x0b", "\n").replace("\x0c", "\n")
    plain = without_wide_blanks(plain)[0]
    return [Line(number, fold_signs(line).strip(), line) for number, line in enumerate(plain.split("\n"), 1)]
