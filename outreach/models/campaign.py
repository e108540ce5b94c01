"""宣传计划 and 普法责任清单: what was meant to be held, for which duty, and what came of it."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DutyItem(models.Model):
    """One row of a unit's 普法责任清单 (谁执法谁普法) of a year."""

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="责任单位")
    year = models.PositiveSmallIntegerField("年度")
    subject = models.CharField("普法内容", max_length=120, help_text="法律法规")
    audience = models.CharField("重点对象", max_length=120, blank=True)
    ways = models.CharField("普法形式", max_length=120, blank=True)
    due = models.CharField("时间节点", max_length=60, blank=True)
    leader = models.CharField("责任领导", max_length=60, blank=True)
    section = models.CharField("责任科室", max_length=60, blank=True)
    officer = models.CharField("责任人", max_length=60, blank=True)
    standard = models.CharField("标准", max_length=120, blank=True, help_text="例如：每年不少于 2 场")

    class Meta:
        verbose_name = "普法责任清单"
        verbose_name_plural = "普法责任清单"
        ordering = ["year", "unit", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "subject"], name="duty_once_per_year")]

    def __str__(self):
        return self.subject


class Campaign(models.Model):
    """宣传计划: drawn up, approved by a second person, carried out by activities, closed with a summary."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审批"
        RETURNED = "returned", "已退回"
        APPROVED = "approved", "进行中"
        CLOSED = "closed", "已总结"

    name = models.CharField("计划名称", max_length=80)
    theme = models.CharField("主题", max_length=120, blank=True)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="牵头单位")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.DRAFT)
    # Key of the calendar's row; empty for a campaign of no 节点.
    legal_day = models.CharField("法定节点", max_length=30, blank=True)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    partners = models.CharField("联合单位", max_length=200, blank=True)
    duties = models.ManyToManyField(DutyItem, related_name="campaigns", verbose_name="对应责任清单")
    summary = models.TextField("总结", blank=True, max_length=3000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人")
    created_at = models.DateTimeField("拟定时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    opinion = models.CharField("审批意见", max_length=200, blank=True)
    closed_at = models.DateTimeField("总结时间", null=True)

    class Meta:
        verbose_name = "宣传计划"
        verbose_name_plural = "宣传计划"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted")) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("by"))),
                name="campaign_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(summary="") & Q(closed_at__isnull=False)),
                name="campaign_closes_with_a_summary",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "starts_on"], name="campaigns_of_a_unit")]

    def __str__(self):
        return self.name


class Stop(models.Model):
    """计划场次: who means to hold what, when and where. Its draft activity is made when the campaign is approved."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stops", verbose_name="计划")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="主办单位")
    planned_on = models.DateField("日期")
    spot = models.CharField("地点", max_length=100, blank=True)
    form = models.CharField("形式", max_length=8)
    staff = models.CharField("工作人员", max_length=120, blank=True)

    class Meta:
        verbose_name = "计划场次"
        verbose_name_plural = "计划场次"
        ordering = ["planned_on", "id"]

    def __str__(self):
        return f"{self.planned_on:%Y-%m-%d} {self.unit}"


class Allotment(models.Model):
    """How many copies of a material a campaign means to hand out."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="allotments", verbose_name="计划")
    material = models.ForeignKey("outreach.Material", models.PROTECT, related_name="+", verbose_name="资料")
    quantity = models.PositiveIntegerField("计划发放")

    class Meta:
        verbose_name = "计划资料"
        verbose_name_plural = "计划资料"
        ordering = ["material__name", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "material"], name="allotment_once_per_material")]

    def __str__(self):
        return f"{self.material} {self.quantity}"
