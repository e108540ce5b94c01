"""A crowd with an open exam, made through the product's own actions: for rehearsals and benches, never for real data."""
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from exams import actions as exams
from exams.actions.preparing import RuleSpec
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.people import actions as people
from mingfa.people.models import User

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
