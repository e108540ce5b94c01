"""Signed addresses of segments: bound to the training, the same for all its viewers, so that a cache keeps them once.

Whoever has one may fetch the segments of that training until it runs out. It is given only to those who may watch.
"""
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import Training

HOURS = 6  # a key is good for these and the next


def key_of(training: Training, *, now: datetime, back: int = 0) -> str:
    """The key of the present hours.

    Args:
        back: 1 for the key before, which still opens.
    """
    step = int(now.timestamp()) // (HOURS * 3600) - back
    return salted_hmac("live.media", f"{training.pk}.{training.secret}.{step}", algorithm="sha256").hexdigest()[:32]


def opens(training: Training, key: str, *, now: datetime) -> bool:
    return any(constant_time_compare(key, key_of(training, now=now, back=back)) for back in (0, 1))
