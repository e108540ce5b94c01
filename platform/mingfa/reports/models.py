"""The yearly report: its texts, what was typed over a figure, what froze it; and the seals of the log behind it."""
from django.conf import settings
from django.db import models
from django.db.models import Q


class Report(models.Model):
    """年度报告 of a unit. A frozen report never changes; a restatement is another one that names what it `replaces`."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        FROZEN = "frozen", "已冻结"

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="reports", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=120)
    addressee = models.CharField("主送机关", max_length=120, blank=True)
    signer = models.CharField("署名", max_length=60)
    number = models.CharField("发文字号", max_length=40, blank=True)
    copies_to = models.CharField("抄送", max_length=200, blank=True)
    printed_by = models.CharField("印发机关", max_length=20, blank=True)
    printed_on = models.DateField("印发日期", null=True, blank=True)
    stamped = models.BooleanField("加盖印章", default=False)
    state = models.CharField("状态", max_length=6, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间")
    snapshot = models.OneToOneField(
        "indicators.Snapshot", models.PROTECT, null=True, blank=True, related_name="report", verbose_name="冻结的数据"
    )
    frozen_at = models.DateTimeField("冻结时间", null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="冻结人"
    )
    digest = models.CharField("摘要", max_length=64, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="更正哪一份"
    )
    reason = models.CharField("更正原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "年度报告"
        verbose_name_plural = "年度报告"
        ordering = ["-year", "unit__path", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], condition=Q(state="draft"), name="report_one_draft"),
            models.UniqueConstraint(fields=["unit", "year"], condition=Q(replaces=None), name="report_one_first"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(snapshot__isnull=False, frozen_at__isnull=False), name="report_frozen_whole"
            ),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="report_restated_with_reason"),
        ]

    def __str__(self):
        return self.title.replace("\n", "")

    @property
    def frozen(self) -> bool:
        return self.state == self.State.FROZEN


class ReportText(models.Model):
    """One wording of a report with what was typed over its figures. Rows never change; an edit makes another."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="texts")
    number = models.PositiveIntegerField("稿次")
    body = models.TextField("正文")
    text_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "报告稿"
        verbose_name_plural = "报告稿"
        ordering = ["report_id", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_text_number")]

    def __str__(self):
        return f"第 {self.number} 稿"


class Override(models.Model):
    """Words that stand instead of a figure in one wording, and why. Belongs to the wording, so that signatures bind it."""

    text = models.ForeignKey(ReportText, models.CASCADE, related_name="overrides")
    code = models.CharField("数据", max_length=40)
    words = models.CharField("改写为", max_length=60)
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "改写的数据"
        verbose_name_plural = "改写的数据"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["text", "code"], name="override_once")]

    def __str__(self):
        return f"{self.code} {self.words}"


class SealedEntry(models.Model):
    """封存: one line of the log with the digest of everything up to it. Rows are only ever added (sealing.py)."""

    class Log(models.TextChoices):
        MODEL = "model", "业务"
        PAGE = "page", "页面"

    log = models.CharField("哪一本", max_length=5, choices=Log.choices)
    entry = models.PositiveBigIntegerField("记录号")
    digest = models.CharField("摘要", max_length=64, db_index=True)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "封存的操作记录"
        verbose_name_plural = "封存的操作记录"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["log", "entry"], name="sealed_once")]

    def __str__(self):
        return f"{self.log} {self.entry}"
