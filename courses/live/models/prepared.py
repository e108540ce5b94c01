"""What the trainer has made ready before the class: polls and questions, opened one after the other with one key."""
from django.db import models

from ..board.kinds import POLL_KINDS
from .training import Training


class Prepared(models.Model):
    """One poll, or one question of a bank. Which have been asked stands in the log (`prepared` of the event)."""

    class Kind(models.TextChoices):
        SINGLE = "single", "单选"
        MULTI = "multi", "多选"
        SCALE = "scale", "打分"
        CLOUD = "cloud", "一个词"
        TEXT = "text", "简答"
        QUIZ = "quiz", "题库里的试题"

    training = models.ForeignKey(Training, models.CASCADE, related_name="prepared", verbose_name="培训")
    place = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("形式", max_length=6, choices=Kind.choices)
    text = models.CharField("问什么", max_length=200, blank=True)
    options = models.JSONField("选项", default=list)
    anonymous = models.BooleanField("不记名", default=True)
    question = models.ForeignKey("bank.Question", models.PROTECT, null=True, related_name="+", verbose_name="试题")
    seconds = models.PositiveSmallIntegerField("时长", null=True)

    class Meta:
        verbose_name = "备好的题"
        verbose_name_plural = "备好的题"
        ordering = ["place", "id"]

    def __str__(self):
        return self.text or str(self.question)

    @property
    def is_poll(self) -> bool:
        return self.kind in POLL_KINDS
