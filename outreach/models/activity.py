"""宣传活动: what was planned for a 法定节点, what was held, who checked the record."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Activity(models.Model):
    """One activity: a draft out of the calendar, then the record of what was held, checked by a second person."""

    class Form(models.TextChoices):
        STALL = "stall", "集中宣传"
        VISIT = "visit", "进村社区"
        SCHOOL = "school", "进学校"
        FIRM = "firm", "进企业"
        OFFICE = "office", "进机关单位"
        TALK = "talk", "讲座"
        CASES = "cases", "以案说法"
        ADVICE = "advice", "法律咨询"
        ARTS = "arts", "文艺"
        CONTEST = "contest", "竞赛"
        ONLINE = "online", "线上"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        RECORDED = "recorded", "待审核"
        RETURNED = "returned", "已退回"
        APPROVED = "approved", "已审核"

    name = models.CharField("活动名称", max_length=80)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="主办单位")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT)
    # Key of a row of data/calendar.csv, and the year it is held for; empty for an activity of no 节点.
    legal_day = models.CharField("法定节点", max_length=30, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    campaign = models.ForeignKey(
        "outreach.Campaign", models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="宣传计划"
    )
    # The planned stop that this activity holds; empty for what nobody had planned.
    stop = models.OneToOneField(
        "outreach.Stop", models.PROTECT, null=True, blank=True, related_name="activity", verbose_name="计划场次"
    )
    form = models.CharField("形式", max_length=8, choices=Form.choices, blank=True)
    held_on = models.DateField("日期")
    spot = models.CharField("地点", max_length=100, blank=True)
    staff = models.CharField("工作人员", max_length=120, blank=True)
    partners = models.CharField("联合单位", max_length=120, blank=True)
    audience = models.PositiveIntegerField("受众人数", null=True)
    consulted = models.PositiveIntegerField("咨询人次", null=True)
    # Counted and estimated heads are never added up.
    is_counted = models.BooleanField("逐人清点", default=False)
    # Asked for by yearly reports of some places; nobody has to fill them in (the burden rule).
    received = models.PositiveIntegerField("接待群众", null=True)
    aided = models.PositiveIntegerField("受理法律援助", null=True)
    suggestions = models.PositiveIntegerField("意见建议", null=True)
    displays = models.PositiveIntegerField("横幅展板等", null=True)
    online = models.PositiveIntegerField("线上阅读", null=True)
    media = models.CharField("媒体报道", max_length=300, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    key = models.UUIDField(unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    recorded_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True)
    opinion = models.CharField("审核意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "宣传活动"
        verbose_name_plural = "宣传活动"
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "legal_day", "year"],
                condition=Q(state="draft", stop=None) & ~Q(legal_day=""),
                name="activity_one_draft_per_day",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(spot="") & ~Q(form="") & Q(audience__isnull=False)),
                name="activity_record_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "recorded")) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("by"))),
                name="activity_checked_by_a_second_person",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "held_on"], name="activities_of_a_unit")]

    def __str__(self):
        return self.name
