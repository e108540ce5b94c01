"""Forms of the public quiz: which questions, which codes."""
from django import forms
from mingfa.people.models import OrgUnit

from ..campaigns import campaigns_of
from ..models import Activity, Batch, Campaign, Code, QuestionRelease
from ..queries import batches_of
from ..quizzes import FEWEST, MOST, releases_for
from .activities import UnitChoice
from .fields import NoPersonalNumbers


class ReleaseChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, release):
        return release.version.stem


class QuizForm(NoPersonalNumbers):
    warned_fields = ("name",)

    name = forms.CharField(label="名称", max_length=60, help_text="群众看得到", error_messages={"required": "请填名称"})
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(), label="属于哪个宣传计划", required=False, empty_label="不属于计划",
        error_messages={"invalid_choice": "这个计划不在您的范围里。请重新选"},
    )  # fmt: skip
    releases = ReleaseChoices(
        queryset=QuestionRelease.objects.none(), label=f"题目，选 {FEWEST} 到 {MOST} 道", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": f"请选 {FEWEST} 到 {MOST} 道题", "invalid_choice": "有一道题已经撤下。请刷新页面再选"},
    )  # fmt: skip
    help = forms.CharField(
        label="答完告诉群众找谁", max_length=200, required=False,
        help_text="例如：法律服务热线 12348；区信访接待中心，周三律师坐班",
    )  # fmt: skip

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns_of(places).exclude(state=Campaign.State.CLOSED)
        self.fields["releases"].queryset = releases_for(places)


class CodeForm(NoPersonalNumbers):
    """One code: of a batch, of an activity, or of a spot."""

    warned_fields = ("spot",)

    unit = UnitChoice(queryset=OrgUnit.objects.none(), label="答案算在哪里", empty_label=None)
    phase = forms.ChoiceField(
        label="什么时候扫", choices=Code.Phase.choices, initial=Code.Phase.ONCE,
        help_text="要看效果的活动，进场扫“活动前”，散场扫“活动后”，30 天后再贴一次",
    )  # fmt: skip
    batch = forms.ModelChoiceField(
        queryset=Batch.objects.none(), label="印在哪批资料上", required=False, empty_label="不印在资料上"
    )
    activity = forms.ModelChoiceField(
        queryset=Activity.objects.none(), label="哪次活动", required=False, empty_label="不属于一次活动"
    )
    spot = forms.CharField(label="贴在哪里", max_length=100, required=False, help_text="例如：政务服务中心一楼")

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=[one.pk for one in places]).order_by("path")
        self.fields["batch"].queryset = batches_of(places).select_related("material")
        self.fields["activity"].queryset = Activity.objects.filter(unit__in=places).order_by("-held_on", "-pk")

    def clean(self):
        cleaned = super().clean()
        if sum(1 for name in ("batch", "activity", "spot") if cleaned.get(name)) != 1 and not self.errors:
            raise forms.ValidationError("批次、活动、贴在哪里，三样选一样")
        activity = cleaned.get("activity")
        if activity and cleaned.get("unit") and activity.unit_id != cleaned["unit"].pk:
            cleaned["unit"] = activity.unit
        return cleaned

    def arguments(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "numbers_checked"}
