"""Forms of the liaison's pages."""
from django import forms

from mingfa.people.models import GONE, Category, DutyStatus, OrgUnit
from mingfa.people.privacy import IdentityError, check_identity, fold_phone


class UnitChoice(forms.ModelChoiceField):
    """A unit out of those the user may use, indented by its place in the tree."""

    def __init__(self, *args, **kwargs):
        messages = {"required": "请选择单位。", "invalid_choice": "这个单位不在您管理的范围里。请重新选择。"}
        super().__init__(OrgUnit.objects.none(), *args, error_messages=messages, **kwargs)

    def label_from_instance(self, unit):
        return "　" * (unit.depth - 1) + unit.name


class PersonForm(forms.Form):
    """One person with the open main posting. Takes exactly these fields, whatever else is sent (AZ2)."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    unit = UnitChoice(label="单位")
    staff_number = forms.CharField(label="工号", max_length=30, required=False)
    phone = forms.CharField(label="手机号", max_length=30, required=False)
    identity = forms.CharField(label="身份证号", max_length=30, required=False)
    post = forms.CharField(label="职务", max_length=60, required=False)
    grade = forms.CharField(label="职级", max_length=30, required=False)
    category = forms.ChoiceField(label="人员类别", choices=[("", "未填"), *Category.choices], required=False)
    duty_status = forms.ChoiceField(label="在岗状态", choices=DutyStatus.choices, initial=DutyStatus.ON_DUTY)

    def __init__(self, *args, units, person=None, phone="", **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["unit"].queryset = units
        self.fields["identity"].help_text = "只用来区分同名的人，系统不保存号码本身。"
        if person:
            self.fields["phone"].help_text = f"现在是 {phone}，不填就不改。" if phone else ""
            if person.identity_masked:
                self.fields["identity"].help_text = f"现在是 {person.identity_masked}，不填就不改。"

    def clean_phone(self):
        try:
            return fold_phone(self.cleaned_data["phone"])
        except ValueError as wrong:
            raise forms.ValidationError("手机号应为 11 位数字。请核对。") from wrong

    def clean_identity(self):
        number = self.cleaned_data["identity"].strip()
        if number:
            try:
                check_identity(number)
            except IdentityError as wrong:
                raise forms.ValidationError("身份证号不对：应为 18 位且校验通过。请核对。") from wrong
        return number

    def clean(self):
        cleaned = super().clean()
        keys = [cleaned.get(name) for name in ("staff_number", "phone", "identity")]
        if self.person is None and not self.errors and not any(keys):
            raise forms.ValidationError("工号、手机号、身份证号至少填一个，否则分不清同名的人。")
        return cleaned

    @property
    def person_values(self) -> dict:
        """Arguments of create_person and revise_person about the person."""
        return {name: self.cleaned_data[name] for name in ("name", "staff_number", "phone", "identity")}

    @property
    def posting_values(self) -> dict:
        """Arguments of create_person and move_person about the posting."""
        return {name: self.cleaned_data[name] for name in ("unit", "post", "grade", "category", "duty_status")}

    @property
    def leaves(self) -> bool:
        return self.cleaned_data["duty_status"] in GONE


class FilterForm(forms.Form):
    """What the list shows."""

    q = forms.CharField(label="查找", max_length=60, required=False)
    unit = UnitChoice(label="单位", required=False, empty_label="全部单位")
    state = forms.ChoiceField(
        label="范围", choices=[("here", "在册"), ("gone", "已离开"), ("off", "账号停用")], required=False
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class RosterUploadForm(forms.Form):
    """A 花名册 to be read and compared."""

    file = forms.FileField(
        label="花名册文件",
        help_text=".xlsx 或 .csv，不超过 20 MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。请检查是否选错了文件。"},
    )
    keep_missing = forms.BooleanField(
        label="这份名册不全：名册里没有的人保持不变",
        required=False,
        help_text="不勾选时，名册所列单位里没有出现的人会设为“调出”，账号停用，记录保留。",
    )


class UnitDecisionForm(forms.Form):
    """Which unit an unknown name means: one of ours, or a new one below it."""

    unit = UnitChoice(label="系统里的单位", required=False, empty_label="请选择")
    create = forms.BooleanField(label="没有这个单位，新增到所选单位下面", required=False)

    def __init__(self, *args, units, may_create, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if not may_create:
            del self.fields["create"]
