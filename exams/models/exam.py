"""考试 and its frozen roster."""
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from mingfa.people.models import Category

LONGEST_MINUTES, MOST_ATTEMPTS, LONGEST_GRACE_MINUTES = 24 * 60, 99, 24 * 60
NOT_NEGATIVE = [MinValueValidator(0)]


class Exam(models.Model):
    """One exam over one window. draft → published → closed → archived (exams.engine.states)."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        CLOSED = "closed", "已结束"
        ARCHIVED = "archived", "已归档"

    class MultiplePolicy(models.TextChoices):
        ALL_OR_NOTHING = "all_or_nothing", "全对得分"
        HALF_FOR_SUBSET = "half_for_subset", "少选得一半"
        HALF_MARK_EACH = "half_mark_each", "少选每项得0.5分"

    class ResultPolicy(models.TextChoices):
        AFTER_CLOSE = "after_close", "结束前只看分数，结束后看解析"
        AT_ONCE = "at_once", "交卷后马上看解析"
        AFTER_RELEASE = "after_release", "公布后才能看"

    class Counting(models.TextChoices):
        BEST = "best", "最高分的一次"
        LAST = "last", "最后一次"
        FIRST = "first", "第一次"

    class PaperMode(models.TextChoices):
        DRAWN = "drawn", "一人一卷"
        FIXED = "fixed", "全体同卷"
        AB = "ab", "AB 卷"

    class Practice(models.TextChoices):
        KEPT_BACK = "kept_back", "保密：可能抽到的题，考试结束前不在练习和测一测里出现"
        OPEN = "open", "公开：考前可以练习同样的题"

    name = models.CharField("名称", max_length=100)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="exams", verbose_name="组织单位")
    blueprint = models.ForeignKey("exams.Blueprint", models.PROTECT, related_name="exams", verbose_name="组卷规则")
    notice = models.TextField("考试说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    duration_minutes = models.PositiveSmallIntegerField(
        "考试时长（分钟）", validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]
    )
    pass_mark = models.DecimalField("及格分", max_digits=5, decimal_places=1, validators=NOT_NEGATIVE)
    good_mark = models.DecimalField(
        "良好分", max_digits=5, decimal_places=1, null=True, blank=True, validators=NOT_NEGATIVE
    )
    excellent_mark = models.DecimalField(
        "优秀分", max_digits=5, decimal_places=1, default=90, validators=NOT_NEGATIVE
    )
    attempts = models.PositiveSmallIntegerField(
        "可考次数", default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ATTEMPTS)],
    )  # fmt: skip
    counting = models.CharField(
        "计入成绩的一次", max_length=5, choices=Counting.choices, default=Counting.BEST, help_text="可考多次时适用"
    )
    multiple_policy = models.CharField(
        "多选题计分", max_length=16, choices=MultiplePolicy.choices, default=MultiplePolicy.ALL_OR_NOTHING
    )
    result_policy = models.CharField(
        "成绩公布", max_length=14, choices=ResultPolicy.choices, default=ResultPolicy.AFTER_CLOSE
    )
    paper_mode = models.CharField(
        "试卷", max_length=5, choices=PaperMode.choices, default=PaperMode.DRAWN,
        help_text="一人一卷：各人抽到的题和次序都不同。全体同卷、AB 卷：发布时抽定，可以打印同样的纸质试卷",
    )  # fmt: skip
    practice = models.CharField(
        "题库", max_length=9, choices=Practice.choices, default=Practice.KEPT_BACK,
        help_text="要求先学完课程的考试，请选公开，或者让课程和考试用不同的题",
    )  # fmt: skip
    grace_minutes = models.PositiveSmallIntegerField(
        "迟到答案宽限（分钟）", default=10, validators=[MaxValueValidator(LONGEST_GRACE_MINUTES)],
        help_text="断网时改的答案，收卷后这段时间里送到的，登记下来由组织单位决定是否计入。填 0 就不收",
    )  # fmt: skip
    blank_counts = models.BooleanField(
        "白卷算实考", default=False, help_text="不勾选：一题未答就交卷或到时收卷的，不算参加过考试"
    )
    markers = models.PositiveSmallIntegerField(
        "简答题每份评几遍", default=1, choices=[(1, "一人评"), (2, "两人分别评")]
    )
    tolerance = models.DecimalField(
        "两人评分允许相差", max_digits=4, decimal_places=1, default=2, validators=NOT_NEGATIVE,
        help_text="两人评时适用。相差不超过这个分数取平均，超过的由组织单位仲裁",
    )  # fmt: skip
    certificates = models.BooleanField(
        "发合格证书", default=False, help_text="考试结束以后由组织单位一次发给合格的人，可以下载、打印、扫码查验"
    )
    makeup_of = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="makeups", verbose_name="补考的考试"
    )
    # Where the people come from an exam is for by name (“培训：…”); empty: everybody of the units due.
    named_from = models.CharField("名单来源", max_length=130, blank=True, editable=False)
    # Whether anything has to be finished before, so that other exams need not ask.
    has_requirements = models.BooleanField(default=False, editable=False)
    # Whether units start at times of their own, so that other exams need not ask.
    has_slots = models.BooleanField(default=False, editable=False)
    # Whether units sit at venues of their own, so that other exams need not ask.
    has_venues = models.BooleanField(default=False, editable=False)
    watch_leaving = models.BooleanField("记录离开试卷", default=False, editable=False)
    safe_browser = models.BooleanField("只用安全考试浏览器", default=False, editable=False)
    safe_browser_keys = models.TextField("浏览器考试密钥", blank=True, editable=False)
    # Whether a question was corrected, so that other exams need not ask.
    has_corrections = models.BooleanField(default=False, editable=False)
    # When the last personal end lies behind closing, because time was given; None: nobody's does.
    over_at = models.DateTimeField("全部结束时间", null=True, blank=True, editable=False)
    released_at = models.DateTimeField("公布时间", null=True, blank=True, editable=False)
    due_units = models.ManyToManyField(
        "people.OrgUnit", related_name="+", verbose_name="应考单位", help_text="含下级单位"
    )
    roster_on = models.DateField("名册日期", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "考试"
        verbose_name_plural = "考试"
        ordering = ["-opens_at", "-id"]
        indexes = [models.Index(fields=["state", "closes_at"], name="exam_state_closes")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="exam_closes_after_opening"),
            models.CheckConstraint(condition=Q(duration_minutes__gte=1), name="exam_has_duration"),
            models.CheckConstraint(condition=Q(attempts__gte=1), name="exam_has_attempts"),
            # Who hands in first would tell everybody else the key of the same paper.
            models.CheckConstraint(
                condition=Q(paper_mode="drawn") | ~Q(result_policy="at_once"), name="shared_paper_keeps_its_key",
                violation_error_message="全体同卷和 AB 卷不能交卷后马上看解析，先交卷的人会说出答案。请改成绩公布或者试卷",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def over_for_everybody(self):
        """From when nobody can sit any more: closing, or the last end that given time has moved behind it."""
        return max(filter(None, (self.closes_at, self.over_at)))

    @property
    def keys_from(self):
        """From when what depends on the key may be shown: nobody sits any more and no late answer is taken any more."""
        return self.over_for_everybody + timedelta(minutes=self.grace_minutes)


class ExamCategory(models.Model):
    """A 人员类别 that is due; an exam without rows is for all."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="categories")
    category = models.CharField("人员类别", max_length=12, choices=Category.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exam", "category"], name="category_once_per_exam")]

    def __str__(self):
        return self.get_category_display()


class NamedPerson(models.Model):
    """Somebody an exam is for by name; of these, those on the roster of the due units when it is published are due."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="named")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="人员")

    class Meta:
        verbose_name = "指定人员"
        verbose_name_plural = "指定人员"
        constraints = [models.UniqueConstraint(fields=["exam", "user"], name="named_once_per_exam")]

    def __str__(self):
        return f"指定人员 {self.pk}"


class ExamRequirement(models.Model):
    """开考条件: something a candidate has to have finished before starting; kind and key as in mingfa.completions."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=40)
    words = models.CharField("条件", max_length=300, help_text="“学完课程：信访工作条例”")

    class Meta:
        verbose_name = "开考条件"
        verbose_name_plural = "开考条件"
        ordering = ["exam_id", "id"]
        constraints = [models.UniqueConstraint(fields=["exam", "kind", "key"], name="requirement_once_per_exam")]

    def __str__(self):
        return self.words


# 免考 or 缓考. At most one of the two is given (not_exempt_and_deferred); said without a value, because a database knows an
# index by its condition also in a prepared statement only where no value is left out.
NOT_DUE = ~Q(exempt_reason=models.F("deferred_reason"))


class Candidate(models.Model):
    """名册人员: a roster row frozen when the exam is published, and the result that counts.

    `unit` and `category` are the main posting of that day and do not follow later transfers.
    `counted` is the best valid handed-in sitting so far; every rate is a count over these rows.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="candidates", verbose_name="考试")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="candidacies", verbose_name="人员"
    )
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="candidates", verbose_name="单位")
    category = models.CharField("人员类别", max_length=12, choices=Category.choices, blank=True)
    exempt_reason = models.CharField("免考原因", max_length=100, blank=True)
    deferred_reason = models.CharField("缓考原因", max_length=100, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    attempts_used = models.PositiveSmallIntegerField("已考次数", default=0)
    extra_attempts = models.PositiveSmallIntegerField("另给的次数", default=0, help_text="作废后另给的机会")
    extra_minutes = models.PositiveSmallIntegerField("本人延时（分钟）", default=0)
    counted = models.OneToOneField(
        "exams.Sitting", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="计入成绩的作答"
    )
    counted_mark = models.DecimalField("成绩", max_digits=6, decimal_places=1, null=True, blank=True)
    passed = models.BooleanField("合格", null=True)
    # Of the first valid sitting, local time: which one counts may change later, the day of coming does not.
    sat_on = models.DateField("首次有效交卷的日期", null=True, editable=False)

    class Meta:
        verbose_name = "名册人员"
        verbose_name_plural = "名册人员"
        ordering = ["exam_id", "unit__path", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "user"], name="candidate_once_per_exam"),
            models.CheckConstraint(
                condition=Q(exempt_reason="") | Q(deferred_reason=""), name="not_exempt_and_deferred"
            ),
        ]
        indexes = [
            models.Index(fields=["exam", "unit"], name="candidate_exam_unit"),
            # Those on the lists of the board: without them a database reads whole rosters for a few names.
            models.Index(fields=["exam", "unit"], condition=Q(counted=None), name="candidate_not_counted"),
            models.Index(fields=["exam", "unit"], condition=NOT_DUE, name="candidate_not_due"),
        ]

    def __str__(self):
        return f"名册人员 {self.pk}"  # ids only: this text goes into logs

    @property
    def attempts_allowed(self) -> int:
        """How often this person may sit the exam; with `exam` loaded."""
        return self.exam.attempts + self.extra_attempts
