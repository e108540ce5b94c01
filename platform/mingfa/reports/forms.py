"""What the editor of a report sends."""
import re

from django import forms

from mingfa.people.models import OrgUnit
from mingfa.people.personal import personal_numbers

from .engine import CODE

LONGEST = 60_000
# GB/T 9704 7.2.5: the office, the year in brackets of six corners, a number without zeros in front.
NUMBER = re.compile(r"[\u4e00-\u9fff]{2,20}〔20\d\d〕[1-9]\d{0,4}号")
BRACKETS = str.maketrans("[［【（()）】］]", "〔〔〔〔〔〕〕〕〕〕")


class StartForm(forms.Form):
    """Which unit and year to begin."""

    unit = forms.ModelChoiceField(OrgUnit.objects.none(), label="单位", empty_label=None)
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["year"].choices = [(year, f"{year} 年") for year in years]


class TextForm(forms.Form):
    """The wording with title and signer; what is typed over figures comes as `words-CODE` and `reason-CODE`."""

    title = forms.CharField(label="标题", max_length=120, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))
    addressee = forms.CharField(
        label="主送机关", max_length=120, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    signer = forms.CharField(label="署名", max_length=60, widget=forms.TextInput(attrs={"class": "form-control"}))
    body = forms.CharField(
        label="正文", max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "false", "class": "form-control"}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean_title(self) -> str:
        return "\n".join(line.strip() for line in self.cleaned_data["title"].splitlines() if line.strip())

    def clean_addressee(self) -> str:
        return self.cleaned_data["addressee"].rstrip("：: ")

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        for number, line in enumerate(body.split("\n"), start=1):
            if found := personal_numbers(line):
                raise forms.ValidationError(f"第 {number} 行像是有{'、'.join(found)}。报告里不写个人号码，请删去再保存。")
        return body

    def typed(self) -> dict[str, tuple[str, str]]:
        """Code → (words, reason) as they were sent, whatever is wrong with them."""
        codes = [name.removeprefix("words-") for name in self.data if name.startswith("words-")]
        return {
            code: (self.data[f"words-{code}"].strip(), self.data.get(f"reason-{code}", "").strip())
            for code in codes
            if CODE.fullmatch(code)
        }

    def overrides(self) -> dict[str, tuple[str, str]]:
        """Code → (words, reason). Adds an error for words without a reason."""
        found = {}
        for code, (words, reason) in self.typed().items():
            if not words:
                continue
            if not reason:
                self.add_error(None, f"改写成“{words[:20]}”没有写原因。请写明原因再保存。")
            elif found_numbers := personal_numbers(f"{words}\n{reason}"):
                self.add_error(None, f"改写或原因里像是有{'、'.join(found_numbers)}。报告里不写个人号码，请删去再保存。")
            elif len(words) > 60 or len(reason) > 200:
                self.add_error(None, "改写最多 60 字，原因最多 200 字。请删短。")
            else:
                found[code] = (words, reason)
        return found


class ImprintForm(forms.Form):
    """发文字号, 版记 and whether a seal is put on it; each may stay empty and is then left out of Word and PDF."""

    number = forms.CharField(
        label="发文字号", max_length=40, required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "aria-describedby": "number-form"}),
    )  # fmt: skip
    copies_to = forms.CharField(
        label="抄送", max_length=200, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    # More does not stand in one line with the date.
    printed_by = forms.CharField(
        label="印发机关", max_length=20, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    printed_on = forms.DateField(
        label="印发日期", required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    stamped = forms.BooleanField(
        label="加盖印章", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split()).translate(BRACKETS)
        if number and not NUMBER.fullmatch(number):
            raise forms.ValidationError(
                "请写成“嘉信访发〔2026〕5号”的样子：机关代字，四位年份，序号前不写“第”、不加 0，最后是“号”。"
            )
        return number

    def clean_copies_to(self) -> str:
        copies = self.cleaned_data["copies_to"].removeprefix("抄送：").rstrip("。. ")
        if found := personal_numbers(copies):
            raise forms.ValidationError(f"像是有{'、'.join(found)}。这里只写机关名称。")
        return copies

    def clean_printed_on(self):
        day = self.cleaned_data["printed_on"]
        if day and day.year < self.year:
            raise forms.ValidationError(f"比报告的年度（{self.year} 年）还早，请核对。")
        return day


class RestateForm(forms.Form):
    reason = forms.CharField(
        label="更正原因", max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
