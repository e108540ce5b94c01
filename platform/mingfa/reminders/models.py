"""催考: the rules of an office, and every message that was or will be sent."""
from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from .engine import Quiet


class Policy(models.Model):
    """催考规则 of a unit and of all below it that has none of its own. Without any the defaults hold."""

    unit = models.OneToOneField("people.OrgUnit", models.CASCADE, related_name="reminder_policy", verbose_name="单位")
    quiet_from = models.TimeField("免打扰开始", default=time(20, 0))
    quiet_to = models.TimeField("免打扰结束", default=time(8, 0), help_text="两个时间相同就是不设免打扰时间")
    weekends = models.BooleanField("周末不发", default=True)
    most = models.PositiveSmallIntegerField(
        "每人最多提醒几次", default=1, validators=[MaxValueValidator(3)], help_text="同一场考试。填 0 只发名单给联络员"
    )
    days_before = models.PositiveSmallIntegerField(
        "截止前几天内才提醒本人", default=3, validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="在这以前只发名单给联络员",
    )  # fmt: skip
    by_email = models.BooleanField("发电子邮件", default=True)
    by_others = models.BooleanField("用本单位接入的其他方式", default=True, help_text="短信、企业微信等，由管理员接入")

    class Meta:
        verbose_name = "催考规则"
        verbose_name_plural = "催考规则"

    def __str__(self):
        return f"催考规则 {self.unit_id}"

    @property
    def quiet(self) -> Quiet:
        return Quiet(self.quiet_from, self.quiet_to, self.weekends)


class Message(models.Model):
    """One message to one person by one way. Written when somebody asks for it, sent when the quiet hours allow.

    `turn` keeps it from going out twice: the how-manieth reminder of a person, the day of a list.
    """

    class Audience(models.TextChoices):
        LIAISON = "liaison", "联络员名单"
        PERSON = "person", "本人提醒"

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已发"
        FAILED = "failed", "没有发出"
        DROPPED = "dropped", "不用再发"

    kind = models.CharField(max_length=16)
    key = models.PositiveBigIntegerField()
    name = models.CharField("事项", max_length=120)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="组织单位")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders", verbose_name="收件人")
    audience = models.CharField("内容", max_length=7, choices=Audience.choices)
    channel = models.CharField("方式", max_length=16)
    turn = models.CharField(max_length=10)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    asked_at = models.DateTimeField("发起时间")
    send_after = models.DateTimeField("不早于")
    state = models.CharField("状态", max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("试过几次", default=0)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField("发送时间", null=True)
    subject = models.CharField("标题", max_length=160, blank=True)
    body = models.TextField("正文", blank=True)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = "催考消息"
        verbose_name_plural = "催考消息"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "to", "audience", "channel", "turn"], name="reminded_once_a_turn"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(state="sent"), name="only_sent_has_moment"),
        ]
        indexes = [
            models.Index(fields=["send_after"], condition=Q(state="waiting"), name="reminders_waiting"),
            models.Index(fields=["kind", "key", "-asked_at"], name="reminders_of_occasion"),
        ]

    def __str__(self):
        return f"催考消息 {self.pk}"  # ids only: this text goes into logs
