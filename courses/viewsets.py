"""The chooser of check questions: stems only, never a key, never a question reserved for exams."""
from django.db.models import Q
from mingfa.bank.models import Question
from mingfa.errors import NotFound
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from . import queries


class StemFilterForm(SearchFilterMixin, BaseFilterForm):
    """Finds words of the stem; the keys and explanations are not searched."""

    def filter(self, objects):
        words = self.cleaned_data.get("q", "").split()
        self.is_searching = bool(words)
        self.search_query = " ".join(words)
        wanted = Q()
        for word in words:
            wanted &= Q(current__stem__icontains=word) | Q(topic__icontains=word)
        return objects.filter(wanted)


class OwnQuestions:
    """Only what this person may put into a check, for lists and for single numbers alike."""

    filter_form_class = StemFilterForm

    def get_object_list(self):
        return queries.askable_questions(self.request.user)

    def get_object(self, pk):
        question = queries.askable_questions(self.request.user).filter(pk=pk).first()
        if question is None:
            raise NotFound("没有这道题，或者不能用于测一测。")
        return question

    def get_objects(self, pks):
        return queries.askable_questions(self.request.user).filter(pk__in=pks)

    @property
    def columns(self):
        return [
            *super().columns,
            Column("type", label="题型", accessor=lambda question: question.current.get_type_display()),
            Column("topic", label="知识点", accessor="topic"),
            Column("bank", label="题库", accessor="bank"),
        ]


class QuestionChooseView(OwnQuestions, ChooseView):
    pass


class QuestionResultsView(OwnQuestions, ChooseResultsView):
    pass


class QuestionChosenView(OwnQuestions, ChosenView):
    pass


class QuestionsChosenView(OwnQuestions, ChosenMultipleView):
    pass


class CheckQuestionChooser(ChooserViewSet):
    model = Question
    icon = "help"
    choose_one_text = "选择试题"
    choose_another_text = "换一题"
    edit_item_text = "查看试题"
    choose_view_class = QuestionChooseView
    choose_results_view_class = QuestionResultsView
    chosen_view_class = QuestionChosenView
    chosen_multiple_view_class = QuestionsChosenView


question_chooser = CheckQuestionChooser("check_question_chooser")
