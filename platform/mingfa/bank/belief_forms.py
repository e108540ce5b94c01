"""Forms of the pages about beliefs."""

from crispy_forms.helper import FormHelper
from django import forms

from mingfa.bank.models import Belief
from mingfa.library.citations import parse_citations
from mingfa.people.models import OrgUnit

SPANS = [(90, "近三个月"), (365, "近一年"), (1095, "近三年")]


class BeliefForm(forms.Form):
    """A belief of a unit; an existing one keeps its unit."""

    unit = forms.ModelChoiceField(label="所属单位", queryset=OrgUnit.objects.none(), empty_label=None)
    name = forms.CharField(label="名称", max_length=60, help_text="用一句话写出错误的认识，如：不服罚款只能找信访")
    citation = forms.CharField(
        label="依据", required=False, max_length=200, help_text="写明正确的规定在哪一条，如：《行政复议法》第二十条"
    )
    description = forms.CharField(
        label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="正确的是什么，为什么容易弄错。会写进“下次培训可讲”",
    )  # fmt: skip

    def __init__(self, *args, units, belief: Belief | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.belief = belief
        self.fields["unit"].queryset = units.order_by("path")
        if belief:
            del self.fields["unit"]
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True

    def clean_citation(self):
        """One place of one law, or nothing."""
        text = self.cleaned_data["citation"].strip()
        refs = parse_citations(text)
        if text and len(refs) != 1:
            raise forms.ValidationError(f"“{text[:40]}”认不出是哪一条。请写一处，如《信访工作条例》第十七条。")
        return refs[0] if refs else None

    def clean(self):
        cleaned = super().clean()
        unit = self.belief.unit if self.belief else cleaned.get("unit")
        others = Belief.objects.filter(unit=unit, name=cleaned.get("name", "").strip())
        if unit and others.exclude(pk=self.belief and self.belief.pk).exists():
            self.add_error("name", "这个单位已经有同名的误区。请改名称，或者修改那一个。")
        return cleaned

    def values(self) -> dict:
        """What the actions take."""
        named = {"ref": self.cleaned_data["citation"], "name": self.cleaned_data["name"]}
        return named | {"description": self.cleaned_data["description"]}


def initial_of_belief(belief: Belief) -> dict:
    """A belief as the form's first values."""
    return {"name": belief.name, "description": belief.description, "citation": belief.place}


class FigureFilter(forms.Form):
    """Whose figures, over how long, in months or quarters; nonsense in the address is the default."""

    unit = forms.ModelChoiceField(label="单位", queryset=OrgUnit.objects.none(), required=False, empty_label=None)
    span = forms.TypedChoiceField(label="时间", choices=SPANS, coerce=int, required=False, empty_value=365)
    by = forms.ChoiceField(label="走势", choices=[("month", "按月"), ("quarter", "按季")], required=False)

    def __init__(self, data, *, units):
        super().__init__({"span": "365", **data.dict()})
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: "　" * (unit.depth - 1) + unit.name

    def chosen(self) -> dict:
        """unit (the topmost when none was chosen), span in days, by."""
        self.is_valid()
        kept = {name: value for name, value in self.cleaned_data.items() if value}
        return {"unit": None, "span": 365, "by": "month"} | kept
