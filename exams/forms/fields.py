"""Fields that several forms of exams use."""
from django import forms
from mingfa.people.models import OrgUnit

YEARS = range(2000, 2101)


def indented(unit: OrgUnit) -> str:
    return f"{'　' * (unit.depth - 1)}{unit.name}"


class UnitChoice(forms.ModelChoiceField):
    label_from_instance = staticmethod(indented)


class UnitChoices(forms.ModelMultipleChoiceField):
    label_from_instance = staticmethod(indented)


def boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})


class Moment(forms.DateTimeField):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")

    def __init__(self, **kwargs):
        super().__init__(input_formats=self.input_formats, **kwargs)

    def clean(self, value):
        """A slip of the finger (year 0202 or 20260) is told; further out, reckoning with time zones would overflow."""
        moment = super().clean(value)
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间，请检查")
        return moment
