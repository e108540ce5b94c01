"""Answers that arrive after the end, and what the organiser decides about them. Every object is checked."""
import json

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from mingfa import clock
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import actions, saves
from ..engine.refusals import BadAnswer, Refusal
from ..forms import LateDecisionForm
from ..models import Sitting
from ..wording import sentence
from . import private, tell
from .candidate import own_sitting


@private
@require_POST
def arrive(request, sitting_id):
    """What a page could not send before the end; it says in words what becomes of it."""
    sitting = own_sitting(request, sitting_id)
    if len(request.body) > saves.LARGEST:
        status, facts = saves.too_large()
        return JsonResponse(facts, status=status)
    try:
        sent = json.loads(request.body)
        changes, epoch = (sent.get("changes"), sent.get("epoch")) if isinstance(sent, dict) else (None, None)
        waiting = actions.store_late_answers(sitting, changes, epoch=epoch, now=clock.now())
    except (ValueError, RecursionError):
        return JsonResponse({"code": "form", "words": sentence(BadAnswer("", "form"))}, status=400)
    except Refusal as refusal:
        status = 400 if isinstance(refusal, BadAnswer) else 409
        return JsonResponse({"code": refusal.code, "words": sentence(refusal)}, status=status)
    words = f"有 {waiting} 题在收卷以后才送到，已经登记，等组织单位决定是否计入。" if waiting else ""
    return JsonResponse({"waiting": waiting, "words": words})


@private
@require_POST
def decide(request, sitting_id):
    """Let them count, or not, with the reason."""
    sitting = get_object_or_404(Sitting.objects.select_related("candidate__exam__unit", "candidate__user"), pk=sitting_id)
    if not holds(request.user, Role.SETTER, unit=sitting.candidate.exam.unit):
        raise Http404
    form, accepted = LateDecisionForm(request.POST), request.POST.get("do") == "accept"
    if not form.is_valid():
        messages.error(request, "没有办理：" + next(iter(form.errors.values()))[0])
    elif request.POST.get("do") not in ("accept", "refuse"):
        messages.error(request, "没有办理：请选择计入或者不计入")
    else:
        done = f"{sitting.candidate.user.name}迟到的答案{'已计入，成绩已重新计算' if accepted else '不计入'}"
        given = {**form.cleaned_data, "accepted": accepted, "by": request.user, "now": clock.now()}
        tell(request, done, actions.decide_late_answers, sitting, **given)
    return redirect("exams:room", sitting.candidate.exam_id)
