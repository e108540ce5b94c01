"""Forms of the Wagtail admin. They save through the actions, so that every change is checked and logged once."""
from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from mingfa.people import actions
from mingfa.people.access import units_visible_to
from mingfa.people.actions.roles import refuse_grant
from mingfa.people.errors import PeopleRefusal
from mingfa.people.models import OrgUnit, Role, RoleGrant
from mingfa.people.queries import account_called

from .people import UnitChoice


class UnitForm(WagtailAdminModelForm):
    """Name, kind and place in the tree. Units below those of the user's role only."""

    parent = UnitChoice(label="上级单位", required=False, empty_label="（没有上级）")

    class Meta:
        model = OrgUnit
        fields = ("name", "kind")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_visible_to(self.for_user, Role.SYSTEM_ADMIN)
        if self.instance.pk:
            units = units.exclude(path__startswith=self.instance.path)
            self.fields["parent"].initial = self.instance.get_parent()
        self.fields["parent"].queryset = units
        self.fields["parent"].required = not self.for_user.is_superuser and not self._is_top

    @property
    def _is_top(self) -> bool:
        return bool(self.instance.pk) and self.instance.is_root()

    def save(self, commit=True):
        values = {name: self.cleaned_data[name] for name in ("name", "kind", "parent")}
        values |= {"by": self.for_user, "now": timezone.now()}
        if self.instance.pk:
            self.instance = actions.revise_unit(OrgUnit.objects.get(pk=self.instance.pk), **values)
        else:
            self.instance = actions.create_unit(**values)
        return self.instance


class RoleGrantForm(WagtailAdminModelForm):
    """A role for a person, found by account, staff number or telephone number."""

    account = forms.CharField(label="账号、工号或手机号", max_length=150)
    unit = UnitChoice(label="单位（含下级）")

    class Meta:
        model = RoleGrant
        fields = ("role",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_visible_to(self.for_user, Role.SECURITY_ADMIN)

    def clean_account(self):
        user = account_called(self.cleaned_data["account"])
        if user is None:
            raise forms.ValidationError("没有找到这个账号。请核对账号、工号或手机号。")
        return user

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                refuse_grant(cleaned["account"], role=cleaned["role"], by=self.for_user)
            except PeopleRefusal as refused:
                raise forms.ValidationError(str(refused)) from refused
        return cleaned

    def save(self, commit=True):
        data = self.cleaned_data
        self.instance = actions.grant_role(
            data["account"], role=data["role"], unit=data["unit"], by=self.for_user, now=timezone.now()
        )
        return self.instance
