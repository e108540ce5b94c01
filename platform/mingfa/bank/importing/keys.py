"""Answers that stand apart from their questions: a block at the end of a file or a section."""

import re
from dataclasses import dataclass, field, replace

from mingfa.bank.drafts import CASE, JUDGE, MULTIPLE, SINGLE
from mingfa.bank.importing.heads import head_of
from mingfa.bank.importing.units import Line
from mingfa.bank.importing.words import type_named

TITLE = re.compile(
    r"^(?:附[件录]?\d*[:.、]?)?[\[(]?.{0,24}?(?:参考|标准|正确|试题|题库)?答案(?:及|与|和)?(?:解析|评分标准|部分|速查表?|汇总)?[\])]?[:]?$"
)
SECTION_TITLE = re.compile(r"^(?P<head>.{0,10}?题)\s*(?:参考|正确|标准)?答案\s*[:]?\s*")
LETTERS = r"[A-Ha-h](?:[、,/]?[A-Ha-h])*(?![a-zA-Z])"
MARKS = r"[√×✓✔✗✘]|正确|错误|对|错|[TF](?![a-zA-Z])|是|否"
PAIR = re.compile(
    rf"(?:第?\s*|\()(\d{{1,4}})\s*(?:题)?\s*[.、:)\]-]*\s*(?:\[?(?:正确|参考)?答案\]?\s*:?)?\s*[(\[]?({LETTERS}|{MARKS})[)\]]?(?=$|[\s,;。、.(\[]|\d|解析|【)"
)
RANGE = re.compile(r"(?:第)?(\d{1,4})\s*(?:题)?\s*[-~—–至到]+\s*(\d{1,4})\s*(?:题)?\s*[.、:)]*\s*")
# `1-4 B超室应当登记` is question 4 of chapter 1.
SIGNS_BETWEEN = r"\d\s,;、.。/|()第题~—–-"
KEYS_ONLY = re.compile(rf"[A-Ha-h√×✓✔✗✘正确错误对TF是否{SIGNS_BETWEEN}]*[A-Ha-h√×✓✔✗✘确误错对TF是否][{SIGNS_BETWEEN}]*")
BETWEEN = re.compile(r"[\s,;。、.]*")
NUMBERED = re.compile(r"^\s*(?:第\s*(\d{1,4})\s*题|\(?(\d{1,4})\s*[.、:)])\s*")
ONE_KEY = re.compile(rf"{LETTERS}|{MARKS}")
POINT = re.compile(r"(?:^|\n)\s*[(（]?(\d{1,2})\s*[.．、)）](?!\d)")
KEY_FIRST = re.compile(rf"[\[(]?(?:{LETTERS}|{MARKS}|\[?(?:正确|参考)?答案)")
WORDED = re.compile(
    rf"(?:^|(?<=[\s;。.]))\s*(\d{{1,4}})\s*[.、:)]\s*(?=[(\[]?(?:{LETTERS}|{MARKS})[)\]]?(?:[\s,;。、.(\[]|$))"
)
OPTION_LINE = re.compile(r"^\s*[(\[]?A[.、:)\]]")
# 1-B 2-A under a question is the key of a 配对, not one of two questions.
DASHED = re.compile(r"\d\s*-+\s*[A-Ha-h]")
NUMBER_ROW = re.compile(r"^\|?\s*(?:题号|序号|题目)[\s|:]*(\d{1,4}(?:[\s|]+\d{1,4})+)[\s|]*$")
KEY_ROW = re.compile(rf"^\|?\s*(?:参考|正确|标准)?答案[\s|:]*((?:{LETTERS}|{MARKS})(?:[\s|]+(?:{LETTERS}|{MARKS}))*)[\s|]*$")
STAYS = re.compile(r"^[\s\[(]*(?:答案|解析|依据|出处|理由|答)")


@dataclass(frozen=True)
class Key:
    """The answer to question `number` under the head before it; `text` may go on with an explanation."""

    number: int
    text: str
    line: Line


@dataclass
class KeyGroup:
    """Keys under one head of a block ("" without one).

    `boxed`: its numbers are written (1). `broken`: lines that could not be read safely.
    """

    head: str
    keys: list[Key] = field(default_factory=list)
    boxed: bool | None = None
    broken: list[Line] = field(default_factory=list)
    behind: int = 0


def join_grids(lines: list[Line]) -> list[Line]:
    """`题号 1 2 3` over `答案 B A C` as the one line `1.B 2.A 3.C`; as a line that gives nobody a key when the counts differ."""
    joined: list[Line] = []
    skipped = None
    for place, line in enumerate(lines):
        below = _next_filled(lines, place + 1)
        numbers = NUMBER_ROW.match(line.shape)
        keys = KEY_ROW.match(lines[below].shape) if numbers and below is not None else None
        if keys:
            said = keys[1].replace("|", " ").split()
            asked = numbers[1].replace("|", " ").split()
            pairs = list(zip(asked, said, strict=False))
            fits = len(said) == len(asked)
            text = " ".join(f"{number}.{key}" for number, key in pairs) if fits else f"{asked[0]}-{asked[-1]} {said[0]}"
            joined.append(replace(line, text=text, raw=f"{line.raw or line.text}\n{lines[below].raw or lines[below].text}"))
            skipped = below
        elif place != skipped:
            joined.append(line)
    return joined


def split_keys(lines: list[Line]) -> tuple[list[Line], list[KeyGroup]]:
    """(lines without the blocks, groups of keys). A block begins with a title or with a line of keys.

    `behind` of a group: how many of the kept lines stand before its block.
    """
    kept: list[Line] = []
    groups: list[KeyGroup] = []
    place, asked, head = 0, set(), None
    while place < len(lines):
        end = _block_end(lines, place, asked, head)
        if end == place:
            line = lines[place]
            kept.append(line)
            if size := head_of(line.shape):
                head = type_named(line.shape[:size])
                asked.add(head)
            place += 1
        else:
            found = read_keys(lines[place:end])
            for group in found:
                group.behind = len(kept)
            groups += found
            place = end
    return kept, groups


def pairs_of(shape: str) -> list[tuple[int, str]] | None:
    """[(1, "C"), (2, "B")] from a line of nothing but keys, None for any other line.

    `1-5 CBCBB` may be written with blanks between; as many answers as numbers, or the line is not one of keys.
    """
    found: list[tuple[int, str]] = []
    place = BETWEEN.match(shape).end()
    while place < len(shape):
        if span := RANGE.match(shape, place):
            part = _range(shape, span)
        elif pair := PAIR.match(shape, place):
            part = ([(int(pair[1]), pair[2])], pair.end())
        else:
            return None
        if part is None:
            return None
        found += part[0]
        place = BETWEEN.match(shape, part[1]).end()
    return found or None


def _range(shape: str, span: re.Match) -> tuple[list[tuple[int, str]], int] | None:
    first, last = int(span[1]), int(span[2])
    end = (
        next((match.start() for match in re.finditer(r"\d", shape[span.end() :])), len(shape) - span.end()) + span.end()
    )
    words = re.sub(r"[第(]\s*$", "", shape[span.end() : end]).strip()
    if not 0 < last - first < 500 or not words:
        return None
    tokens = [token for token in re.split(r"[\s,;、.。/|]+", words) if token]
    count = last - first + 1
    if len(tokens) != count:
        tokens = ONE_KEY.findall("".join(tokens)) if re.search(r"[^A-Za-z]", "".join(tokens)) else list("".join(tokens))
    if len(tokens) != count or not all(ONE_KEY.fullmatch(token) for token in tokens):
        return None
    return list(zip(range(first, last + 1), tokens, strict=True)), end


def looks_like_range(shape: str) -> bool:
    """A line that begins like `1-5 CBC` but does not give as many answers as numbers."""
    span = RANGE.match(shape)
    return bool(span and KEYS_ONLY.fullmatch(shape[span.end() :]) and pairs_of(shape) is None)


def is_key_line(shape: str) -> bool:
    """A line of nothing but keys, each perhaps with words behind it, or one that was meant to be."""
    return bool(pairs_of(shape) or looks_like_range(shape) or keys_with_words(shape))


def _block_end(lines: list[Line], start: int, asked: set[str | None], section: str | None) -> int:
    """Where the block that begins at `start` ends; `start` itself when none begins there.

    asked: types of the sections before; a head of another type opens questions, not their answers. section: the
    type of the section it stands in; below a 案例 numbered words are the answers to its own questions.
    """
    shape = lines[start].shape
    if not shape.strip():
        return start
    behind = _behind_title(shape)
    pairs = pairs_of(behind) or [(one[0], "") for one in keys_with_words(behind)]
    titled = is_title(shape) and not head_of(shape) and _keys_follow(lines, start + 1)
    if titled and section == CASE and (first := _next_filled(lines, start + 1)) is not None:
        titled = bool(head_of(lines[first].shape)) or is_key_line(_behind_title(lines[first].shape))
    headed = bool(SECTION_TITLE.match(shape)) and (pairs or _keys_follow(lines, start + 1))
    if not titled and not headed and not (pairs and len(pairs) > 1) and not looks_like_range(behind):
        return start
    if (
        not titled
        and not headed
        and pairs
        and not RANGE.match(behind)
        and _options_near(lines, start + 1)
    ):
        return start
    if not titled and not headed and DASHED.search(shape) and not RANGE.match(behind):
        return start
    end, head = start + 1, None
    while end < len(lines):
        if size := head_of(lines[end].shape):
            head = type_named(lines[end].shape[:size])
            if asked and head not in asked:
                break
        if not _goes_on(lines, end, titled, head):
            break
        end += 1
    return end


def is_title(shape: str) -> bool:
    """参考答案, 附：参考答案及解析, 参 考 答 案."""
    return len(shape) <= 60 and bool(TITLE.match(re.sub(r"\s", "", shape)))


def _behind_title(shape: str) -> str:
    """The keys of `一、单选题答案：1-5 CBCBB`, `答案：1.C 2.B` and `参考答案 1-5 CBCBB`."""
    found = SECTION_TITLE.match(shape) or re.match(r"^[\[(]?(?:参考|正确|标准)?答案[\])]?\s*[:]?\s*(?=第?\d)", shape)
    if found:
        return shape[found.end() :]
    head = head_of_keys(shape)
    return shape[head:] if head else shape


def head_of_keys(shape: str) -> int:
    """Characters of `一、单选题` or `单选题：` before keys on the same line; 0 if none."""
    found = re.match(
        r"^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]\))?\s*[^\d\s:。]{0,8}(?:题|选择|判断|单选|多选)(?:\([^()]*\))?\s*:?\s*(?=第?\d)",
        shape,
    )
    if found:
        return found.end()
    # 一、1.A 2.B 3.C: the number of the section alone.
    ordinal = re.match(r"^(?:[一二三四五六七八九十]{1,3}[、.:]|\([一二三四五六七八九十]\))\s*(?=第?\d)", shape)
    return ordinal.end() if ordinal and pairs_of(shape[ordinal.end() :]) else 0


def _next_filled(lines: list[Line], place: int) -> int | None:
    return next((one for one in range(place, min(place + 6, len(lines))) if lines[one].shape.strip()), None)


def _keys_follow(lines: list[Line], place: int) -> bool:
    """Whether keys stand below a title, perhaps under a head."""
    first = _next_filled(lines, place)
    if first is None:
        return False
    shape = lines[first].shape
    if is_key_line(_behind_title(shape)):
        return True
    if head_of(shape) == len(shape):
        second = _next_filled(lines, first + 1)
        if second is None or second == first:
            return False
        shape, first = lines[second].shape, second
    return bool(
        pairs_of(shape) or looks_like_range(shape) or (NUMBERED.match(shape) and not _options_near(lines, first + 1))
    )


def _options_near(lines: list[Line], place: int) -> bool:
    """Whether options come before the next number: then a numbered line is a question."""
    for line in lines[place : place + 8]:
        if OPTION_LINE.match(line.shape):
            return True
        if NUMBERED.match(line.shape) or head_of(line.shape):
            return False
    return False


def _goes_on(lines: list[Line], place: int, titled: bool, head: str | None) -> bool:
    shape = lines[place].shape
    if not shape.strip():
        following = _next_filled(lines, place)
        return following is not None and (
            bool(head_of(lines[following].shape)) or _goes_on(lines, following, titled, head)
        )
    if is_key_line(_behind_title(shape)):
        return True
    if head_of(shape):
        return _keys_follow(lines, place + 1) if titled else _keys_only_follow(lines, place + 1)
    if OPTION_LINE.match(shape):
        return False
    if numbered := NUMBERED.match(shape):
        plain = head in (SINGLE, MULTIPLE, JUDGE)
        key = KEY_FIRST.match(shape[numbered.end() :])
        return titled and bool(key or not plain) and not _options_near(lines, place + 1)
    return titled or bool(STAYS.match(shape))


def _keys_only_follow(lines: list[Line], place: int) -> bool:
    first = _next_filled(lines, place)
    return first is not None and pairs_of(lines[first].shape) is not None


def read_keys(lines: list[Line]) -> list[KeyGroup]:
    """The keys of one block, a group a head; numbers that begin again open a new group too."""
    groups = [KeyGroup("")]
    for line in lines:
        shape, text = line.shape, line.text
        if not shape.strip():
            continue
        titled = SECTION_TITLE.match(shape)
        head = titled.end() if titled else head_of(shape) if head_of(shape) == len(shape) else head_of_keys(shape)
        if head:
            groups.append(KeyGroup(text[:head].strip()))
            shape, text = shape[head:], text[head:]
        elif is_title(shape):
            continue
        shape = _behind_title(shape)
        text = text[len(text) - len(shape) :]
        if not shape.strip():
            continue
        _read_line(groups, line, shape, text)
    return [group for group in groups if group.keys or group.broken]


def _read_line(groups: list[KeyGroup], line: Line, shape: str, text: str) -> None:
    if pairs := pairs_of(shape):
        for number, key in pairs:
            _add(groups, Key(number, key, line))
    elif looks_like_range(shape):
        groups[-1].broken.append(line)
    elif worded := keys_with_words(shape):
        for number, start, end in worded:
            _add(groups, Key(number, text[start:end], line), text)
    elif (numbered := NUMBERED.match(shape)) and not _is_point(groups[-1], numbered):
        if groups[-1].boxed is None:
            groups[-1].boxed = numbered[0].lstrip().startswith("(")
        _add(groups, Key(int(numbered[1] or numbered[2]), text[numbered.end() :], line), text)
    elif groups[-1].keys:
        last = groups[-1].keys[-1]
        groups[-1].keys[-1] = Key(last.number, f"{last.text}\n{text}", last.line)
    else:
        groups[-1].broken.append(line)


def _is_point(group: KeyGroup, numbered: re.Match) -> bool:
    """(2) below answers numbered 1. is a point of the answer before it."""
    return bool(group.keys) and group.boxed is False and numbered[0].lstrip().startswith("(")


def keys_with_words(shape: str) -> list[tuple[int, int, int]]:
    """[(number, start, end of its words)] of a line like `1.正确;2.错误,应当登记。`; [] for any other line."""
    found: list[re.Match] = []
    if not shape.lstrip()[:1].isdecimal():
        return []
    for match in WORDED.finditer(shape):
        if (not found and not shape[: match.start()].strip()) or (found and int(match[1]) == int(found[-1][1]) + 1):
            found.append(match)
    if len(found) < 2:
        return []
    ends = [*(match.start() for match in found[1:]), len(shape)]
    return [
        (int(match[1]), match.end(), len(shape[:end].rstrip(" ;"))) for match, end in zip(found, ends, strict=True)
    ]


def _add(groups: list[KeyGroup], key: Key, whole: str = "") -> None:
    """whole: the line as it stands, where it may turn out to be a point of the answer before it."""
    keys = groups[-1].keys
    is_key = ONE_KEY.match(key.text.strip())
    if keys and not is_key and (points := POINT.findall(keys[-1].text)) and key.number == int(points[-1]) + 1:
        keys[-1] = Key(keys[-1].number, f"{keys[-1].text}\n{whole or key.text}", keys[-1].line)
        return
    if keys and key.number <= keys[-1].number:
        # In the answer to a 简答 a list of points begins again at 1; keys of a new section are keys.
        if not is_key and len(keys[-1].text) > 6:
            keys[-1] = Key(keys[-1].number, f"{keys[-1].text}\n{whole or key.text}", keys[-1].line)
            return
        groups.append(KeyGroup(""))
        keys = groups[-1].keys
    keys.append(key)


def holds_points(group: KeyGroup) -> bool:
    """Whether an answer of the group has numbered points of its own: where one ends is then not certain."""
    return any(POINT.search(key.text) for key in group.keys)
