"""A unit's own days beside those of data/calendar.csv."""
from django.conf import settings
from django.db import models


class LocalDay(models.Model):
    """本地节点: a day, week or month that a unit and those below it keep. Its key never changes: activities name it."""

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    key = models.CharField(max_length=30, unique=True, editable=False)
    name = models.CharField("节点名称", max_length=40)
    rule = models.CharField("时间", max_length=30, help_text="例如：3-5、9月、6-1…6-7、9月第3个星期六")
    basis = models.CharField("依据", max_length=80, blank=True)
    tasks = models.CharField("做什么", max_length=120, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "本地节点"
        verbose_name_plural = "本地节点"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=models.Q(ended_at=None), name="local_day_once_per_unit"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name
