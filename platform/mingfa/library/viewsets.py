"""The admin's list of editions, where their status is confirmed. Texts come only from imports."""
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from mingfa.library.actions import confirm_status
from mingfa.library.forms import StatusForm
from mingfa.library.models import Edition


class ConfirmingPolicy(ModelPermissionPolicy):
    """Who may change editions may confirm their status; nobody adds or deletes one by hand."""

    def user_has_permission(self, user, action):
        return action not in {"add", "delete"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Edition, ConfirmingPolicy(Edition))


class EditionList(IndexView):
    def get_base_queryset(self):
        return Edition.objects.select_related("law")


class ConfirmView(EditView):
    """Confirms instead of saving: the action writes and logs."""

    success_message = "已核对“%(object)s”的时效。"

    def get_queryset(self):
        return Edition.objects.select_related("law")

    def form_valid(self, form):
        chosen = form.cleaned_data
        # The form has already put the new values on its instance; the action starts from the stored row.
        edition = Edition.objects.get(pk=self.object.pk)
        confirm_status(
            edition,
            status=chosen["status"],
            in_force_from=chosen["in_force_from"],
            in_force_until=chosen["in_force_until"],
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(self.request, self.success_message % {"object": edition})
        return redirect(self.get_success_url())


class EditionViewSet(ModelViewSet):
    model = Edition
    name = "law_editions"
    icon = "doc-full"
    menu_label = "法律版本"
    menu_order = 300
    add_to_admin_menu = True
    form_fields = ("status", "in_force_from", "in_force_until")
    index_view_class = EditionList
    edit_view_class = ConfirmView
    list_filter = ("status", "origin")
    search_fields = ("law__title",)
    ordering = ("law__short_title", "-version_on")
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = (
        "law",
        "slug",
        "body",
        "first_adopted_on",
        "version_on",
        "effective_on",
        "in_force_from",
        "in_force_until",
        "status",
        "confirmed_on",
        "confirmed_by",
        "history",
        "source",
        "digest",
        "note",
    )
    list_display = (
        TitleColumn("law", label="法律法规", url_name="law_editions:edit"),
        Column("slug", label="版本", sort_key="slug"),
        Column("status_today", label="今天的时效", accessor=lambda edition: edition.status_today.label),
        Column("in_force_from", label="生效日期"),
        Column("in_force_until", label="失效日期"),
        Column("confirmed_on", label="核对日期"),
    )

    def get_form_class(self, for_update=False):
        return StatusForm
