"""Which questions exams keep to themselves until they are over (AL2; docs/rules.md “考前练习”)."""
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from .models import Exam
from .models.exam import LONGEST_GRACE_MINUTES
from .papers import engine_rule, pool_of, rules_of


def questions_of_coming_exams(question_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of the questions that a published exam which is not over may draw, unless it lets people practise them.

    One query while the pools are in memory. A question added to the bank meanwhile is kept back as well.
    """
    question_ids = set(question_ids)
    earliest = now - timedelta(minutes=LONGEST_GRACE_MINUTES)
    recent = Exam.objects.filter(
        Q(closes_at__gt=earliest) | Q(over_at__gt=earliest), state__in=[Exam.State.PUBLISHED, Exam.State.CLOSED],
        practice=Exam.Practice.KEPT_BACK,
    ).select_related("blueprint__bank")  # fmt: skip
    kept = set()
    for blueprint in {exam.blueprint for exam in recent if now < exam.keys_from}:
        rules = [engine_rule(rule) for rule in rules_of(blueprint)]
        kept |= {
            item.question_id
            for item in pool_of(blueprint)
            if item.question_id in question_ids and any(rule.admits(item) for rule in rules)
        }
    return kept
