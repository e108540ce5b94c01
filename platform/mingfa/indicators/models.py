"""What is typed in because nothing here counts it, and figures frozen with their digest."""
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class EnteredFigure(models.Model):
    """填报: one figure of a unit for a year, from a document. A correction makes another row and keeps this one.

    `whole` is None for a plain count. It counts as data once a second person has checked it.
    """

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="entered_figures", verbose_name="单位")
    code = models.CharField("数据", max_length=40)
    period = models.CharField("期间", max_length=7)
    part = models.PositiveIntegerField("数值")
    whole = models.PositiveIntegerField("总数", null=True, blank=True)
    source = models.CharField("来源文件", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人")
    entered_at = models.DateTimeField("填报时间")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    replaced_at = models.DateTimeField("更正时间", null=True, blank=True)

    class Meta:
        verbose_name = "填报数据"
        verbose_name_plural = "填报数据"
        ordering = ["unit_id", "code", "period", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code", "period"], condition=Q(replaced_at=None), name="entered_once"
            ),
            models.CheckConstraint(condition=~Q(checked_by=F("entered_by")), name="entered_checked_by_another"),
            models.CheckConstraint(condition=Q(whole=None) | Q(part__lte=F("whole")), name="entered_part_of_whole"),
        ]

    def __str__(self):
        return f"{self.code} {self.period}"


class Snapshot(models.Model):
    """数据冻结: the figures of a unit and a period as they were, never changed. A restatement is another snapshot that
    names the one it `replaces` and why."""

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    period = models.CharField("期间", max_length=7)
    taken_at = models.DateTimeField("冻结时间")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="冻结人")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="更正哪一次"
    )
    reason = models.CharField("更正原因", max_length=200, blank=True)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "数据冻结"
        verbose_name_plural = "数据冻结"
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="restated_with_reason")
        ]

    def __str__(self):
        return f"{self.unit} {self.period}"


class FrozenFigure(models.Model):
    """One figure of a snapshot, with the definition it was counted by; of the snapshot's unit or of one below it."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="figures")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    code = models.CharField("数据", max_length=40)
    caption = models.CharField("名称", max_length=60)
    definition = models.CharField("口径", max_length=300)
    formula = models.CharField("公式", max_length=100, blank=True)
    measure = models.CharField("单位名称", max_length=10, blank=True)
    entered = models.BooleanField("填报")
    value = models.DecimalField("数值", max_digits=14, decimal_places=1, null=True)
    part = models.BigIntegerField("分子", null=True)
    whole = models.BigIntegerField("分母", null=True)

    class Meta:
        verbose_name = "冻结的数据"
        verbose_name_plural = "冻结的数据"
        ordering = ["snapshot_id", "id"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "code", "unit"], name="frozen_once")]

    def __str__(self):
        return f"{self.caption} {self.value}"


def form_path(form, name: str) -> str:
    """Under a name of our own: what the sender called the file decides nothing (IF10)."""
    return f"upper-forms/{secrets.token_hex(16)}.xlsx"


class UpperForm(models.Model):
    """上级报表: an Excel form of the level above, kept empty and filled from the figures each time it is asked for."""

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="填报单位")
    name = models.CharField("报表名称", max_length=80)
    file = models.FileField("空表", upload_to=form_path)
    digest = models.CharField("摘要", max_length=64, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "上级报表"
        verbose_name_plural = "上级报表"
        ordering = ["unit_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], condition=Q(retired_at=None), name="upper_form_name_once")
        ]

    def __str__(self):
        return self.name


class FormCell(models.Model):
    """One cell of a form and the figure that belongs there."""

    class Shows(models.TextChoices):
        VALUE = "value", "数值（率填百分数）"
        PART = "part", "分子"
        WHOLE = "whole", "分母"

    form = models.ForeignKey(UpperForm, models.CASCADE, related_name="cells")
    sheet = models.CharField("工作表", max_length=31)
    place = models.CharField("单元格", max_length=6)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="哪个单位的数")
    code = models.CharField("数据", max_length=40)
    shows = models.CharField("填什么", max_length=5, choices=Shows.choices, default=Shows.VALUE)

    class Meta:
        verbose_name = "单元格对应"
        verbose_name_plural = "单元格对应"
        ordering = ["form_id", "id"]
        constraints = [models.UniqueConstraint(fields=["form", "sheet", "place"], name="form_cell_once")]

    def __str__(self):
        return f"{self.sheet}!{self.place}"
