"""评分: what a marker gave for one written answer."""
from django.conf import settings
from django.db import models
from django.db.models import Q


class ScriptMark(models.Model):
    """One person's mark for one answer. round: 1 一评, 2 二评, 3 仲裁 (exams.engine.marking)."""

    sitting = models.ForeignKey("exams.Sitting", models.PROTECT, related_name="script_marks", verbose_name="作答")
    place = models.PositiveSmallIntegerField("题序", help_text="from 0")
    round = models.PositiveSmallIntegerField("轮次")
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅卷人")
    mark = models.DecimalField("评分", max_digits=5, decimal_places=1)
    note = models.CharField("批语", max_length=200, blank=True)
    marked_at = models.DateTimeField("评分时间")

    class Meta:
        verbose_name = "评分"
        verbose_name_plural = "评分"
        ordering = ["sitting_id", "place", "round"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "place", "round"], name="script_round_once"),
            models.UniqueConstraint(fields=["sitting", "place", "marker"], name="script_marker_once"),
            models.CheckConstraint(condition=Q(round__gte=1, round__lte=3), name="script_round_known"),
        ]

    def __str__(self):
        return f"评分 {self.pk}"  # ids only: this text goes into logs
