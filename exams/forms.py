"""Forms of the setter's pages. What the system knows is offered, not asked."""
from django import forms
from django.utils import timezone
from mingfa import completions
from mingfa.bank.models import Bank, Difficulty, QuestionType
from mingfa.people.access import units_visible_to
from mingfa.people.models import Category, OrgUnit, Role
from mingfa.wording import marks

from . import proofs
from .models import Candidate, Exam, RosterChange
from .models.room import LONGEST_GRANT
from .presets import PRESETS

YEARS = range(2000, 2101)


def indented(unit: OrgUnit) -> str:
    return f"{'　' * (unit.depth - 1)}{unit.name}"


class _UnitChoice(forms.ModelChoiceField):
    label_from_instance = staticmethod(indented)


class _UnitChoices(forms.ModelMultipleChoiceField):
    label_from_instance = staticmethod(indented)


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})


class _Moment(forms.DateTimeField):
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


def check_times(form: forms.Form, cleaned: dict) -> None:
    """Puts beside 截止时间 what is wrong with the window."""
    opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
    if opens and closes and closes <= opens:
        form.add_error("closes_at", "截止时间要晚于开始时间")
    elif closes and closes <= timezone.now():
        form.add_error("closes_at", "截止时间已经过了，请改到今后")


class ExamForm(forms.ModelForm):
    """An exam's settings; for a new one also the bank and a preset to start the rules from."""

    opens_at = _Moment(label="开始时间", help_text="北京时间")
    closes_at = _Moment(label="截止时间", help_text="北京时间。到时统一收卷")
    unit = _UnitChoice(queryset=OrgUnit.objects.none(), label="组织单位")
    due_units = _UnitChoices(
        queryset=OrgUnit.objects.none(), label="应考单位", help_text="选中的单位和它的下级单位都要考。可以选多个",
        widget=_boxes(), error_messages={"required": "请至少选一个应考单位"},
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        choices=Category.choices, required=False, label="人员类别", widget=_boxes(),
        help_text="都不选表示全部类别",
    )  # fmt: skip

    requires = forms.MultipleChoiceField(
        required=False, label="开考条件", widget=_boxes(),
        help_text="没有完成的人不能开始，仍在应考名单里。都不选就没有条件",
    )  # fmt: skip

    class Meta:
        model = Exam
        fields = [
            "name", "unit", "opens_at", "closes_at", "duration_minutes", "pass_mark", "good_mark",
            "excellent_mark", "attempts", "counting", "multiple_policy", "result_policy", "practice", "grace_minutes",
            "blank_counts", "markers", "tolerance", "due_units", "notice",
        ]  # fmt: skip
        widgets = {"notice": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_visible_to(user, Role.SETTER).order_by("path")
        self.fields["unit"].queryset = units
        self.fields["due_units"].queryset = units
        for name in ("markers", "tolerance"):  # only papers with written answers need them
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
        for name in ("markers", "tolerance"):
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

    opens_at = _Moment(label="开始时间", help_text="北京时间")
    closes_at = _Moment(label="截止时间", help_text="北京时间。到时统一收卷")

    class Meta:
        model = Exam
        fields = ["name", "opens_at", "closes_at", "duration_minutes", "attempts"]

    def clean(self):
        cleaned = super().clean()
        check_times(self, cleaned)
        return cleaned


class SlotForm(forms.Form):
    """The slot of one unit."""

    unit = _UnitChoice(
        queryset=OrgUnit.objects.none(), label="单位", help_text="含下级单位", empty_label="请选择单位",
        error_messages={"required": "请选择单位", "invalid_choice": "这个单位不在应考单位里。请重新选择"},
    )  # fmt: skip
    opens_at = _Moment(label="时段开始", help_text="北京时间", error_messages={"required": "请填时段开始的时间"})
    closes_at = _Moment(label="时段结束", help_text="北京时间", error_messages={"required": "请填时段结束的时间"})

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


class RosterChangeForm(forms.Form):
    """免考, 缓考 or 恢复应考 of one person, with reason and written proof."""

    kind = forms.ChoiceField(
        choices=RosterChange.Kind.choices, label="变动", error_messages={"required": "请选择办理哪一项"}
    )
    reason = forms.CharField(
        max_length=100, label="原因", help_text="写在名册冻结表上，例如：产假，2026年3月至9月",
        error_messages={"required": "请写原因。没有原因的不能办理", "max_length": "原因最多 100 字"},
    )  # fmt: skip
    proof = forms.FileField(
        required=False, label="证明材料", help_text="可以不传。PDF、PNG 或 JPG，不超过 10 MB",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": "这个文件是空的。请重新选择，或者不传"},
    )  # fmt: skip

    def clean_proof(self):
        """(content, content type), told from the content; both empty without a file."""
        sent = self.cleaned_data["proof"]
        if not sent:
            return b"", ""
        if sent.size > proofs.MOST_BYTES:
            raise forms.ValidationError("证明材料超过 10 MB。请压缩后再传")
        content = sent.read()
        kind = proofs.type_of(content)
        if not kind:
            raise forms.ValidationError("这个文件不是 PDF、PNG 或 JPG。请转换后再传")
        return content, kind


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(
        max_length=100, label="原因", error_messages={"required": "请写原因", "max_length": "原因最多 100 字"}
    )


class ScriptForm(forms.Form):
    """A marker's word on one answer."""

    mark = forms.DecimalField(
        min_value=0, max_digits=5, decimal_places=1,
        error_messages={"required": "请写得分", "invalid": "得分写数字，如 3.5", "min_value": "得分不能小于 0",
                        "max_decimal_places": "得分最多一位小数"},
        widget=forms.NumberInput(attrs={"class": "form-control", "autofocus": True, "inputmode": "decimal"}),
    )  # fmt: skip
    note = forms.CharField(required=False, max_length=200, widget=forms.TextInput(attrs={"class": "form-control"}))

    def __init__(self, *args, full, **kwargs):
        super().__init__(*args, **kwargs)
        self.full = full
        self.fields["mark"].widget.attrs |= {"max": marks(full), "step": "0.5"}

    def clean_mark(self):
        mark = self.cleaned_data["mark"]
        if mark > self.full:
            raise forms.ValidationError(f"这道题最多 {marks(self.full)} 分")
        return mark


class LateDecisionForm(ReasonForm):
    """Why late answers count or not; `seen` is the highest id of those on the page."""

    seen = forms.IntegerField(
        min_value=1, widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), "请刷新页面后再决定")
    )


class _ScopeForm(forms.Form):
    """Whom it concerns: everybody, a unit and all below it, or one candidate (from the lists of the board)."""

    unit = _UnitChoice(queryset=OrgUnit.objects.none(), required=False, label="对象", empty_label="全体考生")
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
    began_at = _Moment(label="故障开始", help_text="北京时间")
    ended_at = _Moment(label="故障结束")
    reason = forms.CharField(max_length=100, label="原因", error_messages={"required": "请写原因"})


class MessageForm(_ScopeForm):
    """考场通知."""

    text = forms.CharField(
        max_length=200, label="内容", error_messages={"required": "请写内容", "max_length": "最多 200 字"}
    )
    field_order = ("unit", "text", "candidate")
