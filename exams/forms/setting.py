"""Forms an exam is set with. What the system knows is offered, not asked."""
from django import forms
from django.utils import timezone
from mingfa import completions
from mingfa.bank.models import Bank, Difficulty, QuestionType
from mingfa.people.access import units_visible_to
from mingfa.people.models import Category, OrgUnit, Role

from ..models import Exam
from ..presets import PRESETS
from .fields import Moment, UnitChoice, UnitChoices, boxes

# What most exams leave as it is; a form that does not name them means the default.
OPTIONAL = ("markers", "tolerance", "paper_mode")


def check_times(form: forms.Form, cleaned: dict) -> None:
    """Puts beside 截止时间 what is wrong with the window."""
    opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
    if opens and closes and closes <= opens:
        form.add_error("closes_at", "截止时间要晚于开始时间")
    elif closes and closes <= timezone.now():
        form.add_error("closes_at", "截止时间已经过了，请改到今后")


class ExamForm(forms.ModelForm):
    """An exam's settings; for a new one also the bank and a preset to start the rules from."""

    opens_at = Moment(label="开始时间", help_text="北京时间")
    closes_at = Moment(label="截止时间", help_text="北京时间。到时统一收卷")
    unit = UnitChoice(queryset=OrgUnit.objects.none(), label="组织单位")
    due_units = UnitChoices(
        queryset=OrgUnit.objects.none(), label="应考单位", help_text="选中的单位和它的下级单位都要考。可以选多个",
        widget=boxes(), error_messages={"required": "请至少选一个应考单位"},
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        choices=Category.choices, required=False, label="人员类别", widget=boxes(),
        help_text="都不选表示全部类别",
    )  # fmt: skip

    requires = forms.MultipleChoiceField(
        required=False, label="开考条件", widget=boxes(),
        help_text="没有完成的人不能开始，仍在应考名单里。都不选就没有条件",
    )  # fmt: skip

    class Meta:
        model = Exam
        fields = [
            "name", "unit", "opens_at", "closes_at", "duration_minutes", "pass_mark", "good_mark",
            "excellent_mark", "attempts", "counting", "multiple_policy", "result_policy", "paper_mode", "practice",
            "grace_minutes", "blank_counts", "certificates", "markers", "tolerance", "due_units", "notice",
        ]  # fmt: skip
        widgets = {"notice": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_visible_to(user, Role.SETTER).order_by("path")
        self.fields["unit"].queryset = units
        self.fields["due_units"].queryset = units
        for name in OPTIONAL:
            self.fields[name].required = False
        if self.instance.pk:
            self.fields["categories"].initial = list(self.instance.categories.values_list("category", flat=True))
            self.fields["requires"].initial = [f"{one.kind}:{one.key}" for one in self.instance.requirements.all()]
        self.fields["requires"].choices = [
            (f"{kind.kind}:{key}", f"{kind.words}：{title}")
            for kind in completions.kinds()
            for key, title in kind.choices(user)
            if (kind.kind, key) != ("exam", str(self.instance.pk))
        ]
        self.order_fields([*self.Meta.fields[:-1], "categories", "requires", "notice"])

    def clean_requires(self) -> list[tuple[str, str, str]]:
        """(kind, key, words) of what is ticked."""
        words = dict(self.fields["requires"].choices)
        return [(*one.split(":", 1), words[one]) for one in self.cleaned_data["requires"]]

    def clean(self):
        cleaned = super().clean()
        check_times(self, cleaned)
        for name in OPTIONAL:
            if name not in self.errors and cleaned.get(name) in (None, ""):
                cleaned[name] = Exam._meta.get_field(name).default
        for low, high, words in (
            ("pass_mark", "good_mark", "良好分要高于及格分"),
            ("good_mark", "excellent_mark", "优秀分要高于良好分"),
            ("pass_mark", "excellent_mark", "优秀分要高于及格分"),
        ):
            if cleaned.get(low) and cleaned.get(high) and cleaned[high] <= cleaned[low]:
                self.add_error(high, words)
        return cleaned


class MakeupForm(forms.ModelForm):
    """The window of a 补考; everything else is that of its exam."""

    opens_at = Moment(label="开始时间", help_text="北京时间")
    closes_at = Moment(label="截止时间", help_text="北京时间。到时统一收卷")

    class Meta:
        model = Exam
        fields = ["name", "opens_at", "closes_at", "duration_minutes", "attempts"]

    def clean(self):
        cleaned = super().clean()
        check_times(self, cleaned)
        return cleaned


class SlotForm(forms.Form):
    """The slot of one unit."""

    unit = UnitChoice(
        queryset=OrgUnit.objects.none(), label="单位", help_text="含下级单位", empty_label="请选择单位",
        error_messages={"required": "请选择单位", "invalid_choice": "这个单位不在应考单位里。请重新选择"},
    )  # fmt: skip
    opens_at = Moment(label="时段开始", help_text="北京时间", error_messages={"required": "请填时段开始的时间"})
    closes_at = Moment(label="时段结束", help_text="北京时间", error_messages={"required": "请填时段结束的时间"})

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units.order_by("path")


class NewExamForm(ExamForm):
    """The first step of a new exam."""

    bank = forms.ModelChoiceField(queryset=Bank.objects.none(), label="题库")

    def __init__(self, *args, user, preset_key: str, **kwargs):
        self.preset = PRESETS.get(preset_key) or next(iter(PRESETS.values()))
        super().__init__(*args, user=user, **kwargs)
        self.fields["bank"].queryset = Bank.objects.filter(unit__in=units_visible_to(user, Role.SETTER))
        self.initial |= {
            "duration_minutes": self.preset.minutes,
            "pass_mark": self.preset.pass_mark,
            "good_mark": self.preset.good_mark,
            "excellent_mark": self.preset.excellent_mark,
            "attempts": self.preset.attempts,
        }
        self.order_fields(["name", "bank", *list(self.fields)])


def rule_choices(pool) -> dict[str, list[str]]:
    """What a rule may be narrowed to: the topics and laws of the questions a bank can give."""
    return {
        "topics": sorted({item.topic for item in pool if item.topic}),
        "laws": sorted({law for item in pool for law in item.laws}),
    }


class RuleForm(forms.Form):
    """One line of a blueprint."""

    type = forms.ChoiceField(choices=QuestionType.choices, label="题型")
    topic = forms.ChoiceField(required=False, label="知识点")
    law = forms.ChoiceField(required=False, label="法律法规")
    difficulty = forms.TypedChoiceField(
        choices=[("", "不限"), *Difficulty.choices], required=False, coerce=int, empty_value=None, label="难度"
    )
    count = forms.IntegerField(min_value=1, max_value=500, label="题数")
    marks = forms.DecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=1, label="每题分值")

    def __init__(self, *args, topics=(), laws=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", "不限"), *((one, one) for one in topics)]
        self.fields["law"].choices = [("", "不限"), *((one, one) for one in laws)]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["aria-label"] = field.label
            field.widget.attrs.setdefault("autocomplete", "off")
            if name == "marks":
                field.widget.attrs["step"] = "0.5"

    def clean_marks(self):
        marks = self.cleaned_data["marks"]
        if marks <= 0:
            raise forms.ValidationError("每题分值要大于 0")
        return marks


class BaseRuleFormSet(forms.BaseFormSet):
    def clean(self):
        if not any(self.errors) and not self.lines():
            raise forms.ValidationError("至少要有一条组卷规则")

    def lines(self) -> list[dict]:
        """The lines that are filled in and not ticked for removal, in order."""
        filled = (form.cleaned_data for form in self.forms if form.cleaned_data.get("type"))
        return [line for line in filled if line.get("count") and not line.get("DELETE")]


RuleFormSet = forms.formset_factory(RuleForm, formset=BaseRuleFormSet, extra=2, can_delete=True, max_num=60)
