"""One Markdown file of a law (format: docs/rules.md, 法律库) → its title, history and pieces. Pure."""
import hashlib
import re
from dataclasses import dataclass, field

from mingfa.library.importing.dates import DATED
from mingfa.library.importing.parsed import (
    LawFormatError,
    Level,
    ParsedArticle,
    ParsedHeading,
    ParsedPassage,
    Piece,
)
from mingfa.library.importing.structure import clean_line, follows, read_article_start, read_heading

END_OF_INFO = "<!-- INFO END -->"
COMMENT = re.compile(r"<!--.*?-->")
FOOTNOTE = re.compile(r"[①-⑳]")


@dataclass(frozen=True)
class ParsedFile:
    """`digest` is the SHA-256 of the file's bytes, hexadecimal."""

    name: str
    title: str
    part: str
    history: tuple[str, ...]
    pieces: tuple[Piece, ...] = field(repr=False)
    digest: str

    @property
    def articles(self) -> list[ParsedArticle]:
        return [piece for piece in self.pieces if isinstance(piece, ParsedArticle)]


def parse_file(name: str, content: bytes) -> ParsedFile:
    """Read one file. `name` is only for messages and for the date a file name carries.

    Raises LawFormatError with file and line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LawFormatError(name, f"不是 UTF-8 文字（第 {error.start} 字节）") from error
    info, mark, body = text.partition(END_OF_INFO)
    if not mark:
        raise LawFormatError(name, f"没有“{END_OF_INFO}”一行")
    titles, history = _read_info(name, info)
    pieces = read_body(body.splitlines())
    if not any(not isinstance(piece, ParsedHeading) for piece in pieces):
        raise LawFormatError(name, "没有正文")
    part = titles[1] if len(titles) > 1 else ""
    return ParsedFile(
        name, titles[0], part, tuple(history), tuple(pieces), hashlib.sha256(content).hexdigest()
    )


def is_law(content: bytes) -> bool:
    """Whether a Markdown file is meant to be a law at all (a folder may also hold a README)."""
    return END_OF_INFO.encode() in content


def _read_info(name: str, info: str) -> tuple[list[str], list[str]]:
    """Titles (`# …`) and history lines; a line without a date continues the one before it."""
    titles: list[str] = []
    history: list[str] = []
    for line in map(clean_line, info.splitlines()):
        if line.startswith("#"):
            titles.append(line.lstrip("#").strip())
        elif line and (DATED.match(line) or not history):
            history.append(line)
        elif line:
            history[-1] += line
    if not titles or not titles[0]:
        raise LawFormatError(f"{name} 第 1 行", "没有标题，标题应写成“# 法律名称”")
    return titles, [_without_stray_bracket(line) for line in history]


def _without_stray_bracket(line: str) -> str:
    """…的决定》修正） → …的决定》修正: the bracket that opened before the first date was cut off."""
    return line[:-1] if line.endswith("）") and line.count("）") > line.count("（") else line


def read_body(lines: list[str]) -> list[Piece]:
    """Headings, articles and paragraphs outside articles, in printed order."""
    pieces: list[Piece] = []
    last: ParsedArticle | None = None
    inside = False  # whether a plain paragraph belongs to the last article
    for line in lines:
        line = clean_line(COMMENT.sub("", line))
        if line.startswith("#"):
            words = line.lstrip("#").strip()
            if words:
                pieces.append(read_heading(words) or _unnumbered(words))
                inside = False
        elif (article := read_article_start(line)) and follows(article, last):
            pieces.append(article)
            last, inside = article, True
        elif not line:
            continue
        elif inside and not FOOTNOTE.match(line):
            last = pieces[-1] = _with_paragraph(pieces[-1], line)
        else:
            pieces.append(ParsedPassage(line))
            inside = False
    return pieces


def _with_paragraph(article: ParsedArticle, line: str) -> ParsedArticle:
    return ParsedArticle(article.number, article.sub, article.label, (*article.lines, line))


def _unnumbered(words: str) -> ParsedHeading:
    """A heading with words of its own."""
    printed = re.sub(r"\s+", " ", words)
    return ParsedHeading(Level.OTHER, printed, printed)
