"""What is left of a class: chapters of the replay, photos of head-counts, corrections, 补学, the minutes."""
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .training import RosterEntry, Training, Venue


class Chapter(models.Model):
    """A place of the replay to jump to: a turn of the slides, a bookmark, start and end. `state` is the board just
    after event `seq` as the audience had it, `ink` the strokes that stood on the page then."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="chapters", verbose_name="培训")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField("时间")
    title = models.CharField("章节", max_length=220)
    state = models.JSONField()
    ink = models.JSONField(default=list)

    class Meta:
        verbose_name = "回放章节"
        verbose_name_plural = "回放章节"
        ordering = ["training_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["training", "seq"], name="chapter_once_per_event")]

    def __str__(self):
        return f"回放章节 {self.training_id}/{self.seq}"


def photo_path(photo: "HeadPhoto", name: str) -> str:
    """Where the file lies below MEDIA_ROOT, which no route serves by path; nothing of the uploaded name is kept."""
    return f"live/photos/{secrets.token_hex(16)}.jpg"


class HeadPhoto(models.Model):
    """A photo of a hall for its head-count: drawn anew, so that neither place nor camera is in the file.

    `sha256` is of the stored file and stands in the event. `deleted_at`: the file went when its term was over.
    """

    training = models.ForeignKey(Training, models.CASCADE, related_name="photos", verbose_name="培训")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="photos", verbose_name="会场")
    file = models.FileField("照片", upload_to=photo_path, blank=True)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    deleted_at = models.DateTimeField("删除时间", null=True)

    class Meta:
        verbose_name = "会场照片"
        verbose_name_plural = "会场照片"
        ordering = ["id"]

    def __str__(self):
        return f"会场照片 {self.pk}"


class AttendanceChange(models.Model):
    """更正: what the log gave is changed by hand, with the reason. Never changed itself; the newest counts."""

    entry = models.ForeignKey(RosterEntry, models.CASCADE, related_name="changes", verbose_name="名册人员")
    before = models.CharField("更正前", max_length=7, choices=RosterEntry.Attendance.choices)
    after = models.CharField("更正后", max_length=7, choices=RosterEntry.Attendance.choices)
    reason = models.CharField("理由", max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="更正人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "签到更正"
        verbose_name_plural = "签到更正"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="correction_changes_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self):
        return f"签到更正 {self.pk}"


class MakeupAnswer(models.Model):
    """补学: the last answer of an absent person to a question of the class. Counted nowhere; all right ends the 补学."""

    entry = models.ForeignKey(RosterEntry, models.CASCADE, related_name="makeup_answers")
    item = models.CharField(max_length=40)
    given = models.CharField(max_length=20)
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "补学作答"
        verbose_name_plural = "补学作答"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["entry", "item"], name="one_makeup_answer_each")]

    def __str__(self):
        return f"补学作答 {self.pk}"


class Minutes(models.Model):
    """会议纪要: drafted from the log, edited by the trainer, frozen with the SHA-256 of its text."""

    training = models.OneToOneField(Training, models.CASCADE, related_name="minutes", verbose_name="培训")
    drafted_at = models.DateTimeField("起草时间")
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField("修改时间", null=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="定稿人"
    )
    frozen_at = models.DateTimeField("定稿时间", null=True)
    sha256 = models.CharField("校验码", max_length=64, blank=True)

    class Meta:
        verbose_name = "会议纪要"
        verbose_name_plural = "会议纪要"
        constraints = [
            models.CheckConstraint(condition=Q(frozen_at=None) | ~Q(sha256=""), name="frozen_minutes_have_a_hash")
        ]

    def __str__(self):
        return f"会议纪要 {self.pk}"


class MinutesLine(models.Model):
    """A heading or paragraph. `events` are the numbers of the events its figures come from; `drafted` is the text as it
    was drafted, empty where somebody added the paragraph."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    heading = models.BooleanField(default=False)
    text = models.TextField()
    drafted = models.TextField(blank=True)
    events = models.JSONField(default=list)

    class Meta:
        verbose_name = "会议纪要段落"
        verbose_name_plural = "会议纪要段落"
        ordering = ["minutes_id", "order", "id"]

    def __str__(self):
        return f"会议纪要段落 {self.pk}"

    @property
    def is_edited(self) -> bool:
        return self.text != self.drafted
