"""Words of Chinese text, and what somebody typed into the search box. Pure."""
import re
import unicodedata
from dataclasses import dataclass

import rjieba

from mingfa.library.citations import NUMBER, chinese_to_int

LONGEST_QUERY = 100
# 第188条, 一百二十条之一; or a number alone or at the end: 民法典 188, 刑法120-1.
PLACE = re.compile(rf"第?\s*({NUMBER})\s*条(?:之({NUMBER}))?")
BARE_PLACE = re.compile(rf"(?:^|(?<=[\s\u3400-\u9fff》]))(\d{{1,4}})(?:[-之]({NUMBER}))?\s*$")
# Words of grammar: nearly every article holds them, so they find nothing.
EMPTY_WORDS = frozenset("的了和与或在是对为由以及等有其应不第条款项") | {"或者", "应当", "可以", "按照", "依照"}
SNIPPET = 160
BEFORE_HIT = 30


@dataclass(frozen=True)
class LawQuery:
    """What is looked for: words, and an article's number where one was typed (0 where not).

    `marks` are the words as a reader sees them, to be marked in results: 人民法院 without 人民 and 民法.
    """

    text: str
    words: tuple[str, ...]
    article: int = 0
    sub: int = 0

    @property
    def marks(self) -> tuple[str, ...]:
        whole = rjieba.cut(self.text.lower())
        return tuple(dict.fromkeys(word for word in whole if word in self.words))


@dataclass(frozen=True)
class Span:
    """A stretch of text to show; `hit` when it is one of the words looked for."""

    text: str
    hit: bool


def cut(text: str) -> list[str]:
    """The words of a text for the index, each once: long words and the short ones inside them, folded."""
    folded = unicodedata.normalize("NFKC", text).lower()
    words = dict.fromkeys(rjieba.cut_for_search(folded))
    return [word for word in words if word.isalnum() and word not in EMPTY_WORDS]


def read_query(typed: str) -> LawQuery:
    """What was typed into the search box, cut like the texts; too long a query is cut off."""
    text = unicodedata.normalize("NFKC", typed)[:LONGEST_QUERY].strip()
    match = PLACE.search(text) or BARE_PLACE.search(text)
    if not match:
        return LawQuery(text, tuple(cut(text)))
    rest = (text[: match.start()] + " " + text[match.end() :]).strip()
    sub = chinese_to_int(match[2]) if match[2] else 0
    return LawQuery(rest, tuple(cut(rest)), chinese_to_int(match[1]), sub)


def highlight(text: str, words: tuple[str, ...]) -> list[Span]:
    """The text in stretches, the words looked for marked; touching hits are one."""
    if not words:
        return [Span(text, False)]
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(f"((?:{'|'.join(map(re.escape, longest_first))})+)", re.IGNORECASE)
    return [Span(part, position % 2 == 1) for position, part in enumerate(pattern.split(text)) if part]


def snippet(text: str, words: tuple[str, ...]) -> list[Span]:
    """About 160 characters around the first hit, for a list of results."""
    text = text.replace("\n", " ")
    spans = highlight(text, words)
    first = len(spans[0].text) if spans and not spans[0].hit and len(spans) > 1 else 0
    start = max(0, min(first - BEFORE_HIT, len(text) - SNIPPET))
    part = text[start : start + SNIPPET]
    shown = ("…" if start else "") + part + ("…" if start + SNIPPET < len(text) else "")
    return highlight(shown, words)
