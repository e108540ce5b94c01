"""Small notes in brackets at the ends of a stem: 【单选】, (多选题，2分), （3分）, (难)."""

import re
from dataclasses import dataclass

from mingfa.bank.importing.chains import join_lines
from mingfa.bank.importing.heads import TYPES
from mingfa.bank.importing.units import SHAPES
from mingfa.bank.importing.words import difficulty_named

INSIDE = (
    rf"(?:(?P<type>(?:本题为?|题型:?)?{TYPES}(?:类?题)?)|(?P<marks>(?:本题|每题|本小题|共|满分)?\s*\d+(?:\.\d)?\s*分)"
    r"|(?P<difficulty>(?:难度:?)?(?:较?易|容易|简单|中等?|较?难|困难)))"
)
PART = re.compile(rf"^{INSIDE}$")
FIRST = re.compile(r"^\s*(?:\[([^\[\]]{1,20})\]|\(([^()]{1,20})\))\s*")
LAST = re.compile(r"\s*(?:\[([^\[\]]{1,20})\]|\(([^()]{1,20})\))\s*$")
BARE = re.compile(rf"^\s*(?P<type>{TYPES}题)(?:\s*[:：]|\s)\s*")


@dataclass(frozen=True)
class Tagged:
    """A stem without its tags, and what they said ("" where nothing)."""

    stem: str
    type: str = ""
    marks: str = ""
    difficulty: str = ""


def take_tags(stem: str) -> Tagged:
    """Tags off both ends of the lines of a stem, which become one; other brackets are words of the question."""
    said = {"type": "", "marks": "", "difficulty": ""}
    stem = stem.strip()
    if bare := BARE.match(stem.translate(SHAPES)):
        said["type"], stem = bare["type"], stem[bare.end() :]
    stem = join_lines(stem)
    for pattern in (FIRST, LAST):
        while match := pattern.search(stem.translate(SHAPES)):
            found = _said(match[1] or match[2])
            if found is None:
                break
            said |= {name: said[name] or words for name, words in found.items()}
            stem = (stem[: match.start()] + stem[match.end() :]).strip()
    return Tagged(stem, **said)


def _said(words: str) -> dict[str, str] | None:
    found = {}
    for part in re.split(r"[,;、\s]+", words.strip()):
        match = PART.match(part)
        if not match:
            return None
        name = match.lastgroup
        text = match[name]
        if name == "marks":
            text = re.search(r"\d+(?:\.\d)?", text)[0]
        elif name == "difficulty":
            text = text.removeprefix("难度").lstrip(":")
            if difficulty_named(text) is None:
                return None
        found[name] = text
    return found
