"""What is asked on the page of review tasks."""
from django import forms

from mingfa.changes.models import ReviewTask, TouchedArticle
from mingfa.library import registry

STATES = (("open", "没有决定的"), ("decided", "已经决定的"))


class TaskFilter(forms.Form):
    """Which tasks are listed; everything unless something is chosen. What is not offered is not chosen."""

    state = forms.ChoiceField(label="状态", required=False)
    kind = forms.ChoiceField(label="内容", required=False)
    happened = forms.ChoiceField(label="条文", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(kind, citing.words) for kind, citing in registry.kinds().items()]
        offered = {"state": STATES, "kind": kinds, "happened": TouchedArticle.Happened.choices}
        for name, choices in offered.items():
            self.fields[name].choices = [("", "全部"), *choices]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DecisionForm(forms.Form):
    """The tasks picked and what is decided of them."""

    task = forms.TypedMultipleChoiceField(coerce=int, choices=(), error_messages={"required": "没有选核对任务，请先勾选"})
    decision = forms.ChoiceField(choices=ReviewTask.Decision.choices, error_messages={"required": "请选一个决定"})
    note = forms.CharField(required=False, max_length=200, error_messages={"max_length": "说明最多 200 字"})
    repoint = forms.BooleanField(required=False)

    def __init__(self, *args, tasks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["task"].choices = [(pk, pk) for pk in tasks]
        self.fields["task"].error_messages["invalid_choice"] = "有的任务不在这一页上了，请重新勾选"

    @property
    def complaint(self) -> str:
        """What is wrong, in one line; "" while nothing is."""
        return "；".join(dict.fromkeys(error for errors in self.errors.values() for error in errors))
