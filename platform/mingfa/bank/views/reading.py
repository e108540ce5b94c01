"""Who may read a question with its key: setters and reviewers of its bank's unit, but nobody who is sitting it."""

from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mingfa.bank.models import Bank, Question
from mingfa.bank.queries import banks_of
from mingfa.bank.registry import withheld_from
from mingfa.people.access import require, units_visible_to
from mingfa.people.models import Role
from mingfa.review.queries import STEP_ROLES

READERS = (Role.SETTER, *STEP_ROLES)


def for_readers(view):
    """Pages with keys on them: signed in, 出题人 or a reviewer somewhere, and kept by no cache."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        require(request.user, *READERS)
        return view(request, *args, **kwargs)

    return login_required(never_cache(checked))


def readable_bank_or_404(user, bank_id: int) -> Bank:
    """A bank of a unit the person sets questions or reviews for."""
    bank = _readable(user).select_related("unit").filter(pk=bank_id).first()
    if bank is None:
        raise Http404
    return bank


def readable_question_or_404(user, question_id: int) -> Question:
    """A question of such a bank; those still being imported do not exist."""
    found = Question.objects.select_related("bank__unit", "current").exclude(status=Question.Status.STAGED)
    question = found.filter(pk=question_id, bank__in=_readable(user)).first()
    if question is None:
        raise Http404
    return question


def is_sitting(user, question_id: int, now: datetime) -> bool:
    """Whether the question stands on a paper that the person is sitting: then nobody may tell him or her the key."""
    return question_id in withheld_from(user, now)


def withheld(request, question: Question):
    """The page instead of the key."""
    return render(request, "bank/withheld.html", {"question": question}, status=403)


def _readable(user):
    return banks_of(units_visible_to(user, *READERS))
