"""Names: one spelling, pinyin initials for searching, user names for new accounts. Pure."""

import unicodedata
from collections.abc import Iterable

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


def username_base(name: str) -> str:
    """Pinyin of a name as the beginning of a user name: “丁四” → “dingsi”."""
    letters = "".join(lazy_pinyin(name, errors="ignore")).lower()
    return "".join(mark for mark in letters if mark.isascii() and mark.isalnum())[:40] or "ren"


class UserNames:
    """Hands out user names that nobody has: dingsi, dingsi2, dingsi3 …"""

    def __init__(self, taken: Iterable[str]):
        self.taken = set(taken)
        self.last: dict[str, int] = {}

    def take(self, name: str) -> str:
        """A free user name for a person called `name`; it is not free afterwards."""
        base = username_base(name)
        number = self.last.get(base, 0) + 1
        while (candidate := base if number == 1 else f"{base}{number}") in self.taken:
            number += 1
        self.last[base] = number
        self.taken.add(candidate)
        return candidate
