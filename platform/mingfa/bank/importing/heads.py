"""Lines between the questions: section heads, chapter titles, and noise of pages."""

import re
from collections import Counter

from mingfa.bank.importing.units import Line

TYPES = (
    r"(?:单项选择|多项选择|不定项选择|单项|多项|不定项|单选|多选|选择|判断(?:正误|对错|是非)?|是非判断|是非|正误判断"
    r"|填空|简答|简述|问答|论述|名词解释|案例(?:分析)?|材料(?:分析)?|综合分析|排序|配对|连线|匹配|辨析|情景(?:分析)?)"
)
DIGITS = "[一二三四五六七八九十]"
ORDINAL = (
    rf"(?:第?{DIGITS}{{1,3}}(?:部分|大题|单元)?[、.,:\s]+|第{DIGITS}{{1,3}}(?:部分|大题|单元)"
    rf"|\({DIGITS}{{1,3}}\)[、.]?|[IVX]{{1,4}}[、.]|第\s*\d+\s*(?:部分|大题)[、.:]?)"
)
HEAD = re.compile(
    rf"\s*(?P<ordinal>{ORDINAL})?\s*\[?(?P<type>{TYPES})(?P<ti>类?试?题(?:型|目|部分)?|部分)?\]?\s*(?P<tail>\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*"
)
ARABIC = re.compile(rf"\s*\d{{1,2}}[、.]\s*{TYPES}题\s*(?:\([^()]*\))?[:。]?$")
NUMBER_FOLLOWS = re.compile(r"[:。]?\s*(?:\d{1,3}[.、)]|第\d+题|\(\d{1,2}\))")
COUNTING = re.compile(
    r"^[:。,、;\s]*(?:本大?题|共|每|总计|计|请|下列|以下|\d+[道小]?题|从|在|正确|判断|选择).*|^[:。]?$"
)
INSIDE = re.compile(rf"(?<=[^\w《])?{DIGITS}{{1,3}}、{TYPES}题\s*(?:\([^()]*\))?[:。]?(?=\s*\d{{1,3}}[.、])")
CHAPTER = re.compile(
    rf"^(?:第\s*(?:{DIGITS}{{1,3}}|\d{{1,2}})\s*[章节编篇]|第{DIGITS}{{1,3}}(?:部分|单元)|{DIGITS}{{1,3}}、|\({DIGITS}{{1,3}}\)|[★▲●■◆※])\s*[^。?!:;()]{{1,24}}$"
)
ODD_HEAD = re.compile(rf"^{DIGITS}{{1,3}}、[^,。?()]{{1,8}}题\s*(?:\(.*\))?[:。]?$")
FILE_TITLE = re.compile(
    r"^(?!\d{1,3}[.、)])[^。?!:,;()\[\]]{4,30}(?:题库|试卷|试题|竞赛题|复习资料|学习资料|复习题|练习题)$"
)
PAGE = re.compile(
    r"^(?:[-—–~\s]*\d{1,4}[-—–~\s]*(?<!\d\.)|[-—·.\s]*第\s*[\d一二三四五六七八九十]+\s*页.{0,16}|共\s*\d+\s*页|\d+\s*/\s*\d+"
    r"|page\s*\d+.*|[-=_*—─━·.~#\s]{3,}|\(?(?:以下|此页|下页)无正文\)?|\(?(?:全卷|试题|题库)?(?:完|结束|完毕)\)?"
    r"|(?:姓名|单位|考号|得分|部门|评卷人|阅卷人|准考证号|座位号|职务).{0,4}[_\s:].{0,60}|密封线.*"
    r"|(?:制表|审核|审定|填表|出题|命题|编制|校对|制作|组卷|打印)(?:人|单位|时间|日期)\s*:.{0,60})$",
    re.IGNORECASE,
)


def head_of(shape: str) -> int:
    """How many characters at the start of a line are a section head; 0 if none.

    一、单项选择题(每题2分,共40分), 第一部分 单选题, 判断题; behind it nothing, words that count or instruct, or
    the first question of a file on one line.
    """
    if ARABIC.match(shape):
        return len(shape)
    match = HEAD.match(shape)
    if not match:
        return 0
    rest = shape[match.end() :]
    named = match["ti"] or (match["ordinal"] and match["type"] not in ("简述", "材料"))
    if not rest.strip():
        return len(shape) if named or match["type"] in ("单选", "多选", "判断", "填空", "简答") else 0
    if named and (follows := NUMBER_FOLLOWS.match(rest)):
        colon = re.match(r"[:。]?\s*", rest).end()
        return match.end() + colon if follows else 0
    if named and len(shape) <= 160 and COUNTING.match(rest) and not re.search(r"(?:^|\s)[(]?A[.、)]", rest):
        return len(shape)
    return 0


def head_in_line(shape: str) -> tuple[int, int] | None:
    """Where a head with the first number behind it stands in the middle of a line."""
    found = INSIDE.search(shape, 1)
    return (found.start(), found.end()) if found else None


def is_chapter(shape: str) -> bool:
    """第一章 总则, 二、信访类: a title between questions that says nothing about their type."""
    return bool(CHAPTER.match(shape.strip()))


def is_file_title(shape: str) -> bool:
    """2026年法治理论考试题库: a title that may come back on a page."""
    return bool(FILE_TITLE.match(shape.strip()))


def is_odd_head(shape: str) -> bool:
    """A head of a type nobody knows: 四、看图题."""
    return bool(ODD_HEAD.match(shape.strip()))


def without_noise(lines: list[Line]) -> list[Line]:
    """The lines without page numbers, rules, name fields, and titles that come back on every page."""
    counts = Counter(line.shape for line in lines if 4 <= len(line.shape) <= 40)
    return [line for line in lines if not PAGE.match(line.shape) and not _is_running_title(line, counts)]


def _is_running_title(line: Line, counts: Counter) -> bool:
    words = ("题库", "试卷", "试题", "考试", "练习", "内部资料", "竞赛", "学习资料")
    return (
        counts[line.shape] >= 2
        and any(word in line.shape[-12:] for word in words)
        and not re.match(r"\(?[A-Ha-h][.、)\s]|\d|\[", line.shape)
        and not re.search(r"[。?:]|答案", line.shape)
        and not head_of(line.shape)
    )
