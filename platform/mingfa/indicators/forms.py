"""Figures typed in from documents; forms of the level above and what their cells are mapped to."""
from django import forms

from .models import FormCell
from .upper_forms import offered, units_for

MOST = 1_000_000_000
ROWS = 3000


class Complaining:
    """For forms whose page is another one: everything that is wrong in one sentence."""

    def complaint(self) -> str:
        """Field by field."""
        return "；".join(f"{self.fields[name].label}：{errors[0]}" for name, errors in self.errors.items())


class FigureForm(Complaining, forms.Form):
    """`whole` is asked for rates only."""

    part = forms.IntegerField(label="数值", min_value=0, max_value=MOST)
    whole = forms.IntegerField(label="总数", min_value=0, max_value=MOST)
    source = forms.CharField(label="来源文件", max_length=200)

    def __init__(self, *args, is_rate: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_rate:
            self.fields["part"].label = "其中达到的"
        else:
            del self.fields["whole"]


class KeepForm(Complaining, forms.Form):
    """An empty form; `units` None: another edition of one that is there."""

    unit = forms.ModelChoiceField(queryset=None, label="填报单位", empty_label=None)
    name = forms.CharField(label="报表名称", max_length=80)
    file = forms.FileField(label="上级发的空表（.xlsx）")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"], self.fields["name"]
        else:
            self.fields["unit"].queryset = units.order_by("path")


class Mapping(Complaining, forms.Form):
    """What a cell and a column are mapped with. `form`: the UpperForm, `sheets`: the names of its sheets."""

    sheet = forms.ChoiceField(label="工作表")
    code = forms.ChoiceField(label="填哪个数")
    shows = forms.ChoiceField(label="填什么", choices=FormCell.Shows.choices)

    def __init__(self, *args, form, sheets: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]
        self.fields["code"].choices = [
            (name, [(one.code, one.caption) for one in offered() if one.entered is entered])
            for name, entered in (("系统生成", False), ("填报", True))
        ]


class CellForm(Mapping):
    place = forms.RegexField(
        label="单元格", regex=r"^\s*[A-Za-z]{1,2}[1-9][0-9]{0,3}\s*$", error_messages={"invalid": "写成 C7 这样"}
    )
    unit = forms.ModelChoiceField(queryset=None, label="哪个单位的数", empty_label=None)
    field_order = ("sheet", "place", "code", "unit", "shows")

    def __init__(self, *args, form, **kwargs):
        super().__init__(*args, form=form, **kwargs)
        self.fields["unit"].queryset = units_for(form)

    def clean_place(self) -> str:
        return self.cleaned_data["place"].strip().upper()


class ColumnForm(Mapping):
    names = forms.RegexField(label="单位名称在哪一列", regex=r"^\s*[A-Za-z]{1,2}\s*$", error_messages={"invalid": "写成 A 这样"})
    column = forms.RegexField(label="填到哪一列", regex=r"^\s*[A-Za-z]{1,2}\s*$", error_messages={"invalid": "写成 C 这样"})
    first = forms.IntegerField(label="从第几行", min_value=1, max_value=ROWS)
    last = forms.IntegerField(label="到第几行", min_value=1, max_value=ROWS)
    field_order = ("sheet", "names", "column", "first", "last", "code", "shows")

    def clean_names(self) -> str:
        return self.cleaned_data["names"].strip().upper()

    def clean_column(self) -> str:
        return self.cleaned_data["column"].strip().upper()

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "要在开始的一行以后")
        return self.cleaned_data
