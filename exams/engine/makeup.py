"""补考: who comes back, and which of several sittings counts (domain guide §2.1, §3; docs/rules.md “补考”)."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

DEFERRED, ABSENT, FAILED = "缓考", "缺考", "不合格"
BEST, LAST, FIRST = "best", "last", "first"


@dataclass(frozen=True)
class Standing:
    """How somebody stands in one session."""

    exempt: bool
    deferred: bool
    sat: bool
    passed: bool


def comes_back(sessions: Sequence[Standing]) -> str:
    """Why somebody is due for the next makeup: DEFERRED, ABSENT or FAILED; empty when nothing is left to do.

    Args:
        sessions: the first session and its makeups, in time order, where the person is on the roster.

    Passed once is passed; 免考 in the last of them ends it. Otherwise the last session says why.
    """
    if not sessions or any(one.passed and not one.exempt for one in sessions) or sessions[-1].exempt:
        return ""
    last = sessions[-1]
    if last.deferred:
        return DEFERRED
    return FAILED if last.sat else ABSENT


def counting(sittings: Iterable[tuple[int, Decimal]], rule: str) -> int | None:
    """The number of the sitting that counts, of (number, marks) of the valid ones; None without any.

    Args:
        rule: BEST (the earliest of equal ones), LAST or FIRST.
    """
    sittings = sorted(sittings)
    if not sittings:
        return None
    if rule == BEST:
        return max(sittings, key=lambda one: (one[1], -one[0]))[0]
    return sittings[-1 if rule == LAST else 0][0]
