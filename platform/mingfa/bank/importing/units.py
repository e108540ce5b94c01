"""Lines: what the steps that read running text work on."""

import re
from dataclasses import dataclass, field

from mingfa.bank.importing.folding import TABLE

# Signs in one form, one sign for one sign: places found in the shape are places in the text.
SHAPES = str.maketrans("．﹒：﹕（）【】［］〔〕〖〗，；！？～－", ".." "::" "()" "[][][][]" ",;!?~-")
# ⒈ and 🄀-like signs hold a number and its point in one character.
POINTED = {0x2488 + place: f"{place + 1}." for place in range(20)}
BRACKETED = {0x2474 + place: f"({place + 1})" for place in range(20)}
LABELS = POINTED | BRACKETED


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


def text_lines(text: str) -> list[Line]:
    """The lines of a text file, numbered from 1."""
    plain = re.sub(r"\r\n?", "\n", text).replace("\x0b", "\n").replace("\x0c", "\n")
    return [Line(number, fold_signs(line).strip(), line) for number, line in enumerate(plain.split("\n"), 1)]
