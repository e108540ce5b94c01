"""试题报错和更正: what candidates found wrong, what was corrected, and whose marks changed by it."""
from django.conf import settings
from django.db import models
from django.db.models import Q


class FaultReport(models.Model):
    """A candidate says that a question of the own paper is wrong."""

    class State(models.TextChoices):
        OPEN = "open", "待核对"
        KEPT = "kept", "没有问题"
        CORRECTED = "corrected", "已更正"

    sitting = models.ForeignKey("exams.Sitting", models.PROTECT, related_name="fault_reports", verbose_name="作答")
    place = models.PositiveSmallIntegerField("题序", help_text="from 0")
    version = models.ForeignKey("bank.QuestionVersion", models.PROTECT, related_name="+", verbose_name="试题")
    text = models.CharField("哪里有问题", max_length=300)
    made_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.OPEN)
    reply = models.CharField("答复", max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    decided_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = "试题报错"
        verbose_name_plural = "试题报错"
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "place"], name="fault_reported_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None) | ~Q(state="open") & Q(decided_by__isnull=False),
                name="decided_fault_has_decider",
            ),
        ]

    def __str__(self):
        return f"试题报错 {self.pk}"  # ids only: this text goes into logs


class KeyCorrection(models.Model):
    """更正 of one question in one exam; the last one of a question holds.

    `accepted` is a JSON list of canonical keys; `before` and `after` are the heads of the exam around it.
    """

    exam = models.ForeignKey("exams.Exam", models.PROTECT, related_name="corrections", verbose_name="考试")
    version = models.ForeignKey("bank.QuestionVersion", models.PROTECT, related_name="+", verbose_name="试题")
    accepted = models.JSONField("算对的答案", default=list)
    everybody = models.BooleanField("全部给分", default=False)
    reason = models.CharField("理由", max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="更正人")
    made_at = models.DateTimeField("更正时间")
    before = models.JSONField("更正前", default=dict)
    after = models.JSONField("更正后", default=dict)

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return f"更正 {self.pk}"


class MarkChange(models.Model):
    """What a correction made of one handed-in sitting."""

    correction = models.ForeignKey(KeyCorrection, models.PROTECT, related_name="changes")
    sitting = models.ForeignKey("exams.Sitting", models.PROTECT, related_name="mark_changes")
    before = models.DecimalField("原来的分", max_digits=6, decimal_places=1, null=True)
    after = models.DecimalField("现在的分", max_digits=6, decimal_places=1, null=True)

    class Meta:
        verbose_name = "成绩变动"
        verbose_name_plural = "成绩变动"
        ordering = ["correction_id", "sitting_id"]
        constraints = [models.UniqueConstraint(fields=["correction", "sitting"], name="mark_changed_once")]

    def __str__(self):
        return f"成绩变动 {self.pk}"
