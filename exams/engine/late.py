"""迟到的答案: what arrives after a sitting has ended by time (docs/rules.md “迟到的答案”)."""
from datetime import datetime, timedelta


def arrived_in_grace(arrived_at: datetime, *, ends_at: datetime, grace_minutes: int) -> bool:
    """Whether an answer that arrives now is still put before the organiser; 0 minutes: never."""
    return ends_at <= arrived_at < ends_at + timedelta(minutes=grace_minutes)


def was_in_time(changed_at: datetime, *, started_at: datetime, ends_at: datetime) -> bool:
    """Whether a change claims a moment inside the sitting. It is the page's word, so people decide about it."""
    return started_at <= changed_at < ends_at
