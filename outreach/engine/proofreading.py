"""The office's list of commonly mistaken words and of names with titles, held against a text. Pure."""
from collections.abc import Iterable
from dataclasses import dataclass

MISTAKEN, TITLED = "mistaken", "titled"


@dataclass(frozen=True)
class Listed:
    """`mistaken`: `word` is often written for `right`. `titled`: the person `word` has the title `right`."""

    kind: str
    word: str
    right: str


@dataclass(frozen=True, order=True)
class Slip:
    """What stands at `start` and is not as listed."""

    start: int
    word: str
    right: str
    kind: str


def slips(text: str, listed: Iterable[Listed]) -> list[Slip]:
    """In the order of the text. A listed word inside its own right spelling (“帐” in “帐篷”) is none."""
    found = []
    for one in listed:
        start = text.find(one.word)
        while start >= 0:
            wrong = _is_mistaken(text, start, one) if one.kind == MISTAKEN else _lacks_title(text, start, one)
            if wrong:
                found.append(Slip(start, one.word, one.right, one.kind))
            start = text.find(one.word, start + len(one.word))
    return sorted(found)


def _is_mistaken(text: str, start: int, one: Listed) -> bool:
    inside = one.right.find(one.word)
    return inside < 0 or text[max(start - inside, 0) : start - inside + len(one.right)] != one.right


def _lacks_title(text: str, start: int, one: Listed) -> bool:
    """A title stands right before the name or right after it."""
    end = start + len(one.word)
    before = text[:start].rstrip(" \u3000")
    return not (before.endswith(one.right) or text[end : end + len(one.right)] == one.right)
