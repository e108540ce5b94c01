"""Forms of campaigns and of the 普法责任清单."""
from django import forms
from mingfa.people.models import OrgUnit

from ..actions import Outline
from ..campaigns import open_duties
from ..legal_days import days_for
from ..models import Activity, DutyItem, Material
from .activities import UnitChoice
from .fields import Day, NoPersonalNumbers, Quantity


class DutyChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, item):
        return f"{item.subject}（{item.unit}）"


class CampaignForm(NoPersonalNumbers):
    warned_fields = ("name", "theme", "partners")

    name = forms.CharField(label="计划名称", max_length=80, error_messages={"required": "请填计划名称"})
    theme = forms.CharField(label="主题", max_length=120, required=False)
    legal_day = forms.ChoiceField(label="法定节点", required=False)
    starts_on = Day(label="开始")
    ends_on = Day(label="结束")
    partners = forms.CharField(label="联合单位", max_length=200, required=False)
    duties = DutyChoices(
        queryset=DutyItem.objects.none(), label="对应的普法责任清单", required=False,
        widget=forms.CheckboxSelectMultiple, error_messages={"invalid_choice": "有一项不在清单里。请刷新页面再选"},
    )  # fmt: skip

    def __init__(self, *args, unit: OrgUnit, day, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["legal_day"].choices = [("", "不是"), *((one.key, one.name) for one in days_for(places))]
        self.fields["duties"].queryset = open_duties(unit, day)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "结束不能早于开始")
        if first and last and (last - first).days > 366:
            self.add_error("ends_on", "一个计划最长一年。跨年的请分成两个")
        return cleaned

    def outline(self) -> Outline:
        given = {name: value for name, value in self.cleaned_data.items() if name != "numbers_checked"}
        return Outline(**{**given, "duties": tuple(given["duties"])})


class StopForm(NoPersonalNumbers):
    warned_fields = ("spot", "staff")

    unit = UnitChoice(queryset=OrgUnit.objects.none(), label="主办单位", empty_label=None)
    planned_on = Day(label="日期")
    form = forms.ChoiceField(label="形式", choices=Activity.Form.choices, error_messages={"required": "请选形式"})
    spot = forms.CharField(label="地点", max_length=100, required=False)
    staff = forms.CharField(label="工作人员", max_length=120, required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def arguments(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "numbers_checked"}


class AllotmentForm(forms.Form):
    material = forms.ModelChoiceField(
        queryset=Material.objects.none(), label="资料", empty_label="请选择",
        error_messages={"required": "请选资料", "invalid_choice": "这种资料不在您的范围里。请重新选"},
    )  # fmt: skip
    quantity = Quantity(label="计划发放", least=0, help_text="填 0 就从计划里去掉")

    def __init__(self, *args, materials, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["material"].queryset = materials


class DutyForm(forms.ModelForm):
    class Meta:
        model = DutyItem
        fields = ["subject", "audience", "ways", "due", "leader", "section", "officer", "standard"]

    unit = UnitChoice(queryset=OrgUnit.objects.none(), label="责任单位", empty_label=None)
    year = forms.IntegerField(label="年度", min_value=2016, max_value=2100, error_messages={"required": "请填年度"})
    field_order = ["year", "unit"]

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=[one.pk for one in places]).order_by("path")
        self.fields["subject"].error_messages["required"] = "请填普法内容"

    def clean_subject(self):
        return " ".join(self.cleaned_data["subject"].split())

    def validate_unique(self):
        """The action tells an item that is there."""
