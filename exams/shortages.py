"""Published exams that the bank cannot fill any more, because questions wait for somebody to look at a changed law."""
from datetime import datetime

from django.db.models import Exists, OuterRef
from mingfa.bank.models import Question
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role, User

from .fairness import left_for
from .models import Exam
from .papers import rules_of


def exams_run_short(user: User, now: datetime) -> list[tuple[Exam, int]]:
    """The published exams of this setter's units that are not closed and lack questions, with how many they lack.

    Looked at only where the bank holds questions back, and where papers are still to be drawn: shared papers were drawn
    at publishing. One query while nothing is held.
    """
    held = Question.objects.filter(bank=OuterRef("blueprint__bank"), held=True)
    exams = Exam.objects.filter(
        Exists(held), state=Exam.State.PUBLISHED, closes_at__gt=now, paper_mode=Exam.PaperMode.DRAWN,
        unit__in=units_visible_to(user, Role.SETTER),
    ).select_related("blueprint__bank")  # fmt: skip
    lacking = [(exam, _lacking(exam)) for exam in exams]
    return [(exam, number) for exam, number in lacking if number]


def _lacking(exam: Exam) -> int:
    rules = rules_of(exam.blueprint)
    return sum(max(0, rule.count - left) for rule, left in zip(rules, left_for(exam.blueprint, rules), strict=True))
