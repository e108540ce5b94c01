"""The form of 音视频."""
from django import forms

from ..models import MediaPlan
from . import meetings, rooms

TIERS = [
    ("none", "不用音视频，只用课件和互动"), ("push", "本平台直播，会场看和听"),
    ("janus", "双向音视频，可以请会场发言"), ("external", "外部会议，例如腾讯会议"),
]  # fmt: skip


class MediaForm(forms.Form):
    """How the class is seen and heard; the rest is asked only of an external meeting."""

    tier = forms.ChoiceField(label="音视频", choices=TIERS, widget=forms.Select)
    provider = forms.ChoiceField(label="会议系统", choices=[("", "没有外部会议"), *MediaPlan.Provider.choices], required=False)
    address = forms.CharField(
        label="会议链接", max_length=500, required=False, help_text="从会议邀请里复制，以 https:// 开头。BigBlueButton 不用填",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    number = forms.CharField(label="会议号", max_length=40, required=False, help_text="显示在大屏和手机上")
    password = forms.CharField(label="会议密码", max_length=40, required=False, help_text="有密码才填")

    def __init__(self, *args, plan: MediaPlan, **kwargs):
        names = ("tier", "provider", "address", "number", "password")
        super().__init__(*args, initial={name: getattr(plan, name) for name in names}, **kwargs)
        if rooms.is_set_up():
            self.fields["tier"].help_text = "本平台直播录像，双向音视频和外部会议这里不录像"
        else:
            self.fields["tier"].choices = [one for one in TIERS if one[0] != "janus"]

    def clean_address(self):
        address = self.cleaned_data["address"].strip()
        if address and not meetings.is_https(address):
            raise forms.ValidationError("会议链接要以 https:// 开头，中间没有空格。请从会议邀请里重新复制")
        return address

    def clean(self):
        cleaned = super().clean()
        tier, provider, address = (cleaned.get(name) for name in ("tier", "provider", "address"))
        if tier != "external" or "address" in self.errors:
            return cleaned
        if not provider:
            self.add_error("provider", "请选会议系统")
        elif provider == "bbb":
            if meetings.bigbluebutton() is None:
                self.add_error("provider", "这台服务器还没有接 BigBlueButton，请管理员按部署说明设置，或改用会议链接")
        elif not address:
            self.add_error("address", "请填会议链接")
        elif provider == "tencent" and not meetings.is_tencent(address):
            self.add_error("address", "这不是腾讯会议的链接（meeting.tencent.com）。请重新复制，或把会议系统改为“其他会议”")
        return cleaned
