"""三审三校: one row for each time a text was submitted, and what happened to it. Rows of steps are only ever added."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q


class Review(models.Model):
    """送审: one text, as it stood, on its way through the three steps.

    The target is a row that never changes (a version); `text_hash` says which text was signed. A text that is edited,
    returned or withdrawn and comes back is another row, so signatures never have to be taken away from one.
    """

    class State(models.TextChoices):
        FIRST = "first", "待一审"
        SECOND = "second", "待二审"
        THIRD = "third", "待三审"
        PASSED = "passed", "审核通过"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"
        VOID = "void", "已失效"

    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name="类别")
    target_id = models.PositiveBigIntegerField("编号")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    text_hash = models.CharField("文字摘要", max_length=64, help_text="SHA-256")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.FIRST)
    author_first = models.BooleanField("拟稿人可以一审", default=False)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="拟稿人")
    submitted_at = models.DateTimeField("送审时间")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="送审人")

    class Meta:
        verbose_name = "审核"
        verbose_name_plural = "审核"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_type", "target_id"],
                condition=Q(state__in=("first", "second", "third", "passed", "returned")),
                name="review_one_standing",
            )
        ]
        indexes = [
            models.Index(fields=["state", "unit"], name="review_waiting"),
            models.Index(fields=["target_type", "target_id"], name="review_target"),
        ]

    def __str__(self):
        return f"{self.target_type} {self.target_id} {self.get_state_display()}"


OPEN = (Review.State.FIRST, Review.State.SECOND, Review.State.THIRD)


class ReviewStep(models.Model):
    """What somebody did to a review: never changed, never deleted. `step` counts from 1 for what was done at a step."""

    class Act(models.TextChoices):
        SUBMIT = "submit", "送审"
        SECRECY = "secrecy", "保密审查"
        SIGN = "sign", "审核通过"
        RETURN = "return", "退回"
        WITHDRAW = "withdraw", "撤回"
        VOID = "void", "失效"

    review = models.ForeignKey(Review, models.PROTECT, related_name="steps", verbose_name="审核")
    act = models.CharField("经过", max_length=8, choices=Act.choices)
    step = models.PositiveSmallIntegerField("第几审", default=0)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="人员"
    )
    at = models.DateTimeField("时间")
    opinion = models.TextField("意见", blank=True)
    text_hash = models.CharField("文字摘要", max_length=64)

    class Meta:
        verbose_name = "审核经过"
        verbose_name_plural = "审核经过"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "step"], condition=Q(act="sign"), name="review_step_signed_once"),
            models.UniqueConstraint(fields=["review", "person"], condition=Q(act="sign"), name="review_three_people"),
            models.UniqueConstraint(fields=["review"], condition=Q(act="secrecy"), name="review_secrecy_once"),
            models.CheckConstraint(
                condition=~Q(act="sign") | Q(step__gte=1, step__lte=3, person__isnull=False), name="review_signature_whole"
            ),
        ]

    def __str__(self):
        return f"{self.get_act_display()} {self.step}"


class Opening(models.Model):
    """A reviewer has had this review's page open. Many are signed at once only among those."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="review_opened_once")]

    def __str__(self):
        return f"{self.review_id} {self.person_id}"
