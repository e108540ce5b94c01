"""Attendance of one person, from the sign-in rounds of the log and the person's own sign-ins (docs/rules.md)."""
from collections.abc import Iterable
from dataclasses import dataclass

PRESENT, LATE, EARLY, ABSENT = "present", "late", "early", "absent"
LATE_AFTER = 15 * 60 * 1000  # milliseconds of the class


@dataclass(frozen=True)
class Round:
    """One sign-in round: its number and when it was opened, in milliseconds."""

    number: int
    opened_at: int


@dataclass(frozen=True)
class Sign:
    """One sign-in: the round, when it was made on the device, and whether a second person still has to confirm it."""

    round: int
    made_at: int
    counts: bool


def decide(rounds: Iterable[Round], signs: Iterable[Sign], *, started_at: int | None) -> str:
    """Present, late, early or absent.

    Present is who signed in at least one round. Who signed in for the first time more than 15 minutes after the
    start is 迟到; who missed the last of several rounds that were opened after the start is 早退. Both have attended.
    """
    made = [one for one in signs if one.counts]
    if not made:
        return ABSENT
    if started_at is None:
        return PRESENT
    if min(one.made_at for one in made) > started_at + LATE_AFTER:
        return LATE
    inside = sorted((one for one in rounds if one.opened_at >= started_at), key=lambda one: one.number)
    if len(inside) > 1 and inside[-1].number not in {one.round for one in made}:
        return EARLY
    return PRESENT
