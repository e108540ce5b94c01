"""离线包: what a hall without a line took along, and what came back from it."""
import secrets

from django.conf import settings
from django.db import models

from .training import Training, Venue


def new_number() -> str:
    return secrets.token_hex(5)


def new_key() -> str:
    return secrets.token_hex(32)


class Bundle(models.Model):
    """One download for one venue, with a key of its own. Good for one playing."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="bundles", verbose_name="培训")
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="bundles", verbose_name="会场")
    number = models.CharField("编号", max_length=12, unique=True, default=new_number)
    key = models.CharField(max_length=64, default=new_key, editable=False)
    # The playing whose result was merged; another one is told apart by it.
    run = models.CharField(max_length=40, blank=True, editable=False)
    made_at = models.DateTimeField("下载时间")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下载人")

    class Meta:
        verbose_name = "离线包"
        verbose_name_plural = "离线包"
        ordering = ["-id"]

    def __str__(self):
        return f"离线包 {self.number}"


class HallResult(models.Model):
    """One file that came back, kept as it was sealed; nothing of it counts before it is merged."""

    bundle = models.ForeignKey(Bundle, models.CASCADE, related_name="results", verbose_name="离线包")
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    merged_at = models.DateTimeField("合并时间", null=True)
    # Ids of the sign-ins it made, and what a page tells of it: {"checkins": [...], "heads": 25, "answers": 60}.
    made = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人")

    class Meta:
        verbose_name = "离线结果"
        verbose_name_plural = "离线结果"
        ordering = ["-id"]

    def __str__(self):
        return f"离线结果 {self.pk}"
