"""How much of a handed-in sitting its candidate may see (fault catalogue, promise 4)."""
from datetime import datetime


def visible(policy: str, *, now: datetime, closes_at: datetime, released_at: datetime | None) -> str:
    """"none", "mark_only" or "full" (explanations, keys and articles).

    Args:
        policy: Exam.ResultPolicy: after_close, at_once or after_release.
        closes_at: when the exam closes for everybody.
    """
    if policy == "after_release":
        return "full" if released_at is not None and now >= max(released_at, closes_at) else "none"
    if policy == "at_once" or now >= closes_at:
        return "full"
    return "mark_only"
