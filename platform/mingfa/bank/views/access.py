"""Which banks and questions exist for a person: those of the units he or she sets questions for."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.cache import never_cache

from mingfa import clock
from mingfa.bank.models import Bank, Question
from mingfa.bank.queries import banks_of, is_sat_by
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


def keys_of_bank_or_404(user, bank_id: int) -> Bank:
    """The bank for a page that shows keys, or lets them be tried out (near questions, an import that contradicts one)."""
    bank = bank_or_404(user, bank_id)
    refuse_while_sitting(user, bank)
    return bank


def keys_of_question_or_404(user, question_id: int) -> Question:
    """The question for a page that shows its key."""
    question = question_or_404(user, question_id)
    refuse_while_sitting(user, question.bank)
    return question


def refuse_while_sitting(user, bank: Bank) -> None:
    """AL1: no keys of a bank for somebody who is sitting a paper with any of its questions.

    The whole bank, as with exports: of a single one the near questions, a trial import or another wording would tell.
    """
    if is_sat_by(user, bank, clock.now()):
        raise PermissionDenied(f"您正在作答的试卷用到题库“{bank.name}”。交卷以后再看答案、改题和导入。")
