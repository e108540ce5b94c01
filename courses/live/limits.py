"""How much one socket may send. Pure: the clock is passed in seconds."""
from dataclasses import dataclass

LARGEST = 4096  # bytes of one message
STRIKES = 50
# (burst, messages a second) by role.
RATES = {"trainer": (60, 30.0)}
OTHERS = (20, 5.0)
# Of a pointer, which is nobody's strike: what is more is dropped.
POINTING = (4, 10.0)


@dataclass
class Bucket:
    """A burst at once, then so many a second; every message beyond it is a strike."""

    burst: int
    rate: float
    level: float = 0.0
    at: float = 0.0
    strikes: int = 0

    @classmethod
    def of(cls, role: str) -> "Bucket":
        return cls(*RATES.get(role, OTHERS))

    def take(self, now: float) -> bool:
        """Whether one more message may pass now."""
        self.level = max(0.0, self.level - (now - self.at) * self.rate)
        self.at = now
        if self.level + 1 > self.burst:
            self.strikes += 1
            return False
        self.level += 1
        return True

    @property
    def is_over(self) -> bool:
        return self.strikes >= STRIKES
