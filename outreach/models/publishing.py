"""What was sent to review, what is public, and who answered for what (docs/rules.md, 公开发布)."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from wagtail.models import Task, TaskState


def _person(words: str, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=words, **more)


class PublicText(models.Model):
    """公开稿: a page's text as it went to review. Never changed: another wording is another row."""

    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="public_texts", verbose_name="页面")
    kind = models.CharField("种类", max_length=20, help_text="名称是页面的模型")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="发布单位")
    title = models.CharField("标题", max_length=255)
    slug = models.CharField("地址", max_length=255)
    content = models.TextField("内容", help_text="JSON，按它算摘要")
    words = models.TextField("文字", blank=True, help_text="一段一行，公开栏目按它查找")
    text_hash = models.CharField("文字摘要", max_length=64, help_text="SHA-256")
    made_at = models.DateTimeField("时间")
    made_by = _person("送审人", null=True)

    class Meta:
        verbose_name = "公开稿"
        verbose_name_plural = "公开稿"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["page", "text_hash"], name="public_text_once_per_page")]

    def __str__(self):
        return self.title


class TextFile(models.Model):
    """A picture or document that a text shows, so that its file may be handed out while the text is public."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "图片"
        DOCUMENT = "document", "文件"

    text = models.ForeignKey(PublicText, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveBigIntegerField(help_text="编号，在 Wagtail 的图片或文件里")
    digest = models.CharField(max_length=64, blank=True, help_text="送审时文件的摘要")

    class Meta:
        verbose_name = "公开稿的文件"
        verbose_name_plural = "公开稿的文件"
        constraints = [models.UniqueConstraint(fields=["text", "kind", "number"], name="text_file_once")]

    def __str__(self):
        return f"{self.kind} {self.number}"


class TextCitation(models.Model):
    """An article that a text shows or names: the case library by law and article, and what a changed law touches."""

    text = models.ForeignKey(PublicText, models.CASCADE, related_name="citations")
    law = models.CharField("法律简称", max_length=200)
    article = models.PositiveIntegerField("条")
    sub = models.PositiveIntegerField("之", default=0)

    class Meta:
        verbose_name = "公开稿引用的条文"
        verbose_name_plural = "公开稿引用的条文"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["text", "law", "article", "sub"], name="text_citation_once")]
        indexes = [models.Index(fields=["law", "article"], name="texts_citing")]

    def __str__(self):
        return f"{self.law} {self.article}"


class Release(models.Model):
    """发布: from when to when a text was public. Rows stay; only the end is written."""

    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="releases", verbose_name="页面")
    text = models.ForeignKey(PublicText, models.PROTECT, related_name="releases", verbose_name="公开稿")
    slug = models.CharField("地址", max_length=255)
    at = models.DateTimeField("发布时间")
    by = _person("签发人")
    ended_at = models.DateTimeField("撤回时间", null=True)
    ended_by = _person("撤回人", null=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "发布"
        verbose_name_plural = "发布"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["page"], condition=Q(ended_at=None), name="release_one_per_page"),
            models.UniqueConstraint(fields=["slug"], condition=Q(ended_at=None), name="release_one_per_address"),
        ]

    def __str__(self):
        return self.slug


class PublicEdition(models.Model):
    """One row, counted up by every release and withdrawal: what was kept of public pages before is not shown again."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "公开栏目版次"
        verbose_name_plural = "公开栏目版次"

    def __str__(self):
        return str(self.number)


class Justification(models.Model):
    """A finding that stays in the text, with who says why. `mark` is a keyed hash of what was found: no text here."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="justifications", verbose_name="页面")
    kind = models.CharField("提示", max_length=12)
    mark = models.CharField(max_length=64)
    reason = models.CharField("理由", max_length=200)
    by = _person("说明人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "提示的说明"
        verbose_name_plural = "提示的说明"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["page", "kind", "mark"], name="finding_justified_once")]

    def __str__(self):
        return f"{self.kind} {self.reason}"


class CaseCheck(models.Model):
    """去标识化核对: somebody went through the list for this very text."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="case_checks", verbose_name="页面")
    text_hash = models.CharField("文字摘要", max_length=64)
    by = _person("核对人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "去标识化核对"
        verbose_name_plural = "去标识化核对"
        constraints = [models.UniqueConstraint(fields=["page", "text_hash"], name="case_checked_once")]

    def __str__(self):
        return f"{self.page_id} {self.at}"


class CaseYield(models.Model):
    """What was made out of a case, so that it can be called back with it."""

    class Kind(models.TextChoices):
        QUESTION = "question", "试题草稿"
        POLL = "poll", "现场问卷"
        LEAFLET = "leaflet", "折页文字"

    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="yields", verbose_name="案例")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    question = models.ForeignKey("bank.Question", models.PROTECT, null=True, related_name="+", verbose_name="试题")
    text = models.TextField("文字", blank=True)
    made_at = models.DateTimeField("时间")
    made_by = _person("制作人")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "案例产出"
        verbose_name_plural = "案例产出"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="question", question__isnull=False) | (~Q(kind="question") & ~Q(text="")),
                name="case_yield_is_something",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.page_id}"


class ListedWord(models.Model):
    """易错词 and 人名职务 of the office; the product's own short list is data/mistaken.csv."""

    class Kind(models.TextChoices):
        MISTAKEN = "mistaken", "易错词"
        TITLED = "titled", "人名和职务"

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    word = models.CharField("写成的词，或人名", max_length=30)
    right = models.CharField("应当写成，或职务", max_length=40)

    class Meta:
        verbose_name = "校对用词"
        verbose_name_plural = "校对用词"
        ordering = ["kind", "word", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "word"], name="listed_word_once")]

    def __str__(self):
        return f"{self.word} → {self.right}"


class PublishingRule(models.Model):
    """What a unit has decided about its own 三审三校."""

    unit = models.OneToOneField("people.OrgUnit", models.CASCADE, related_name="+", verbose_name="单位")
    author_first = models.BooleanField("拟稿人可以一审", default=False)

    class Meta:
        verbose_name = "发布规则"
        verbose_name_plural = "发布规则"

    def __str__(self):
        return str(self.unit)


class ProofStep(Task):
    """One step of 三审三校 in Wagtail's own workflow. It follows the review and decides nothing by itself.

    The page is locked for everybody while it stands here; signing is done on the page of the review.
    """

    step = models.PositiveSmallIntegerField("第几审")

    class Meta:
        verbose_name = "校审"
        verbose_name_plural = "校审"

    def locked_for_user(self, obj, user):
        return True

    def user_can_lock(self, obj, user):
        return False

    def user_can_unlock(self, obj, user):
        return False

    def get_actions(self, obj, user):
        return []

    def on_action(self, task_state, user, action_name, **kwargs):
        """Nothing: neither 通过 nor 退回 comes from here."""

    def get_task_states_user_can_moderate(self, user, **kwargs):
        return TaskState.objects.none()

    @classmethod
    def get_description(cls):
        return "三审三校的一步，在“审核”页面签"
