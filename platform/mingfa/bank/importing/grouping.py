"""Pieces into groups: one group a question, with the head it stands under."""

import re
from dataclasses import dataclass, field, replace

from mingfa.bank.drafts import CASE
from mingfa.bank.importing.chains import find_options
from mingfa.bank.importing.heads import is_chapter, is_file_title, is_odd_head
from mingfa.bank.importing.labels import Piece
from mingfa.bank.importing.numbers import GAP
from mingfa.bank.importing.results import Doubt
from mingfa.bank.importing.words import type_named

OPTION_LINE = re.compile(r"^\s*(?:[(\[]\s*[A-Ja-j]\s*[)\]]|[A-Ja-j]\s*[.、:)])")
FIRST_OPTION = re.compile(r"^\s*(?:[(\[]\s*A\s*[)\]]|A\s*[.、:) ])")
MARK = re.compile(r"(?:^\s*\(\s*(?:[√×✓✗对错]|正确|错误)\s*\)|\(\s*(?:[√×✓✗对错]|正确|错误)\s*\)\s*[。.]?\s*$)")
NUMBERED_CHAPTER = re.compile(r"\s*第\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[章节编篇]")
UNNUMBERED = Doubt(0.8, "这一题没有题号，按前后文认作一题")


@dataclass
class Group:
    """The pieces of one question. `section`: number of its head in the file; `number`: 0 where it has none.

    `children`: sub-questions of a 案例.
    """

    head: str
    section: int
    number: int = 0
    pieces: list[Piece] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    children: list["Group"] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(piece.text.strip() or piece.part for piece in self.pieces)

    @property
    def is_case(self) -> bool:
        return any(piece.part == "case" for piece in self.pieces)


@dataclass
class Grouped:
    """groups in file order; titles: lines before the first question, nearest last."""

    groups: list[Group]
    titles: list[str]


def group_pieces(pieces: list[Piece]) -> Grouped:
    """One group a numbered question; questions without a number are told by what comes before and after them."""
    groups: list[Group] = []
    titles: list[str] = []
    head, section, current = "", 0, None
    for index, piece in enumerate(pieces):
        if piece.part == "head":
            head, section, current = piece.text.strip(), section + 1, None
        elif _is_title(piece, current, head, pieces[index + 1 : index + 3]):
            if is_odd_head(piece.shape):
                head = piece.text.strip()
            section, current = section + 1, None
            titles += [] if groups else [piece.text.strip()]
        elif piece.number is not None:
            current = Group(head, section, piece.number, [piece], [Doubt(0.9, note) for note in piece.notes])
            groups.append(current)
        elif piece.part == "case" and (current is None or not current.is_empty):
            current = Group(head, section, pieces=[piece])
            groups.append(current)
        elif current is None and not _opens_unnumbered(pieces, index, head):
            titles += [] if groups else [piece.text.strip()]
        elif current is None or (
            _is_done(current) and _begins_another(pieces, index) and not _is_part(piece, current, head)
        ):
            current = Group(head, section, pieces=[piece], doubts=[UNNUMBERED])
            groups.append(current)
        else:
            current.pieces.append(piece)
    return Grouped(_join_cases(groups), titles)


def _is_title(piece: Piece, current: Group | None, head: str, following: list[Piece]) -> bool:
    """A chapter title between questions; inside a written answer 一、二、 are its points."""
    if piece.part or piece.number is not None or not piece.at_start:
        return False
    if is_odd_head(piece.shape) or (is_file_title(piece.shape) and not (current and current.is_empty)):
        return True
    if not is_chapter(piece.shape) or (current and current.is_empty):
        return False
    if following and FIRST_OPTION.match(following[0].shape):
        return False
    if current is None or not current.pieces:
        return True
    if NUMBERED_CHAPTER.match(piece.shape) and following and following[0].number == 1:
        return True
    written = type_named(head) not in ("single", "multiple", "judge") and current.pieces[-1].part == "answer"
    in_answer = any(one.part == "answer" for one in current.pieces) and type_named(head) in ("short", "case", None)
    return not written and not in_answer and following != [] and following[0].number is not None


def _opens_unnumbered(pieces: list[Piece], index: int, head: str) -> bool:
    """Whether a question without a number begins here, after a head or at the start of a file."""
    piece = pieces[index]
    if piece.part in ("stem", "type"):
        return True
    if piece.part:
        return False
    return _options_follow(pieces, index) or _answer_follows(pieces, index, head)


def _is_part(piece: Piece, current: Group, head: str) -> bool:
    """A sub-question of the 案例 that is being read."""
    return bool(SUB.match(piece.shape)) and (current.is_case or type_named(head) == CASE)


def _begins_another(pieces: list[Piece], index: int) -> bool:
    piece = pieces[index]
    if not piece.at_start or OPTION_LINE.match(piece.shape):
        return False
    if piece.part in ("stem", "type"):
        return True
    return piece.part == "" and (
        _options_follow(pieces, index) or bool(MARK.search(piece.shape)) or _gap_and_answer(pieces, index)
    )


def _options_follow(pieces: list[Piece], index: int) -> bool:
    """The very next line begins with option A, or the line holds its own options."""
    piece = pieces[index]
    if piece.at_start and (chain := find_options(piece.text, piece.shape)) and chain.start:
        return True
    after = next((one for one in pieces[index + 1 : index + 3] if one.line is not piece.line), None)
    return bool(
        after and after.part == "" and after.number is None and FIRST_OPTION.match(after.shape)
    ) and not OPTION_LINE.match(piece.shape)


def _gap_and_answer(pieces: list[Piece], index: int) -> bool:
    after = pieces[index + 1 : index + 2]
    return bool(GAP.search(pieces[index].shape)) and bool(after) and after[0].part == "answer"


def _answer_follows(pieces: list[Piece], index: int, head: str) -> bool:
    after = pieces[index + 1 : index + 2]
    asked = MARK.search(pieces[index].shape) and head
    return bool(asked) or bool(
        after and after[0].part == "answer" and (head or GAP.search(pieces[index].shape) or len(pieces[index].text) > 8)
    )


def _is_done(group: Group) -> bool:
    """Whether a group has its answer, so that more words may be the next question."""
    if any(piece.part == "answer" for piece in group.pieces):
        return True
    text = "\n".join(piece.text for piece in group.pieces if not piece.part)
    shape = "\n".join(piece.shape for piece in group.pieces if not piece.part)
    return find_options(text, shape) is not None or bool(MARK.search(shape.strip()))


def _join_cases(groups: list[Group]) -> list[Group]:
    """Numbered questions after a 案例 without questions of its own, up to the next 案例 or head, are its questions."""
    joined: list[Group] = []
    case: Group | None = None
    for group in groups:
        if case and group.section == case.section and not group.is_case:
            case.children.append(group)
            continue
        case = group if group.is_case and not group.number and not _has_own(group) else None
        joined.append(group)
    return joined


def _has_own(group: Group) -> bool:
    return any(SUB.match(piece.shape) for piece in group.pieces if piece.at_start and not piece.part)


SUB = re.compile(r"\s*(?:\((\d{1,2})\)|(?:问题|小题|第)\s*(\d{1,2}|[一二三四五六七八九])\s*[:.、题问])\s*[.、:]?")


def split_case(group: Group) -> Group:
    """A 案例 with its sub-questions (1) (2) … as children; a group without such stays as it is."""
    if group.children:
        return group
    material, children, expected = [], [], 1
    for piece in group.pieces:
        match = SUB.match(piece.shape) if piece.at_start and not piece.part else None
        if (match and match[1] and int(match[1]) == expected) or (match and match[2]):
            children.append(Group("", group.section, expected, [replace(piece.cut(match.end()), number=expected)]))
            expected += 1
        elif children:
            children[-1].pieces.append(piece)
        else:
            material.append(piece)
    asked = [child for child in children if any(one.part == "answer" for one in child.pieces)]
    if not children or not material or (not group.is_case and type_named(group.head) != CASE) or not asked:
        return group
    return replace(group, pieces=material, children=children)
