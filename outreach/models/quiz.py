"""The public quiz. What people answer is kept as counts only: no row, here or anywhere, belongs to one of them."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from .activity import Activity
from .campaign import Campaign
from .material import Batch


class QuestionRelease(models.Model):
    """A wording of a question that may be asked in public. Its key is told to everybody who answers it."""

    version = models.OneToOneField("bank.QuestionVersion", models.PROTECT, related_name="+", verbose_name="试题")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="公开人")
    released_at = models.DateTimeField("公开时间")
    withdrawn_at = models.DateTimeField("撤下时间", null=True)

    class Meta:
        verbose_name = "公开题"
        verbose_name_plural = "公开题"
        ordering = ["-released_at", "-id"]

    def __str__(self):
        return str(self.version)


class Quiz(models.Model):
    """Three to five released questions in order. Never changed once a code has been scanned: counts are of its wording."""

    name = models.CharField("名称", max_length=60)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="quizzes", verbose_name="宣传计划"
    )
    help = models.CharField("想问人", max_length=200, blank=True, help_text="答完后告诉群众找谁，例如：法律服务热线 12348")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间")
    closed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "扫码答题"
        verbose_name_plural = "扫码答题"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="quiz_name_once_per_unit")]

    def __str__(self):
        return self.name


class QuizQuestion(models.Model):
    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="questions", verbose_name="扫码答题")
    release = models.ForeignKey(QuestionRelease, models.PROTECT, related_name="+", verbose_name="公开题")
    place = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = "答题题目"
        verbose_name_plural = "答题题目"
        ordering = ["quiz", "place"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "place"], name="quiz_place_once"),
            models.UniqueConstraint(fields=["quiz", "release"], name="quiz_question_once"),
        ]

    def __str__(self):
        return f"{self.quiz} 第 {self.place} 题"


class Code(models.Model):
    """One QR code: of a batch, an activity or a place, and when in the course of things it is scanned."""

    class Phase(models.TextChoices):
        ONCE = "once", "随时"
        BEFORE = "before", "活动前"
        AFTER = "after", "活动后"
        LATER = "later", "30 天后"

    slug = models.CharField("码", max_length=12, unique=True)
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="codes", verbose_name="扫码答题")
    phase = models.CharField("何时", max_length=6, choices=Phase.choices, default=Phase.ONCE)
    # Where its answers are counted; a batch that lies in many townships has a code for each.
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="地方")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="codes", verbose_name="印制批次")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="codes", verbose_name="活动")
    spot = models.CharField("点位", max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间")
    retired_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "答题码"
        verbose_name_plural = "答题码"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=False, activity=None) | Q(batch=None, activity__isnull=False)
                | (Q(batch=None, activity=None) & ~Q(spot="")),
                name="code_is_of_one_thing",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "quiz"], name="codes_of_a_unit")]

    def __str__(self):
        return f"{self.quiz} {self.get_phase_display()}"


class Tally(models.Model):
    """How often an answer was given through a code in a month. With Visits it is all that is kept of who scanned it.

    `answer` is the letter of an option, "T" or "F"; the letters in order for 多选.
    """

    code = models.ForeignKey(Code, models.PROTECT, related_name="tallies", verbose_name="答题码")
    month = models.DateField("月份", help_text="its first day")
    version = models.ForeignKey("bank.QuestionVersion", models.PROTECT, related_name="+", verbose_name="试题")
    answer = models.CharField("答案", max_length=8)
    number = models.PositiveIntegerField("人次", default=0)

    class Meta:
        verbose_name = "答题计数"
        verbose_name_plural = "答题计数"
        ordering = ["code", "month"]
        constraints = [
            models.UniqueConstraint(fields=["code", "month", "version", "answer"], name="tally_once"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.code_id} {self.month:%Y-%m}：{self.number}"


class Visits(models.Model):
    """How many people answered the first question through a code in a month, and how many the last."""

    code = models.ForeignKey(Code, models.PROTECT, related_name="visits", verbose_name="答题码")
    month = models.DateField("月份", help_text="its first day")
    begun = models.PositiveIntegerField("答题人次", default=0)
    finished = models.PositiveIntegerField("答完人次", default=0)

    class Meta:
        verbose_name = "扫码人次"
        verbose_name_plural = "扫码人次"
        ordering = ["code", "month"]
        constraints = [models.UniqueConstraint(fields=["code", "month"], name="visits_once")]

    def __str__(self):
        return f"{self.code_id} {self.month:%Y-%m}：{self.begun}"
