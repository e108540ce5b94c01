"""阅卷: how many people mark a written answer, and what its mark is (docs/rules.md “阅卷”)."""
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
FIRST, SECOND, ARBITER = 1, 2, 3


@dataclass(frozen=True)
class Standing:
    """Where an answer stands: the round that has to mark it next, or its mark."""

    next: int | None
    mark: Decimal | None


def standing(marks: Sequence[Decimal], *, markers: int, tolerance: Decimal) -> Standing:
    """What follows from the marks given so far, in the order of their rounds.

    Args:
        markers: 1, or 2 who do not see each other's marks.
        tolerance: two marks this far apart or closer are averaged (to one place, half up); further apart, a third
            person decides.
    """
    if len(marks) == ARBITER:
        return Standing(None, marks[-1])
    if len(marks) < markers:
        return Standing(len(marks) + 1, None)
    if markers == 1:
        return Standing(None, marks[0])
    if abs(marks[0] - marks[1]) > tolerance:
        return Standing(ARBITER, None)
    return Standing(None, ((marks[0] + marks[1]) / 2).quantize(TENTH, ROUND_HALF_UP))
