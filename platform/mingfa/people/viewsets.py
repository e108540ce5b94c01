"""People in the Wagtail admin: units, roles, and a list of accounts to look at."""
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from mingfa.people import actions
from mingfa.people.access import people_visible_to, units_visible_to
from mingfa.people.errors import PeopleRefusal
from mingfa.people.forms.admin import RoleGrantForm, UnitForm
from mingfa.people.models import OrgUnit, Role, RoleGrant, User


class SavedByForm:
    """Create and edit views whose form saves through an action, which writes the log entry itself."""

    def save_instance(self):
        return self.form.save()


class InReach:
    """Objects of the units in which the user holds `role`; others do not exist for him."""

    role = Role.SYSTEM_ADMIN
    unit_lookup = "pk__in"

    def get_object(self, queryset=None):
        found = super().get_object()
        units = units_visible_to(self.request.user, self.role)
        if not type(found).objects.filter(pk=found.pk, **{self.unit_lookup: units}).exists():
            raise PermissionDenied("这个单位不在您管理的范围里。")
        return found


class UnitIndex(generic.IndexView):
    """Units in order of the tree."""

    def get_base_queryset(self):
        return units_visible_to(self.request.user, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


class UnitCreate(SavedByForm, generic.CreateView):
    """A new unit."""


class UnitEdit(SavedByForm, InReach, generic.EditView):
    """Rename or move a unit."""


class UnitDelete(InReach, generic.DeleteView):
    """Remove a unit nobody belongs to."""

    def delete_action(self):
        try:
            actions.delete_unit(self.object, by=self.request.user, now=timezone.now())
        except PeopleRefusal as refused:
            raise PermissionDenied(str(refused)) from refused


class UnitViewSet(ModelViewSet):
    """单位."""

    model = OrgUnit
    icon = "group"
    menu_label = "单位"
    menu_order = 610
    add_to_settings_menu = True
    ordering = ["path"]
    list_display = [
        TitleColumn("name", label="名称", accessor=lambda unit: "　" * (unit.depth - 1) + unit.name,
                    get_url=lambda unit: reverse("units:edit", args=(unit.pk,))),
        Column("kind", label="类型", accessor="get_kind_display"),
    ]  # fmt: skip
    search_fields = ["name"]
    search_backend_name = None
    index_view_class = UnitIndex
    add_view_class = UnitCreate
    edit_view_class = UnitEdit
    delete_view_class = UnitDelete
    copy_view_enabled = False

    def get_form_class(self, for_update=False):
        return UnitForm


class GrantIndex(generic.IndexView):
    """Roles in the units of the security administrator."""

    def get_base_queryset(self):
        units = units_visible_to(self.request.user, Role.SECURITY_ADMIN)
        return RoleGrant.objects.filter(unit__in=units).select_related("user", "unit")

    def get_edit_url(self, instance):
        return self.get_delete_url(instance)


class GrantCreate(SavedByForm, generic.CreateView):
    """Give a role."""

    def get_success_url(self):
        return reverse(self.index_url_name)

    def get_success_buttons(self):
        return []


class GrantDelete(InReach, generic.DeleteView):
    """Take a role away."""

    role = Role.SECURITY_ADMIN
    unit_lookup = "unit__in"

    def delete_action(self):
        grant = self.object
        try:
            actions.revoke_role(
                grant.user, role=grant.role, unit=grant.unit, by=self.request.user, now=timezone.now()
            )
        except PeopleRefusal as refused:
            raise PermissionDenied(str(refused)) from refused


class RoleGrantViewSet(ModelViewSet):
    """角色. Roles are given and taken, never changed."""

    model = RoleGrant
    icon = "key"
    menu_label = "角色"
    menu_order = 620
    add_to_settings_menu = True
    list_display = [
        TitleColumn("user", label="人员", get_url=lambda grant: reverse("role_grants:delete", args=(grant.pk,))),
        Column("role", label="角色", accessor="get_role_display"),
        Column("unit", label="单位（含下级）"),
    ]
    search_fields = ["user__name", "user__username"]
    search_backend_name = None
    list_filter = ["role"]
    index_view_class = GrantIndex
    add_view_class = GrantCreate
    delete_view_class = GrantDelete
    copy_view_enabled = False

    def get_form_class(self, for_update=False):
        return RoleGrantForm


class AccountIndex(generic.IndexView):
    """Accounts in the units of the security administrator; the name leads to the liaison's page."""

    def get_base_queryset(self):
        user = self.request.user
        if user.is_superuser:
            return User.objects.order_by("pk")
        return people_visible_to(user, Role.SECURITY_ADMIN).order_by("pk")


class UserViewSet(WagtailUserViewSet):
    """账号: to look at. Wagtail's forms would save without our actions, so nobody gets them."""

    menu_label = "账号"
    index_view_class = AccountIndex
    template_prefix = ""
    ordering = ["pk"]
    list_display = [
        TitleColumn("name", label="姓名", get_url=lambda user: reverse("person_edit", args=(user.pk,))),
        Column("username", label="账号"),
        Column("staff_number", label="工号"),
        BooleanColumn("is_active", label="启用"),
        Column("last_login", label="上次登录"),
    ]
    list_filter = ["is_active", "is_superuser"]
    filterset_class = None
    search_fields = ["name", "username", "staff_number"]
    search_backend_name = None


unit_viewset = UnitViewSet("units", url_prefix="units")
role_grant_viewset = RoleGrantViewSet("role_grants", url_prefix="roles")
