"""Photos of an activity: optional, small, without the place where they were taken, and not kept for ever."""
from uuid import uuid4

from django.conf import settings
from django.db import models

from .activity import Activity


def _own_name(photo, filename: str) -> str:
    """Kept under a name of ours: the user's may hold ../, line breaks or 300 characters."""
    return f"outreach-photos/{uuid4().hex}.jpg"


class Photo(models.Model):
    """One photo, encoded anew by the server."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos", verbose_name="活动")
    file = models.FileField("照片", upload_to=_own_name)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    # Of what was uploaded: a photo that is sent twice is one photo of its activity.
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    added_at = models.DateTimeField("上传时间")
    kept_until = models.DateField("保存到", db_index=True)

    class Meta:
        verbose_name = "活动照片"
        verbose_name_plural = "活动照片"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["activity", "digest"], name="photo_once_per_activity")]

    def __str__(self):
        return f"照片 {self.pk}"
