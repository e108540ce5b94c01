"""What single people and processes send, row by row: answers, sign-ins, who is in the room."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .training import Training, Venue


class Answer(models.Model):
    """One answer to a poll or quiz (`item` p5, q9), the last one given, or one vote for a question (`item` a7).

    `voter` is who may answer once: a person, a venue, or for anonymous polls a digest that names nobody.
    """

    training = models.ForeignKey(Training, models.CASCADE, related_name="answers")
    item = models.CharField(max_length=40)
    voter = models.CharField(max_length=24)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="+", verbose_name="会场")
    choice = models.JSONField("选择", default=list)
    text = models.CharField("文字", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    # When it was given by the device's clock, in milliseconds: of two, the later counts, in whatever order they come.
    made_at = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "培训作答"
        verbose_name_plural = "培训作答"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["training", "item", "voter"], name="one_answer_each")]

    def __str__(self):
        return f"{self.item} {self.pk}"


class CheckIn(models.Model):
    """One person in one round. `made_at` is the device's time, `received_at` ours: they differ after a lost line.

    What a steward ticked, or a phone brought late, counts when a second person has confirmed it.
    """

    class How(models.TextChoices):
        QR = "qr", "扫码"
        CODE = "code", "口令"
        STEWARD = "steward", "会场管理员代签"
        OFFLINE = "offline", "离线会场"

    training = models.ForeignKey(Training, models.CASCADE, related_name="checkins")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="checkins", verbose_name="会场")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    round = models.PositiveSmallIntegerField("轮次")
    how = models.CharField("方式", max_length=7, choices=How.choices)
    device = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField("签到时间")
    received_at = models.DateTimeField("送达时间")
    needs_second = models.BooleanField("待他人确认", default=False)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = "培训签到"
        verbose_name_plural = "培训签到"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["training", "user", "round"], name="once_per_round"),
            models.UniqueConstraint(
                fields=["training", "round", "device"], condition=~Q(device=""), name="one_person_per_device"
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=F("ticked_by")), name="confirmed_by_another"),
        ]

    def __str__(self):
        return f"培训签到 {self.pk}"

    @property
    def counts(self) -> bool:
        return not self.needs_second or self.confirmed_by_id is not None


class Presence(models.Model):
    """Who is in the room by one process's hub, as of `at`; the newest rows of all processes are added up."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="presences")
    hub = models.CharField(max_length=60)
    counts = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "在线情况"
        verbose_name_plural = "在线情况"
        constraints = [models.UniqueConstraint(fields=["training", "hub"], name="one_presence_per_hub")]

    def __str__(self):
        return f"在线 {self.pk}"
