"""Arranging a 补考."""
from datetime import datetime

from django.db import transaction
from mingfa.people.models import User
from wagtail.log_actions import log

from ..engine.refusals import NobodyAgain, StillRunning
from ..makeups import due_again, sessions_of
from ..models import Exam, ExamCategory, ExamRequirement

# What a makeup takes over from its first session; its own times and attempts are asked for.
COPIED = (
    "unit", "blueprint", "notice", "pass_mark", "good_mark", "excellent_mark", "multiple_policy", "result_policy",
    "practice", "blank_counts", "certificates", "markers", "tolerance", "paper_mode", "counting", "grace_minutes",
    "watch_leaving", "safe_browser", "safe_browser_keys", "has_requirements",
)  # fmt: skip


def check_over(exam: Exam, now: datetime) -> None:
    """Raises StillRunning while a session of this exam is not over for everybody: it would still change who is due."""
    for session in sessions_of(exam):
        if now < session.over_for_everybody:
            raise StillRunning(session.name, session.over_for_everybody)


def create_makeup(
    exam: Exam, *, name: str, opens_at: datetime, closes_at: datetime, duration_minutes: int, attempts: int, by: User,
    now: datetime,
) -> Exam:  # fmt: skip
    """A draft makeup round of an exam. Who sits it is found when it is published.

    Args:
        exam: any session; the round belongs to the first one.

    Raises:
        StillRunning, NobodyAgain
    """
    root = exam.makeup_of or exam
    with transaction.atomic():
        check_over(root, now)
        if not due_again(root):
            raise NobodyAgain()
        makeup = Exam.objects.create(
            name=name, opens_at=opens_at, closes_at=closes_at, duration_minutes=duration_minutes, attempts=attempts,
            makeup_of=root, **{field: getattr(root, field) for field in COPIED},
        )  # fmt: skip
        makeup.due_units.set(root.due_units.all())
        ExamCategory.objects.bulk_create(
            ExamCategory(exam=makeup, category=one.category) for one in root.categories.all()
        )
        # Who was absent because a course was not finished does not get around it in the makeup.
        ExamRequirement.objects.bulk_create(
            ExamRequirement(exam=makeup, kind=one.kind, key=one.key, words=one.words) for one in root.requirements.all()
        )
        log(makeup, "exams.create_makeup", user=by, data={"makeup_of": root.pk}, timestamp=now)
    return makeup
