"""Quiet hours: when something may be sent (docs/rules.md “催考”). Pure; times are Beijing time without a zone."""
from dataclasses import dataclass
from datetime import datetime, time, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class Quiet:
    """From `starts` to `ends` nothing is sent, over midnight when `starts` is the later; equal: no quiet hours.
    With `weekends` nothing is sent on Saturdays and Sundays either."""

    starts: time
    ends: time
    weekends: bool

    def holds(self, at: datetime) -> bool:
        """Whether nothing may be sent at this moment."""
        if self.weekends and at.weekday() >= SATURDAY:
            return True
        if self.starts <= self.ends:
            return self.starts <= at.time() < self.ends
        return at.time() >= self.starts or at.time() < self.ends

    def first_moment(self, at: datetime) -> datetime:
        """The first moment from `at` on at which something may be sent; `at` itself when that is one."""
        while self.holds(at):
            at = self._next_edge(at)
        return at

    def _next_edge(self, at: datetime) -> datetime:
        """The next end of the quiet hours or midnight, whichever comes first: only there quiet can end."""
        midnight = datetime.combine(at.date() + timedelta(days=1), time.min)
        end = datetime.combine(at.date(), self.ends)
        return end if at < end < midnight else midnight
