"""The admin's forms of a course and of a lesson."""
from django.db.models import Q
from mingfa.bank.models import Question
from mingfa.pages import BasePageForm
from mingfa.people import access
from mingfa.people.models import Role


class CoursePageForm(BasePageForm):
    """A trainer puts courses only into units he or she is trainer of."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields and self.for_user is not None:
            self.fields["unit"].queryset = access.units_visible_to(self.for_user, Role.TRAINER)


class LessonPageForm(BasePageForm):
    """A check asks questions of the own banks and those above; what stands in it already may stay, whoever put it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        formset = self.formsets.get("check_questions")
        if formset is None or self.for_user is None:
            return
        # The models behind it are not there yet when this module is read.
        from .queries import askable_questions

        stored = [row.question_id for row in self.instance.check_questions.all()]
        askable = askable_questions(self.for_user).order_by().values("pk")
        allowed = Question.objects.filter(Q(pk__in=stored) | Q(pk__in=askable))
        for form in formset.forms:
            form.fields["question"].queryset = allowed
            form.fields["question"].error_messages["invalid_choice"] = "这道题不在您能用的题库里，请另选一题。"
