"""Fields that several forms of outreach use."""
from django import forms
from django.utils import timezone
from mingfa.people.personal import personal_numbers

from ..engine.ledger import MOST
from ..engine.photos import LARGEST_FILE, Clean, PhotoRefused, clean_photo
from ..wording import count, place_name

YEARS = range(2000, 2101)
MOST_PHOTOS = 6


class Day(forms.DateField):
    """A day, today unless somebody says another."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **more):
        words = {"required": "请填日期", "invalid": "日期要像 2026-12-04 这样写"}
        super().__init__(input_formats=["%Y-%m-%d"], initial=timezone.localdate, error_messages=words, **more)

    def clean(self, value):
        day = super().clean(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间，请检查")
        return day


class Quantity(forms.IntegerField):
    """Copies. What a number pad of a phone writes."""

    def __init__(self, *, least=1, **more):
        words = {
            "required": "请填数量", "invalid": "数量要是整数", "min_value": f"数量至少是 {least}",
            "max_value": f"一次最多 {count(MOST)}。请检查是不是多写了几位",
        }  # fmt: skip
        more.setdefault("widget", forms.NumberInput(attrs={"inputmode": "numeric"}))
        super().__init__(min_value=least, max_value=MOST, error_messages=words, **more)


class PlaceChoice(forms.ModelChoiceField):
    label_from_instance = staticmethod(place_name)

    def __init__(self, **more):
        words = {"required": "请选一处", "invalid_choice": "这一处不在您管的范围里。请重新选"}
        super().__init__(error_messages=words, **more)


REFUSED_PHOTO = {
    "too_large": "“{name}”超过 8 MB。请换一张，或在手机上打开本页，照片会自动缩小",
    "not_a_picture": "“{name}”不是照片，或已损坏。可以传 JPG、PNG、WebP",
    "too_many_pixels": "“{name}”尺寸太大。请在手机上打开本页，照片会自动缩小",
    "too_small": "“{name}”太小，看不清。请换一张",
}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class Photos(forms.FileField):
    """Photos, each drawn anew (engine.photos); how many there may be is the action's business."""

    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data, initial=None):
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(f"一次活动最多 {MOST_PHOTOS} 张照片，请去掉几张")
        return [self._clean_one(one) for one in files]

    @staticmethod
    def _clean_one(file) -> Clean:
        try:
            return clean_photo(file.read(LARGEST_FILE + 1))
        except PhotoRefused as refused:
            raise forms.ValidationError(REFUSED_PHOTO[refused.code].format(name=file.name[:40])) from refused


class NoPersonalNumbers(forms.Form):
    """Warns once of numbers that identify a person, in any text of the form; who has checked may keep them (PR4)."""

    numbers_checked = forms.BooleanField(required=False, widget=forms.HiddenInput(), label="已经看过，照样保存")
    warned_fields: tuple[str, ...] = ("note", "spot")

    def clean(self):
        cleaned = super().clean()
        for name in self.warned_fields:
            found = personal_numbers(str(cleaned.get(name) or ""))
            if found and not cleaned.get("numbers_checked"):
                words = "、".join(found)
                self.add_error(name, f"这里像是有{words}。台账不需要群众的个人信息，请删去；不是个人信息的，勾选下面一项再保存")
                self.fields["numbers_checked"].widget = forms.CheckboxInput()
        return cleaned
