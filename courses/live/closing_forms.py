"""Forms of what is done after a class."""
from django import forms
from mingfa.people.personal import personal_numbers

from .forms import Moment
from .models import RosterEntry

WHO = [("roster", "名册上的所有人"), ("came", "到场的人"), ("made_up", "到场的和已补学的人")]


def without_numbers(text: str) -> str:
    """Raises ValidationError for a text with numbers that identify a person: no reason needs them (PR4)."""
    found = personal_numbers(text)
    if found:
        raise forms.ValidationError(f"这里像是有{'、'.join(found)}。原因和理由里不写个人号码，请删去后再保存")
    return text


class ReasonForm(forms.Form):
    """Why somebody was late, left early or was absent."""

    reason = forms.CharField(
        label="原因", max_length=100, required=False, error_messages={"max_length": "原因最多 100 字"}
    )

    def clean_reason(self):
        return without_numbers(self.cleaned_data["reason"])


class CorrectionForm(forms.Form):
    """更正 of one person's result."""

    attendance = forms.ChoiceField(
        label="更正为", error_messages={"required": "请选更正后的结果", "invalid_choice": "没有这个结果，请重新选"}
    )
    reason = forms.CharField(
        label="理由", max_length=100, help_text="例如：手机没电，会场管理员当时漏了代签。会留下记录",
        error_messages={"required": "请写理由"},
    )  # fmt: skip

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        others = [one for one in RosterEntry.Attendance.choices if one[0] != entry.attendance]
        self.fields["attendance"].choices = [("", "请选择"), *others]

    def clean_reason(self):
        return without_numbers(self.cleaned_data["reason"])


class TermForm(forms.Form):
    days = forms.IntegerField(
        label="录像和照片保存几天", min_value=1, max_value=3650,
        error_messages={"required": "请填天数", "invalid": "请填天数，例如 180"},
        widget=forms.NumberInput(attrs={"class": "form-control w-auto"}),
    )  # fmt: skip


class FollowUpForm(forms.Form):
    """A follow-up: for whom, from which rules, when."""

    choice = forms.ChoiceField(label="考什么", error_messages={"required": "请选考什么", "invalid_choice": "请重新选考什么"})
    who = forms.ChoiceField(label="哪些人考", choices=WHO)
    opens_at = Moment(label="开始时间", help_text="北京时间", error_messages={"required": "请填开始时间"})
    closes_at = Moment(label="截止时间", help_text="北京时间", error_messages={"required": "请填截止时间"})

    def __init__(self, *args, choices, settled, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = choices
        if not settled:
            self.fields["who"].choices = WHO[:1]

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "截止时间要晚于开始时间")
        return cleaned


class HeadCountForm(forms.Form):
    heads = forms.IntegerField(
        label="到场人数", min_value=0, max_value=5000,
        error_messages={"required": "请填到场人数", "invalid": "人数写数字，例如 25"},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    photo = forms.FileField(
        label="会场照片，可以不传", required=False, widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text="只存缩小的图，去掉拍摄地点和设备。到保存期限自动删除",
    )  # fmt: skip
