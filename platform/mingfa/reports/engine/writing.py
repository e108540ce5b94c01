"""The text with its figures put in. An empty figure is never written as a number (domain guide §7)."""
from collections.abc import Mapping
from dataclasses import dataclass

from mingfa.indicators.figures import Figure
from mingfa.rounding import about

from .text import Choice, Paragraph, Piece, Slot, Typed


@dataclass(frozen=True)
class EmptySlot:
    """A slot without a figure, where it stands."""

    code: str


@dataclass(frozen=True)
class Shown:
    """A figure as it is printed."""

    code: str
    words: str


@dataclass(frozen=True)
class Written:
    """A paragraph as printed. `parts`: words, Shown where a figure stands, EmptySlot where one is missing."""

    number: int
    level: int
    parts: tuple[str | Shown | EmptySlot, ...]

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else getattr(one, "words", "") for one in self.parts)

    @property
    def empty(self) -> list[str]:
        return [one.code for one in self.parts if isinstance(one, EmptySlot)]


def write(paragraphs: tuple[Paragraph, ...], figures: Mapping[str, Figure], overrides: Mapping[str, str]) -> list[Written]:
    """The paragraphs that print something.

    Args:
        paragraphs: what `parse` read.
        figures: code → figure; a code that is missing or has no value is empty.
        overrides: code → the words that stand instead of the figure, whatever its form.
    """
    written = []
    for paragraph in paragraphs:
        parts = tuple(_joined(_write(paragraph.pieces, figures, overrides)))
        if parts:
            written.append(Written(paragraph.number, paragraph.level, parts))
    return written


def shown(figure: Figure | None, form: str) -> str:
    """A figure in one of the forms; "" where it has no value or is not of that kind.

    实数 and 总数 are the two numbers of a rate; 余 rounds a count down to two leading digits, 余1 to one.
    """
    if figure is None or figure.value is None:
        return ""
    if form in ("实数", "总数", "分数"):
        if not figure.is_rate:
            return ""
        return {"实数": str(figure.part), "总数": str(figure.whole), "分数": f"{figure.part}/{figure.whole}"}[form]
    if form in ("余", "余1"):
        return "" if figure.is_rate else about(int(figure.value), digits=1 if form == "余1" else 2)
    return figure.text.replace(",", "")


def holds(choice: Choice, figures: Mapping[str, Figure]) -> bool:
    """Whether the condition is true of every figure."""
    each = [figures.get(code) for code in choice.codes]
    if choice.condition == "满":
        return all(figure is not None and figure.full for figure in each)
    return all(figure is not None and figure.value for figure in each)


def _write(pieces: tuple[Piece, ...], figures, overrides):
    for piece in pieces:
        if isinstance(piece, Slot):
            words = overrides.get(piece.code) or shown(figures.get(piece.code), piece.form)
            yield Shown(piece.code, words) if words else EmptySlot(piece.code)
        elif isinstance(piece, Typed):
            yield piece.text
        elif isinstance(piece, Choice):
            yield from _write(piece.then if holds(piece, figures) else piece.other, figures, overrides)
        else:
            yield piece


def _joined(parts):
    """Neighbouring words as one."""
    words = ""
    for part in parts:
        if isinstance(part, str):
            words += part
            continue
        if words:
            yield words
        words = ""
        yield part
    if words:
        yield words
