"""补学小测: what somebody did with an offer. Who has not answered it has no row."""
from django.conf import settings
from django.db import models


class TopUp(models.Model):
    """An offer taken or put aside. It holds no answers and no marks: nothing is counted from it."""

    class State(models.TextChoices):
        DONE = "done", "做过"
        DISMISSED = "dismissed", "不做"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="人员")
    change = models.ForeignKey("changes.LawChange", models.PROTECT, related_name="+", verbose_name="法律修改")
    state = models.CharField("结果", max_length=9, choices=State.choices)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "补学小测"
        verbose_name_plural = "补学小测"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "change"], name="top_up_once_per_change")]

    def __str__(self):
        return f"补学小测 {self.pk}"  # ids only: this text goes into logs
