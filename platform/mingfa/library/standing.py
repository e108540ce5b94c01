"""From when to when the editions of one law hold, and the word for what ended each. Pure.

Source: docs/rules.md, 法律库, 时效.
"""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

AMENDED, REVISED = "amended", "revised"


@dataclass(frozen=True)
class Dates:
    """What is known of one edition. `is_constitution` because 宪法 is only ever amended, never revised."""

    key: int
    version_on: date | None
    effective_on: date | None
    in_force_from: date | None
    in_force_until: date | None
    status: str
    confirmed: bool = False
    is_constitution: bool = False


def begins_on(version_on: date | None, effective_on: date | None) -> date | None:
    """The first day of an edition: its commencement, for an amended law (修正) the day of the amendment."""
    days = [day for day in (version_on, effective_on) if day]
    return max(days) if days else None


def is_amendment(dates: Dates) -> bool:
    """Whether the edition came from 修正, which keeps the commencement of the first edition, not 修订."""
    if dates.is_constitution:
        return True
    return bool(dates.version_on and dates.effective_on and dates.effective_on < dates.version_on)


def settle(editions: Sequence[Dates], decided: dict[date, date]) -> list[Dates]:
    """The editions of one law with days and words settled; those confirmed by a person stay as they are.

    `decided` maps the day of an amending decision to the day it takes effect, which an amended text
    itself does not tell. Running it twice changes nothing.
    """
    begun = [_with_beginning(dates, decided) for dates in editions]
    begun.sort(key=lambda dates: (dates.in_force_from or date.min, dates.version_on or date.min))
    return [
        _with_end(dates, begun[position + 1] if position + 1 < len(begun) else None)
        for position, dates in enumerate(begun)
    ]


def _with_beginning(dates: Dates, decided: dict[date, date]) -> Dates:
    effect = decided.get(dates.version_on) if is_amendment(dates) else None
    if dates.confirmed or effect is None:
        return dates
    return replace(dates, in_force_from=effect)


def _with_end(dates: Dates, successor: Dates | None) -> Dates:
    if dates.confirmed or successor is None:
        return dates
    word = AMENDED if is_amendment(successor) else REVISED
    return replace(dates, in_force_until=successor.in_force_from, status=word)
