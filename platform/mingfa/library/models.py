"""Laws, their editions and articles: the atoms everything else cites."""
from django.db import models


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


class Edition(models.Model):
    """版本: the text as it stood from one date on."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "有效"
        AMENDED = "amended", "已被修改"
        REVISED = "revised", "已被修订"
        REPEALED = "repealed", "废止"
        FUTURE = "future", "尚未生效"

    law = models.ForeignKey(Law, models.PROTECT, related_name="editions", verbose_name="法律法规")
    slug = models.CharField("版本", max_length=20, help_text="版本日期 YYYY-MM-DD")
    body = models.CharField("制定机关", max_length=100, blank=True)
    first_adopted_on = models.DateField("通过日期", null=True, blank=True)
    version_on = models.DateField("版本日期", null=True, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    status = models.CharField("时效", max_length=10, choices=Status.choices, default=Status.IN_FORCE)
    history = models.TextField("沿革", blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    digest = models.CharField("文本摘要值", max_length=64, help_text="SHA-256 of the imported text")
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "版本"
        verbose_name_plural = "版本"
        ordering = ["law_id", "-version_on"]
        constraints = [models.UniqueConstraint(fields=["law", "slug"], name="edition_once_per_law")]

    def __str__(self):
        return f"{self.law.title}（{self.slug}）"


class Heading(models.Model):
    """编、分编、章、节 of an edition, in printed order."""

    class Level(models.IntegerChoices):
        BOOK = 1, "编"
        SUBBOOK = 2, "分编"
        CHAPTER = 3, "章"
        SECTION = 4, "节"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="headings")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    order = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    label = models.CharField(max_length=200, help_text="清理后的全称，如“第一章 总则”")

    class Meta:
        ordering = ["edition_id", "order"]
        constraints = [models.UniqueConstraint(fields=["edition", "order"], name="heading_order")]

    def __str__(self):
        return self.label


class Article(models.Model):
    """条, with 条之N as `sub`. `text` is the joined paragraphs, for search and quoting."""

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
        constraints = [models.UniqueConstraint(fields=["edition", "number", "sub"], name="article_once_per_edition")]

    def __str__(self):
        return f"{self.edition.law.short_title} {self.label}"


class Provision(models.Model):
    """款、项、目 inside an article, in printed order, each a row so that it can be addressed."""

    class Kind(models.IntegerChoices):
        PARAGRAPH = 1, "款"
        ITEM = 2, "项"
        POINT = 3, "目"

    article = models.ForeignKey(Article, models.CASCADE, related_name="provisions")
    order = models.PositiveSmallIntegerField()
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    number = models.PositiveSmallIntegerField(help_text="款: its place in the article; 项/目: its place in the 款/项")
    text = models.TextField()

    class Meta:
        ordering = ["article_id", "order"]
        constraints = [models.UniqueConstraint(fields=["article", "order"], name="provision_order")]

    def __str__(self):
        return self.text[:20]
