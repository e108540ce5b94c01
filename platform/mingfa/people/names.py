"""Names: one spelling, pinyin initials for searching, user names for new accounts. Pure."""

import unicodedata
from collections.abc import Container

from pypinyin import Style, lazy_pinyin

# The dot between the parts of a 民族 name is U+00B7; keyboards and files also give these.
DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "．": "·", "\u200b": None, "\ufeff": None})


def fold_name(text: str) -> str:
    """“乙　二” → “乙二”, “阿娜尔•古丽” → “阿娜尔·古丽”. Names in Latin letters keep single blanks."""
    text = unicodedata.normalize("NFC", text.translate(DOTS))
    words = text.split()
    between = " " if all(word.isascii() for word in words) else ""
    return between.join(words)


def initials(name: str) -> str:
    """Lower-case first letters: “丁四” → “ds”."""
    letters = lazy_pinyin(
        name, style=Style.FIRST_LETTER, errors=lambda rest: [c for c in rest if c.isalnum()]
    )
    return "".join(letter[:1] for letter in letters).lower()[:60]


def new_username(name: str, taken: Container[str]) -> str:
    """A user name from pinyin that is not taken: dingsi, dingsi2, dingsi3 …"""
    base = (
        "".join(
            c for c in "".join(lazy_pinyin(name, errors="ignore")).lower() if c.isascii() and c.isalnum()
        )[:40]
        or "ren"
    )
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}{number}"
    return candidate
