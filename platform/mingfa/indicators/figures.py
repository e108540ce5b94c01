"""A figure and how it is written: the one type every indicator returns. Pure, no Django.

Rules (domain guide §3): numerator and denominator are always kept beside the value; one decimal, half up,
but never 100% unless numerator and denominator are equal (99.96% is written 99.9%); a denominator of 0 is
written “—”, never 0% or 100%; a total is the sum of counts, never the mean of rates.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

NO_DATA = "—"
_TENTH = Decimal("0.1")
_BELOW_ALL = Decimal("99.9")


@dataclass(frozen=True)
class Figure:
    """A rate (part of whole, `value` in per cent with one decimal) or a plain count (`value` alone).

    `value` is None when there is nothing to divide by. `as_of` is the moment the rows were read. `heads`: of an average, how
    many people it is made of.
    """

    value: Decimal | None
    part: int | None = None
    whole: int | None = None
    as_of: datetime | None = None
    heads: int | None = None

    @property
    def is_rate(self) -> bool:
        return self.whole is not None

    @property
    def full(self) -> bool:
        """Everybody: the only case in which 100% may be written."""
        return bool(self.whole) and self.part == self.whole

    @property
    def short(self) -> int:
        """How many are still missing to the whole; 0 for a plain count."""
        return self.whole - self.part if self.is_rate else 0

    @property
    def text(self) -> str:
        return rate_text(self) if self.is_rate else count_text(self)

    @property
    def number(self) -> str:
        """The text without its per cent sign, for figures whose sign is set smaller."""
        return self.text.removesuffix("%")

    @property
    def fraction(self) -> str:
        return f"{self.part:,} / {self.whole:,}" if self.is_rate else ""

    @property
    def width(self) -> str:
        """Length of the bar as an SVG attribute: “80.1%”, “0%” without data."""
        return f"{share(self)}%"


def rate(part: int, whole: int, *, as_of: datetime | None = None) -> Figure:
    """`part` of `whole` in per cent.

    Raises ValueError when the counts cannot be a part of a whole, because such a figure must not be shown.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is not a rate")
    if whole == 0:
        return Figure(None, part, whole, as_of)
    value = (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)
    if part < whole:
        value = min(value, _BELOW_ALL)
    return Figure(value, part, whole, as_of)


def count(number: int, *, as_of: datetime | None = None) -> Figure:
    """A plain count (persons, copies, trainings)."""
    return Figure(Decimal(number), None, None, as_of)


def total(figures: Iterable[Figure]) -> Figure:
    """The rate of several together: the sum of counts, never the mean of rates (domain guide §3)."""
    figures = list(figures)
    moments = [figure.as_of for figure in figures if figure.as_of]
    return rate(
        sum(figure.part for figure in figures),
        sum(figure.whole for figure in figures),
        as_of=min(moments, default=None),
    )


def rate_text(figure: Figure) -> str:
    """“99.2%”, “100%” only when part equals whole, “—” when there is nothing to divide by."""
    if figure.value is None:
        return NO_DATA
    if figure.full:
        return "100%"
    return f"{figure.value}%"


def count_text(figure: Figure) -> str:
    """Thousands with a comma from 1,000 up (design system §3)."""
    return NO_DATA if figure.value is None else f"{figure.value:,}"


def share(figure: Figure) -> Decimal:
    """The bar's length in per cent of the way to the goal line, 0 without data."""
    return Decimal(0) if figure.value is None else figure.value.normalize() + 0
