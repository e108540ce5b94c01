"""补学小测: an offer, its questions, and what the law says now beside what it said."""
import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.changes.models import LawChange

from .. import actions, practice, topups
from ..actions.saving import form_answers
from ..engine.refusals import BadAnswer
from ..models import Exam, TopUp
from ..rendering import parts_of, questions_html, review
from . import private
from .practice import without_withheld


@require_safe
@private
def top_up(request, change_id):
    """The questions of an open offer; done or dismissed ones do not exist any more."""
    offer = topups.offer_for(request.user, change_id, now=clock.now())
    if offer is None:
        raise Http404
    seed = secrets.randbits(48)
    items = topups.draw(offer, seed=seed)
    paper = practice.loaded(items, seed=seed)
    return render(request, "exams/topup/paper.html", {
        "offer": offer, "total": len(items), "sealed": practice.seal(items, seed, request.user),
        "questions_html": questions_html(paper, parts_of(paper), {}),
    })  # fmt: skip


@private
@require_POST
def result(request, change_id):
    """What was right, each with its explanation and the old and new text. From then on it is not offered again."""
    change = _change_or_404(request, change_id)
    paper = practice.unseal(request.POST.get("paper", ""), request.user)
    chosen = {name: request.POST.getlist(name) for name in request.POST if name.startswith("q")}
    try:
        answers = form_answers(paper, chosen) if paper else None
    except BadAnswer:
        answers = None
    if answers is None:
        messages.error(request, "这份小测已经过期，请重新打开。")
        return redirect("me")
    rows = practice.marked(
        paper, {place: (answer, 1) for place, answer in answers.items()}, policy=Exam.MultiplePolicy.ALL_OR_NOTHING
    )
    items = review(paper, without_withheld(request.user, paper, rows), {})
    if items:
        actions.finish_top_up(request.user, change, now=clock.now())
    return render(request, "exams/topup/result.html", {
        "change": change, "answered": len(items), "right": sum(item.right for item in items), "total": len(paper.items),
        "items": [(item, topups.texts_for(change, item.citations)) for item in items],
    })  # fmt: skip


@private
@require_POST
def dismiss(request, change_id):
    """不做: the offer goes, and nothing else changes."""
    change = _change_or_404(request, change_id)
    actions.dismiss_top_up(request.user, change, now=clock.now())
    messages.success(request, "好的，不再提醒。成绩和合格都不受影响")
    return redirect("me")


def _change_or_404(request, change_id: int) -> LawChange:
    """The change of an offer this person has or has answered."""
    offer = topups.offer_for(request.user, change_id, now=clock.now())
    if offer:
        return offer.change
    answered = TopUp.objects.filter(user=request.user, change=change_id)
    row = answered.select_related("change__law", "change__old__law", "change__new__law").first()
    if row is None:
        raise Http404
    return row.change
