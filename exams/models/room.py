"""考场: time that was given, and what candidates were told."""
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

LONGEST_GRANT = 240  # minutes


class TimeGrant(models.Model):
    """Time given to one person, a unit and all below it, a 考点, or everybody; an outage says when nobody could work.

    A 考点 is kept as it was that day: its name, its unit, and the units below that had one of their own (`apart`).
    So it stays true, and no minute is given twice, when venues are renamed, removed or added later.
    """

    class Kind(models.TextChoices):
        EXTRA = "extra", "延时"
        OUTAGE = "outage", "故障补时"

    exam = models.ForeignKey("exams.Exam", models.PROTECT, related_name="time_grants", verbose_name="考试")
    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    candidate = models.ForeignKey(
        "exams.Candidate", models.PROTECT, null=True, related_name="time_grants", verbose_name="本人"
    )
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="单位")
    venue = models.CharField("考点", max_length=60, blank=True, default="")
    apart = models.ManyToManyField("people.OrgUnit", related_name="+", verbose_name="另有考点的下级单位")
    minutes = models.PositiveSmallIntegerField(
        "分钟", validators=[MinValueValidator(1), MaxValueValidator(LONGEST_GRANT)]
    )
    began_at = models.DateTimeField("故障开始", null=True)
    ended_at = models.DateTimeField("故障结束", null=True)
    reason = models.CharField("原因", max_length=100)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    given_at = models.DateTimeField("办理时间")
    affected = models.PositiveIntegerField("涉及人数", default=0)

    class Meta:
        verbose_name = "补时"
        verbose_name_plural = "补时"
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="extra", began_at=None) | Q(kind="outage", ended_at__gt=models.F("began_at")),
                name="outage_has_a_span",
            ),
            models.CheckConstraint(condition=Q(candidate=None) | Q(unit=None), name="one_scope"),
            models.CheckConstraint(condition=Q(venue="") | Q(unit__isnull=False), name="venue_has_its_unit"),
        ]

    def __str__(self):
        return f"补时 {self.pk}"

    @property
    def whom(self) -> str:
        """Whom it reached, in words; with candidate, user and unit loaded."""
        if self.candidate is not None:
            return self.candidate.user.name
        if self.venue:
            return f"考点 {self.venue}"
        return self.unit.name if self.unit is not None else "全体考生"


class RoomMessage(models.Model):
    """A message of the organiser to one candidate, a unit and all below it, or everybody."""

    exam = models.ForeignKey("exams.Exam", models.PROTECT, related_name="messages", verbose_name="考试")
    candidate = models.ForeignKey("exams.Candidate", models.PROTECT, null=True, related_name="messages")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, null=True, related_name="+")
    text = models.CharField("内容", max_length=200)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "考场通知"
        verbose_name_plural = "考场通知"
        ordering = ["-sent_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(candidate=None) | Q(unit=None), name="message_one_scope")]

    def __str__(self):
        return f"考场通知 {self.pk}"
