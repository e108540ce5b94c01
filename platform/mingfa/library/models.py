"""Laws, their editions and articles: the atoms everything else cites."""
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mingfa.library.citations import CitationRef, article_label, format_citation
from mingfa.library.provisions import Provision, split_provisions


class Law(models.Model):
    """法律法规: one law through all its editions."""

    title = models.CharField("名称", max_length=200, unique=True)
    short_title = models.CharField("简称", max_length=200, db_index=True, help_text="去掉“中华人民共和国”")
    slug = models.SlugField("地址", max_length=120, unique=True)
    kind = models.CharField("种类", max_length=40, blank=True)
    topic = models.CharField("主题", max_length=60, blank=True)

    class Meta:
        verbose_name = "法律法规"
        verbose_name_plural = "法律法规"
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("law", args=[self.slug])


class EditionQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        """Editions whose text holds on `day`. One that ended on an unknown day is taken as ended."""
        return self.exclude(in_force_from__gt=day).filter(
            Q(in_force_until__gt=day) | Q(in_force_until=None, status=Edition.Status.IN_FORCE)
        )


class Edition(models.Model):
    """版本: the text as it stood from one date on.

    Three facts say when it holds: `in_force_from`, `in_force_until` and `status`, the word for what
    ended it (IN_FORCE while nothing has). What to show on a day is `status_on(day)`, never `status`.
    """

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "有效"
        AMENDED = "amended", "已被修改"
        REVISED = "revised", "已被修订"
        REPEALED = "repealed", "废止"
        FUTURE = "future", "尚未生效"

    class Origin(models.TextChoices):
        TEXT = "text", "法律文本文件"
        PACKAGE = "package", "数据包"

    law = models.ForeignKey(Law, models.PROTECT, related_name="editions", verbose_name="法律法规")
    slug = models.CharField("版本", max_length=20, help_text="版本日期 YYYY-MM-DD")
    body = models.CharField("制定机关", max_length=100, blank=True)
    first_adopted_on = models.DateField("通过日期", null=True, blank=True)
    version_on = models.DateField("版本日期", null=True, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True, help_text="条文或公布令写明的日期")
    in_force_from = models.DateField("本版本生效日期", null=True, blank=True)
    in_force_until = models.DateField(
        "本版本失效日期", null=True, blank=True, help_text="从这一天起不再适用；不知道时留空"
    )
    status = models.CharField("时效", max_length=10, choices=Status.choices, default=Status.IN_FORCE)
    confirmed_on = models.DateField("时效核对日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对"
    )
    history = models.TextField("沿革", blank=True)
    origin = models.CharField("来源种类", max_length=8, choices=Origin.choices, default=Origin.TEXT)
    source = models.CharField("来源", max_length=200, blank=True)
    digest = models.CharField("文本摘要值", max_length=64, help_text="SHA-256 of the imported text")
    note = models.CharField("说明", max_length=300, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"
        ordering = ["law_id", "-version_on"]
        constraints = [models.UniqueConstraint(fields=["law", "slug"], name="edition_once_per_law")]

    def __str__(self):
        return f"{self.law.title}（{self.slug}）"

    def get_absolute_url(self) -> str:
        return reverse("law_edition", args=[self.law.slug, self.slug])

    def status_on(self, day: date) -> "Edition.Status":
        """What the badge says on `day`; the same rule as `in_force_on` in words."""
        if self.in_force_from and day < self.in_force_from:
            return self.Status.FUTURE
        if self.in_force_until and day < self.in_force_until:
            return self.Status.IN_FORCE
        return self.Status(self.status)

    @property
    def status_today(self) -> "Edition.Status":
        return self.status_on(timezone.localdate())


class Heading(models.Model):
    """编、分编、章、节 of an edition; OTHER is 序言, 附则 or 附件 without a number.

    `order` is shared with articles and passages: what stands under a heading follows it.
    """

    class Level(models.IntegerChoices):
        BOOK = 1, "编"
        SUBBOOK = 2, "分编"
        CHAPTER = 3, "章"
        SECTION = 4, "节"
        OTHER = 5, "其他"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="headings")
    order = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    label = models.CharField(max_length=200, help_text="清理后的全称，如“第一章　总则”")

    class Meta:
        ordering = ["edition_id", "order"]
        constraints = [models.UniqueConstraint(fields=["edition", "order"], name="heading_order")]

    def __str__(self):
        return self.label


class Article(models.Model):
    """条, with 条之N as `sub`.

    `text` is the joined paragraphs and the only copy of them: 款, 项 and 目 are lines of it, told
    apart by `provisions`, so they cannot disagree with the text.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="articles", verbose_name="版本")
    heading = models.ForeignKey(Heading, models.SET_NULL, null=True, blank=True, related_name="articles")
    order = models.PositiveIntegerField()
    number = models.PositiveIntegerField("条")
    sub = models.PositiveIntegerField("之", default=0)
    label = models.CharField("条号", max_length=30)
    text = models.TextField("正文", help_text="各款以换行相连，不含条号")

    class Meta:
        verbose_name = "条"
        verbose_name_plural = "条"
        ordering = ["edition_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number", "sub"], name="article_once_per_edition")
        ]

    def __str__(self):
        return f"{self.edition.law.short_title} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("law_article", args=[self.edition.law.slug, self.edition.slug, self.place])

    @property
    def place(self) -> str:
        """The last part of the address: 120-1 for 第一百二十条之一."""
        return f"{self.number}-{self.sub}" if self.sub else str(self.number)

    @property
    def printed_label(self) -> str:
        """第一百二十条之一, from the numbers: `label` is as the source prints it (三、 in a decision)."""
        return article_label(self.number, self.sub)

    @property
    def ref(self) -> CitationRef:
        return CitationRef(self.edition.law.short_title, self.number, self.sub)

    @property
    def citation(self) -> str:
        return format_citation(self.ref)

    @property
    def provisions(self) -> list[Provision]:
        return split_provisions(self.text)


class Passage(models.Model):
    """A paragraph outside the articles: 序言, 附件, a footnote. Shares `order` with the articles."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="passages")
    heading = models.ForeignKey(Heading, models.SET_NULL, null=True, blank=True, related_name="passages")
    order = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["edition_id", "order"]
        constraints = [models.UniqueConstraint(fields=["edition", "order"], name="passage_order")]

    def __str__(self):
        return self.text[:20]


class ArticleWords(models.Model):
    """The words of an article, cut apart and joined by spaces: what the full-text index is built over.

    The database keeps that index by itself (migration 0002: triggers on SQLite, a generated column on
    PostgreSQL), so it is never older than this table.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="words")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    size = models.PositiveIntegerField(help_text="characters of the article")
    title = models.TextField(help_text="words of the law's short title")
    text = models.TextField(help_text="words of the article")

    class Meta:
        ordering = ["article_id"]

    def __str__(self):
        return self.text[:20]
