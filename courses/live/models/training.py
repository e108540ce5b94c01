"""The training with its snapshot, its venues and the roster of those due."""
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..board import initial


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def usual_term() -> int:
    """Days recordings and photos are kept unless the training says otherwise."""
    return settings.LIVE_KEEP_DAYS


class Training(models.Model):
    """One class. `snapshot` is the log reduced, `seq` the number of its last event; both change with every event."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SCHEDULED = "scheduled", "已安排"
        LOBBY = "lobby", "候课"
        LIVE = "live", "进行中"
        PAUSED = "paused", "暂停"
        ENDED = "ended", "已下课"
        PROCESSING = "processing", "整理中"
        REPLAY = "replay", "可回看"
        ARCHIVED = "archived", "已归档"
        CANCELLED = "cancelled", "已取消"

    title = models.CharField("名称", max_length=100)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="trainings", verbose_name="组织单位")
    trainer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="trainings", verbose_name="培训师")
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    seq = models.PositiveIntegerField(default=0, editable=False)
    snapshot = models.JSONField(default=initial, editable=False)
    secret = models.CharField(max_length=40, default=new_secret, editable=False)
    settled_at = models.DateTimeField("签到结果确定时间", null=True, editable=False)
    # Counted from the settling; a daily task deletes what is older.
    keep_days = models.PositiveSmallIntegerField("录像和照片保存天数", default=usual_term, editable=False)
    # When a console was last open, by the reports of the hubs; a minute later the class pauses by itself.
    trainer_seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "实时培训"
        verbose_name_plural = "实时培训"
        ordering = ["-starts_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="training_ends_after_start")]

    def __str__(self):
        return self.title


class Venue(models.Model):
    """会场: a principal of its own. People of its unit and all below sit here, if no lower unit has a venue."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="venues", verbose_name="培训")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("会场名称", max_length=60)
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会场管理员"
    )
    secret = models.CharField(max_length=40, default=new_secret, editable=False)

    class Meta:
        verbose_name = "会场"
        verbose_name_plural = "会场"
        ordering = ["unit__path"]
        constraints = [models.UniqueConstraint(fields=["training", "unit"], name="live_one_venue_per_unit")]

    def __str__(self):
        return self.name


class RosterEntry(models.Model):
    """One person due at one venue, frozen when the training was scheduled, and how it ended for the person."""

    class Attendance(models.TextChoices):
        PRESENT = "present", "出席"
        LATE = "late", "迟到"
        EARLY = "early", "早退"
        ABSENT = "absent", "缺席"

    training = models.ForeignKey(Training, models.CASCADE, related_name="roster", verbose_name="培训")
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="roster", verbose_name="会场")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="人员")
    attendance = models.CharField("签到结果", max_length=7, choices=Attendance.choices, blank=True, editable=False)
    reason = models.CharField("原因", max_length=100, blank=True)
    # Where the person belonged on the day: figures are counted there. None in rows of before: the venue's unit.
    unit = models.ForeignKey(
        "people.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="单位", editable=False
    )
    # Beside the result, never instead of it: who was absent stays absent.
    made_up_at = models.DateTimeField("补学时间", null=True, editable=False)

    class Meta:
        verbose_name = "培训名册"
        verbose_name_plural = "培训名册"
        ordering = ["venue_id", "id"]
        constraints = [models.UniqueConstraint(fields=["training", "user"], name="once_per_training")]

    def __str__(self):
        return f"培训名册 {self.pk}"
