"""Reviewing one question after another: the text with what changed, the chain, one form to sign or to send back."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingfa import clock
from mingfa.bank import history
from mingfa.bank.models import Question, QuestionVersion
from mingfa.bank.views.reading import for_readers, is_sitting, readable_question_or_404, withheld
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review import actions, signing
from mingfa.review.engine import ReviewRefusal, TextChanged
from mingfa.review.models import Review
from mingfa.review.wording import sentence


@dataclass(frozen=True)
class Reviewed:
    """A review with its question and version, as far as the person may see them."""

    review: Review
    question: Question
    version: QuestionVersion


def _reviewed_or_404(user, review_id: int) -> Reviewed:
    review = signing.chained_or_404(history.MODEL, review_id)
    question_id = QuestionVersion.objects.values_list("question", flat=True).get(pk=review.target_id)
    question = readable_question_or_404(user, question_id)
    version = question.versions.select_related("created_by").get(pk=review.target_id)
    return Reviewed(review, question, version)


@for_readers
def review(request, review_id):
    """What is to be signed, with the difference from what was approved last. Opening it counts as having seen it."""
    found = _reviewed_or_404(request.user, review_id)
    if is_sitting(request.user, found.question.pk, clock.now()):
        return withheld(request, found.question)
    return _page(request, found)


def _page(request, found: Reviewed, *, opinion: str = "", refusal: str = "", status: int = 200):
    review, user = found.review, request.user
    signed = signing.facts(review, user, opinion=opinion, refusal=refusal)
    approved = history.last_approved(found.version)
    context = {
        **signed,
        "question": found.question,
        "version": found.version,
        "approved": approved,
        "parts": history.differences(approved.pk if approved else None, found.version.pk),
        "may_withdraw": bool(signed["step"]) and user in review.authors.all(),
        "may_edit": holds(user, Role.SETTER, unit=review.unit),
    }
    return render(request, "bank/review.html", context, status=status)


@for_readers
@require_POST
def sign(request, review_id):
    """Sign the step on the page, bound to the text on the page; then the next that waits."""
    return _decide(request, review_id, actions.sign_review)


@for_readers
@require_POST
def send_back(request, review_id):
    """退回 with the reason; then the next that waits."""
    return _decide(request, review_id, actions.return_review)


def _decide(request, review_id, act):
    found = _reviewed_or_404(request.user, review_id)
    if is_sitting(request.user, found.question.pk, clock.now()):
        return withheld(request, found.question)
    try:
        signing.decide(request, review_id, act)
    except TextChanged as changed:
        messages.error(request, sentence(changed))
        return redirect("bank_reviews:history", found.question.pk)
    except ReviewRefusal as refusal:
        fresh = _reviewed_or_404(request.user, review_id)
        words, status = sentence(refusal), signing.status_of(refusal)
        return _page(request, fresh, opinion=signing.opinion_of(request), refusal=words, status=status)
    messages.success(request, "已退回给拟稿人" if act is actions.return_review else f"试题 {found.question.pk} 已签")
    return redirect(signing.next_address(request.user, review_id))


@for_readers
@require_POST
def withdraw(request, review_id):
    """撤回 by an author."""
    found = _reviewed_or_404(request.user, review_id)
    try:
        actions.withdraw_review(review_id, by=request.user, now=timezone.now())
    except ReviewRefusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "已撤回，现在是草稿。可以修改，再重新送审")
    return redirect("bank_reviews:history", found.question.pk)
