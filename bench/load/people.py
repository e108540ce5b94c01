"""Throw-away data of the exam-day bench, made through the product's own actions."""
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.people import actions as people
from mingfa.people.models import User

from exams import actions as exams
from exams import tokens
from exams.actions.preparing import RuleSpec
from exams.models import Exam
from exams.papers import paper_of

PASSWORD = "Bench-2026-mingfa"
PER_TYPE = 60
RULES = [RuleSpec("single", 10, Decimal(5)), RuleSpec("multiple", 5, Decimal(6)), RuleSpec("judge", 5, Decimal(4))]


def draft(kind: str, n: int) -> QuestionDraft:
    options = [] if kind == "judge" else [f"第 {n} 题的第 {k} 个选项，长度和真题相近" for k in range(4)]
    answer = {"single": "ABCD"[n % 4], "multiple": "ABD", "judge": "TF"[n % 2]}[kind]
    return QuestionDraft(
        type=kind, stem=f"压测用题 {kind} {n}：下列说法中符合规定的是（ ）。" * 2, options=options, answer=answer,
        explanation="压测用题，没有解析。",
    )  # fmt: skip


def make(candidates: int) -> None:
    """Units, a bank of 180 questions, an open exam and people bench0001 …; prints the exam's id."""
    now = timezone.now()
    boss = User.objects.create(username="bench-boss", name="压测", is_superuser=True)
    unit = people.create_unit(name="压测区", kind="district", parent=None, by=boss, now=now)
    bank = bank_actions.create_bank(name="压测题库", unit=unit, by=boss, now=now)
    for kind in ("single", "multiple", "judge"):
        for n in range(PER_TYPE):
            bank_actions.create_question(bank, draft(kind, n), by=boss, now=now)
    for n in range(1, candidates + 1):
        people.create_person(
            name=f"压测{n:04d}", unit=unit, username=f"bench{n:04d}", staff_number=f"B{n:04d}", by=boss, now=now
        )
    User.objects.filter(username__regex=r"^bench\d").update(
        password=make_password(PASSWORD), must_change_password=False
    )
    blueprint = exams.create_blueprint(name="压测", bank=bank, rules=RULES, by=boss, now=now)
    exam = exams.create_exam(
        name="压测考试", unit=unit, blueprint=blueprint, due_units=[unit], opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=6), duration_minutes=120, pass_mark=Decimal(60), by=boss, now=now,
    )  # fmt: skip
    exams.publish_exam(exam, by=boss, now=now)
    print(exam.pk)


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
