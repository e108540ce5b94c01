"""The time of exams: the server's clock, except when it jumps (fault catalogue SI7).

Exams end by this time. It follows the system's clock through every small correction. A jump of more than 30 seconds
(somebody sets the clock, a time server goes mad) is not followed: time goes on evenly as before, so that nobody is
closed early or gets time by accident; the log and the administrators' start page say so until the clock agrees again
or the server is started anew.
"""
import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

logger = logging.getLogger(__name__)

LARGEST_STEP = 30  # seconds


def _even() -> float:
    """Seconds that pass evenly, also while the machine sleeps (where the system can tell)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class EvenClock:
    """Follows `wall` in small steps, and `even` when `wall` jumps.

    Args:
        wall: seconds since 1970, as the system says; may jump.
        even: seconds since some moment; never jumps.
    """

    def __init__(self, wall=time.time, even=_even):
        self._wall, self._even = wall, even
        self._base = wall() - even()
        self._lock = threading.Lock()
        self.jump = 0.0

    def seconds(self) -> float:
        """Seconds since 1970 by the time of exams. Also notes in `jump` how far the system's clock is away (0: it is not)."""
        with self._lock:
            even, wall = self._even(), self._wall()
            away = wall - (self._base + even)
            if abs(away) <= LARGEST_STEP:
                self._base += away
                away = 0.0
            before, self.jump = self.jump, away
            seconds = self._base + even
        if away and not before:
            logger.error("the system clock jumped by %+.0f s; exams go on by the time before the jump", away)
        elif before and not away:
            logger.warning("the system clock agrees again; exams follow it")
        return seconds


_clock: EvenClock | None = None


def start() -> None:
    """Trust the system's clock as it is now. The server calls this once when it starts."""
    global _clock
    _clock = EvenClock()


def stop() -> None:
    """Follow the system's clock wherever it goes, as commands and tests do."""
    global _clock
    _clock = None


def now() -> datetime:
    """The present moment for exams, aware, in UTC."""
    return timezone.now() if _clock is None else datetime.fromtimestamp(_clock.seconds(), UTC)


def jump() -> timedelta:
    """How far the system's clock is ahead of the time of exams (negative: behind); zero while they agree."""
    if _clock is None:
        return timedelta()
    _clock.seconds()
    return timedelta(seconds=round(_clock.jump))
