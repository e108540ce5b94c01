"""Throw-away data of the exam-day bench, and what one save costs in statements."""
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from mingfa.rehearsal.crowd import PASSWORD, make

from exams import actions as exams
from exams import tokens
from exams.models import Exam
from exams.papers import paper_of

__all__ = ["PASSWORD", "count_save_statements", "make"]


def count_save_statements(exam_id: int) -> int:
    """Statements of one save request, BEGIN and COMMIT included, second save of a warm process."""
    candidate = Exam.objects.get(pk=exam_id).candidates.order_by("-id").select_related("exam__blueprint__bank").first()
    sitting = exams.start_sitting(candidate, by=candidate.user, now=timezone.now())
    paper = paper_of(sitting.pk)
    client, token = Client(), tokens.issue(sitting.pk, sitting.epoch)
    for seq in (1, 2):
        with CaptureQueriesContext(connection) as captured:
            reply = client.post(
                reverse("exams:save", args=[sitting.pk]),
                {"changes": {paper.names.questions[0]: [[paper.names.options[0][seq]], seq]}},
                content_type="application/json", headers={"x-sitting-token": token, "host": "localhost"},
            )  # fmt: skip
        if reply.status_code != 200:
            raise SystemExit(f"save answered {reply.status_code}")
    return len(captured)
