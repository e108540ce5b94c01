"""Forms of the ledger, one for each 事项. `arguments()` is what the action of the same 事项 takes."""
from uuid import uuid4

from django import forms
from mingfa.people.models import OrgUnit

from .. import queries
from ..models import Batch, Material, Stock
from ..wording import count, place_name
from .fields import Day, NoPersonalNumbers, PlaceChoice, Quantity

WORDS = {"required": "请选资料", "invalid_choice": "这种资料现在这里没有结存。请刷新页面以后再选"}


def _units(places) -> "forms.models.QuerySet[OrgUnit]":
    return OrgUnit.objects.filter(pk__in=[one.pk for one in places]).order_by("path")


class StockChoice(forms.ModelChoiceField):
    """A batch at a place, with what lies there."""

    def __init__(self, **more):
        super().__init__(queryset=Stock.objects.none(), error_messages=WORDS, empty_label="请选择", **more)

    def label_from_instance(self, stock):
        batch = stock.batch
        return f"{batch.material} {batch.label}，{place_name(stock.place)}结存 {count(stock.balance)} {batch.material.measure}"


class EntryForm(NoPersonalNumbers):
    """What every entry has. `places`: the stores the person keeps."""

    key = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4, error_messages={"invalid": "请重新打开登记页"})
    day = Day(label="日期")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places
        if "stock" in self.fields:
            self.fields["stock"].queryset = (
                Stock.objects.filter(place__in=places, balance__gt=0)
                .select_related("batch__material", "place")
                .order_by("batch__material__name", "batch", "place__path")
            )
        for name in ("place", "to"):
            if name in self.fields:
                self.fields[name].queryset = self.stores(name)
        if "place" in self.fields and len(places) == 1:
            self.fields["place"].initial = places[0]

    def stores(self, name: str):
        return _units(self.places)

    def arguments(self) -> dict:
        given = {name: value for name, value in self.cleaned_data.items() if name != "numbers_checked"}
        stock = given.pop("stock", None)
        return {**given, "batch": stock.batch, "place": stock.place} if stock else given


class ReceiveForm(EntryForm):
    material = forms.ModelChoiceField(
        queryset=Material.objects.none(), label="品名", empty_label="请选择", error_messages=WORDS
    )
    label = forms.CharField(
        label="印制批次", max_length=40, help_text="例如：2026 年第 1 批。同一批分几次到的，写同样的批次",
        error_messages={"required": "请写明是哪一批"},
    )  # fmt: skip
    place = PlaceChoice(queryset=OrgUnit.objects.none(), label="存放在", empty_label="请选择")
    quantity = Quantity(label="数量")
    field_order = ("material", "label", "place", "quantity", "day", "note", "numbers_checked", "key")

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, places=places, **kwargs)
        self.fields["material"].queryset = queries.materials_of(places)


class TransferForm(EntryForm):
    stock = StockChoice(label="资料和调出的地方")
    to = PlaceChoice(queryset=OrgUnit.objects.none(), label="调到", empty_label="请选择")
    quantity = Quantity(label="数量")
    field_order = ("stock", "to", "quantity", "day", "note", "numbers_checked", "key")


class SendBackForm(TransferForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stock"].label, self.fields["to"].label = "资料和退回的地方", "退到"

    def stores(self, name):
        return _units(queries.stores_above(self.places))


class HandOutForm(EntryForm):
    stock = StockChoice(label="资料和出库的地方")
    quantity = Quantity(label="数量")
    spot = forms.CharField(
        label="发放地点", max_length=100, help_text="例如：老街集市、樟树村院坝。活动中发放的，请在“记一次活动”里登记",
        error_messages={"required": "请写发到哪里"},
    )  # fmt: skip
    field_order = ("stock", "quantity", "spot", "day", "note", "numbers_checked", "key")

    def arguments(self):
        given = super().arguments()
        items = [(given.pop("batch"), given.pop("quantity"))]
        return {**given, "items": items}


class LossForm(EntryForm):
    stock = StockChoice(label="资料和存放的地方")
    quantity = Quantity(label="数量")
    note = forms.CharField(label="原因", max_length=200, error_messages={"required": "请写明原因，例如：受潮"})
    field_order = ("stock", "quantity", "note", "day", "numbers_checked", "key")


class CountForm(EntryForm):
    batch = forms.ModelChoiceField(queryset=Batch.objects.none(), label="资料", empty_label="请选择", error_messages=WORDS)
    place = PlaceChoice(queryset=OrgUnit.objects.none(), label="存放在", empty_label="请选择")
    counted = Quantity(label="实际点到", least=0, help_text="当天结束时的数。和账面不同的，台账按实际数改，差额记在“盘点”里")
    field_order = ("batch", "place", "counted", "day", "note", "numbers_checked", "key")

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, places=places, **kwargs)
        self.fields["batch"].queryset = queries.batches_of(places)


FORMS = {
    "receive": ReceiveForm, "transfer": TransferForm, "hand_out": HandOutForm, "send_back": SendBackForm,
    "lose": LossForm, "count": CountForm,
}  # fmt: skip
