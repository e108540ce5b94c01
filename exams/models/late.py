"""迟到的答案: changed before the end on a page without a line, arrived after it."""
from django.conf import settings
from django.db import models
from django.db.models import Q


class LateAnswer(models.Model):
    """One answer that arrived after its sitting had ended by time. Counts only once the organiser has accepted it."""

    class State(models.TextChoices):
        PENDING = "pending", "待决定"
        ACCEPTED = "accepted", "已计入"
        REFUSED = "refused", "不计入"

    sitting = models.ForeignKey("exams.Sitting", models.PROTECT, related_name="late_answers", verbose_name="作答")
    place = models.PositiveSmallIntegerField("题序", help_text="from 0")
    answer = models.TextField("答案", blank=True)
    changed_at = models.DateTimeField("改动时间", help_text="as the page says")
    arrived_at = models.DateTimeField("送到时间")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    reason = models.CharField("理由", max_length=100, blank=True)

    class Meta:
        verbose_name = "迟到的答案"
        verbose_name_plural = "迟到的答案"
        ordering = ["sitting_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "place"], name="late_answer_once"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by=None) | ~Q(state="pending") & Q(decided_by__isnull=False),
                name="decided_late_answer_has_decider",
            ),
        ]

    def __str__(self):
        return f"迟到的答案 {self.pk}"  # ids only: this text goes into logs
