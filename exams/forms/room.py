"""Forms of the room while an exam runs."""
from django import forms
from mingfa.people.models import OrgUnit

from ..models import Candidate
from ..models.room import LONGEST_GRANT
from .fields import Moment, UnitChoice


class _ScopeForm(forms.Form):
    """Whom it concerns: everybody, a unit and all below it, or one candidate (from the lists of the board)."""

    unit = UnitChoice(queryset=OrgUnit.objects.none(), required=False, label="对象", empty_label="全体考生")
    candidate = forms.ModelChoiceField(
        queryset=Candidate.objects.none(), required=False, widget=forms.HiddenInput(),
        error_messages={"invalid_choice": "这个人不在名册里"},
    )  # fmt: skip

    def __init__(self, *args, units, candidates=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if candidates is not None and "candidate" in self.fields:
            self.fields["candidate"].queryset = candidates

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("candidate"):
            cleaned["unit"] = None
        return cleaned


class TimeForm(_ScopeForm):
    """延时."""

    minutes = forms.IntegerField(
        min_value=1, max_value=LONGEST_GRANT, label="延长多少分钟",
        error_messages={
            "required": "请填分钟数", "invalid": "请填整数分钟", "min_value": "至少 1 分钟",
            "max_value": f"一次最多 {LONGEST_GRANT} 分钟",
        },
    )  # fmt: skip
    reason = forms.CharField(max_length=100, label="原因", error_messages={"required": "请写原因"})
    field_order = ("unit", "minutes", "reason")


class OutageForm(_ScopeForm):
    """故障补时: from when until when nobody could work."""

    candidate = None
    began_at = Moment(label="故障开始", help_text="北京时间")
    ended_at = Moment(label="故障结束")
    reason = forms.CharField(max_length=100, label="原因", error_messages={"required": "请写原因"})


class MessageForm(_ScopeForm):
    """考场通知."""

    text = forms.CharField(
        max_length=200, label="内容", error_messages={"required": "请写内容", "max_length": "最多 200 字"}
    )
    field_order = ("unit", "text", "candidate")
