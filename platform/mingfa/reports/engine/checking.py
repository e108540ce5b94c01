"""What is wrong with a report's text before it may go out: numbers that no figure stands behind, empty slots."""
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from mingfa.indicators.figures import Figure

from .text import Choice, Paragraph, Piece, Slot
from .writing import holds, shown

_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”")
# Numbers that are no figures: dates and years, articles, document numbers, the numbering of a paragraph.
_HARMLESS = re.compile(
    r"\d{4}年(?:度|前|底|初|末)?(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日|份)?|\d{4}[—－-]\d{4}年"
    r"|〔\d{4}〕\d+号|第[\d一二三四五六七八九十百千〇零]+[条款项章编届次期批季]|^\d{1,2}[.．](?!\d)|^[（(]\d{1,2}[）)]"
)
_FULL = re.compile(r"100(?:\.0)?[%％]|百分之百")
_NUMBER = re.compile(
    r"\d[\d,，.．]*(?:[%％]|余)?|百分之[一二三四五六七八九十百零点]+"
    r"|[一二两三四五六七八九十百千万〇零]+余?(?=(?:次|人次|人|份|件|期|场|篇|名|个百分点|场次|批次))"
)
# “一次性”, “一人一档”: words, not counts.
_WORDS = re.compile(r"一次性|一次合格率|一人一[^，。；]|每一[次人件]|第一[次人]|一件件|一个个|统一|唯一")


@dataclass(frozen=True)
class Finding:
    """`kind`: number (prose states a number that is no slot), unknown (no indicator has this code), empty (the slot
    has no figure). `line` counts from 1; `part` is what stands there."""

    kind: str
    line: int
    part: str


def findings(
    paragraphs: tuple[Paragraph, ...], *, known: Container[str], figures: Mapping[str, Figure], overrides: Mapping[str, str]
) -> list[Finding]:
    """Everything that keeps the report from being frozen, each once, in the order of the text.

    Args:
        known: codes that an indicator has.
        figures, overrides: as `write` takes them. Of a choice only the side that would be printed may have no empty slot;
            numbers and unknown codes are found on both.
    """
    found: list[Finding] = []
    for one in paragraphs:
        found += _in_pieces(one.pieces, one.number, known, (figures, overrides), full=False, opens=True)
    return list(dict.fromkeys(found))


def _in_pieces(pieces: tuple[Piece, ...], line: int, known, values, *, full: bool, opens: bool = False) -> Iterator[Finding]:
    """`values`: (figures, overrides), None on the side of a choice that is not printed."""
    for place, piece in enumerate(pieces):
        if isinstance(piece, str):
            spans = numbers_in(piece, full=full, opens=opens and place == 0)
            yield from (Finding("number", line, piece[start:end]) for start, end in spans)
        elif isinstance(piece, Slot):
            if piece.code not in known:
                yield Finding("unknown", line, piece.code)
            elif values and not (values[1].get(piece.code) or shown(values[0].get(piece.code), piece.form)):
                yield Finding("empty", line, piece.code)
        elif isinstance(piece, Choice):
            yield from (Finding("unknown", line, code) for code in piece.codes if code not in known)
            true = values is not None and holds(piece, values[0])
            yield from _in_pieces(piece.then, line, known, values if true else None, full=full or piece.condition == "满")
            yield from _in_pieces(piece.other, line, known, None if true else values, full=full)


def numbers_in(words: str, *, full: bool = False, opens: bool = False) -> list[tuple[int, int]]:
    """Where numbers stand in a piece of prose that look like figures: (start, end) of each.

    Args:
        full: a choice has made sure of 100%, which may stand here.
        opens: the piece opens its line; only there may the number of a heading stand.
    """
    shift = 0 if opens else 1
    text = _QUOTED.sub(_blank, " " * shift + words)
    text = _WORDS.sub(_blank, _HARMLESS.sub(_blank, text))
    if full:
        text = _FULL.sub(_blank, text)
    found = [(one.start() - shift, one[0].rstrip(",，.．")) for one in _NUMBER.finditer(text)]
    return [(start, start + len(part)) for start, part in found]


def _blank(found: re.Match) -> str:
    return " " * len(found[0])
