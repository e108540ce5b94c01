"""One person's own exams of a period, as far as the person may know them (fault catalogue AL3)."""
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from mingfa.people.models import User
from mingfa.people.registry import OwnRecord
from mingfa.periods import Period
from mingfa.wording import marks

from .engine.disclosure import visible
from .models import Candidate
from .yearly import exams_of


def exams_of_person(user: User, period: Period, now: datetime) -> Iterator[OwnRecord]:
    """A record for every published exam of the period with this person on its roster. One query."""
    for one in Candidate.objects.filter(user=user, exam__in=exams_of(period)).select_related("exam", "counted"):
        at = one.counted.submitted_at if one.counted else one.exam.closes_at
        yield OwnRecord("考试", one.exam.name, timezone.localdate(at), _result(one, now))


def _result(one: Candidate, now: datetime) -> str:
    exam = one.exam
    if one.exempt_reason or one.deferred_reason:
        return f"免考：{one.exempt_reason}" if one.exempt_reason else f"缓考：{one.deferred_reason}"
    if one.counted is None:
        return "没有参加" if now >= exam.closes_at else "还没参加"
    shown = visible(exam.result_policy, now=now, keys_from=exam.keys_from, released_at=exam.released_at)
    if one.counted_mark is None or shown == "none":
        return "已交卷，成绩还没有公布"
    return f"{marks(one.counted_mark)} 分，{'合格' if one.passed else '不合格'}"
