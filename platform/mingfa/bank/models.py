"""Question banks: questions, their immutable versions, options and citations."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mingfa.library.citations import CitationRef, format_citation


class Bank(models.Model):
    """题库 of a unit. Its edition counts up with every change that can alter a drawn paper."""

    name = models.CharField("名称", max_length=100, unique=True)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="banks", verbose_name="所属单位")
    edition = models.PositiveIntegerField("版次", default=1, editable=False)
    reviewed = models.BooleanField(
        "审核后才可用", default=False, help_text="新题、改过的题先是草稿，三个人三审三校都签过才可用"
    )
    author_first = models.BooleanField(
        "拟稿人可以一审", default=False, help_text="一审由拟稿人自己签，二审、三审仍由另外两个人签"
    )

    class Meta:
        verbose_name = "题库"
        verbose_name_plural = "题库"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def list_address(self) -> str:
        return reverse("bank:question_list", args=[self.pk])


class QuestionType(models.TextChoices):
    SINGLE = "single", "单选题"
    MULTIPLE = "multiple", "多选题"
    JUDGE = "judge", "判断题"
    BLANK = "blank", "填空题"
    ORDER = "order", "排序题"
    MATCH = "match", "配对题"
    SHORT = "short", "简答题"
    CASE = "case", "案例分析题"


class Difficulty(models.IntegerChoices):
    EASY = 1, "易"
    MEDIUM = 2, "中"
    HARD = 3, "难"


class Question(models.Model):
    """试题: an identity through its versions. `current` is the one that new papers draw."""

    class Status(models.TextChoices):
        STAGED = "staged", "导入中"
        DRAFT = "draft", "草稿"
        USABLE = "usable", "可用"
        RETIRED = "retired", "停用"

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="questions", verbose_name="题库")
    current = models.OneToOneField(
        "QuestionVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行版本"
    )
    status = models.CharField("状态", max_length=8, choices=Status.choices, default=Status.USABLE)
    reserved = models.BooleanField("考试专用", default=False, help_text="练习和测一测不会抽到")
    held = models.BooleanField(
        "待核对", default=False, editable=False, help_text="所引条文有变化，核对以前不进新试卷、练习和测一测"
    )
    topic = models.CharField("知识点", max_length=60, blank=True)
    imported_in = models.ForeignKey(
        "QuestionImport", models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name="导入"
    )

    class Meta:
        verbose_name = "试题"
        verbose_name_plural = "试题"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["bank", "status"], name="question_bank_status"),
            models.Index(fields=["bank", "topic", "status"], name="question_bank_topic"),
        ]

    def __str__(self):
        return str(self.current) if self.current_id else f"试题 {self.pk}"


def _own_name(upload, filename: str) -> str:
    """Uploads are kept under a name of ours: the user's may hold ../, line breaks or 300 characters."""
    return f"bank-imports/{uuid4().hex}"


class QuestionImport(models.Model):
    """导入: one file on its way into a bank. Its questions stay STAGED, seen by nobody, until it is DONE."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "待核对"
        STAGING = "staging", "正在入库"
        PARTLY = "partly", "部分入库"
        DONE = "done", "已入库"
        DROPPED = "dropped", "没有入库"

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="imports", verbose_name="题库")
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=_own_name, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.UPLOADED)
    imported = models.PositiveIntegerField("入库题数", default=0)
    created_at = models.DateTimeField("上传时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    touched_at = models.DateTimeField(help_text="last sign of life while reading or staging")
    total = models.PositiveIntegerField("认出题数", default=0, help_text="questions of the file, once it was parsed")
    read_at = models.DateTimeField("读完时间", null=True, help_text="when the last of its entries was written")
    compared = models.PositiveIntegerField("已查近似", default=0, help_text="entries looked at for near questions")
    findings = models.JSONField(default=list, help_text="errors of the file that belong to no question, in words")
    notes = models.JSONField(default=list, help_text="what of the file was left out, in words")

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return self.name


class ImportEntry(models.Model):
    """One question of an upload as it was read, and what somebody decided about it. Gone with the upload's file.

    `place` counts the questions of the file from 1. `draft` is a QuestionDraft as importing.keeping writes it; where the
    key was only guessed it has none, and `reading["guess"]` says what the guess was. `reading` (where it stood, its
    words, notes) never changes. `typed` are form fields somebody left half filled in. `revision` counts the writes, so
    that of two people the second is told.
    """

    class Sort(models.TextChoices):
        WRONG = "wrong", "有错误"
        LOOK = "look", "待核对"
        GOOD = "good", "可直接入库"
        REPEAT = "repeat", "已在题库，跳过"

    class Decision(models.TextChoices):
        NONE = "", "没有决定"
        CONFIRMED = "confirmed", "确认"
        CHANGED = "changed", "改正"
        REFUSED = "refused", "不要"

    run = models.ForeignKey(QuestionImport, models.CASCADE, related_name="entries", verbose_name="导入")
    place = models.PositiveIntegerField("次序")
    sort = models.CharField("情形", max_length=6, choices=Sort.choices)
    confidence = models.PositiveSmallIntegerField("把握", help_text="per cent; errors have 0")
    headline = models.CharField("要核对什么", max_length=120, blank=True)
    where = models.CharField("原文位置", max_length=120)
    stem_hash = models.CharField(max_length=64)
    draft = models.JSONField()
    reading = models.JSONField()
    findings = models.JSONField(default=list, help_text="[place in words, sentence] of each error")
    near = models.JSONField(default=list, help_text="near questions of the bank and of the same file, best first")
    typed = models.JSONField(default=dict)
    decision = models.CharField("决定", max_length=9, choices=Decision.choices, blank=True, default=Decision.NONE)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    taken = models.BooleanField("已入库", default=False)

    class Meta:
        verbose_name = "导入的题"
        verbose_name_plural = "导入的题"
        ordering = ["run", "place"]
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="import_entry_once")]
        indexes = [models.Index(fields=["run", "stem_hash"], name="import_entry_stem")]

    def __str__(self):
        return f"{self.run_id} 第 {self.place} 题"


class QuestionVersion(models.Model):
    """One immutable wording with its key. Papers hold the version they drew; edits make a new one.

    `answer` is canonical text: option letters in order for choices ("AC"), "T" or "F" for 判断,
    one line a blank with accepted answers joined by "|" for 填空, the letters in the right order for 排序 ("CABD"),
    the letter of each prompt's partner for 配对 ("BAC"), the points a marker looks for, a line each, for 简答, "" for
    案例. Letters count the options in `order` from A. `prompts` are the left side of 配对, a line each.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions", verbose_name="试题")
    number = models.PositiveIntegerField("版本号")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", help_text="案例的小题指向案例"
    )
    order = models.PositiveSmallIntegerField("小题次序", default=0)
    type = models.CharField("题型", max_length=8, choices=QuestionType.choices)
    stem = models.TextField("题干")
    prompts = models.TextField("左边各项", blank=True, default="")
    answer = models.TextField("正确答案", blank=True)
    explanation = models.TextField("解析", blank=True)
    difficulty = models.PositiveSmallIntegerField("难度", choices=Difficulty.choices, default=Difficulty.MEDIUM)
    marks = models.DecimalField("分值", max_digits=5, decimal_places=1, null=True, blank=True)
    stem_hash = models.CharField(max_length=64, db_index=True, editable=False, help_text="folded stem, SHA-256")
    source = models.CharField("来源", max_length=200, blank=True, help_text="文件与位置")
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "试题版本"
        verbose_name_plural = "试题版本"
        ordering = ["question_id", "number", "order"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], condition=Q(parent=None), name="version_number_once")
        ]

    def __str__(self):
        return self.stem[:40]


class Option(models.Model):
    """选项. `order` counts from 0; its letter is chr(65 + order)."""

    version = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="options")
    order = models.PositiveSmallIntegerField()
    text = models.TextField("选项")

    class Meta:
        ordering = ["version_id", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="option_order")]

    def __str__(self):
        return self.text[:40]


class Citation(models.Model):
    """依据: the article a version stands on, by title and number, resolved against the library when shown."""

    version = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="citations")
    law_title = models.CharField("法律法规", max_length=200)
    article = models.PositiveIntegerField("条")
    sub = models.PositiveIntegerField("之", default=0)
    paragraph = models.PositiveSmallIntegerField("款", default=0)
    item = models.PositiveSmallIntegerField("项", default=0)

    class Meta:
        ordering = ["version_id", "id"]
        indexes = [models.Index(fields=["law_title", "article", "sub"], name="citation_article")]

    def __str__(self):
        return format_citation(self.ref)

    @property
    def ref(self) -> CitationRef:
        """The library's address of this citation."""
        return CitationRef(self.law_title, self.article, self.sub, self.paragraph, self.item)


class NearCheck(models.Model):
    """A wording that has been compared with its whole bank. Derived: dropped, it is only worked out again."""

    version = models.OneToOneField(QuestionVersion, models.CASCADE, primary_key=True, related_name="near_check")

    class Meta:
        verbose_name = "已查近似"
        verbose_name_plural = "已查近似"

    def __str__(self):
        return f"{self.pk}"


class NearPair(models.Model):
    """近似题: two wordings of a bank that are nearly the same; `first` is the older. `kept_at`: both shall stay."""

    bank = models.ForeignKey(Bank, models.CASCADE, related_name="near_pairs")
    first = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="+")
    second = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField("相似")
    kind = models.CharField("差别", max_length=13, help_text="name of a mingfa.bank.similarity.Kind")
    kept_at = models.DateTimeField("保留两题", null=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "近似题"
        verbose_name_plural = "近似题"
        ordering = ["-percent", "id"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="near_pair_once")]

    def __str__(self):
        return f"{self.first_id} {self.second_id} {self.percent}%"


class Belief(models.Model):
    """误区: what people wrongly take for the law, and the article that says otherwise (article 0: the law as a whole)."""

    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="beliefs", verbose_name="所属单位")
    name = models.CharField("名称", max_length=60, help_text="一句话，如：复议期限是三十日")
    description = models.TextField("说明", blank=True, help_text="正确的是什么，为什么容易弄错")
    law_title = models.CharField("法律法规", max_length=200, blank=True)
    article = models.PositiveIntegerField("条", default=0)
    sub = models.PositiveIntegerField("之", default=0)
    paragraph = models.PositiveSmallIntegerField("款", default=0)
    item = models.PositiveSmallIntegerField("项", default=0)

    class Meta:
        verbose_name = "误区"
        verbose_name_plural = "误区"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="belief_once_per_unit")]

    def __str__(self):
        return self.name

    @property
    def ref(self) -> CitationRef | None:
        """The article the belief contradicts, where one is named."""
        if not self.article:
            return None
        return CitationRef(self.law_title, self.article, self.sub, self.paragraph, self.item)

    @property
    def place(self) -> str:
        """The article in words, "" where none is named."""
        return format_citation(self.ref) if self.ref else ""


class AnswerBelief(models.Model):
    """The belief behind one wrong answer of a version: a fact beside it, so that versions stay as they were answered.

    `answer` is the letter of the option, or "T" or "F" of a 判断题: what a canonical answer holds when it was chosen.
    """

    version = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="beliefs")
    answer = models.CharField("答案", max_length=1)
    belief = models.ForeignKey(Belief, models.PROTECT, related_name="answers", verbose_name="误区")

    class Meta:
        verbose_name = "答案的误区"
        verbose_name_plural = "答案的误区"
        ordering = ["version_id", "answer"]
        constraints = [models.UniqueConstraint(fields=["version", "answer"], name="belief_of_answer_once")]

    def __str__(self):
        return f"{self.version_id} {self.answer}"


# Django finds models here; those rows stand in a module of their own.
from mingfa.bank.records import (  # noqa: E402
    Answers,
    AnswerSource,
    BulkItem,
    BulkRun,
    QuestionTag,
    QuestionTally,
    QuestionWords,
    Remark,
    SavedFilter,
    VersionTally,
)

__all__ = [
    "AnswerBelief",
    "AnswerSource",
    "Answers",
    "Bank",
    "Belief",
    "BulkItem",
    "BulkRun",
    "Citation",
    "Difficulty",
    "NearCheck",
    "NearPair",
    "Option",
    "Question",
    "QuestionImport",
    "QuestionTag",
    "QuestionTally",
    "QuestionType",
    "QuestionVersion",
    "QuestionWords",
    "Remark",
    "SavedFilter",
    "VersionTally",
]
