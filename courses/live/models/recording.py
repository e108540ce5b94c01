"""What the trainer's browser sent of a class, and how a class is seen and heard at all."""
from pathlib import Path

from django.conf import settings
from django.db import models

from .training import Training


def recording_path(training_id: int, take: int) -> Path:
    """Where a take's file lies: outside of every folder that is served."""
    return Path(settings.RECORDINGS_ROOT) / str(training_id) / f"{take}.mp4"


class Recording(models.Model):
    """One take: what one run of the trainer's encoder made, byte for byte, as fragmented MP4 (H.264 and Opus).

    A class has one take, or several when the trainer's browser began anew (another camera, a reload). `offset_ms` is
    where the take begins on the media clock of the class, which `media.marker` events tie to the log: the takes are
    played one after the other. A server that stops and starts goes on with the same take and the same file.
    """

    class State(models.TextChoices):
        OPEN = "open", "录制中"
        DONE = "done", "已保存"
        GONE = "gone", "已删除"

    training = models.ForeignKey(Training, models.PROTECT, related_name="recordings", verbose_name="培训")
    take = models.PositiveSmallIntegerField("第几段")
    mime = models.CharField("格式", max_length=100)
    state = models.CharField("状态", max_length=4, choices=State.choices, default=State.OPEN)
    offset_ms = models.PositiveBigIntegerField("起点")
    # Nought until the take is closed; while it is open the file and its index tell (media.files).
    duration_ms = models.PositiveBigIntegerField("时长", default=0)
    size = models.PositiveBigIntegerField("大小", default=0)
    frames = models.PositiveIntegerField("画面帧数", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    made_at = models.DateTimeField("开始时间")
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "培训录像"
        verbose_name_plural = "培训录像"
        ordering = ["training_id", "take"]
        constraints = [models.UniqueConstraint(fields=["training", "take"], name="live_one_take_each")]

    def __str__(self):
        return f"培训录像 {self.training_id}/{self.take}"

    @property
    def path(self) -> Path:
        """The file. No name is kept, because both numbers make it."""
        return recording_path(self.training_id, self.take)


class MediaPlan(models.Model):
    """音视频: how the class is seen and heard. Without a plan there are slides and everything else, and no media."""

    class Tier(models.TextChoices):
        NONE = "none", "不用音视频"
        PUSH = "push", "本平台直播"
        JANUS = "janus", "双向音视频"
        EXTERNAL = "external", "外部会议"

    class Provider(models.TextChoices):
        TENCENT = "tencent", "腾讯会议"
        BBB = "bbb", "BigBlueButton"
        LINK = "link", "其他会议"

    training = models.OneToOneField(Training, models.CASCADE, related_name="media_plan", verbose_name="培训")
    tier = models.CharField("方式", max_length=8, choices=Tier.choices, default=Tier.NONE)
    provider = models.CharField("会议系统", max_length=8, choices=Provider.choices, blank=True)
    address = models.CharField("会议链接", max_length=500, blank=True)
    number = models.CharField("会议号", max_length=40, blank=True)
    password = models.CharField("会议密码", max_length=40, blank=True)

    class Meta:
        verbose_name = "音视频安排"
        verbose_name_plural = "音视频安排"

    def __str__(self):
        return f"{self.training_id} {self.get_tier_display()}"
