"""一次作答: the sitting, its paper and, once marked, its responses."""
from django.db import models
from django.db.models import Q


class Sitting(models.Model):
    """One sitting of one candidate. open → submitted → marked; void from any (exams.engine.states).

    The answers of an open sitting are one document (exams.engine.sheet) behind a guarded UPDATE on state,
    epoch, end and revision. `epoch` counts up when another device takes over, the sitting is frozen or the
    account disabled, so that the next save of whoever held the old epoch is refused. Whatever else changes an open
    sitting (its end, say) counts `revision` up, so that no process goes on from what it remembers.
    """

    class State(models.TextChoices):
        OPEN = "open", "作答中"
        SUBMITTED = "submitted", "已交卷"
        MARKED = "marked", "已判分"
        VOID = "void", "已作废"

    class Ending(models.TextChoices):
        SELF = "self", "本人交卷"
        TIME = "time", "到时自动交卷"

    candidate = models.ForeignKey("exams.Candidate", models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField("第几次")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("个人结束时间")
    submitted_at = models.DateTimeField("交卷时间", null=True)
    ending = models.CharField(max_length=4, choices=Ending.choices, blank=True)
    epoch = models.PositiveSmallIntegerField(default=1)
    takeovers = models.PositiveSmallIntegerField("换设备次数", default=0, help_text="since it was last let go on")
    device = models.CharField(max_length=22, blank=True, help_text="random id of the browser that holds it")
    frozen_reason = models.CharField("冻结原因", max_length=100, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    answers = models.TextField(default="{}")
    mark = models.DecimalField("得分", max_digits=6, decimal_places=1, null=True)

    class Meta:
        verbose_name = "一次作答"
        verbose_name_plural = "作答"
        ordering = ["candidate_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "number"], name="sitting_number_once"),
            models.UniqueConstraint(fields=["candidate"], condition=Q(state="open"), name="one_open_sitting"),
            models.CheckConstraint(
                condition=Q(state="marked", mark__isnull=False) | ~Q(state="marked"), name="marked_has_mark"
            ),
        ]
        indexes = [
            # Only open sittings have an end to wait for, so the index stays small.
            models.Index(fields=["ends_at"], condition=Q(state="open"), name="open_sitting_ends")
        ]

    def __str__(self):
        return f"作答 {self.pk}"  # ids only: this text goes into logs


class DrawnPaper(models.Model):
    """What any paper is made of, online or printed: enough to make it again from its row alone; never copied text.

    `items` is JSON [[version id, rule, marks, "shown"], …] in printed order (exams.papers reads it).
    """

    seed = models.BigIntegerField()
    bank_edition = models.PositiveIntegerField()
    blueprint_edition = models.PositiveIntegerField()
    items = models.TextField()
    difficulty = models.DecimalField("难度", max_digits=3, decimal_places=2, null=True)
    articles = models.PositiveSmallIntegerField("依据的法条数", null=True)

    class Meta:
        abstract = True


class Paper(DrawnPaper):
    """试卷 of one sitting, as drawn.

    Where everybody has the same paper (Exam.paper_mode) `label` says which one its items are (PrintedPaper);
    `seed` then only names questions and options, so that these still differ from sitting to sitting.
    """

    sitting = models.OneToOneField(Sitting, models.PROTECT, primary_key=True, related_name="paper")
    label = models.CharField("卷别", max_length=1, blank=True, default="")

    class Meta:
        verbose_name = "试卷"
        verbose_name_plural = "试卷"

    def __str__(self):
        return f"试卷 {self.pk}"


class Response(models.Model):
    """某题作答: one compact row a question, written at marking. Statistics query only these."""

    pk = models.CompositePrimaryKey("sitting_id", "place")
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="responses", db_index=False)
    place = models.PositiveSmallIntegerField()
    version = models.ForeignKey("bank.QuestionVersion", models.PROTECT, related_name="+")
    answer = models.TextField()
    mark = models.DecimalField(max_digits=5, decimal_places=1, null=True)  # None: waits for a marker
    full = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = "某题作答"
        verbose_name_plural = "某题作答"
        ordering = ["sitting_id", "place"]

    def __str__(self):
        return f"{self.sitting_id}/{self.place}"
