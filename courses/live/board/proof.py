"""Proof of being in the hall: a QR that changes every 10 s, and a code of four digits to be read out.

Both are made of the venue's secret. A forwarded photo of the QR is good for 20 s at most; head-count and the steward
make that visible. A code is bound to venue and round and is worth nothing without the limit on tries.
"""
import hashlib
import hmac
from dataclasses import dataclass

STEP = 10_000  # milliseconds


@dataclass(frozen=True)
class Scanned:
    training: int
    venue: int
    step: int
    mac: str


def step_at(milliseconds: int) -> int:
    return milliseconds // STEP


def qr(secret: str, training: int, venue: int, step: int) -> str:
    """`training.venue.step.mac8`"""
    return f"{training}.{venue}.{step}.{_mac(secret, f'qr.{training}.{venue}.{step}')[:8]}"


def read(code: str) -> Scanned | None:
    """The parts of a scanned code, unproved; None when it has not the form."""
    parts = code.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts[:3]):
        return None
    return Scanned(int(parts[0]), int(parts[1]), int(parts[2]), parts[3])


def is_genuine(secret: str, scanned: Scanned) -> bool:
    expected = qr(secret, scanned.training, scanned.venue, scanned.step).rpartition(".")[2]
    return hmac.compare_digest(expected.encode(), scanned.mac.encode())


def is_fresh(scanned: Scanned, milliseconds: int) -> bool:
    """Of the present step or the one before."""
    return step_at(milliseconds) - scanned.step in (0, 1)


def spoken(secret: str, training: int, venue: int, round: int) -> str:
    """The four digits of a venue in a round."""
    return f"{int(_mac(secret, f'code.{training}.{venue}.{round}')[:12], 16) % 10_000:04d}"


def _mac(secret: str, message: str) -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
