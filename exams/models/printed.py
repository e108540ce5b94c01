"""固定试卷 and 打印试卷: papers drawn ahead of any sitting."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from .sitting import DrawnPaper


class PrintedPaper(DrawnPaper):
    """A paper drawn for an exam instead of for a sitting: 卷 A, B, … for many, or one for one candidate.

    Where everybody sits the same paper (Exam.paper_mode) publishing draws 卷 A (and B), and every sitting takes its
    items; printing gives the same on paper. The row never changes.
    """

    exam = models.ForeignKey("exams.Exam", models.PROTECT, related_name="printed_papers", verbose_name="考试")
    label = models.CharField("卷别", max_length=8, help_text="A, B, … or the number of a candidate's own paper: 0001")
    candidate = models.ForeignKey(
        "exams.Candidate", models.PROTECT, null=True, related_name="printed_papers", verbose_name="本人"
    )
    digest = models.CharField("摘要", max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽卷人"
    )
    created_at = models.DateTimeField("抽卷时间")

    class Meta:
        verbose_name = "固定试卷"
        verbose_name_plural = "固定试卷"
        ordering = ["exam_id", "label"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "label"], name="printed_label_once"),
            models.UniqueConstraint(
                fields=["exam", "candidate"], condition=Q(candidate__isnull=False), name="printed_once_per_candidate"
            ),
        ]

    def __str__(self):
        return f"固定试卷 {self.pk}"  # ids only: this text goes into logs
