"""Counts of people that may be shown: groups of fewer than ten are never shown alone (docs/rules.md “误区”). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 10
OTHERS = ""


@dataclass(frozen=True)
class Held:
    """Of `asked` people who answered a question that offers a belief, `held` chose it. `key` says what is grouped by."""

    key: object
    held: int
    asked: int

    @property
    def share(self) -> float:
        return self.held / self.asked if self.asked else 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    def with_(self, other: "Held", key: object) -> "Held":
        """Both groups as one."""
        return Held(key, self.held + other.held, self.asked + other.asked)


def large_enough(rows: Iterable[Held]) -> list[Held]:
    """For groups that are not parts of one whole: those that may be shown, the largest share first."""
    return sorted((row for row in rows if row.asked >= FEWEST), key=lambda row: (-row.share, -row.asked, str(row.key)))


def fold_small(rows: Iterable[Held]) -> list[Held]:
    """For the parts of a whole: small groups together under OTHERS, so that no small one is what the rest leaves over.

    Where those together are still too few, the next larger groups join them; nothing at all when everybody is too few.
    """
    rows = sorted((row for row in rows if row.asked), key=lambda row: (row.asked, str(row.key)))
    rest, shown = Held(OTHERS, 0, 0), []
    for row in rows:
        if row.asked < FEWEST or 0 < rest.asked < FEWEST:
            rest = rest.with_(row, OTHERS)
        else:
            shown.append(row)
    shown = large_enough(shown)
    return [*shown, rest] if rest.asked >= FEWEST else shown if not rest.asked else []


def join_small(rows: Iterable[Held]) -> list[Held]:
    """For groups in time order: a small one is joined with the next; keys become (first, last). The last joins back."""
    joined: list[Held] = []
    open_ = None
    for row in (row for row in rows if row.asked):
        open_ = Held((row.key, row.key), row.held, row.asked) if open_ is None else open_.with_(row, (open_.key[0], row.key))
        if open_.asked >= FEWEST:
            joined.append(open_)
            open_ = None
    if open_ and joined:
        last = joined.pop()
        joined.append(last.with_(open_, (last.key[0], open_.key[1])))
    return joined
