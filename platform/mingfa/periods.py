"""Year, quarter and month as values: what every figure is asked for. Pure, no Django."""
import re
from dataclasses import dataclass
from datetime import date, timedelta


class _Span:
    """What the three periods share: days from `starts_on` to `ends_on`, both included."""

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def ends_on(self) -> date:
        return self.next().starts_on - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Year(_Span):
    year: int

    @property
    def starts_on(self) -> date:
        return date(self.year, 1, 1)

    def next(self) -> "Year":
        return Year(self.year + 1)

    def previous(self) -> "Year":
        return Year(self.year - 1)

    @property
    def label(self) -> str:
        return f"{self.year} 年"

    def __str__(self):
        return f"{self.year:04d}"


@dataclass(frozen=True, order=True)
class Quarter(_Span):
    year: int
    quarter: int

    def __post_init__(self):
        if not 1 <= self.quarter <= 4:
            raise ValueError(f"no quarter {self.quarter}")

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)

    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.quarter == 4 else Quarter(self.year, self.quarter + 1)

    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.quarter == 1 else Quarter(self.year, self.quarter - 1)

    @property
    def label(self) -> str:
        return f"{self.year} 年第 {self.quarter} 季度"

    def __str__(self):
        return f"{self.year:04d}-Q{self.quarter}"


@dataclass(frozen=True, order=True)
class Month(_Span):
    year: int
    month: int

    def __post_init__(self):
        if not 1 <= self.month <= 12:
            raise ValueError(f"no month {self.month}")

    @property
    def starts_on(self) -> date:
        return date(self.year, self.month, 1)

    def next(self) -> "Month":
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    def previous(self) -> "Month":
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def label(self) -> str:
        return f"{self.year} 年 {self.month} 月"

    def __str__(self):
        return f"{self.year:04d}-{self.month:02d}"


Period = Year | Quarter | Month

_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def parse_period(text: str) -> Period:
    """Read what `str(period)` wrote: 2026, 2026-Q3 or 2026-09. Raises ValueError for anything else."""
    match = _WRITTEN.fullmatch(text) if text.isascii() else None
    # The last year has no day after its end, which every period needs.
    if match is None or not 1 <= int(match["year"]) < date.max.year:
        raise ValueError(f"not a period: {text!r}")
    year = int(match["year"])
    if match["quarter"]:
        return Quarter(year, int(match["quarter"]))
    if match["month"]:
        return Month(year, int(match["month"]))
    return Year(year)
