"""The admin's form of a public page."""
from django import forms
from django.db.models import Q
from mingfa.pages import BasePageForm
from mingfa.people import access
from mingfa.people.models import Role
from mingfa.people.personal import personal_numbers


class PublicPageForm(BasePageForm):
    """宣传员 write for their own units. Numbers that identify a person are warned of once, before saving (PR4)."""

    numbers_checked = forms.BooleanField(
        label="已经看过，照样保存", required=False,
        help_text="只在上面提示有身份证号、手机号时才要勾。公开页面不需要群众的个人信息，送审以前还会再查一次。",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields and self.for_user is not None:
            self.fields["unit"].queryset = access.units_visible_to(self.for_user, Role.OUTREACH)
        if "campaign" in self.fields and self.for_user is not None:
            # Plans of the writer's own units; the one that stands there stays, whoever chose it.
            units = access.units_visible_to(self.for_user, Role.OUTREACH)
            approved = Q(unit__in=units, state__in=("approved", "closed")) | Q(pk=self.instance.campaign_id)
            self.fields["campaign"].queryset = self.fields["campaign"].queryset.filter(approved)

    def clean(self):
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            words = _words(value) if name != "slug" else ""
            found = personal_numbers(words) if words else []
            if found and not cleaned.get("numbers_checked"):
                self.add_error(
                    name, f"这里像是有{'、'.join(found)}，没有保存。请删去，或改成“张某”“138****”这样的写法；"
                    "不是个人信息的，勾选最下面的“已经看过，照样保存”再保存。",
                )  # fmt: skip
        return cleaned


def _words(value) -> str:
    if isinstance(value, str):
        return value
    if hasattr(value, "stream_block"):
        return "\n".join(value.stream_block.get_searchable_content(value))
    return ""
