"""The form a training is made with."""
from django import forms
from django.core.exceptions import ValidationError
from mingfa.people.access import units_visible_to
from mingfa.people.models import OrgUnit, Role

YEARS = range(2000, 2101)


def indented(unit: OrgUnit) -> str:
    return f"{'　' * (unit.depth - 1)}{unit.name}"


class Moment(forms.DateTimeField):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")

    def __init__(self, **kwargs):
        super().__init__(input_formats=self.input_formats, **kwargs)

    def clean(self, value):
        moment = super().clean(value)
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间，请检查")
        return moment


class UnitChoice(forms.ModelChoiceField):
    label_from_instance = staticmethod(indented)


class UnitChoices(forms.ModelMultipleChoiceField):
    label_from_instance = staticmethod(indented)


class TrainingForm(forms.Form):
    """Title, times, venues. `unit` is asked only for a new one."""

    title = forms.CharField(label="名称", max_length=100, error_messages={"required": "请填名称"})
    unit = UnitChoice(None, label="组织单位", error_messages={"required": "请选组织单位"})
    starts_at = Moment(label="开始时间", help_text="北京时间", error_messages={"required": "请填开始时间"})
    ends_at = Moment(
        label="结束时间", help_text="超过 30 分钟没有下课的，系统会自动结束", error_messages={"required": "请填结束时间"}
    )
    venues = UnitChoices(
        None, label="会场", help_text="每个选中的单位设一个会场，它和下级单位的人都到这里，除非下级另有会场",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "请至少选一个会场", "invalid_choice": "没有这个单位，或者不归您安排"},
    )  # fmt: skip

    def __init__(self, *args, user, new, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_visible_to(user, Role.TRAINER).order_by("path")
        self.fields["venues"].queryset = units
        if new:
            self.fields["unit"].queryset = units
        else:
            del self.fields["unit"]

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "结束时间要晚于开始时间")
        return cleaned
