"""Forms of courses: the check of a lesson, the trainer's assignment."""
from django import forms
from django.core.exceptions import ValidationError
from mingfa.bank.models import QuestionType
from mingfa.people.models import Category
from mingfa.wording import day

from .study import options_of


class CheckForm(forms.Form):
    """The answers to one check. A blank answer is allowed: it is simply not right yet."""

    def __init__(self, data, versions):
        super().__init__(data)
        for version in versions:
            field = forms.MultipleChoiceField if version.type == QuestionType.MULTIPLE else forms.ChoiceField
            self.fields[field_name(version)] = field(
                choices=options_of(version),
                required=False,
                error_messages={"invalid_choice": "没有这个选项，请重新选择。"},
            )
        self.versions = versions

    def answers(self) -> dict[int, str]:
        """Version id to canonical answer: letters in order, “T” or “F”, “” for blank."""
        return {
            version.id: "".join(sorted(self.cleaned_data[field_name(version)])) for version in self.versions
        }


def field_name(version) -> str:
    return f"v{version.id}"


class AssignmentForm(forms.Form):
    """布置学习: which course, whom, by when."""

    course = forms.ModelChoiceField(
        None,
        label="课程",
        empty_label="请选择课程",
        error_messages={"required": "请选择课程。", "invalid_choice": "没有这门课程，或者您不能布置它。请重新选择。"},
    )
    units = forms.ModelMultipleChoiceField(
        None,
        label="单位",
        help_text="选中的单位和它的下级单位都要学。可以选多个。",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "请至少选一个单位。", "invalid_choice": "没有这个单位，或者不归您布置。"},
    )
    categories = forms.MultipleChoiceField(
        label="人员类别",
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="不选表示所有类别。",
        error_messages={"invalid_choice": "没有这个人员类别。请重新选择。"},
    )
    due_on = forms.DateField(
        label="完成期限",
        help_text="最后一天，从今天起。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填完成期限。", "invalid": "日期请写成 2026-09-30 这样。"},
    )

    def __init__(self, *args, courses, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses
        self.fields["units"].queryset = units
        self.today = today

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise ValidationError(f"期限不能早于今天（{day(self.today)}）。请改成今天或以后的日期。")
        return due_on
