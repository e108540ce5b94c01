"""Telling the bank that marks have become final, or other ones."""
from datetime import datetime

from django.db import transaction
from mingfa.bank.actions import outdate_answers

from ..models import Exam
from ..tasks import plan_ending

KIND = "exam"  # of the bank's registry of what is answered


def marks_changed(exam: Exam, *, now: datetime) -> None:
    """Inside the transaction that changed marks: the bank's counters are renewed soon after, once marks are final."""
    outdate_answers(KIND, str(exam.pk))
    transaction.on_commit(lambda: plan_ending(now))
