"""Pages for everybody: 宣传专题, 以案释法, 问答, 通知公告, 资料下载. What the public sees comes from signed texts only.

The rows here are where people write. What is shown is a `PublicText` that has passed 三审三校 (publishing.py): `live` of
Wagtail follows it, and cannot be set without it.
"""
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.shortcuts import render
from mingfa.pages import BasePage
from mingfa.people import access
from mingfa.people.models import Role
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PagePermissionTester

from ..editing import PublicPageForm
from .public_blocks import PublicBody
from .signed import is_released

# Addresses below /public/ that are lists or files, not pages.
RESERVED = frozenset({"list", "pictures", "files"})


class NotReviewed(Exception):
    """A public page goes live only with a text that three people have signed."""


class PublicPermissions(PagePermissionTester):
    """宣传员 write pages of their own units. Nobody publishes here, the super-user neither: the third signature does."""

    def __init__(self, user, page):
        super().__init__(user, page)
        if not access.holds(user, Role.OUTREACH, unit=page.unit):
            self.permissions = set()

    def can_publish(self):
        return False

    def can_submit_for_moderation(self):
        return False

    def can_set_view_restrictions(self):
        return False

    def can_unpublish(self):
        return False

    def can_lock(self):
        return False


class PublicSitePermissions(PagePermissionTester):
    """The container is the product's own; people only add pages below it."""

    def can_publish_subpage(self):
        return False

    def _nobody(self, *args, **kwargs):
        return False

    can_edit = can_publish = can_delete = can_unpublish = can_move = can_lock = _nobody
    can_set_view_restrictions = can_reorder_children = _nobody


class PublicSite(BasePage):
    """普法公开栏目: what all public pages stand below. Its page is made of the released texts."""

    parent_page_types = ("wagtailcore.Page",)
    subpage_types = (
        "outreach.CampaignPage", "outreach.CasePage", "outreach.AnswerPage", "outreach.NoticePage", "outreach.DownloadPage",
    )  # fmt: skip
    max_count = 1

    class Meta:
        verbose_name = "普法公开栏目"
        verbose_name_plural = "普法公开栏目"

    def permissions_for_user(self, user):
        return PublicSitePermissions(user, self)

    def serve(self, request, *args, **kwargs):
        # Its address belongs to a view of ours, which comes first.
        raise Http404


class PublicPage(BasePage):
    """What all kinds have. `TEXT` names the fields that are the text: signed together, and nothing else is shown."""

    parent_page_types = ("outreach.PublicSite",)
    subpage_types = ()
    base_form_class = PublicPageForm
    TEXT: tuple[str, ...] = ("title", "slug", "unit", "summary", "body")
    preview_template = "public/preview.html"

    unit = models.ForeignKey(
        "people.OrgUnit", models.PROTECT, related_name="+", verbose_name="发布单位",
        help_text="本单位和上级单位的宣传员可以修改，由本单位的三级审核人审",
    )  # fmt: skip
    summary = models.CharField("一句话说清楚", max_length=200, help_text="显示在标题下面和列表里")
    body = StreamField(PublicBody(), verbose_name="内容", blank=True)

    content_panels = (
        *BasePage.content_panels, FieldPanel("unit"), FieldPanel("summary"), FieldPanel("body"),
        FieldPanel("numbers_checked"),
    )  # fmt: skip
    promote_panels = (FieldPanel("slug"),)
    # No 定时发布, no comments switch: publishing is the third signature.
    settings_panels = ()

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return PublicPermissions(user, self)

    def clean(self):
        super().clean()
        if self.slug in RESERVED:
            raise ValidationError({"slug": "这个地址已被系统占用，请换一个。"})

    def save(self, *args, **kwargs):
        """Raises NotReviewed when this would make something public that is not the signed text."""
        named = kwargs.get("update_fields")
        if self.live and (named is None or {"live", *self.TEXT} & set(named)) and not is_released(self):
            raise NotReviewed
        return super().save(*args, **kwargs)

    def serve(self, request, *args, **kwargs):
        # Shown by outreach.views.public from the released text; whatever reaches this is not released.
        raise Http404

    def serve_preview(self, request, mode_name):
        return render(request, self.preview_template, {"page": self})


class CampaignPage(PublicPage):
    """宣传专题 of a 宣传月 or 宣传周."""

    TEXT = (*PublicPage.TEXT, "when", "starts_on", "ends_on", "contact")
    label, list_slug = "宣传专题", "campaigns"

    # Its stops are shown and signed with the text (signed.programme_of); no field of TEXT, so that the pages without a plan
    # keep the hash they were signed with.
    campaign = models.ForeignKey(
        "outreach.Campaign", models.PROTECT, null=True, blank=True, related_name="pages", verbose_name="宣传计划",
        help_text="批准过的计划。场次显示在页面上，计划的扫码答题显示在旁边",
    )  # fmt: skip
    when = models.CharField("时间", max_length=60, blank=True, help_text="例如：宪法宣传周，2026 年 12 月 1 日至 7 日")
    starts_on = models.DateField("从", null=True, blank=True)
    ends_on = models.DateField("到", null=True, blank=True)
    contact = models.CharField("想问人", max_length=200, blank=True, help_text="例如：法律服务热线 12348，24 小时")

    content_panels = (
        *PublicPage.content_panels[:-1], FieldPanel("campaign"), FieldPanel("when"), FieldPanel("starts_on"),
        FieldPanel("ends_on"), FieldPanel("contact"), PublicPage.content_panels[-1],
    )  # fmt: skip

    class Meta:
        verbose_name = "宣传专题"
        verbose_name_plural = "宣传专题"


class CasePage(PublicPage):
    """以案释法: a case without anybody in it who could be recognised (outreach.publishing.checks)."""

    TEXT = (*PublicPage.TEXT, "source", "lesson")
    label, list_slug = "以案释法", "cases"

    source = models.CharField(
        "出处", max_length=100, default="情节为编写，人物均为化名", help_text="写明是编写的、改写的还是公开案例"
    )
    lesson = models.CharField("记住一句", max_length=120, blank=True, help_text="用在题目解析、问卷和折页里")

    content_panels = (
        *PublicPage.content_panels[:-1], FieldPanel("source"), FieldPanel("lesson"), PublicPage.content_panels[-1],
    )  # fmt: skip

    class Meta:
        verbose_name = "以案释法"
        verbose_name_plural = "以案释法"


class AnswerPage(PublicPage):
    """问答: the title is the question, `summary` the short answer."""

    label, list_slug = "问答", "questions"

    class Meta:
        verbose_name = "问答"
        verbose_name_plural = "问答"


class NoticePage(PublicPage):
    """通知公告."""

    label, list_slug = "通知公告", "notices"

    class Meta:
        verbose_name = "通知公告"
        verbose_name_plural = "通知公告"


class DownloadPage(PublicPage):
    """资料下载: its files are blocks of the body."""

    label, list_slug = "资料下载", "downloads"

    class Meta:
        verbose_name = "资料下载"
        verbose_name_plural = "资料下载"


KINDS = (CampaignPage, CasePage, AnswerPage, NoticePage, DownloadPage)
