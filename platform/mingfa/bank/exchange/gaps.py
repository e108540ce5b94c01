"""Blanks in a stem, for formats where the field to fill in stands in the text."""

import re
from collections.abc import Sequence

GAP = "____"
GAPS = re.compile(r"(?<!_)_{4}(?!_)")


def gapped(stem: str, fields: Sequence) -> list:
    """The stem with each field in its gap: texts and fields in turn.

    Where the gaps cannot be told apart the fields stand in a last line of their own.
    """
    pieces = GAPS.split(stem)
    head, _, last = "\0".join(pieces).rpartition("\n")
    in_place = len(pieces) - 1 == len(fields) and (not head or last.replace("\0", "").strip())
    if in_place:
        parts = [pieces[0]]
        for field, piece in zip(fields, pieces[1:], strict=True):
            parts += [field, piece]
        return parts
    parts = [stem + "\n"]
    for field in fields:
        parts += [field, " "]
    return parts


def without_gaps(pieces: Sequence[str]) -> str:
    """The stem again, from the texts around the fields: a gap for each, but none for those of a last line of fields."""
    joined = "\0".join(pieces)
    head, _, last = joined.rpartition("\n")
    if head and not last.replace("\0", "").strip():
        joined = head
    return joined.replace("\0", GAP).strip()

