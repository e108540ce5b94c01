"""A unit's own day."""
from django import forms

from ..engine.calendar import BadRule, parse_rule


class LocalDayForm(forms.Form):
    name = forms.CharField(label="节点名称", max_length=40, error_messages={"required": "请填节点名称"})
    rule = forms.CharField(
        label="时间", max_length=30, error_messages={"required": "请填时间"},
        help_text="每年哪几天，例如：3-5（一天）、9月（整月）、6-1…6-7（几天）、9月第3个星期六、9月第2周",
    )  # fmt: skip
    basis = forms.CharField(label="依据", max_length=80, required=False, help_text="例如：区普法办年度通知")
    tasks = forms.CharField(label="做什么", max_length=120, required=False)

    def clean_rule(self):
        try:
            parse_rule(self.cleaned_data["rule"])
        except BadRule:
            raise forms.ValidationError("看不懂。请写成 3-5、9月、6-1…6-7 或 9月第3个星期六 的样子") from None
        return self.cleaned_data["rule"]
