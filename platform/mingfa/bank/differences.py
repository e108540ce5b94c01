"""What differs between two wordings, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# One token: a number in digits or in Chinese, a Latin word, else a single character. A changed number is then one
# change (三十 → 六十), and a Chinese word is compared by its characters.
TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]+|[〇零一二三四五六七八九十百千万亿两]+|\s+|.", re.DOTALL)
# difflib's time grows with the square of the length; longer texts are compared by line.
LONGEST = 4000


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `kind`: same, gone (only in the old wording) or new (only in the new one)."""

    kind: str
    text: str


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The new wording with what it lost and what it gained, in reading order.

    The same and new pieces together are `new`, the same and gone pieces together are `old`.
    """
    split = TOKEN.findall if max(len(old), len(new)) <= LONGEST else _lines
    before, after = split(old), split(new)
    found: list[Piece] = []
    for op, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Piece("same", "".join(before[i:j])))
            continue
        found += [Piece("gone", "".join(before[i:j]))] if j > i else []
        found += [Piece("new", "".join(after[k:m]))] if m > k else []
    return tuple(found)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


@dataclass(frozen=True)
class Difference:
    """One part of a text (题干, 选项 A …) in two wordings."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def compare(old: dict[str, str], new: dict[str, str]) -> list[Difference]:
    """Part by part, in the order of the new wording; parts that only the old one has come last."""
    labels = [*new, *(label for label in old if label not in new)]
    return [Difference(label, pieces(old.get(label, ""), new.get(label, ""))) for label in labels]
