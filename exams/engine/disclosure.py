"""How much of a handed-in sitting its candidate may see (fault catalogue, promise 4)."""
from datetime import datetime


def visible(policy: str, *, now: datetime, over_at: datetime, released_at: datetime | None) -> str:
    """"none", "mark_only" or "full" (explanations, keys and articles).

    Args:
        policy: Exam.ResultPolicy: after_close, at_once or after_release.
        over_at: when the exam is over for everybody, given time included.
    """
    if policy == "after_release":
        return "full" if released_at is not None and now >= max(released_at, over_at) else "none"
    if policy == "at_once" or now >= over_at:
        return "full"
    return "mark_only"
