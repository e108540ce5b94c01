"""First run: the container of the public pages, the rights of 宣传员 in the admin, the workflow."""
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from mingfa.people.models import Role
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Site

from ..models import PublicSite
from .mirror import prepare_workflow

TITLE, SLUG = "普法公开栏目", "public"
PAGE_PERMISSIONS = ("add_page", "change_page")
FILE_PERMISSIONS = ("add_document", "choose_document", "add_image", "choose_image")


@transaction.atomic
def prepare_public_site() -> PublicSite | None:
    """Safe to repeat. None while Wagtail has no site yet."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return None
    public = PublicSite.objects.first()
    if public is None:
        public = site.root_page.add_child(instance=PublicSite(title=TITLE, slug=SLUG))
    group, _ = Group.objects.get_or_create(name=Role.OUTREACH.label)
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS):
        GroupPagePermission.objects.get_or_create(group=group, page_id=public.pk, permission=permission)
    files = Collection.get_first_root_node()
    of_files = Permission.objects.filter(
        content_type__app_label__in=["wagtaildocs", "wagtailimages"], codename__in=FILE_PERMISSIONS
    )
    for permission in of_files if files else ():
        GroupCollectionPermission.objects.get_or_create(group=group, collection=files, permission=permission)
    prepare_workflow()
    return public
