"""The upload of a ledger."""
from django import forms


class LedgerUploadForm(forms.Form):
    file = forms.FileField(
        label="台账文件",
        help_text=".xlsx 或 .csv，一行一笔，最多 5,000 笔。先逐行核对，有一行不对就一笔也不写。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择文件", "empty": "文件是空的。请检查是否选错了文件"},
    )
