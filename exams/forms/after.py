"""Forms about answers that are handed in: marking, faults, corrections, late answers."""
from django import forms
from mingfa.bank.drafts import BadDraft, QuestionDraft, require_good
from mingfa.bank.importing.answers import truth
from mingfa.bank.importing.messages import sentence as words_of
from mingfa.wording import marks

from ..engine.correcting import Correction
from .roster import ReasonForm


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


class FaultForm(forms.Form):
    """What is wrong with which question."""

    number = forms.TypedChoiceField(label="第几题", coerce=int, error_messages={"required": "请选是哪一题"})
    text = forms.CharField(
        max_length=300, label="哪里有问题", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写哪里有问题", "max_length": "最多 300 字"},
    )  # fmt: skip

    def __init__(self, *args, total: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [("", "请选择"), *((n, f"第 {n} 题") for n in range(1, total + 1))]


class ReplyForm(forms.Form):
    """What those who reported a question are told."""

    reply = forms.CharField(
        max_length=300, label="答复", widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": "请写答复"}
    )


class CorrectionForm(forms.Form):
    """What of a question counts as right from now on, in the words of its type; `correction` is what was said."""

    KINDS = (
        ("key", "改答案：只算下面的答案"), ("also", "另一个答案也算对：原来的答案照样算"),
        ("everybody", "全部给分：做过这道题的人都得满分"),
    )  # fmt: skip

    kind = forms.ChoiceField(choices=KINDS, label="怎么更正", widget=forms.RadioSelect)
    answer = forms.CharField(required=False, label="答案", widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        max_length=300, label="理由", widget=forms.Textarea(attrs={"rows": 2}), help_text="本人会看到，写明依据哪部法律哪一条",
        error_messages={"required": "请写理由"},
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, view, **kwargs):
        super().__init__(*args, **kwargs)
        self.view = view
        self.fields["answer"].help_text = {
            "judge": "写“正确”或者“错误”",
            "blank": "每行一空，几种写法都算对时用 | 隔开",
            "order": "按正确顺序写字母，如 CABD",
            "match": "按左边的次序写字母，如 BAC",
        }.get(view.type, "写字母，如 AC。字母是上面选项的字母，和各人试卷上的次序无关")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") in ("key", "also"):
            draft = QuestionDraft(
                type=self.view.type, stem=self.view.stem, options=self.view.options, prompts=self.view.prompts,
                answer=self._canonical(cleaned.get("answer", "")),
            )  # fmt: skip
            try:
                self.key = require_good(draft).answer
            except BadDraft as bad:
                self.add_error("answer", words_of(bad.problems[0]))
        return cleaned

    def _canonical(self, text: str) -> str:
        if self.view.type == "blank":
            return text
        if self.view.type == "judge":
            stated = truth(text)
            return "" if stated is None else "T" if stated else "F"
        letters = "".join(one for one in text.upper() if one.isascii() and one.isalpha())
        return letters if self.view.type in ("order", "match") else "".join(sorted(set(letters)))

    def correction(self) -> Correction:
        """After is_valid."""
        kind = self.cleaned_data["kind"]
        if kind == "everybody":
            return Correction((), everybody=True)
        return Correction((self.key,) if kind == "key" else tuple(dict.fromkeys((self.view.answer, self.key))))


class LateDecisionForm(ReasonForm):
    """Why late answers count or not; `seen` is the highest id of those on the page."""

    seen = forms.IntegerField(
        min_value=1, widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), "请刷新页面后再决定")
    )
