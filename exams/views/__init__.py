"""Views of exams: the doors they stand behind, and how they tell what an action did."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

from ..engine.refusals import Refusal
from ..models import Exam
from ..wording import sentence


def private(view):
    """Signed in, never kept by browser or proxy: a shared computer shows nothing after signing out (AL5)."""
    return login_required(never_cache(view))


def exam_set_by(request, exam_id: int) -> Exam:
    """The exam, if its unit is one the person sets exams for; else it does not exist for them (Http404)."""
    exams = Exam.objects.select_related("unit", "blueprint__bank")
    return get_object_or_404(exams, pk=exam_id, unit__in=units_visible_to(request.user, Role.SETTER))


def tell(request, done, action, *args, **kwargs) -> None:
    """Carry out an action and put on the next page what it did, or why it was refused.

    Args:
        done: the sentence, or a function that makes it from what the action returned.
    """
    try:
        result = action(*args, **kwargs)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done(result) if callable(done) else done)
