"""Question numbers: which of the many numbers in a file open a question."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from mingfa.bank.drafts import CASE
from mingfa.bank.importing.chains import find_options
from mingfa.bank.importing.heads import TYPES
from mingfa.bank.importing.labels import Piece, cut_parts
from mingfa.bank.importing.words import type_named

START = re.compile(
    rf"\s*(?P<tag>[\[(]{TYPES}(?:类?题)?[\])]\s*|\(\s*(?:[√×✓✗对错TF]|正确|错误)?\s*\)\s*(?=\d)|[√×✓✗]\s*(?=\d))?"
    rf"(?:第\s*(?P<ti>\d{{1,4}}|[一二三四五六七八九十]{{1,3}}(?=\s*题\s*(?:[.、:)]|\s)))\s*题\s*[.、:)]?|(?:题目|试题|题)\s*(?P<named>\d{{1,4}})\s*[.、:)]|\((?P<parens>\d{{1,3}})\)\s*[.、]?"
    r"|\[(?P<box>\d{1,4})\]\s*[.、]?|(?P<dot>\d{1,4})\s*[.、)][.、]?(?!\d{1,3}(?:[.%年月日]\d|[%)\s]|$))"
    r"|\d{1,2}[-—](?P<chapter>\d{1,3})(?:\s*[.、:](?!\d)|[ ])|(?P<weak>\d{1,4})(?:[ ]+|(?=[\[(](?:[单多判填简案]))))\s*"
)
INSIDE = re.compile(r"(?<![\d.第(~-])(\d{1,3})\s*[.、)](?!\d{1,3}(?:[^\d年]|$))")
GAP = re.compile(r"\(\s*(?:[A-H](?:[、,;\s]*[A-H])*|[√×✓✗对错]|正确|错误)?\s*\)|_{2,}")
TAG = re.compile(rf"[\[(]\s*{TYPES}题?\s*[\]),，、]")
ANSWER_BEHIND = re.compile(
    r"答案\s*[\])]?\s*:|\[(?:正确|标准|参考)?答案|答案\s+(?:[A-H√×](?![A-Za-z])|(?:正确|错误|对|错)(?![的于误]))"
)
FIRST_POINT = re.compile(r"\s*(?:(?:正确|参考)?答案\s*:\s*)?[(]?1\s*[.、)](?!\d)")
FIRST_OPTION = re.compile(r"\s*[(\[]?A\s*[.、:)\] ]")
ONE_LINE = "几道题写在一行，已按题号拆开"
OPTION_START = re.compile(r"(?:^|\s|\n)[(\[]?A[.、:)\] ]|A[.、:)]\S.*B[.、:)]")
MAIN = ("ti", "named", "box", "dot")
MARKS = tuple("√×✓✗")
DIGITS = "零一二三四五六七八九"
STYLES = (*MAIN, "parens", "chapter", "weak")


@dataclass(frozen=True)
class Candidate:
    """A number at the start of piece `index`. `shown`: what stands up to the next one looks like a question."""

    index: int
    number: int
    style: str
    end: int
    tag: str
    shown: bool


def number_pieces(pieces: list[Piece]) -> list[Piece]:
    """The pieces, those that open a question with its `number` and without the digits.

    Numbers run on by one inside a section. A list of points inside an answer or a stem runs on too: it begins
    again at 1 and its points have neither options nor answers.
    """
    styles = _question_styles(_candidates(pieces, STYLES))
    candidates = {one.index: one for one in _candidates(pieces, styles)}
    run = _Run()
    numbered: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.part == "head":
            run.section()
            numbered.append(piece)
            continue
        candidate = candidates.get(index)
        if candidate:
            accepted, notes = run.accept(candidate)
            if accepted:
                tag = candidate.tag.strip()
                tag = f"({tag})" if tag in MARKS else tag
                rest = piece.cut(candidate.end, number=candidate.number, notes=notes)
                piece = replace(rest, text=tag + rest.text) if tag else rest
        if piece.part in ("answer", "explanation"):
            run.inner = 1 if FIRST_POINT.match(piece.shape) else 0
        numbered += _cut_inside(piece, pieces[index + 1 : index + 4], run)
    return numbered


class _Run:
    """How far the numbers of a section have come."""

    def __init__(self) -> None:
        self.section()

    def section(self) -> None:
        self.last = self.inner = 0
        self.complete = True

    def accept(self, one: Candidate) -> tuple[bool, tuple[str, ...]]:
        """Whether this number opens a question, and what is odd about it."""
        is_point = self.inner and one.number == self.inner + 1
        follows = one.number == self.last + 1
        if is_point and not (follows and one.shown and self.complete):
            self.inner = one.number
            return False, ()
        if follows:
            return self._taken(one, ("题里也有编号，请核对从哪里起是这一题",) if is_point else ())
        if one.number == 1 and not one.shown:
            self.inner = 1
            return False, ()
        if one.shown or (not self.inner and self.last == 0):
            again = one.number <= self.last
            note = f"题号 {one.number} 排在 {self.last} 后面" if again else f"题号从 {self.last} 跳到 {one.number}"
            return self._taken(one, () if one.number == 1 or self.last == 0 else (note,))
        return False, ()

    def _taken(self, one: Candidate, notes: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
        self.last, self.inner = one.number, 0
        self.complete = False
        return True, notes


def _candidates(pieces: list[Piece], styles: tuple[str, ...]) -> list[Candidate]:
    """The numbers of these styles at the starts of pieces."""
    found, in_case, cases = [], False, set()
    for index, piece in enumerate(pieces):
        in_case = type_named(piece.text) == CASE if piece.part == "head" else in_case
        match = START.match(piece.shape) if piece.part == "" and piece.at_start else None
        if match:
            style = next(name for name in STYLES if match[name])
            if style not in styles:
                continue
            cases |= {index} if in_case and style in MAIN else set()
            found.append((index, number_in(match[style]), style, match.end(), match["tag"] or ""))
    ends = [*(one[0] for one in found[1:]), len(pieces)][: len(found)]
    for place, one in enumerate(found):
        if one[0] in cases:
            # 1. of a 案例 reaches over its (1) (2): they are what it asks.
            ends[place] = next((later[0] for later in found[place + 1 :] if later[2] in MAIN), len(pieces))
    return [
        Candidate(*one, shown=bool(one[4]) or looks_asked(pieces[one[0] : end]))
        for one, end in zip(found, ends, strict=True)
    ]


def number_in(digits: str) -> int:
    """12 from 12 and 十二."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (DIGITS.find(tens) if tens else 1) * 10 * bool(ten) + max(DIGITS.find(ones), 0) * bool(ones)


def looks_asked(pieces: list[Piece]) -> bool:
    """Whether these pieces hold options, an answer or a gap; stops at the next head."""
    for place, piece in enumerate(pieces[:40]):
        if piece.part == "head":
            return False
        if piece.part == "answer":
            return True
        if piece.part == "" and (OPTION_START.search(piece.shape) or GAP.search(piece.shape)):
            return True
        if place == 0 and TAG.search(piece.shape):
            return True
    return False


def _question_styles(candidates: list[Candidate]) -> tuple[str, ...]:
    """Numbers with a point or a bracket behind are the questions; (1) and 1 only in files without such."""
    shown = Counter("main" if one.style in MAIN else one.style for one in candidates if one.shown)
    first = next((one.style for one in candidates if one.shown), "")
    if first == "parens" and shown["parens"] > shown["main"]:
        return ("parens",)
    if shown["chapter"] > shown["main"]:
        return ("chapter",)
    if shown["main"] or not shown:
        return MAIN
    return ("parens",) if shown["parens"] else ("weak",)


def _cut_inside(piece: Piece, following: list[Piece], run: _Run) -> list[Piece]:
    """A piece of a line that holds several questions, cut where the next number opens a complete question.

    What was inside an explanation a moment ago is a question now: its labels are looked for again.
    """
    cut: list[Piece] = []
    waiting = [piece]
    while waiting:
        piece = waiting.pop(0)
        found = _next_inside(piece, [*waiting, *following], run)
        if found is None:
            run.complete = run.complete or _is_complete(piece)
            cut.append(piece)
            continue
        cut.append(piece.cut(0, found.start()))
        run.last, run.complete = int(found[1]), False
        plain = piece.cut(found.end(), number=None, part="", label="", at_start=True, notes=())
        first, *rest = cut_parts(plain) or [plain]
        if first.part:
            first, rest = plain.cut(0, 0), [first, *rest]
        waiting = [replace(first, number=run.last, notes=(ONE_LINE,)), *rest, *waiting]
    return cut


def _next_inside(piece: Piece, following: list[Piece], run: _Run) -> re.Match | None:
    shape = piece.shape
    for match in INSIDE.finditer(shape):
        before = piece.cut(0, match.start())
        if int(match[1]) != run.last + 1 or not (run.complete or _is_complete(before)):
            continue
        rest = shape[match.end() :]
        same_line = [one for one in following if one.line is piece.line]
        if (
            GAP.search(rest)
            or _has_chain(rest)
            or ANSWER_BEHIND.search(rest)
            or (same_line and same_line[0].part == "answer")
        ):
            return match
    return None


def _is_complete(piece: Piece) -> bool:
    if piece.part == "answer":
        return bool(piece.text.strip())
    return piece.part == "" and (
        bool(FIRST_OPTION.match(piece.shape))
        or _has_chain(piece.shape)
        or bool(re.search(r"\([√×✓✗对错]\)", piece.shape))
    )


def _has_chain(shape: str) -> bool:
    return "B" in shape and find_options(shape, shape) is not None
