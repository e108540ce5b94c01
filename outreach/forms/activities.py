"""The record of an activity: made to be filled in on a phone in under a minute."""
from uuid import uuid4

from django import forms
from django.db.models import Q
from mingfa.people.models import OrgUnit

from ..actions import Record
from ..campaigns import campaigns_for
from ..legal_days import day_named, days_for
from ..models import Activity, Campaign, Stock
from .entries import StockChoice
from .fields import Day, NoPersonalNumbers, Photos, PlaceChoice, Quantity

# Chosen most often, and so in sight; the others stand under 更多.
USUAL = (Activity.Form.STALL, Activity.Form.VISIT, Activity.Form.TALK)
MOST_PILLS = 6  # more choices than these are a list
# What of the form is no part of the record itself.
BESIDE = ("key", "unit", "numbers_checked", "photos")


class CampaignChoice(forms.ModelChoiceField):
    def __init__(self, **more):
        super().__init__(error_messages={"invalid_choice": "这个宣传计划已经总结，或不在您的范围里。请重新选"}, **more)


class UnitChoice(PlaceChoice):
    """Who holds an activity: the district itself, not its store."""

    label_from_instance = staticmethod(str)


def _pills() -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"class": "form-check-input"})


class ActivityForm(NoPersonalNumbers):
    warned_fields = ("name", "spot", "partners", "staff", "note", "media")
    MORE = ("received", "aided", "suggestions", "displays", "online", "media")

    key = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4, error_messages={"invalid": "请重新打开登记页"})
    name = forms.CharField(label="活动名称", max_length=80, error_messages={"required": "请填活动名称"})
    form = forms.ChoiceField(
        label="形式", choices=Activity.Form.choices, initial="stall", widget=_pills(), error_messages={"required": "请选形式"}
    )
    unit = UnitChoice(queryset=OrgUnit.objects.none(), label="主办单位", empty_label=None)
    spot = forms.CharField(label="地点", max_length=100, error_messages={"required": "请填地点，例如：老街集市"})
    held_on = Day(label="日期")
    audience = Quantity(label="受众人数", least=0)
    is_counted = forms.TypedChoiceField(
        label="人数怎样来的", choices=[("no", "现场估计"), ("yes", "逐人清点")], initial="no",
        coerce=lambda word: word == "yes", widget=_pills(),
        help_text="估计的和清点的在报告里分开算",
        error_messages={"required": "请选人数是估计的还是清点的"},
    )  # fmt: skip
    consulted = Quantity(label="咨询人次", least=0, required=False)
    legal_day = forms.ChoiceField(label="法定节点", required=False)
    campaign = CampaignChoice(
        queryset=Campaign.objects.none(), label="属于哪个宣传计划", required=False, empty_label="不属于计划"
    )
    staff = forms.CharField(label="工作人员", max_length=120, required=False)
    partners = forms.CharField(label="联合单位", max_length=120, required=False)
    note = forms.CharField(label="说明", max_length=300, required=False)
    received = Quantity(label="接待群众（人次）", least=0, required=False)
    aided = Quantity(label="受理法律援助（件）", least=0, required=False)
    suggestions = Quantity(label="收到意见建议（条）", least=0, required=False)
    displays = Quantity(
        label="横幅、展板等（条次）", least=0, required=False, help_text="横幅、展板、挂图、宣传车、电子屏合在一起数"
    )
    online = Quantity(label="线上阅读、答题（人次）", least=0, required=False)
    media = forms.CharField(
        label="媒体报道", max_length=300, required=False, help_text="媒体名称或报道的网址，几篇用空格隔开"
    )
    photos = Photos(
        label="拍照或选照片", required=False,
        help_text="最多 6 张。位置信息会去掉；有正脸的，请先打码",
    )  # fmt: skip

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=[one.pk for one in places]).order_by("path")
        self.fields["legal_day"].choices = [("", "不是"), *self._days(places)]
        # What a record belongs to already stays possible, also after the campaign was closed or the day ended.
        own = getattr(self.initial.get("campaign"), "pk", None)
        running = campaigns_for(places).order_by().values("pk")
        self.fields["campaign"].queryset = Campaign.objects.filter(Q(pk__in=running) | Q(pk=own)).order_by("-starts_on", "-pk")

        for field in (self.fields["unit"], self.fields["campaign"], self.fields["legal_day"]):
            if len(field.choices) <= MOST_PILLS:
                field.widget = _pills()
                field.widget.choices = field.choices

    def usual_forms(self) -> list:
        return [one for one in self["form"] if one.data["value"] in USUAL]

    def other_forms(self) -> list:
        return [one for one in self["form"] if one.data["value"] not in USUAL]

    def is_other_form(self) -> bool:
        return (self["form"].value() or USUAL[0]) not in USUAL

    def _days(self, places) -> list[tuple[str, str]]:
        days = days_for(places)
        own = day_named(self.initial.get("legal_day") or "")
        return [(one.key, one.name) for one in ([*days, own] if own and own.key not in {d.key for d in days} else days)]

    def more(self) -> list:
        """What few records need: it stands folded."""
        return [self[name] for name in self.MORE]

    def tells_more(self) -> bool:
        return any(one.errors or one.value() not in (None, "") for one in self.more())

    def record(self) -> Record:
        given = {name: value for name, value in self.cleaned_data.items() if name not in BESIDE}
        return Record(**given)


class HandedForm(forms.Form):
    """One material handed out."""

    stock = StockChoice(label="资料", required=False)
    quantity = Quantity(label="数量", required=False)

    def __init__(self, *args, stocks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stock"].queryset = stocks

    def clean(self):
        cleaned = super().clean()
        stock, quantity = cleaned.get("stock"), cleaned.get("quantity")
        if stock and quantity is None and "quantity" not in self.errors:
            self.add_error("quantity", "请填发了多少")
        if quantity and not stock and "stock" not in self.errors:
            self.add_error("stock", "请选是哪种资料")
        return cleaned


HandedForms = forms.formset_factory(HandedForm, extra=5, max_num=10, absolute_max=10)


def handed_forms(data, *, places, initial=()):
    """The rows of materials; five empty ones after what is there."""
    stocks = (
        Stock.objects.filter(place__in=places).select_related("batch__material", "place")
        .order_by("batch__material__name", "batch", "place__path")
    )  # fmt: skip
    there = [one["stock"] for one in initial]
    held = stocks.filter(balance__gt=0) | stocks.filter(pk__in=there)
    return HandedForms(data, prefix="handed", initial=list(initial), form_kwargs={"stocks": held})


def handed_of(formset) -> list[tuple[Stock, int]]:
    rows = (one.cleaned_data for one in formset if one.cleaned_data)
    return [(row["stock"], row["quantity"]) for row in rows if row.get("stock")]
