"""Reviewing one question after another: the text with what changed, the chain, one form to sign or to send back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingfa import clock
from mingfa.bank import history
from mingfa.bank.models import Question, QuestionVersion
from mingfa.bank.views.reading import for_readers, is_sitting, readable_question_or_404, withheld
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review import actions, queries
from mingfa.review.engine import ReviewRefusal, TextChanged
from mingfa.review.models import OPEN, Review
from mingfa.review.wording import sentence

LONGEST_OPINION = 1000


@dataclass(frozen=True)
class Reviewed:
    """A review with its question and version, as far as the person may see them."""

    review: Review
    question: Question
    version: QuestionVersion


def _reviewed_or_404(user, review_id: int) -> Reviewed:
    found = queries.with_chain(Review.objects.filter(target_type=queries.content_type_of(history.MODEL)))
    review = found.filter(pk=review_id).first()
    if review is None:
        raise Http404
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
    step = OPEN.index(review.state) + 1 if review.state in OPEN else 0
    may_sign = bool(step) and queries.waiting_for(user).filter(pk=review.pk).exists()
    if may_sign:
        actions.open_review(review, by=user, now=timezone.now())
    approved = history.last_approved(found.version)
    before, after = queries.neighbours(user, review.pk)
    context = {
        "review": review,
        "question": found.question,
        "version": found.version,
        "approved": approved,
        "parts": history.differences(approved.pk if approved else None, found.version.pk),
        "step": step,
        "step_word": queries.STEP_WORDS[step - 1] if step else "",
        "may_sign": may_sign,
        "why_not": "" if may_sign or not step else _why_not(review, step, user),
        "may_withdraw": bool(step) and user in review.authors.all(),
        "may_edit": holds(user, Role.SETTER, unit=review.unit),
        "secrecy_done": any(one.act == "secrecy" for one in review.steps.all()),
        "secrecy_words": queries.SECRECY_WORDS,
        "opinion": opinion,
        "refusal": refusal,
        "before": before,
        "after": after,
    }
    return render(request, "bank/review.html", context, status=status)


def _why_not(review: Review, step: int, user) -> str:
    """Why a reviewer cannot sign; nothing for those who only set questions."""
    if not holds(user, *queries.STEP_ROLES, unit=review.unit):
        return ""
    try:
        actions.require_signer(review, by=user)
    except ReviewRefusal as refusal:
        return sentence(refusal).replace("没有签", "您不能签这一步")
    return ""


@for_readers
@require_POST
def sign(request, review_id):
    """Sign the step on the page, bound to the text on the page; then the next that waits."""
    return _decide(request, review_id, actions.sign_review, secrecy=request.POST.get("secrecy") == "yes")


@for_readers
@require_POST
def send_back(request, review_id):
    """退回 with the reason; then the next that waits."""
    return _decide(request, review_id, actions.return_review)


def _decide(request, review_id, act, **more):
    found = _reviewed_or_404(request.user, review_id)
    if is_sitting(request.user, found.question.pk, clock.now()):
        return withheld(request, found.question)
    opinion, step = request.POST.get("opinion", "").strip(), request.POST.get("step", "")
    if len(opinion) > LONGEST_OPINION:
        words = f"意见写了 {len(opinion)} 字，最多 {LONGEST_OPINION} 字。请删短再签"
        return _page(request, found, opinion=opinion, refusal=words, status=400)
    try:
        act(
            review_id, by=request.user, now=timezone.now(), text_hash=request.POST.get("text_hash", ""),
            step=int(step) if step in ("1", "2", "3") else 0, opinion=opinion, **more,
        )  # fmt: skip
    except TextChanged as changed:
        messages.error(request, sentence(changed))
        return redirect("bank_reviews:history", found.question.pk)
    except ReviewRefusal as refusal:
        fresh = _reviewed_or_404(request.user, review_id)
        return _page(request, fresh, opinion=opinion, refusal=sentence(refusal), status=409)
    messages.success(request, "已退回给拟稿人" if act is actions.return_review else f"试题 {found.question.pk} 已签")
    return _next(request, review_id)


def _next(request, review_id: int):
    _, after = queries.neighbours(request.user, review_id)
    first = after or queries.waiting_for(request.user).values_list("pk", flat=True).first()
    return redirect("bank_reviews:review", first) if first else redirect("review:desk")


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
