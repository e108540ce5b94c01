"""What Wagtail's admin may not do with public pages, said in words instead of a failure."""
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.models import Page

from ..models import KINDS, PublicText

WORDS = "公开页面由三审三校发布：请在“外宣”的“公开页面”里送审，第三个人签了就公开。这里没有发布。"
KEPT = "不能删除：它送过审，留有审核记录。不再用时，请在“公开页面”里撤回。"


def is_public_kind(page: Page) -> bool:
    return page.specific_class in KINDS


def refuse_publishing(request, page: Page):
    """For hooks before publishing, scheduling or unpublishing one page; None for pages of other kinds."""
    if not is_public_kind(page):
        return None
    messages.error(request, f"“{page}”：{WORDS}")
    return redirect(reverse("publishing:page", args=[page.pk]))


def refuse_deleting(request, page: Page):
    if not is_public_kind(page) or not PublicText.objects.filter(page=page.pk).exists():
        return None
    messages.error(request, f"“{page}”{KEPT}")
    return redirect(reverse("publishing:page", args=[page.pk]))
