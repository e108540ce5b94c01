"""课件: the decks of a training, and each page with its picture and the trainer's notes."""
from uuid import uuid4

from django.conf import settings
from django.db import models

from .training import Training


def own_name(deck, filename: str) -> str:
    """Uploads are kept under a name of ours: the sender's decides nothing."""
    return f"live-decks/{uuid4().hex}"


class Deck(models.Model):
    """One file (or lesson) on its way to the screens. Once READY its pictures never change; another file is another deck."""

    class State(models.TextChoices):
        DRAWING = "drawing", "正在处理"
        READY = "ready", "可以用"
        FAILED = "failed", "没有成功"

    training = models.ForeignKey(Training, models.CASCADE, related_name="decks", verbose_name="培训")
    name = models.CharField("课件名称", max_length=100)
    # The PDF; gone when its pages are drawn.
    file = models.FileField("文件", upload_to=own_name, blank=True)
    state = models.CharField("状态", max_length=7, choices=State.choices, default=State.DRAWING)
    pages = models.PositiveSmallIntegerField("页数")
    sha = models.CharField(max_length=64, blank=True, help_text="SHA-256 over those of the pages")
    problem = models.CharField(max_length=10, blank=True, help_text="what was wrong (pdf.BadDeck)")
    problem_page = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField("上传时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    touched_at = models.DateTimeField(help_text="last sign of life while drawing")

    class Meta:
        verbose_name = "课件"
        verbose_name_plural = "课件"
        ordering = ["id"]

    def __str__(self):
        return self.name

    @property
    def key(self) -> str:
        """The deck's name in the log and in addresses."""
        return f"d{self.pk}"


class Slide(models.Model):
    """One page of a deck. The picture lies under its own digest, so its address may be kept for ever."""

    deck = models.ForeignKey(Deck, models.CASCADE, related_name="slides", verbose_name="课件")
    number = models.PositiveSmallIntegerField("页")
    sha = models.CharField(max_length=64)
    size = models.PositiveIntegerField("字节")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    title = models.CharField("标题", max_length=60, blank=True)
    label = models.CharField("页码", max_length=20, blank=True, help_text="as the file prints it, where it is not the number")
    notes = models.TextField("备注", max_length=2000, blank=True)

    class Meta:
        verbose_name = "课件页"
        verbose_name_plural = "课件页"
        ordering = ["deck_id", "number"]
        constraints = [models.UniqueConstraint(fields=["deck", "number"], name="slide_once_per_deck")]

    def __str__(self):
        return f"第 {self.number} 页"

    @property
    def path(self) -> str:
        """Where the picture lies in the storage."""
        return f"live-slides/{self.deck_id}/{self.sha}.webp"
