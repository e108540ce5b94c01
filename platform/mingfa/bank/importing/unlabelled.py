"""Parts without the usual sign before them: options without letters or with ①, a bare 对 below a 判断."""

import re

from mingfa.bank.drafts import CHOICES, JUDGE
from mingfa.bank.importing.answers import choice_key, judge_key
from mingfa.bank.importing.numbers import GAP
from mingfa.bank.importing.results import Doubt
from mingfa.bank.importing.stems import items_in_stem
from mingfa.bank.importing.units import SHAPES

CIRCLED = "①②③④⑤⑥⑦⑧"
CIRCLED_KEY = re.compile(rf"\s*[(（]?([{CIRCLED}](?:[\s、,，;；]*[{CIRCLED}])*)[)）]?\s*[。.]?\s*")
LONGEST = 80
NO_LETTERS = Doubt(0.6, "选项前面没有字母，按各行的先后认作 A、B、C，请核对")
CIRCLES = Doubt(0.85, "选项用①②③编号，已换成 A、B、C")
BARE_JUDGEMENT = Doubt(0.85, "对错单独写在一行，没有“答案”二字")


def circled_options(body: str, answer: str) -> tuple[str, tuple[str, ...], str] | None:
    """(stem, options, letters) where the options stand behind ① ② ③ and the answer is written with them too."""
    key = CIRCLED_KEY.fullmatch(answer)
    stem, options = items_in_stem(body)
    if not key or not options or not stem:
        return None
    places = sorted({CIRCLED.index(sign) for sign in key[1] if sign in CIRCLED})
    if places[-1] >= len(options):
        return None
    return stem, options, "".join(chr(65 + place) for place in places)


def bare_lines(body: str, answer: str, type: str | None) -> tuple[str, tuple[str, ...]] | None:
    """(stem, options) of a choice whose options are lines without letters below the line with the gap.

    Only where the key is a letter that one of two to eight short lines can be.
    """
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    gaps = [place for place, line in enumerate(lines) if GAP.search(line.translate(SHAPES))]
    first = gaps[-1] + 1 if gaps else 1
    options = lines[first:]
    letters = choice_key(answer)[0]
    if type not in CHOICES or not letters or not 2 <= len(options) <= 8:
        return None
    if ord(letters[-1]) - 65 >= len(options) or any(len(option) > LONGEST for option in options):
        return None
    return "\n".join(lines[:first]), tuple(options)


def bare_judgement(body: str, type: str | None) -> tuple[str, str] | None:
    """(stem, answer) of a 判断 whose last line begins with 对, 错误，… or √ and no label."""
    lines = body.rstrip().split("\n")
    if type != JUDGE:
        return None
    for place in range(1, len(lines)):
        if judge_key(lines[place])[0]:
            return "\n".join(lines[:place]), "\n".join(lines[place:]).strip()
    return None
