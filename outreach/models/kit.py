"""What stands on the sheets of a campaign, as it went to review (docs/rules.md, 公开发布)."""
import json

from django.conf import settings
from django.db import models


class KitText(models.Model):
    """宣传品的文字: what poster, large print, fold sheet, leaflet and loudspeaker of a campaign say. Never changed: another
    wording is another row. The code for the quiz is no text and is drawn when a sheet is."""

    campaign = models.ForeignKey("outreach.Campaign", models.PROTECT, related_name="kit_texts", verbose_name="宣传计划")
    title = models.CharField("大标题", max_length=30)
    content = models.TextField("内容", help_text="JSON，按它算摘要")
    text_hash = models.CharField("文字摘要", max_length=64, help_text="SHA-256")
    made_at = models.DateTimeField("时间")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="送审人")

    class Meta:
        verbose_name = "宣传品文字"
        verbose_name_plural = "宣传品文字"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "text_hash"], name="kit_text_once_per_campaign")]

    def __str__(self):
        return self.title

    @property
    def said(self) -> dict:
        """What kit.printed made: title, points, help, when, unit, partners, stops."""
        return json.loads(self.content)
