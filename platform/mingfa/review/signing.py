"""The page on which one text is signed or sent back, whatever kind of text it is.

    review = chained_or_404(MODEL, review_id)                     the app checks who may read the text behind it
    context = {**facts(review, request.user), "text": …}          with templates/review/_signing.html
    decide(request, review_id, actions.sign_review)               raises ReviewRefusal, nothing changed
"""
from collections.abc import Callable

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from mingfa.people.access import holds

from . import actions, queries
from .engine import OpinionTooLong, ReviewRefusal
from .models import OPEN, Review
from .registry import kind_of
from .wording import sentence

LONGEST_OPINION = 1000


def chained_or_404(model: str, review_id: int) -> Review:
    """The review of a text of this kind with everything its page prints."""
    of_kind = Review.objects.filter(target_type=queries.content_type_of(model))
    review = queries.with_chain(of_kind).filter(pk=review_id).first()
    if review is None:
        raise Http404
    return review


def facts(review: Review, user, *, opinion: str = "", refusal: str = "") -> dict:
    """What the template needs to know of the review. For who may sign it counts as seen."""
    step = OPEN.index(review.state) + 1 if review.state in OPEN else 0
    may_sign = bool(step) and queries.waiting_for(user).filter(pk=review.pk).exists()
    if may_sign:
        actions.open_review(review, by=user, now=timezone.now())
    before, after = (_address(pk) for pk in queries.neighbours(user, review.pk))
    return {
        "review": review,
        "step": step,
        "step_word": queries.STEP_WORDS[step - 1] if step else "",
        "may_sign": may_sign,
        "why_not": "" if may_sign or not step else _why_not(review, step, user),
        "secrecy_done": any(one.act == "secrecy" for one in review.steps.all()),
        "secrecy_words": queries.SECRECY_WORDS,
        "longest": LONGEST_OPINION,
        "opinion": opinion,
        "refusal": refusal,
        "before": before,
        "after": after,
    }


def _why_not(review: Review, step: int, user) -> str:
    """Why a reviewer cannot sign; nothing for those who only write."""
    if not holds(user, *queries.STEP_ROLES, unit=review.unit):
        return ""
    try:
        actions.require_signer(review, by=user)
    except ReviewRefusal as refusal:
        return sentence(refusal).replace("没有签", "您不能签这一步")
    return ""


def _address(review_id: int | None) -> str:
    """The page of a review, of whatever kind its text is; "" for none."""
    if review_id is None:
        return ""
    return kind_of(Review.objects.select_related("target_type").get(pk=review_id).target_type).url(review_id)


def next_address(user, review_id: int) -> str:
    """Where to go once this one is signed: what waits next, the first again after the last; the desk when nothing waits."""
    _, after = queries.neighbours(user, review_id)
    return _address(after or queries.waiting_for(user).values_list("pk", flat=True).first()) or reverse("review:desk")


def opinion_of(request) -> str:
    """What was typed into the form."""
    return request.POST.get("opinion", "").strip()


def status_of(refusal: ReviewRefusal) -> int:
    """Of the answer that says so: 400 for what was typed, 409 for what stands in the way."""
    return 400 if isinstance(refusal, OpinionTooLong) else 409


def decide(request, review_id: int, act: Callable) -> None:
    """Sign or send back what the form names, bound to the step and the text on the page.

    Args:
        act: actions.sign_review or actions.return_review.

    Raises:
        OpinionTooLong, and what `act` raises.
    """
    opinion, step = opinion_of(request), request.POST.get("step", "")
    if len(opinion) > LONGEST_OPINION:
        raise OpinionTooLong(len(opinion), LONGEST_OPINION)
    more = {"secrecy": request.POST.get("secrecy") == "yes"} if act is actions.sign_review else {}
    act(
        review_id, by=request.user, now=timezone.now(), text_hash=request.POST.get("text_hash", ""),
        step=int(step) if step in ("1", "2", "3") else 0, opinion=opinion, **more,
    )  # fmt: skip
