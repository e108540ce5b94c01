"""Forms around public pages: what a case yields, and the office's list of words."""
from django import forms
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank, QuestionType
from mingfa.library.citations import parse_citations

from ..models import CaseYield, ListedWord
from .fields import NoPersonalNumbers

OPTIONS = 4


class QuestionFromCase(forms.Form):
    """A question with what the case says already filled in. 判断 or 单选."""

    bank = forms.ModelChoiceField(
        queryset=Bank.objects.none(), label="题库", empty_label=None, error_messages={"required": "请选题库"}
    )
    type = forms.ChoiceField(
        label="题型", choices=[(QuestionType.JUDGE, "判断题"), (QuestionType.SINGLE, "单选题")], initial="judge"
    )
    stem = forms.CharField(label="题干", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    options = forms.CharField(
        label="选项", required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="单选题：一行一个。判断题不填"
    )
    answer = forms.CharField(label="答案", max_length=1, help_text="单选写字母 A、B、C、D；判断写 对 或 错")
    explanation = forms.CharField(label="解析", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    cites = forms.CharField(label="依据", required=False, max_length=300, help_text="例如：《行政复议法》第二十条")

    def __init__(self, *args, banks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks

    def clean_answer(self):
        given = self.cleaned_data["answer"].strip().upper()
        return {"对": "T", "错": "F"}.get(given, given)

    def draft(self, topic: str, source: str) -> QuestionDraft:
        data = self.cleaned_data
        options = tuple(line.strip() for line in data["options"].splitlines() if line.strip())
        return QuestionDraft(
            type=data["type"], stem=data["stem"], options=options if data["type"] == QuestionType.SINGLE else (),
            answer=data["answer"], explanation=data["explanation"], topic=topic, source=source,
            citations=tuple(parse_citations(data["cites"])),
        )  # fmt: skip


class YieldForm(NoPersonalNumbers):
    """Text for a poll in the hall, or for a leaflet."""

    warned_fields = ("text",)

    kind = forms.ChoiceField(label="用在", choices=[one for one in CaseYield.Kind.choices if one[0] != "question"])
    text = forms.CharField(
        label="文字", max_length=2000, widget=forms.Textarea(attrs={"rows": 8}), error_messages={"required": "请写文字"}
    )


class ListedWordForm(forms.ModelForm):
    class Meta:
        model = ListedWord
        fields = ("unit", "kind", "word", "right")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = None
        self.fields["kind"].choices = ListedWord.Kind.choices
