"""Throw-away data of the exam-day bench, and what one save costs in statements."""
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from mingfa.people.models import User
from mingfa.rehearsal.crowd import PASSWORD, make

from exams import actions as exams
from exams import tokens
from exams.models import Exam
from exams.papers import paper_of

__all__ = ["CODE", "PASSWORD", "count_save_statements", "make", "switch_on"]

CODE = "BENCH1"  # of the venue; an exam without venues does not read it


def switch_on(exam_id: int) -> None:
    """Everything that an exam may switch on: a venue with code and network, slots, an earlier exam to be passed first,
    leaving the paper noted, certificates. The waiting room is switched on by the server's environment."""
    now, boss = timezone.now(), User.objects.get(username="bench-boss")
    exam = Exam.objects.select_related("unit", "blueprint").get(pk=exam_id)
    times = {"opens_at": exam.opens_at, "closes_at": exam.closes_at}
    earlier = exams.create_exam(
        name="压测预考", unit=exam.unit, blueprint=exam.blueprint, due_units=[exam.unit], duration_minutes=60,
        pass_mark=exam.pass_mark, result_policy=Exam.ResultPolicy.AT_ONCE, by=boss, now=now, **times,
    )  # fmt: skip
    exams.publish_exam(earlier, by=boss, now=now)
    earlier.candidates.update(passed=True, counted_mark=100)
    exam.requirements.create(kind="exam", key=str(earlier.pk), words="考试合格：压测预考")
    Exam.objects.filter(pk=exam.pk).update(has_requirements=True, certificates=True)
    exams.set_slot(exam, unit=exam.unit, by=boss, now=now, **times)
    exams.set_venue(exam, unit=exam.unit, name="压测考点", code=CODE, networks="127.0.0.0/8", by=boss, now=now)
    exams.set_watch(exam, watch_leaving=True, safe_browser=False, keys="", by=boss, now=now)


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
