"""Labels of the parts of a question: 答案：, 【解析】, 难度: … Each line is cut where one begins."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from mingfa.bank.importing.heads import head_in_line, head_of
from mingfa.bank.importing.units import SHAPES, Line

WORDS = {
    "answer": r"(?:本题|试题)?(?:正确|标准|参考)?答案(?:要点|示例)?|正确选项|参考要点|答题要点",
    "explanation": r"(?:答案|试题|题目|参考|详细)?解析|答案及解析|答案与解析|(?:法律|政策|法规|条文|命题|出题|答案|答题)?依据"
    r"|(?:错误)?理由|(?:题目|试题|答案)?出处|(?:题目|试题)?来源|相关法条|法条链接",
    "foreign": r"(?:考生|学员|我的|您的|你的)答案|(?:本题)?得分|答题结果",
    "difficulty": r"(?:试题|题目)?难度(?:系数|等级)?|难易程度|难易度",
    "topic": r"(?:所属|考查)?知识点|考点|考查点",
    "marks": r"(?:本题|试题|题目)?分值|本题分数",
    "type": r"(?:试题|题目)?题型|(?:试题|题目)类型",
    "stem": r"题干|题目|试题(?:内容)?",
    "options": r"(?:备选)?选项|备选答案",
    "case": r"(?:案例|材料|背景资料|案情)(?:[一二三四五六七八九十\d]{1,2})?",
}
PART_OF = {word: part for part, word in WORDS.items()}
ANY = "|".join(f"(?P<{part}>{words})" for part, words in WORDS.items())
BRACKETED = re.compile(rf"\[\s*(?:{ANY})\s*\]\s*:?\s*")
# Blanks only from where they begin: looked for from each of them again, a long row of blanks takes minutes.
WITH_COLON = re.compile(rf"(?:\(\s*|(?<!\s)\s*)(?:{ANY})\s*:\s*")
AT_START = re.compile(
    r"(?P<answer>(?:本题)?(?:正确|标准|参考)?答案[是为]?|(?:故|应|因此|所以|本题)选)\s*:?\s*(?=(?:[A-H]{1,8}|[√×✓✗对错]|正确|错误)\s*(?:$|[。.;,\s(])"
    r"|[\[(]\s*(?:[A-H](?:[、,;\s]*[A-H]){0,7}|[√×✓✗对错]|正确|错误)\s*[\])])"
)
BEHIND_OPTIONS = re.compile(
    r"(?P<answer>(?:正确|标准|参考)?答案)\s+(?=[A-H]{1,8}(?![A-Za-z])|[√×✓✗]|(?:正确|错误|对|错)(?![的于误]))"
)
REPLY = re.compile(r"(?P<answer>答)\s*:\s*")
BEFORE = re.compile(r"(?:^|[\s。.;!?)\]》”\"])$")
KEY_BEFORE = re.compile(
    r"(?:^|[:\]\s])(?:[A-Ha-h](?:[、,;\s|/]*[A-Ha-h])*|[√×✓✔✗✘对错是否TF]|正确|错误|不正确|不对)[。.]?\)?\s*$"
)
# How far back a key before a label is looked for; a line may hold a whole bank.
LONGEST_KEY = 200
SECOND_OPTION = re.compile(r"(?<![A-Za-z])B\s*[.、:)]")
# A bare line of these opens nothing but what follows on the next lines.
ONLY_AT_START = ("stem", "case", "options")


@dataclass(frozen=True)
class Piece:
    """Part of a line. `part`: "" for plain words, "head", or a key of WORDS; `label`: the words of its label.

    `at_start`: it opens its line. `number`, set later: the question it opens. `start`: its place in the line.
    """

    line: Line
    text: str
    start: int
    part: str = ""
    label: str = ""
    at_start: bool = False
    number: int | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def shape(self) -> str:
        return self.text.translate(SHAPES)

    def cut(self, start: int, end: int | None = None, **changes) -> "Piece":
        """The words from start to end as a piece of their own."""
        return replace(self, text=self.text[start:end], start=self.start + start, **changes)


def cut_line(line: Line) -> list[Piece]:
    """The pieces of a line: heads and labels open one, plain words stand between. Nothing is lost."""
    pieces: list[Piece] = []
    rest = Piece(line, line.text, 0, at_start=True)
    if head := head_of(line.shape):
        pieces, rest = [rest.cut(0, head, part="head")], rest.cut(head)
    while found := head_in_line(rest.shape):
        first, last = found
        pieces += [*cut_parts(rest.cut(0, first)), rest.cut(first, last, part="head", at_start=True)]
        rest = rest.cut(last, at_start=True)
    return [*pieces, *cut_parts(rest)]


def cut_parts(piece: Piece) -> list[Piece]:
    """The pieces of one piece of plain words, cut where a label opens a part."""
    shape, found, cuts = piece.shape, "", []
    for match in _label_places(shape):
        part = match.lastgroup
        at_start = not shape[: match.start()].strip()
        if cuts and match.start() < cuts[-1][0].end():
            continue
        if not at_start and not _opens_inside(shape, match, found):
            continue
        cuts.append((match, part))
        found = part
    ends = [*(match.start() for match, _ in cuts[1:]), len(shape)][: len(cuts)]
    pieces = [piece.cut(0, cuts[0][0].start() if cuts else None)]
    for (match, part), end in zip(cuts, ends, strict=True):
        pieces.append(_labelled(piece, match, part, end))
    return [one for one in pieces if one.part or one.text.strip()]


def _label_places(shape: str) -> list[re.Match]:
    found = [*BRACKETED.finditer(shape), *WITH_COLON.finditer(shape), *BEHIND_OPTIONS.finditer(shape)]
    found += [match for pattern in (AT_START, REPLY) if (match := pattern.match(shape))]
    return sorted(found, key=lambda match: (match.start(), -match.end()))


def _opens_inside(shape: str, match: re.Match, open_part: str) -> bool:
    """Whether a label in the middle of a line is one: in brackets, or after a stop, a blank or a key."""
    before = shape[: match.start(match.lastgroup)]
    if match.lastgroup in ONLY_AT_START:
        return bool(re.fullmatch(r"\s*(?:第?\d+题?[.、)]?|\(\d+\))?\s*(?:\[[^\]]{1,8}\])?\s*", before))
    if match[0].startswith("["):
        return open_part != "explanation" or match.lastgroup != "answer"
    if match[0].startswith("("):
        return True
    if match.lastgroup == "answer" and open_part == "explanation":
        return False
    if match.lastgroup == "explanation" and open_part == "answer" and "解析" in match[0]:
        return True
    if match.lastgroup == "answer" and open_part == "" and SECOND_OPTION.search(before):
        return True
    tail = before[-LONGEST_KEY:]
    return bool(BEFORE.search(before[-1:])) or (open_part in ("answer", "") and bool(KEY_BEFORE.search(tail)))


def _labelled(piece: Piece, match: re.Match, part: str, end: int) -> Piece:
    # 【选项】 says nothing that the letters behind it do not.
    part, label = ("", "") if part == "options" else (part, match[0].strip())
    made = piece.cut(match.end(), end, part=part, label=label)
    if match[0].startswith("(") and made.shape.rstrip().endswith(")") and made.shape.count(")") > made.shape.count("("):
        made = replace(made, text=made.text.rstrip()[:-1])
    return replace(made, at_start=piece.at_start and not piece.text[: match.start()].strip())
