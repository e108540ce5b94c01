"""Forms of the room while an exam runs."""
from django import forms
from mingfa.people.models import OrgUnit

from ..engine.venues import parse_networks
from ..models import Candidate, Venue
from ..models.room import LONGEST_GRANT
from .fields import Moment, UnitChoice, indented


class VenueForm(forms.ModelForm):
    """Where the people of a unit sit."""

    unit = UnitChoice(queryset=OrgUnit.objects.none(), label="单位", empty_label=None)

    class Meta:
        model = Venue
        fields = ["unit", "name", "code", "networks"]
        widgets = {"networks": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean_networks(self):
        text = self.cleaned_data["networks"]
        try:
            return "\n".join(map(str, parse_networks(text)))
        except ValueError as word:
            raise forms.ValidationError(f"“{word}”不是网络地址。请写成 10.3.0.0/16 或者 10.3.4.5") from word

    def validate_unique(self):
        """A unit's new venue takes the place of its old one."""


class WatchForm(forms.Form):
    """What is noted while people sit, and with what they sit."""

    watch_leaving = forms.BooleanField(
        required=False, label="记录离开试卷",
        help_text="切换窗口、打开别的程序的次数和时间，给监考人看，不会自动处罚。考前须知里会写明",
    )
    safe_browser = forms.BooleanField(
        required=False, label="只能用安全考试浏览器", help_text="考点电脑要先装 Safe Exam Browser，考生从考前须知下载配置文件打开"
    )
    keys = forms.CharField(
        required=False, label="浏览器考试密钥", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Browser Exam Key，一行一个，64 位十六进制。填了就只认这些密钥，有配置文件还不够。一般不用填",
    )  # fmt: skip

    def clean_keys(self):
        keys = self.cleaned_data["keys"].lower().split()
        for one in keys:
            if len(one) != 64 or set(one) - set("0123456789abcdef"):
                raise forms.ValidationError(f"“{one[:20]}”不是 64 位十六进制的密钥")
        return "\n".join(keys)


class _ScopeForm(forms.Form):
    """Whom it concerns: everybody, a 考点, a unit and all below it, or one candidate (from the lists of the board)."""

    whom = forms.ChoiceField(
        required=False, label="对象",
        error_messages={"invalid_choice": "这个对象已经没有了。请刷新页面以后再选"},
    )  # fmt: skip
    candidate = forms.ModelChoiceField(
        queryset=Candidate.objects.none(), required=False, widget=forms.HiddenInput(),
        error_messages={"invalid_choice": "这个人不在名册里"},
    )  # fmt: skip

    def __init__(self, *args, units, venues=(), candidates=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._whom = {f"venue-{one.pk}": ("venue", one) for one in venues} | {
            f"unit-{one.pk}": ("unit", one) for one in units
        }
        places = [(f"venue-{one.pk}", f"{one.name}（{one.unit.name}）") for one in venues]
        below = [(f"unit-{one.pk}", indented(one)) for one in units]
        groups = [("考点", places), ("单位（含下级，不论在哪个考点）", below)]
        self.fields["whom"].choices = [("", "全体考生"), *((name, rows) for name, rows in groups if rows)]
        if candidates is not None and "candidate" in self.fields:
            self.fields["candidate"].queryset = candidates

    def clean(self):
        """`whom` becomes the unit or 考点 the actions ask for; one candidate goes before."""
        cleaned = super().clean()
        chosen = self._whom.get(cleaned.pop("whom", ""))
        if chosen and not cleaned.get("candidate"):
            cleaned[chosen[0]] = chosen[1]
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
    field_order = ("whom", "minutes", "reason")


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
    field_order = ("whom", "text", "candidate")
