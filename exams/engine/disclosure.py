"""How much of a handed-in sitting its candidate may see (fault catalogue, promise 4)."""
from datetime import datetime


def visible(
    policy: str, *, now: datetime, keys_from: datetime, released_at: datetime | None, may_be_late: bool = False
) -> str:
    """"none", "mark_only" or "full" (explanations, keys and articles).

    Args:
        policy: Exam.ResultPolicy: after_close, at_once or after_release.
        keys_from: when no answer of anybody is taken any more, given time and late answers included.
        may_be_late: answers of this very sitting may still arrive (迟到的答案); who has read the key could make some up.
    """
    if may_be_late:
        return "none" if policy == "after_release" else "mark_only"
    if policy == "after_release":
        return "full" if released_at is not None and now >= max(released_at, keys_from) else "none"
    if policy == "at_once" or now >= keys_from:
        return "full"
    return "mark_only"
