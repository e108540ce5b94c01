"""The filter of a bank's list: read from an address, written into one, told in words."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.http import QueryDict

from mingfa.bank.listing import SORT_WORDS, SORTS, Narrowed, choices_of
from mingfa.bank.models import Bank, Difficulty, Question, QuestionTag, QuestionType

YES_NO = {"reserved": ("考试专用", "不是考试专用"), "used": ("考过", "没有考过")}
STATUSES = [choice for choice in Question.Status.choices if choice[0] != Question.Status.STAGED]
SHARE_WORDS = [
    ("hard", "低于 20%（太难）"), ("low", "20% 至 50%"), ("middle", "50% 至 80%"), ("high", "80% 至 95%"),
    ("easy", "高于 95%（太容易）"), ("none", "不到 30 人次，没有"),
]  # fmt: skip
CHANGED_WORDS = [("7", "7 天以内"), ("30", "30 天以内"), ("365", "一年以内"), ("older", "一年以前")]
# These stand open above the list; the rest unfolds.
FIRST = ("q", "type", "status", "topic")


def _choice(label: str, choices, empty: str = "全部") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


class ListFilter(forms.Form):
    """What a list is narrowed by and sorted by; nonsense in the address narrows nothing. Two statements, one of them
    kept in memory while the bank's edition stays."""

    q = forms.CharField(label="题干或选项含有", required=False, max_length=100)
    type = _choice("题型", QuestionType.choices)
    status = _choice("状态", STATUSES, "在用")
    topic = _choice("知识点", ())
    difficulty = forms.TypedChoiceField(
        label="难度（设定）", required=False, choices=[("", "全部"), *Difficulty.choices], coerce=int, empty_value=0
    )
    share = _choice("答对率（实测）", SHARE_WORDS)
    tag = forms.TypedChoiceField(label="标签", required=False, coerce=int, empty_value=0)
    law = _choice("依据法律", ())
    law_holds = _choice("依据时效", [("no", "有不再有效的依据")])
    reserved = _choice("考试专用", zip(("yes", "no"), YES_NO["reserved"], strict=True))
    used = _choice("使用", zip(("yes", "no"), YES_NO["used"], strict=True))
    changed = _choice("最近修改", CHANGED_WORDS)
    open_remarks = _choice("留言", [("yes", "有没处理的留言")])
    sort = _choice("排序", SORT_WORDS[1:], SORT_WORDS[0][1])

    def __init__(self, data, *, bank: Bank):
        super().__init__(data)
        topics, laws = choices_of(bank)
        self.fields["topic"].choices = [("", "全部"), *((one, one) for one in topics)]
        self.fields["law"].choices = [("", "全部"), *((one, one) for one in laws)]
        tags = QuestionTag.objects.filter(bank=bank).values_list("pk", "name")
        self.fields["tag"].choices = [("", "全部"), *tags]
        self.helper, self.first_helper = _helper(name for name in self.fields if name not in FIRST), _helper(FIRST)
        self.is_valid()
        self.errors.clear()  # nonsense in the address is no fault of the reader
        self.narrowed = Narrowed(**{name: value for name, value in self.cleaned_data.items() if name != "sort" and value})
        self.sort = self.cleaned_data.get("sort") or "newest"
        self.sort = self.sort if self.sort in SORTS else "newest"

    @property
    def unfolded(self) -> bool:
        """Whether anything is chosen that stands in the folded part."""
        return any(name not in FIRST for name in self.narrowed.chosen) or self.sort != "newest"

    @property
    def query(self) -> str:
        """The filter and order as the query string of an address, the same for the same filter."""
        given = QueryDict(mutable=True)
        given.update(self.narrowed.chosen | ({"sort": self.sort} if self.sort != "newest" else {}))
        return given.urlencode()

    @property
    def words(self) -> str:
        """The filter in words: “题型单选题，考试专用”. Empty without one."""
        said = []
        for name, value in self.narrowed.chosen.items():
            label = dict(self.fields[name].choices).get(value) if hasattr(self.fields[name], "choices") else f"“{value}”"
            said.append(f"{self.fields[name].label}：{label}")
        return "，".join(said)


def filter_from(query: str, bank: Bank) -> ListFilter:
    """The filter that a kept query string says, untrusted."""
    return ListFilter(QueryDict(query[:2000]), bank=bank)


def _helper(names) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.all_optional = True
    helper.layout = Layout(Row(*(Column(name, css_class="col-12 col-sm-6 col-lg-3 mb-3") for name in names)))
    return helper
