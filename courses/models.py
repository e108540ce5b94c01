"""Courses are pages with lessons below; assignments, check results and completions are rows."""
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from mingfa.bank.models import Question, QuestionType
from mingfa.pages import BasePage
from mingfa.people import access
from mingfa.people.models import Category, Role
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, PagePermissionTester

from .blocks import LessonBody
from .editing import CoursePageForm, LessonPageForm

# What a check can ask: questions a machine marks and a page can draw as options.
CHECK_TYPES = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.JUDGE)
# Addresses below /courses/ that are views, not pages.
RESERVED_SLUGS = frozenset({"assignments", "lessons", "pictures"})


class TrainerPermissions(PagePermissionTester):
    """Wagtail's page rights reach the whole course tree; a trainer's reach the courses of the own units (AZ1)."""

    def __init__(self, user, page):
        super().__init__(user, page)
        if not access.holds(user, Role.TRAINER, unit=page.training_unit):
            self.permissions = set()


class CourseListPermissions(PagePermissionTester):
    """Trainers put courses into the list and publish those; the list itself is everybody's and stays as it is."""

    def _super_user_only(self, *args, **kwargs) -> bool:
        return self.user.is_active and self.user.is_superuser

    can_edit = can_publish = can_delete = can_reorder_children = _super_user_only

    def can_unpublish(self):
        return self._super_user_only() and super().can_unpublish()


class StudyPage(BasePage):
    """A page for signed-in people only, whatever privacy an editor sets in the admin."""

    class Meta:
        abstract = True

    def serve(self, request, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        response = super().serve(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        return response


class CoursesPage(StudyPage):
    """学习: everybody's own list at /courses/."""

    template = "courses/courses_page.html"
    parent_page_types = ("wagtailcore.Page",)
    subpage_types = ("courses.CoursePage",)
    max_count = 1

    class Meta:
        verbose_name = "课程目录"
        verbose_name_plural = "课程目录"

    def permissions_for_user(self, user):
        return CourseListPermissions(user, self)


class CoursePage(StudyPage):
    """课程: an introduction and its lessons. The unit is the one whose trainers may change it."""

    template = "courses/course_page.html"
    parent_page_types = ("courses.CoursesPage",)
    subpage_types = ("courses.LessonPage",)
    base_form_class = CoursePageForm

    unit = models.ForeignKey(
        "people.OrgUnit",
        models.PROTECT,
        related_name="courses",
        verbose_name="所属单位",
        help_text="本单位和上级单位的培训师可以修改这门课",
    )
    intro = models.TextField("简介", max_length=500, blank=True, help_text="学完能做什么，用一两句话说清楚")

    content_panels = (*BasePage.content_panels, FieldPanel("unit"), FieldPanel("intro"))

    class Meta:
        verbose_name = "课程"
        verbose_name_plural = "课程"

    @property
    def training_unit(self):
        return self.unit

    def permissions_for_user(self, user):
        return TrainerPermissions(user, self)

    def clean(self):
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "这个地址已被系统占用，请换一个。"})


class LessonPage(StudyPage):
    """一课. It is finished by passing its check, never by sitting through minutes (domain guide §0)."""

    template = "courses/lesson_page.html"
    parent_page_types = ("courses.CoursePage",)
    subpage_types = ()
    base_form_class = LessonPageForm

    minutes = models.PositiveSmallIntegerField("大约需要（分钟）", default=10, help_text="只供安排时间参考，不计时")
    body = StreamField(LessonBody(), verbose_name="内容", blank=True)

    content_panels = (
        *BasePage.content_panels,
        FieldPanel("minutes"),
        FieldPanel("body"),
        InlinePanel(
            "check_questions",
            heading="测一测",
            label="试题",
            help_text="全部答对即完成本课，可以反复作答。考试专用的试题不能选。",
        ),
    )

    class Meta:
        verbose_name = "课"
        verbose_name_plural = "课"

    @property
    def training_unit(self):
        return CoursePage.objects.ancestor_of(self).select_related("unit").get().unit

    def permissions_for_user(self, user):
        return TrainerPermissions(user, self)


class CheckQuestion(Orderable):
    """A question of a lesson's check, by identity: the check always asks its current version."""

    lesson = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="check_questions")
    question = models.ForeignKey("bank.Question", models.PROTECT, related_name="+", verbose_name="试题")

    panels = (FieldPanel("question"),)

    class Meta(Orderable.Meta):
        verbose_name = "测一测试题"

    def __str__(self):
        return str(self.question)

    def clean(self):
        super().clean()
        if self.question_id is None:
            return
        if self.question.reserved:
            raise ValidationError({"question": "这道题留给考试专用，不能放进课程。请另选一题。"})
        if self.question.status != Question.Status.USABLE or self.question.current is None:
            raise ValidationError({"question": "这道题不在使用中，请另选一题。"})
        if self.question.current.type not in CHECK_TYPES:
            raise ValidationError({"question": "测一测只用单选题、多选题和判断题，请另选一题。"})


class Assignment(models.Model):
    """布置: who has to finish a course by when. Who is due follows from the main postings of the day."""

    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="assignments", verbose_name="课程")
    units = models.ManyToManyField(
        "people.OrgUnit", related_name="+", verbose_name="单位", help_text="含下级单位"
    )
    due_on = models.DateField("完成期限", help_text="最后一天")
    assigned_at = models.DateTimeField("布置时间")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="布置人"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "学习布置"
        verbose_name_plural = "学习布置"
        ordering = ("due_on", "id")

    def __str__(self):
        return f"{self.course}，{self.due_on}前"


class AssignmentCategory(models.Model):
    """A 人员类别 that is due; an assignment without rows is for all."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="categories")
    category = models.CharField("人员类别", max_length=12, choices=Category.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assignment", "category"], name="category_once_per_assignment"),
        )

    def __str__(self):
        return self.get_category_display()


class LessonResult(models.Model):
    """One handed-in check. `passed` when every question was right; that finishes the lesson."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lesson_results", verbose_name="人员"
    )
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="results", verbose_name="课")
    answered_at = models.DateTimeField("作答时间")
    right = models.PositiveSmallIntegerField("答对")
    asked = models.PositiveSmallIntegerField("题数")
    passed = models.BooleanField("完成")

    class Meta:
        verbose_name = "测一测结果"
        verbose_name_plural = "测一测结果"
        ordering = ("id",)
        indexes = (models.Index(fields=["user", "lesson", "passed"], name="lesson_result_of_user"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(right__lte=models.F("asked"), asked__gte=1), name="right_of_asked"
            ),
            models.CheckConstraint(
                condition=models.Q(passed=True, right=models.F("asked"))
                | models.Q(passed=False, right__lt=models.F("asked")),
                name="passed_means_all_right",
            ),
        )

    def __str__(self):
        return f"{self.user} {self.lesson} {self.right}/{self.asked}"


class LessonAnswer(models.Model):
    """What was answered to one question of a check. `given` is canonical (mingfa.bank.marking)."""

    result = models.ForeignKey(LessonResult, models.CASCADE, related_name="answers")
    version = models.ForeignKey("bank.QuestionVersion", models.PROTECT, related_name="+")
    given = models.TextField(blank=True)
    right = models.BooleanField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["result", "version"], name="answer_once_per_result"),)

    def __str__(self):
        return f"{self.version_id}: {self.given}"


class Completion(models.Model):
    """完成: the person finished every lesson of the course. It stays when lessons are added later."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions", verbose_name="人员"
    )
    course = models.ForeignKey(CoursePage, models.PROTECT, related_name="completions", verbose_name="课程")
    finished_at = models.DateTimeField("完成时间")

    class Meta:
        verbose_name = "课程完成"
        verbose_name_plural = "课程完成"
        ordering = ("finished_at", "id")
        constraints = (models.UniqueConstraint(fields=["user", "course"], name="completion_once_per_course"),)

    def __str__(self):
        return f"{self.user} {self.course}"
