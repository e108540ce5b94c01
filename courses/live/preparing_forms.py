"""What the page 备课 asks: a file, a lesson, a poll, a question of a bank."""
from django import forms
from mingfa.people.models import User

from courses.models import CoursePage, LessonPage
from courses.queries import askable_questions, courses_of

from .models import Prepared
from .pdf import MOST_BYTES
from .wording import deck_problem

SECONDS = [("", "不限时"), ("30", "30 秒"), ("60", "1 分钟"), ("120", "2 分钟"), ("180", "3 分钟")]
MOST_OPTIONS, LONGEST_OPTION = 12, 100
WRITTEN = (Prepared.Kind.CLOUD, Prepared.Kind.TEXT, Prepared.Kind.SCALE)


def _seconds(**more):
    return forms.TypedChoiceField(label="时长", choices=SECONDS, coerce=int, empty_value=None, required=False, **more)


class DeckForm(forms.Form):
    """A PDF."""

    file = forms.FileField(
        label="课件文件", help_text="PDF，不超过 20 MB、200 页。PPT 请先另存为 PDF", max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "required": "还没有选文件。请选一个 PDF", "empty": "这个文件是空的。请重新选择",
            "max_length": "文件名太长。请改短后再传",
        },
    )  # fmt: skip

    def clean_file(self):
        """(name without its ending, content)."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(deck_problem("too_large", 0))
        return sent.name.rpartition(".")[0] or sent.name, sent.read()


def lessons_for(user: User):
    """Published lessons of the courses the user teaches, in order."""
    paths = courses_of(user).values_list("path", flat=True)
    found = LessonPage.objects.none()
    for path in paths:
        found = found | LessonPage.objects.filter(path__startswith=path)
    return found.live().order_by("path")


class LessonChoice(forms.ModelChoiceField):
    """Lessons with the name of their course before them, which is looked up once for all."""

    def label_from_instance(self, lesson):
        if not hasattr(self, "courses"):
            self.courses = dict(CoursePage.objects.values_list("path", "title"))
        return f"{self.courses.get(lesson.path[: -lesson.steplen], '')}：{lesson.title}"


class LessonForm(forms.Form):
    """A lesson whose pages become slides."""

    lesson = LessonChoice(
        None, label="哪一课", empty_label="请选择",
        error_messages={"required": "还没有选课。请选一课", "invalid_choice": "没有这一课，或者不归您讲"},
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lesson"].queryset = lessons_for(user)


class PollForm(forms.Form):
    """A poll."""

    text = forms.CharField(label="问什么", max_length=200, error_messages={"required": "还没有写问什么"})
    kind = forms.ChoiceField(label="形式", choices=[one for one in Prepared.Kind.choices if one[0] != Prepared.Kind.QUIZ])
    options = forms.CharField(
        label="选项", required=False, help_text="只有单选和多选要填，一行一个，2 到 12 个",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    seconds = _seconds()
    anonymous = forms.BooleanField(label="不记名", required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="poll_%s", **kwargs)  # other forms on the page have fields of the same name

    def clean(self):
        cleaned = super().clean()
        options = [one.strip() for one in cleaned.get("options", "").splitlines() if one.strip()]
        if cleaned.get("kind") in WRITTEN:
            options = []
        elif not 2 <= len(options) <= MOST_OPTIONS:
            self.add_error("options", f"选项要 2 到 {MOST_OPTIONS} 个，一行一个，现在有 {len(options)} 个")
        elif any(len(one) > LONGEST_OPTION for one in options):
            self.add_error("options", f"一个选项最多 {LONGEST_OPTION} 个字，请写短一些")
        return {**cleaned, "options": options}


class QuestionForm(forms.Form):
    """A question of a bank."""

    question = forms.IntegerField(
        label="试题", widget=forms.Select,
        error_messages={"required": "还没有选试题。请选一题", "invalid": "没有这道题，请重新选择"},
    )  # fmt: skip
    seconds = _seconds(initial="60")

    def __init__(self, *args, user, most, **kwargs):
        super().__init__(*args, auto_id="question_%s", **kwargs)
        self.user = user
        shown = [(one.pk, one.current.stem[:60]) for one in askable_questions(user)[:most]]
        self.fields["question"].widget.choices = [("", "请选择"), *shown]

    def clean_question(self):
        found = askable_questions(self.user).filter(pk=self.cleaned_data["question"]).first()
        if found is None:
            raise forms.ValidationError("没有这道题，或者它不在使用中。请重新选择")
        return found

    def clean_seconds(self):
        return self.cleaned_data["seconds"] or 60


class NotesForm(forms.Form):
    """A field for each page: its notes."""

    def __init__(self, *args, slides, **kwargs):
        super().__init__(*args, **kwargs)
        for slide in slides:
            self.fields[f"notes-{slide.number}"] = forms.CharField(
                label=f"第 {slide.number} 页备注", required=False, max_length=2000, initial=slide.notes,
                widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
                error_messages={"max_length": "一页的备注最多 2000 字，请写短一些"},
            )  # fmt: skip

    @property
    def notes(self) -> dict[int, str]:
        return {int(name.partition("-")[2]): words.replace("\r\n", "\n") for name, words in self.cleaned_data.items()}
