"""Reviewing a public text: as it will be read, with what the checks said, the chain, one form to sign or send back."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.review import actions, queries
from mingfa.review.engine import ReviewRefusal
from mingfa.review.models import Review
from mingfa.review.signing import decide, facts, opinion_of, status_of
from mingfa.review.wording import sentence

from ..models import CaseCheck
from ..publishing import checks
from ..publishing.access import review_or_404
from ..publishing.rendering import shown
from ..publishing.texts import page_of, words_of
from . import private


@require_safe
@private
def review(request, review_id):
    """Opening it counts as having seen it."""
    return _page(request, review_id)


def _page(request, review_id: int, *, opinion: str = "", refusal: str = "", status: int = 200):
    found, text = review_or_404(request.user, review_id)
    signed, known = page_of(text), facts(found, request.user, opinion=opinion, refusal=refusal)
    return render(request, "outreach/publishing/review.html", {
        **known, "text": text, "shown": shown(signed), "findings": checks.findings_of(signed),
        "may_withdraw": bool(known["step"]) and request.user in found.authors.all(),
        "checked": CaseCheck.objects.filter(page=text.page_id, text_hash=found.text_hash).select_related("by").first(),
    }, status=status)  # fmt: skip


@private
@require_POST
def sign(request, review_id):
    return _decide(request, review_id, actions.sign_review, "已签")


@private
@require_POST
def send_back(request, review_id):
    return _decide(request, review_id, actions.return_review, "已退回给拟稿人")


def _decide(request, review_id, act, done: str):
    review_or_404(request.user, review_id)
    try:
        decide(request, review_id, act)
    except ReviewRefusal as refusal:
        words = {"opinion": opinion_of(request), "refusal": sentence(refusal)}
        return _page(request, review_id, **words, status=status_of(refusal))
    passed = Review.objects.get(pk=review_id).state == Review.State.PASSED
    messages.success(request, f"{done}，已经发布" if passed else done)
    return redirect("publishing:review", review_id)


@private
@require_POST
def withdraw(request, review_id):
    """撤回送审 by an author."""
    _, text = review_or_404(request.user, review_id)
    try:
        actions.withdraw_review(review_id, by=request.user, now=timezone.now())
    except ReviewRefusal as refusal:
        return _page(request, review_id, refusal=sentence(refusal), status=409)
    messages.success(request, "已撤回，现在是草稿。可以修改，再重新送审")
    return redirect("publishing:page", text.page_id)


@require_safe
@private
def sheet(request, review_id):
    """信息发布审核表, to be printed."""
    found, text = review_or_404(request.user, review_id)
    signed = page_of(text)
    return render(request, "outreach/publishing/sheet.html", {
        "review": found, "kind": signed.label, "title": text.title, "text": words_of(signed), "place": "普法公开栏目",
        "steps": list(enumerate(queries.STEP_WORDS, 1)), "secrecy_words": queries.SECRECY_WORDS,
    })  # fmt: skip
