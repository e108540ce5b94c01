"""Forms of the setter's pages."""

import re
from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms

from mingfa.bank import bulk, drafts, queries
from mingfa.bank.exchange.exporting import FORMATS
from mingfa.bank.importing.answers import blank_answers
from mingfa.bank.importing.messages import sentence
from mingfa.bank.models import Bank, Difficulty, Question, QuestionType
from mingfa.library.citations import format_citation, parse_citations
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

LETTERS = "ABCDEFGH"
# Cases have sub-questions and come by import only.
WRITABLE_TYPES = [choice for choice in QuestionType.choices if choice[0] != QuestionType.CASE]


def _helper(*layout) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper


class BankForm(forms.ModelForm):
    """A new bank of a unit the person sets questions for; reviewed, unless the box is emptied."""

    class Meta:
        model = Bank
        fields = ["name", "unit", "reviewed"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_visible_to(user, Role.SETTER).order_by("path")
        self.fields["unit"].empty_label = None
        self.fields["reviewed"].initial = True
        self.helper = _helper()


class ReviewRulesForm(forms.ModelForm):
    """审核设置 of a bank."""

    class Meta:
        model = Bank
        fields = ["reviewed", "author_first"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class QuestionForm(forms.Form):
    """One question of a fixed type, new or as the next version. `draft` is what was written, once valid."""

    stem = forms.CharField(label="题干", widget=forms.Textarea(attrs={"rows": 4}), strip=True)
    explanation = forms.CharField(label="解析", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    citations = forms.CharField(
        label="依据", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="每行一处，如：《信访工作条例》第十七条第二款",
    )  # fmt: skip
    difficulty = forms.TypedChoiceField(label="难度", choices=Difficulty.choices, coerce=int, initial=2)
    topic = forms.CharField(label="知识点", required=False, max_length=60)
    marks = forms.DecimalField(
        label="分值", required=False, min_value=0.1, max_digits=5, decimal_places=1,
        help_text="考试按组卷规则计分，这里是建议分值",
    )  # fmt: skip

    def __init__(self, *args, bank: Bank, type: str, question: Question | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.bank, self.type, self.question = bank, type, question
        options = [f"option_{letter}" for letter in LETTERS] if type in drafts.CHOICES else []
        for name in options:
            self.fields[name] = forms.CharField(
                label=f"选项 {name[-1]}", required=name[-1] in "AB", widget=forms.Textarea(attrs={"rows": 1})
            )
        self.fields["answer"] = _answer_field(type)
        if type in drafts.WITH_OPTIONS and type not in drafts.CHOICES:
            options = ["items"]
            self.fields["items"] = _items_field(type)
            del self.fields["answer"]
        order = ["stem", *options, *(["answer"] if "answer" in self.fields else ()), "explanation", "citations"]
        order += ["difficulty", "topic", "marks"]
        if question:
            self.fields["seen"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
            order.insert(0, "seen")
        self.order_fields(order)
        sides = [Column(name, css_class="col-12 col-sm-4 mb-3") for name in ("difficulty", "topic", "marks")]
        self.helper = _helper(*order[:-3], Row(*sides, css_class="mt-4"))

    def ask_again(self) -> None:
        """Somebody was faster: what was written stays in the form, and saving it again is a decision."""
        current = Question.objects.select_related("current__created_by").get(pk=self.question.pk).current
        self.data = self.data.copy()
        self.data["seen"] = current.number
        who = current.created_by or "别人"
        words = f"没有保存：{who}刚把这一题存成了第 {current.number} 版。您写的还在下面；请先看那一版，仍要用您写的，再保存一次。"
        self.add_error(None, words)

    def clean_citations(self):
        """Each line must hold a citation: one that is not understood would be lost."""
        lines = [line for line in self.cleaned_data["citations"].splitlines() if line.strip()]
        for line in lines:
            if not parse_citations(line):
                raise forms.ValidationError(f"“{line[:40]}”认不出法律名称和条号。请写成《信访工作条例》第十七条。")
        return tuple(dict.fromkeys(ref for line in lines for ref in parse_citations(line)))

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.draft = drafts.tidy(self._draft(cleaned))
        for problem in drafts.problems(self.draft):
            self.add_error(self._field_of(problem), sentence(problem))
        if not self.errors:
            self._refuse_repeat()
        return cleaned

    def _draft(self, cleaned) -> drafts.QuestionDraft:
        options = [cleaned.get(f"option_{letter}", "") for letter in LETTERS]
        while options and not options[-1].strip():
            options.pop()
        prompts, answer = (), "".join(cleaned.get("answer", ""))
        if self.type == drafts.ORDER:
            options = _lines(cleaned["items"])
            answer = drafts.letters(options)
        elif self.type == drafts.MATCH:
            prompts, options, answer = pairs_of(cleaned["items"])
        elif self.type == drafts.BLANK:
            answer = blank_answers(answer)
        return drafts.QuestionDraft(
            type=self.type,
            stem=cleaned["stem"],
            options=tuple(options),
            prompts=tuple(prompts),
            answer=answer,
            explanation=cleaned["explanation"],
            difficulty=cleaned["difficulty"],
            topic=cleaned["topic"],
            marks=cleaned["marks"],
            citations=cleaned["citations"],
            source="页面录入",
        )

    def _field_of(self, problem: drafts.Problem) -> str:
        if "items" in self.fields and problem.part in ("options", "prompts", "answer"):
            return "items"
        if problem.part == "options":
            return f"option_{problem.facts[-1]}"
        return problem.part

    def _refuse_repeat(self) -> None:
        others = queries.questions_worded(self.bank, self.draft)
        if self.question:
            others = others.exclude(pk=self.question.pk)
        other = others.first()
        if other:
            self.add_error("stem", f"题库里编号 {other.pk} 的试题题干相同。请改那一题，或把题干写得能分清。")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def pairs_of(text: str) -> tuple[list[str], list[str], str]:
    """(left sides, right sides, key) from lines “左 = 右”; “= 右” is a right side that belongs to none.

    A line without an equals sign is a left side without partner, which the draft's check tells.
    """
    prompts, options, answer = [], [], ""
    for line in _lines(text):
        left, found, right = (part.strip() for part in line.replace("＝", "=").partition("="))
        if right and right not in options:
            options.append(right)
        if left:
            prompts.append(left)
            answer += drafts.letters(options)[options.index(right)] if found and right else ""
    return prompts, options, answer


def _items_of(view: queries.VersionView) -> str:
    """The options of 排序 or 配对 as the form's lines."""
    if view.type == drafts.ORDER:
        return "\n".join(view.options[ord(letter) - 65] for letter in view.answer)
    if view.type != drafts.MATCH:
        return ""
    lines = [f"{prompt} = {view.options[ord(letter) - 65]}" for prompt, letter in zip(view.prompts, view.answer, strict=True)]
    unused = [text for letter, text in zip(drafts.letters(view.options), view.options, strict=True) if letter not in view.answer]
    return "\n".join([*lines, *(f"= {text}" for text in unused)])


def initial_of(question: Question, view: queries.VersionView) -> dict:
    """The current version as the form's first values."""
    initial = {"items": _items_of(view)} | {f"option_{letter}": text for letter, text in zip(LETTERS, view.options, strict=False)}
    return initial | {
        "stem": view.stem,
        "answer": list(view.answer) if view.type == drafts.MULTIPLE else view.answer,
        "explanation": view.explanation,
        "citations": "\n".join(format_citation(ref) for ref in view.citations),
        "difficulty": question.current.difficulty,
        "topic": question.topic,
        "marks": question.current.marks,
        "seen": question.current.number,
    }


def _items_field(type: str) -> forms.Field:
    if type == drafts.ORDER:
        label, hint = "各项", "按正确顺序写，每行一项，2 到 9 项。考试时打乱，考生排回来"
    else:
        label, hint = "各对", "每行一对，如：行政复议 = 六十日。右边多出来的干扰项写成：= 三十日"
    return forms.CharField(label=label, help_text=hint, widget=forms.Textarea(attrs={"rows": 6}))


def _answer_field(type: str) -> forms.Field:
    letters = [(letter, letter) for letter in LETTERS]
    if type == drafts.MULTIPLE:
        return forms.MultipleChoiceField(
            label="正确答案", choices=letters, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "没有选正确答案。请选上。"},
        )  # fmt: skip
    if type in (drafts.SINGLE, drafts.JUDGE):
        choices = letters if type == drafts.SINGLE else [("T", "正确"), ("F", "错误")]
        return forms.ChoiceField(
            label="正确答案", choices=choices, widget=forms.RadioSelect,
            error_messages={"required": "没有选正确答案。请选上。"},
        )  # fmt: skip
    hint = "每行一空，几种写法都算对时用 | 隔开" if type == drafts.BLANK else "评分要点，每行一点，可以写分值，供阅卷人参考"
    return forms.CharField(label="正确答案", widget=forms.Textarea(attrs={"rows": 3}), help_text=hint)


class UploadForm(forms.Form):
    """A file of questions."""

    file = forms.FileField(
        label="试题文件", help_text="Word、文本、Excel、CSV、GIFT、Aiken、Moodle XML 或 QTI，不超过 20 MB", allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.txt,.xlsx,.csv,.gift,.xml,.zip"}),
        error_messages={"required": "还没有选文件。请选一个试题文件。"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class ExportForm(forms.Form):
    """Which format, whether questions that exams keep to themselves go along, and of many questions which part.

    parts: (first, last) question id of each part of what was asked for.
    """

    format = forms.ChoiceField(
        label="格式", widget=forms.RadioSelect, choices=[(one.code, one.name) for one in FORMATS.values()],
        error_messages={"required": "还没有选格式。请选一个。", "invalid_choice": "没有这种格式。请从上面选一个。"},
    )  # fmt: skip
    kept = forms.BooleanField(label="连同考试专用和还没考完的考试要用的题", required=False)
    part = forms.TypedChoiceField(
        label="哪一部分", required=False, coerce=int, empty_value=1,
        error_messages={
            "required": "题太多，要分成几个文件导出。请选一部分。", "invalid_choice": "没有这一部分。请从上面选一个。",
        },
    )  # fmt: skip

    def __init__(self, data=None, *, parts: Sequence[tuple[int, int]]):
        super().__init__(data)
        self.fields["part"].choices = [
            (number, f"第 {number} 部分：编号 {first} 到 {last}") for number, (first, last) in enumerate(parts, start=1)
        ]
        if len(parts) > 1:
            self.fields["part"].required = True
        else:
            del self.fields["part"]
        self.helper = _helper()


LONGEST_TAG = 30


def split_tags(text: str) -> tuple[list[str], str]:
    """(names, what is wrong) of tags written one after the other, parted by commas, 、 or blanks."""
    names = list(dict.fromkeys(re.sub(r"[，、,;；\s]+", " ", drafts.UNWANTED.sub("", text)).split()))
    for name in names:
        if len(name) > LONGEST_TAG:
            return [], f"标签“{name[:10]}…”太长，最多 {LONGEST_TAG} 个字"
    return (names, "") if len(names) <= 20 else ([], "一题最多 20 个标签")


class BulkForm(forms.Form):
    """The value that a bulk action needs, asked for when it is missing. `action` and `value` once valid."""

    def __init__(self, data, *, bank: Bank, targets):
        action = data.get("action", "")
        self.action = action if action in bulk.ACTIONS else ""
        super().__init__(data if data.get("value") is not None else None)
        self.helper = _helper()
        if self.action in bulk.NEEDS_VALUE:
            self.fields["value"] = self._value_field(bank, targets)

    def _value_field(self, bank: Bank, targets) -> forms.Field:
        if self.action == "grade":
            return forms.ChoiceField(label="难度", choices=Difficulty.choices)
        if self.action == "move":
            return forms.ModelChoiceField(
                targets, label="移到", empty_label=None,
                help_text="本单位、上级和下级单位里您负责出题的题库。移到别的单位要审核的题库，原来的签审不算，要重新送审",
            )
        if self.action == "untag":
            return forms.ChoiceField(label="标签", choices=[(tag.name, tag.name) for tag in bulk.tags_of(bank)])
        if self.action == "topic":
            return forms.CharField(label="知识点", max_length=60, help_text="组卷规则按知识点抽题，尽量用已有的名称")
        return forms.CharField(label="标签", max_length=LONGEST_TAG, help_text="没有的会新建。不能有空格和逗号")

    def clean_value(self):
        value = self.cleaned_data["value"]
        if self.action == "tag":
            names, wrong = split_tags(value)
            if wrong or len(names) != 1:
                raise forms.ValidationError(wrong or "请写一个标签，不能有空格和逗号。")
            return names[0]
        return str(value.pk) if self.action == "move" else drafts.UNWANTED.sub("", value).strip()

    @property
    def is_valid_action(self) -> bool:
        return bool(self.action)

    @property
    def is_complete(self) -> bool:
        """Whether everything is there that the action needs."""
        return self.action not in bulk.NEEDS_VALUE or self.is_valid()

    @property
    def value(self) -> str:
        return self.cleaned_data.get("value", "") if self.is_bound and self.action in bulk.NEEDS_VALUE and self.is_valid() else ""
