"""Forms about people on the roster."""
from django import forms

from .. import proofs
from ..models import RosterChange


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
