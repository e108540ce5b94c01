"""How a report is written (docs/rules.md, 年度报告): plain paragraphs, one a line, with figures in braces.

    应考{exam_attendance:总数}人，参考率{exam_attendance}。        a slot: code, and how it is shown
    {满 exam_attendance exam_passed_of_due|参考率、通过率均达100%|参考率{exam_attendance}}
    {有 outreach_copies|发放资料{outreach_copies:余}份}            a choice: printed only if it holds
    召开专题会议{数 6次|区信访局会议记录}                          a number typed in, with its source

Paragraphs that begin 一、 （一） 1. （1） are headings of levels 1 to 4, as GB/T 9704-2012 numbers them.
"""
import re
from collections.abc import Iterator
from dataclasses import dataclass

# How a slot may be shown: its text, the part or the whole of a rate, both, rounded down with 余.
FORMS = ("", "实数", "总数", "分数", "余", "余1")
CONDITIONS = ("满", "有")
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"\d{1,2}[.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)


class BadText(Exception):
    """The text cannot be read. `line`: from 1; `why`: code; `part`: what stands there."""

    def __init__(self, line: int, why: str, part: str):
        super().__init__(line, why, part)
        self.line, self.why, self.part = line, why, part


@dataclass(frozen=True)
class Slot:
    """A figure by its code, shown in one of FORMS."""

    code: str
    form: str = ""


@dataclass(frozen=True)
class Typed:
    """A number typed in by hand with the source it comes from."""

    text: str
    source: str


@dataclass(frozen=True)
class Choice:
    """`then` where the condition holds for every code, `other` where it does not. 满: each figure is full (numerator
    equals denominator); 有: each has a value above 0."""

    condition: str
    codes: tuple[str, ...]
    then: tuple
    other: tuple


Piece = str | Slot | Typed | Choice


@dataclass(frozen=True)
class Paragraph:
    """One line of the text. `level` 0 is running text, 1 to 4 are headings; `number` counts lines from 1."""

    number: int
    level: int
    pieces: tuple[Piece, ...]


def parse(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text; empty lines are left out.

    Raises:
        BadText: a brace without its partner (`unclosed`, `stray`), an unknown condition, form or code word
            (`condition`, `form`, `code`), a choice without text (`choice`), a typed number without source (`source`).
    """
    found = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        line = line.strip()
        if line:
            found.append(Paragraph(number, level_of(line), _Reader(line, number).read()))
    return tuple(found)


def level_of(line: str) -> int:
    """The heading level that a line opens, 0 for running text."""
    return next((level for level, shape in enumerate(_LEVELS, start=1) if shape.match(line)), 0)


def codes_in(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    """Every code named in slots and conditions, each once, in order."""
    codes = (code for paragraph in paragraphs for piece in _walk(paragraph.pieces) for code in _codes(piece))
    return list(dict.fromkeys(codes))


def typed_in(paragraphs: tuple[Paragraph, ...]) -> list[Typed]:
    """Every number typed in, in order."""
    return [piece for one in paragraphs for piece in _walk(one.pieces) if isinstance(piece, Typed)]


def _walk(pieces) -> Iterator[Piece]:
    for piece in pieces:
        yield piece
        if isinstance(piece, Choice):
            yield from _walk(piece.then)
            yield from _walk(piece.other)


def _codes(piece) -> tuple[str, ...]:
    if isinstance(piece, Slot):
        return (piece.code,)
    return piece.codes if isinstance(piece, Choice) else ()


class _Reader:
    """Reads one line from left to right; braces nest."""

    def __init__(self, line: str, number: int):
        self.line, self.number, self.at = line, number, 0

    def read(self) -> tuple[Piece, ...]:
        pieces = self._until("")
        if self.at < len(self.line):
            raise self._bad("stray", self.line[self.at : self.at + 10])
        return pieces

    def _until(self, ends: str) -> tuple[Piece, ...]:
        """Pieces up to one of the characters `ends` (not taken) or the end of the line. Between choices `|` is theirs;
        outside it is an ordinary character."""
        pieces, words = [], []
        while self.at < len(self.line):
            character = self.line[self.at]
            if character in ends or character == "}":
                break
            if character == "{":
                if words:
                    pieces.append("".join(words))
                    words = []
                pieces.append(self._braces())
            else:
                words.append(character)
                self.at += 1
        if words:
            pieces.append("".join(words))
        return tuple(pieces)

    def _braces(self) -> Piece:
        start = self.at
        self.at += 1
        stop = next((at for at in range(self.at, len(self.line)) if self.line[at] in "|}"), len(self.line))
        head = self.line[self.at : stop].strip()
        if stop >= len(self.line) or "{" in head:
            raise self._bad("unclosed", self.line[start : start + 20])
        self.at = stop
        word, _, rest = head.partition(" ")
        if word == "数":
            return self._typed(rest.strip())
        if self.line[self.at] == "|":
            return self._choice(word, rest)
        self.at += 1
        code, _, form = head.partition(":")
        if form not in FORMS:
            raise self._bad("form", form)
        return Slot(self._code(code), form)

    def _typed(self, text: str) -> Typed:
        if self.line[self.at] != "|":
            raise self._bad("source", text)
        stop = self.line.find("}", self.at)
        if stop < 0:
            raise self._bad("unclosed", text)
        source = self.line[self.at + 1 : stop].strip()
        if not source or not text:
            raise self._bad("source", text)
        self.at = stop + 1
        return Typed(text, source)

    def _choice(self, condition: str, rest: str) -> Choice:
        if condition not in CONDITIONS:
            raise self._bad("condition", condition)
        codes = tuple(self._code(code) for code in rest.split())
        branches = []
        while self.at < len(self.line) and self.line[self.at] == "|":
            self.at += 1
            branches.append(self._until("|"))
        if self.at >= len(self.line):
            raise self._bad("unclosed", condition)
        self.at += 1
        if not codes or not 1 <= len(branches) <= 2 or not branches[0]:
            raise self._bad("choice", condition)
        return Choice(condition, codes, branches[0], branches[1] if len(branches) == 2 else ())

    def _code(self, code: str) -> str:
        if not CODE.fullmatch(code):
            raise self._bad("code", code)
        return code

    def _bad(self, why: str, part: str) -> BadText:
        return BadText(self.number, why, part)
