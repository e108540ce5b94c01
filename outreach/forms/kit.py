"""What stands on the sheets of a print kit."""
from django import forms

from ..kit import Words
from .fields import NoPersonalNumbers


class KitForm(NoPersonalNumbers):
    warned_fields = ("title", "first", "second", "third", "help")

    title = forms.CharField(
        label="大标题", max_length=30, error_messages={"required": "请填大标题"}, help_text="一件事，14 个字以内最醒目"
    )
    first = forms.CharField(
        label="第一点", max_length=80, error_messages={"required": "请至少写一点"},
        help_text="一点只说一件事，用当面说话的口气。例如：收到决定书，先看清期限",
    )  # fmt: skip
    second = forms.CharField(label="第二点", max_length=80, required=False)
    third = forms.CharField(label="第三点", max_length=80, required=False)
    help = forms.CharField(label="想问人", max_length=60, required=False, help_text="例如：法律服务热线 12348")

    def words(self) -> Words:
        given = self.cleaned_data
        points = tuple(one for one in (given["first"], given["second"], given["third"]) if one)
        return Words(given["title"], points, given["help"])
