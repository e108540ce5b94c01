"""The frozen roster: when a change needs a second person, and what its digest is made of."""
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256


def needs_approval(now: datetime, *, closes_at: datetime, organiser: bool, has_sat: bool) -> bool:
    """Whether 免考, 缓考 or taking one back waits for a second person (docs/rules.md “名册变动”).

    Args:
        closes_at: after it every change moves a figure that people have seen.
        organiser: whether the one who asks sets this exam; a unit's liaison only applies.
        has_sat: whether a result counts already; then the change would take it out of the rates.
    """
    return now >= closes_at or has_sat or not organiser


def digest(rows: Iterable[tuple[int, str, str, str, str, str]]) -> str:
    """SHA-256, in hexadecimal, of a roster as it stands.

    Args:
        rows: (candidate id, name, unit path, 人员类别, 免考 reason, 缓考 reason), in any order.
    """
    found = sha256()
    for row in sorted(rows):
        # The unit separator cannot be typed into a field, so no two rosters share one text.
        found.update("\x1f".join(map(str, row)).encode() + b"\n")
    return found.hexdigest()
