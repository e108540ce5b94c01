"""What every source of law texts is read into, before anything is written. Pure values."""
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """编、分编、章、节; OTHER is a heading without a number (序言, 附则, 附件)."""

    BOOK = 1
    SUBBOOK = 2
    CHAPTER = 3
    SECTION = 4
    OTHER = 5


class Origin(StrEnum):
    """Where a text comes from. TEXT keeps every line as printed and so outranks PACKAGE."""

    TEXT = "text"
    PACKAGE = "package"


class LawFormatError(Exception):
    """A source cannot be read. `where` names file and line, `message` says what is wrong, in Chinese."""

    def __init__(self, where: str, message: str):
        super().__init__(f"{where}：{message}")
        self.where, self.message = where, message


@dataclass(frozen=True)
class ParsedHeading:
    """`printed` has inner spaces folded to one, `label` is clean: 第七章 附 则 → 第七章　附则."""

    level: Level
    printed: str
    label: str


@dataclass(frozen=True)
class ParsedArticle:
    """`lines` are its paragraphs (款, 项, 目) without the label."""

    number: int
    sub: int
    label: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class ParsedPassage:
    """A paragraph outside the articles."""

    text: str


Piece = ParsedHeading | ParsedArticle | ParsedPassage


@dataclass(frozen=True)
class ParsedEdition:
    """One edition of a law as its source has it.

    `in_force_from` and `in_force_until` are set only where the source states them; `status` is the
    word of the source (an `Edition.Status` value), "" where it says nothing.
    """

    title: str
    origin: Origin
    source: str
    digest: str
    pieces: tuple[Piece, ...] = field(repr=False)
    kind: str = ""
    topic: str = ""
    body: str = ""
    version_on: date | None = None
    first_adopted_on: date | None = None
    effective_on: date | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    status: str = ""
    history: str = ""
    note: str = ""

    @property
    def articles(self) -> list[ParsedArticle]:
        return [piece for piece in self.pieces if isinstance(piece, ParsedArticle)]

    @property
    def headings(self) -> list[ParsedHeading]:
        return [piece for piece in self.pieces if isinstance(piece, ParsedHeading)]

    @property
    def passages(self) -> list[ParsedPassage]:
        return [piece for piece in self.pieces if isinstance(piece, ParsedPassage)]
