"""Marking of one question (domain guide §2.2). Pure; marks are decimals with one place, never floats."""

from decimal import ROUND_HALF_UP, Decimal

from mingfa.bank.types import ALL_OR_NOTHING, HALF_FOR_SUBSET, HALF_MARK_EACH, KINDS

POLICIES = (ALL_OR_NOTHING, HALF_FOR_SUBSET, HALF_MARK_EACH)
TENTH = Decimal("0.1")


def mark_question(type: str, key: str, given: str, full: Decimal, policy: str = ALL_OR_NOTHING) -> Decimal:
    """The marks for one answer, from 0.0 to `full`, rounded half up to one place.

    `key` and `given` are canonical (mingfa.bank.types). `policy` decides about 多选 with some right options left out
    and none wrong: nothing, half of `full` (少选得一半), or 0.5 for each right one (少选每项得0.5分). One wrong
    option is always 0. Raises ValueError for an unknown policy and for types that people mark (简答).
    """
    if policy not in POLICIES:
        raise ValueError(f"unknown marking policy: {policy!r}")
    if type not in KINDS:
        raise ValueError(f"not marked by machine: {type!r}")
    return KINDS[type].mark(key, given, full, policy).quantize(TENTH, ROUND_HALF_UP)


def is_marked_by_people(type: str) -> bool:
    """Whether an answer waits for a marker (简答)."""
    return KINDS[type].by_people


def is_right(type: str, key: str, given: str) -> bool:
    """Whether an answer is wholly right, whatever the question's marks."""
    return mark_question(type, key, given, Decimal(1)) == Decimal(1)
