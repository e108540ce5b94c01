"""What grows around the questions of a bank: words to find them by, tags, remarks, kept filters, bulk runs, and how
they were answered. Imported by mingfa.bank.models, where Django looks for models."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

# Answers below which a share says nothing (docs/rules.md “试题分析”).
FEWEST_ANSWERS = 30


class QuestionWords(models.Model):
    """The words of a version, cut apart and joined by spaces: what the full-text index is built over.

    The database keeps that index by itself (migration 0005: triggers on SQLite, a generated column on PostgreSQL).
    """

    version = models.OneToOneField("bank.QuestionVersion", models.CASCADE, primary_key=True, related_name="words")
    text = models.TextField()

    class Meta:
        ordering = ["version_id"]

    def __str__(self):
        return self.text[:20]


class QuestionTag(models.Model):
    """标签 of one bank. Not taggit's: its names are one list for the whole site, so that one office renaming or merging
    a tag would change the questions of another."""

    bank = models.ForeignKey("bank.Bank", models.CASCADE, related_name="tags", verbose_name="题库")
    name = models.CharField("标签", max_length=30)
    questions = models.ManyToManyField("bank.Question", related_name="tags", verbose_name="试题")

    class Meta:
        verbose_name = "标签"
        verbose_name_plural = "标签"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["bank", "name"], name="tag_once_per_bank")]

    def __str__(self):
        return self.name


class Remark(models.Model):
    """留言 of a setter on a question, with the version it was written about."""

    question = models.ForeignKey("bank.Question", models.CASCADE, related_name="remarks", verbose_name="试题")
    number = models.PositiveIntegerField("版本号", help_text="of the version that was current then")
    text = models.CharField("留言", max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="留言人")
    made_at = models.DateTimeField("留言时间")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    resolved_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        verbose_name = "留言"
        verbose_name_plural = "留言"
        ordering = ["question_id", "made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None) | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="resolved_remark_has_resolver",
            )
        ]

    def __str__(self):
        return f"留言 {self.pk}"


class SavedFilter(models.Model):
    """常用筛选 of one person in one bank: the address of a list under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    bank = models.ForeignKey("bank.Bank", models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=1000, help_text="query string of the list's address")

    class Meta:
        verbose_name = "常用筛选"
        verbose_name_plural = "常用筛选"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "bank", "name"], name="filter_name_once")]

    def __str__(self):
        return self.name


class BulkRun(models.Model):
    """批量操作: one action on many questions, with what it found when it was previewed.

    PREPARING: its questions are still being noted down; shown nowhere, never carried out, swept where that was cut off.
    """

    class State(models.TextChoices):
        PREPARING = "prepare", "正在准备"
        RUNNING = "running", "正在办理"
        DONE = "done", "已办完"
        UNDONE = "undone", "已撤销"

    bank = models.ForeignKey("bank.Bank", models.PROTECT, related_name="runs", verbose_name="题库")
    action = models.CharField("操作", max_length=12)
    value = models.CharField("内容", max_length=60, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField("题数", default=0)
    done = models.PositiveIntegerField("已办", default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    made_at = models.DateTimeField("办理时间")
    touched_at = models.DateTimeField(help_text="last sign of life")

    class Meta:
        verbose_name = "批量操作"
        verbose_name_plural = "批量操作"
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return f"批量操作 {self.pk}"


class BulkItem(models.Model):
    """One question of a bulk run: waiting, done with what it was `before`, or left as it was with the reason."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    question = models.ForeignKey("bank.Question", models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=16, blank=True, help_text="empty: waits; done; undone; else why not")
    before = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["run_id", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "question"], name="question_once_per_run")]
        indexes = [models.Index(fields=["run", "outcome"], name="bulk_item_outcome")]

    def __str__(self):
        return f"{self.run_id}/{self.question_id}"


class AnswerSource(models.Model):
    """Something that is answered and over (an exam): whether its answers stand in the counters as they are now.

    `wanted` counts up with every change of its marks; it is counted as of `counted`.
    """

    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=40)
    wanted = models.PositiveIntegerField(default=1)
    counted = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="answer_source_once")]

    def __str__(self):
        return f"{self.kind}/{self.key}"


class Answers(models.Model):
    """How one version was answered in one source. The counters below are sums of these rows and nothing else."""

    source = models.ForeignKey(AnswerSource, models.CASCADE, related_name="answers")
    version = models.ForeignKey("bank.QuestionVersion", models.CASCADE, related_name="+")
    asked = models.PositiveIntegerField("人次", help_text="papers that count and hold it")
    answered = models.PositiveIntegerField("作答")
    right = models.PositiveIntegerField("答对", help_text="full marks")
    discrimination = models.FloatField("区分度", null=True)
    # Shown as they are, never queried: {"A": 12, "BC": 3} of chosen letters.
    options = models.JSONField("各选项", default=dict)

    class Meta:
        ordering = ["source_id", "version_id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "version"], name="answers_once_per_source"),
            models.CheckConstraint(
                condition=Q(right__lte=F("answered"), answered__lte=F("asked")), name="right_of_answered_of_asked"
            ),
        ]

    def __str__(self):
        return f"{self.source_id}/{self.version_id}"


class VersionTally(models.Model):
    """Counters of one version over all sources; sub-questions of a case have their own."""

    version = models.OneToOneField("bank.QuestionVersion", models.CASCADE, primary_key=True, related_name="tally")
    question = models.ForeignKey("bank.Question", models.CASCADE, related_name="version_tallies")
    asked = models.PositiveIntegerField("人次", default=0)
    answered = models.PositiveIntegerField("作答", default=0)
    right = models.PositiveIntegerField("答对", default=0)

    class Meta:
        ordering = ["version_id"]

    def __str__(self):
        return f"{self.right}/{self.asked}"


def share_words(right: int, asked: int) -> str | None:
    """The share right as people read it: “73.1%”, rounded down so that 100% means everybody; None for too few."""
    if asked < FEWEST_ANSWERS:
        return None
    tenths = right * 1000 // asked
    return f"{tenths // 10}.{tenths % 10}%" if tenths < 1000 else "100%"


class QuestionTally(models.Model):
    """The same over all versions of a question, for lists. `used` counts a case once, its `asked` every sub-question.

    `share` is the share right in thousandths, rounded down so that 1000 means everybody; empty below FEWEST_ANSWERS.
    """

    question = models.OneToOneField("bank.Question", models.CASCADE, primary_key=True, related_name="tally")
    used = models.PositiveIntegerField("试卷", default=0)
    asked = models.PositiveIntegerField("人次", default=0)
    answered = models.PositiveIntegerField("作答", default=0)
    right = models.PositiveIntegerField("答对", default=0)
    share = models.GeneratedField(
        expression=Case(When(asked__gte=FEWEST_ANSWERS, then=F("right") * 1000 / F("asked")), default=None),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        ordering = ["question_id"]
        indexes = [models.Index(fields=["share"], name="tally_share"), models.Index(fields=["used"], name="tally_used")]

    def __str__(self):
        return f"{self.right}/{self.asked}"

    @property
    def share_words(self) -> str | None:
        return share_words(self.right, self.asked)
