"""时段: when the people of a unit may start."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q


class UnitSlot(models.Model):
    """The time in which a unit and all below it may start; a lower unit's own slot goes before (exams.engine.slots)."""

    exam = models.ForeignKey("exams.Exam", models.CASCADE, related_name="slots", verbose_name="考试")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    opens_at = models.DateTimeField("时段开始")
    closes_at = models.DateTimeField("时段结束")
    opened_at = models.DateTimeField("放开时间", null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="放开的人"
    )

    class Meta:
        verbose_name = "时段"
        verbose_name_plural = "时段"
        ordering = ["opens_at", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "unit"], name="one_slot_per_unit"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="slot_closes_after_opening"),
        ]

    def __str__(self):
        return f"时段 {self.pk}"
