"""A law has changed: what became of its articles, and what has to be looked at because it cites them."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from mingfa.library.citations import article_label
from mingfa.people.models import Role


class KnownText(models.Model):
    """Which edition answered for a law when this was last looked at (library.queries.find_edition).

    A law has changed when another edition answers than the one noted here; so texts brought in later for the
    archive change nothing, and neither does importing twice.
    """

    law = models.OneToOneField("library.Law", models.CASCADE, primary_key=True, related_name="+")
    edition = models.ForeignKey("library.Edition", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "已知文本"
        verbose_name_plural = "已知文本"

    def __str__(self):
        return str(self.edition)


class LawChange(models.Model):
    """法律修改: from one edition of a law to the next, with how many articles became what."""

    law = models.ForeignKey("library.Law", models.PROTECT, related_name="changes", verbose_name="法律法规")
    old = models.ForeignKey("library.Edition", models.PROTECT, related_name="+", verbose_name="旧版本")
    new = models.ForeignKey("library.Edition", models.PROTECT, related_name="+", verbose_name="新版本")
    noted_at = models.DateTimeField("发现时间", help_text="从这时起，所涉试题不进新试卷")
    same = models.PositiveSmallIntegerField("未变")
    changed = models.PositiveSmallIntegerField("修改")
    moved = models.PositiveSmallIntegerField("移动")
    removed = models.PositiveSmallIntegerField("删去")
    added = models.PositiveSmallIntegerField("新增")

    class Meta:
        verbose_name = "法律修改"
        verbose_name_plural = "法律修改"
        ordering = ["-noted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="law_change_once")]

    def __str__(self):
        return f"{self.law.short_title}（{self.old.slug} → {self.new.slug}）"


class TouchedArticle(models.Model):
    """An article of the old text that changed, moved or went. Articles that stayed or are new touch nothing."""

    class Happened(models.TextChoices):
        CHANGED = "changed", "修改"
        MOVED = "moved", "移动"
        REMOVED = "removed", "删去"

    change = models.ForeignKey(LawChange, models.CASCADE, related_name="touched")
    happened = models.CharField("变化", max_length=7, choices=Happened.choices)
    number = models.PositiveIntegerField("条")
    sub = models.PositiveIntegerField("之", default=0)
    new_number = models.PositiveIntegerField("新的条", null=True)
    new_sub = models.PositiveIntegerField("新的之", null=True)

    class Meta:
        ordering = ["change_id", "number", "sub"]
        constraints = [
            models.UniqueConstraint(fields=["change", "number", "sub"], name="touched_once_per_change"),
            models.CheckConstraint(
                condition=Q(happened="removed", new_number=None, new_sub=None)
                | (~Q(happened="removed") & Q(new_number__isnull=False, new_sub__isnull=False)),
                name="removed_has_no_new_number",
            ),
        ]

    def __str__(self):
        return f"{self.label} {self.get_happened_display()}"

    @property
    def place(self) -> tuple[int, int]:
        return self.number, self.sub

    @property
    def new_place(self) -> tuple[int, int] | None:
        return None if self.new_number is None else (self.new_number, self.new_sub)

    @property
    def renumbered(self) -> bool:
        return self.new_place is not None and self.new_place != self.place

    @property
    def label(self) -> str:
        return article_label(self.number, self.sub)

    @property
    def new_label(self) -> str:
        return article_label(self.new_number, self.new_sub) if self.new_place else ""


class ReviewTask(models.Model):
    """核对任务: one thing that cites one touched article, until somebody of its unit has decided.

    `kind` and `key` name it as in library.registry; `title` is how it read when the law changed.
    """

    class Decision(models.TextChoices):
        RIGHT = "right", "仍然正确"
        REVISED = "revised", "已修改"
        RETIRED = "retired", "停用"

    article = models.ForeignKey(TouchedArticle, models.CASCADE, related_name="tasks", verbose_name="条文")
    kind = models.CharField("种类", max_length=12)
    key = models.CharField(max_length=20)
    title = models.CharField("名称", max_length=200)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("由谁决定", max_length=20, choices=Role.choices)
    decision = models.CharField("决定", max_length=7, choices=Decision.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)

    class Meta:
        verbose_name = "核对任务"
        verbose_name_plural = "核对任务"
        ordering = ["article__number", "article__sub", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "kind", "key"], name="review_task_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="decided_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "key"], condition=Q(decision=""), name="open_review_tasks"),
            models.Index(fields=["role", "unit"], condition=Q(decision=""), name="open_review_tasks_of"),
        ]

    def __str__(self):
        return f"核对任务 {self.pk}"
