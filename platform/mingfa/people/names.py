"""Names: one spelling, pinyin initials for searching, user names for new accounts. Pure."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Characters that are read differently as surnames.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "朴": "piao", "区": "ou",
    "任": "ren", "乐": "yue", "翟": "zhai", "尉": "yu", "缪": "miao", "华": "hua",
}  # fmt: skip

# The dot between the parts of a 民族 name is U+00B7; keyboards and files also give these.
DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "．": "·", "\u200b": None, "\ufeff": None})


def fold_name(text: str) -> str:
    """“乙　二” → “乙二”, “阿娜尔•古丽” → “阿娜尔·古丽”. Names in Latin letters keep single blanks."""
    text = unicodedata.normalize("NFC", text.translate(DOTS))
    words = text.split()
    between = " " if all(word.isascii() for word in words) else ""
    return between.join(words)


@lru_cache(maxsize=20_000)
def _pinyin(character: str) -> str:
    """Toneless pinyin of one character, ASCII letters and digits as they are, "" for the rest."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    from pypinyin import lazy_pinyin  # its tables take a tenth of the time in which a command or a server starts

    return "".join(lazy_pinyin(character, errors="ignore")).replace("ü", "v")


def _syllables(name: str) -> list[str]:
    first = [SURNAMES[name[0]]] if name[:1] in SURNAMES else []
    return first + [_pinyin(character) for character in name[len(first) :]]


def initials(name: str) -> str:
    """Lower-case first letters: “丁四” → “ds”."""
    return "".join(syllable[:1] for syllable in _syllables(name))[:60]


def username_base(name: str) -> str:
    """Pinyin of a name as the beginning of a user name: “丁四” → “dingsi”."""
    return "".join(_syllables(name))[:40] or "ren"


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
