"""What the log is searched by."""
from django import forms

from . import journal


class LogForm(forms.Form):
    who = forms.CharField(label="人员", max_length=50, required=False)
    action = forms.ChoiceField(label="操作", required=False)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["action"].choices = [("", "全部"), *journal.actions()]
