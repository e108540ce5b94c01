"""Which banks and questions exist for a person: those of the units he or she sets questions for."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.views.decorators.cache import never_cache

from mingfa.bank.models import Bank, Question
from mingfa.bank.queries import banks_of
from mingfa.people.access import require, units_visible_to
from mingfa.people.models import Role


def for_setters(view):
    """Pages with keys on them: signed in, 出题人 somewhere, and kept by no cache."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        require(request.user, Role.SETTER)
        return view(request, *args, **kwargs)

    return login_required(never_cache(checked))


def visible_banks(user):
    """The banks of the units the person is a 出题人 for."""
    return banks_of(units_visible_to(user, Role.SETTER))


def bank_or_404(user, bank_id: int) -> Bank:
    bank = visible_banks(user).select_related("unit").filter(pk=bank_id).first()
    if bank is None:
        raise Http404
    return bank


def question_or_404(user, question_id: int) -> Question:
    """Questions still being imported do not exist for anybody."""
    found = Question.objects.select_related("bank__unit", "current").exclude(status=Question.Status.STAGED)
    question = found.filter(pk=question_id, bank__in=visible_banks(user)).first()
    if question is None:
        raise Http404
    return question
