"""款, 项 and 目 as lines of an article's text. Pure."""
import re
from dataclasses import dataclass
from typing import Literal

from mingfa.library.citations import chinese_to_int

ITEM = re.compile(r"[（(]([零〇一二三四五六七八九十百]+)[)）]")
POINT = re.compile(r"(\d{1,3})\s?[.．、]")


@dataclass(frozen=True)
class Provision:
    """One line of an article. `paragraph` (款) counts from 1; item (项) and point (目) are 0 where none."""

    kind: Literal["款", "项", "目"]
    paragraph: int
    item: int
    point: int
    text: str

    @property
    def anchor(self) -> str:
        """k2, k2x3, k2x3m1: unique within the article."""
        return anchor_of(self.paragraph, self.item) + (f"m{self.point}" if self.point else "")


def anchor_of(paragraph: int, item: int = 0) -> str:
    """The anchor of a cited place inside its article's page."""
    return f"k{paragraph or 1}" + (f"x{item}" if item else "")


def split_provisions(text: str) -> list[Provision]:
    """The lines of an article: （一） opens a 项, `1.` a 目 inside a 项, every other line is the next 款.

    Source: domain rule 9.1. An article that begins with a 项 has an unprinted first 款.
    """
    found: list[Provision] = []
    paragraph = item = 0
    for line in text.split("\n"):
        if match := ITEM.match(line):
            paragraph, item = max(paragraph, 1), chinese_to_int(match[1])
            found.append(Provision("项", paragraph, item, 0, line))
        elif match := POINT.match(line):
            paragraph = max(paragraph, 1)
            found.append(Provision("目", paragraph, item, int(match[1]), line))
        else:
            paragraph, item = paragraph + 1, 0
            found.append(Provision("款", paragraph, 0, 0, line))
    return found


def find_provision(text: str, paragraph: int, item: int = 0) -> list[Provision]:
    """The lines a citation means: a whole 款 with its 项, or one 项. Empty when there is no such place."""
    paragraph = paragraph or 1
    inside = [provision for provision in split_provisions(text) if provision.paragraph == paragraph]
    return [provision for provision in inside if provision.item == item] if item else inside
