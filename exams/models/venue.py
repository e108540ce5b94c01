"""考点, and what happened while somebody sat."""
from django.db import models
from django.db.models import Q


class Venue(models.Model):
    """Where the people of a unit and all below it sit; a lower unit's own venue goes before (exams.engine.venues)."""

    exam = models.ForeignKey("exams.Exam", models.CASCADE, related_name="venues", verbose_name="考试")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("考点名称", max_length=60)
    code = models.CharField("进场码", max_length=20, blank=True, help_text="考试当天由监考人公布。留空就不要")
    networks = models.TextField(
        "网络地址", blank=True, help_text="只能在这些地址上考，一行一个，如 10.3.0.0/16。留空就不限"
    )

    class Meta:
        verbose_name = "考点"
        verbose_name_plural = "考点"
        ordering = ["unit__path"]
        constraints = [models.UniqueConstraint(fields=["exam", "unit"], name="one_venue_per_unit")]

    def __str__(self):
        return f"考点 {self.pk}"


class SittingEvent(models.Model):
    """A fact about a sitting for people to judge; nothing follows from it by itself."""

    class Kind(models.TextChoices):
        LEFT = "left", "离开试卷"
        DEVICE = "device", "换设备"

    sitting = models.ForeignKey("exams.Sitting", models.CASCADE, related_name="events")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    at = models.DateTimeField("时间")
    seconds = models.PositiveIntegerField("多少秒", default=0)

    class Meta:
        verbose_name = "作答中的事"
        verbose_name_plural = "作答中的事"
        ordering = ["sitting_id", "at", "id"]
        constraints = [models.CheckConstraint(condition=Q(seconds__lte=86400), name="event_within_a_day")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.sitting_id}"
