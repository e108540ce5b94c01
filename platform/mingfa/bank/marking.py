"""Marking of one question (domain guide §2.2). Pure; marks are decimals with one place, never floats."""

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

ALL_OR_NOTHING = "all_or_nothing"
HALF_FOR_SUBSET = "half_for_subset"
HALF_MARK_EACH = "half_mark_each"
POLICIES = (ALL_OR_NOTHING, HALF_FOR_SUBSET, HALF_MARK_EACH)
MARKED_BY_PEOPLE = ("short", "case")

NOTHING = Decimal("0.0")
TENTH = Decimal("0.1")
HALF = Decimal("0.5")


def mark_question(type: str, key: str, given: str, full: Decimal, policy: str = ALL_OR_NOTHING) -> Decimal:
    """The marks for one answer, from 0.0 to `full`, rounded half up to one place.

    `key` and `given` are canonical: option letters in any order ("AC"), "T" or "F", or a line a blank, where
    the key joins accepted answers by "|". `policy` decides about 多选 with some right options left out and
    none wrong: nothing, half of `full` (少选得一半), or 0.5 for each right one (少选每项得0.5分). One wrong
    option is always 0. Raises ValueError for an unknown policy and for types that people mark (简答, 案例).
    """
    if policy not in POLICIES:
        raise ValueError(f"unknown marking policy: {policy!r}")
    if type in ("single", "judge"):
        return _tenths(full if given and given == key else NOTHING)
    if type == "multiple":
        return _tenths(_multiple(frozenset(key), frozenset(given), full, policy))
    if type == "blank":
        return _tenths(_blanks(key.split("\n"), given.split("\n"), full))
    raise ValueError(f"not marked by machine: {type!r}")


def is_right(type: str, key: str, given: str) -> bool:
    """Whether an answer is wholly right, whatever the question's marks."""
    return mark_question(type, key, given, Decimal(1)) == Decimal(1)


def _multiple(key: frozenset[str], given: frozenset[str], full: Decimal, policy: str) -> Decimal:
    if not given or given - key:
        return NOTHING
    if given == key:
        return full
    if policy == HALF_FOR_SUBSET:
        return full * HALF
    if policy == HALF_MARK_EACH:
        return min(HALF * len(given), full)
    return NOTHING


def _blanks(key: list[str], given: list[str], full: Decimal) -> Decimal:
    """Equal marks a blank; an answer counts when, trimmed and width folded, it equals an accepted one."""
    right = sum(
        _folded(answer) in {_folded(accepted) for accepted in line.split("|")} and bool(_folded(answer))
        for line, answer in zip(key, given, strict=False)
    )
    return full * right / len(key)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _tenths(marks: Decimal) -> Decimal:
    return marks.quantize(TENTH, ROUND_HALF_UP)
