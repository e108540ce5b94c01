"""Reviewing what is printed and said for a campaign: the words, every sheet as 样稿, one form to sign or send back."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review import actions, queries, signing
from mingfa.review.engine import ReviewRefusal
from mingfa.review.wording import sentence

from ..kit import SHEETS, audio_text, remarks, words_of
from ..kit_reviews import review_or_404
from . import private


@require_safe
@private
def review(request, review_id):
    """Opening it counts as having seen it."""
    return _page(request, review_id)


def _page(request, review_id: int, *, opinion: str = "", refusal: str = "", status: int = 200):
    found, text = review_or_404(request.user, review_id)
    known = signing.facts(found, request.user, opinion=opinion, refusal=refusal)
    return render(request, "outreach/campaigns/kit_review.html", {
        **known, "text": text, "said": text.said, "sheets": SHEETS.items(), "audio": audio_text(text.said),
        "notes": remarks(words_of(text.said), text.campaign.unit),
        "may_withdraw": bool(known["step"]) and request.user in found.authors.all(),
        "writes": holds(request.user, Role.OUTREACH, unit=found.unit),
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
        signing.decide(request, review_id, act)
    except ReviewRefusal as refusal:
        words = {"opinion": signing.opinion_of(request), "refusal": sentence(refusal)}
        return _page(request, review_id, **words, status=signing.status_of(refusal))
    messages.success(request, done)
    return redirect(signing.next_address(request.user, review_id))


@private
@require_POST
def withdraw(request, review_id):
    """撤回送审 by an author."""
    _, text = review_or_404(request.user, review_id)
    try:
        actions.withdraw_review(review_id, by=request.user, now=timezone.now())
    except ReviewRefusal as refusal:
        return _page(request, review_id, refusal=sentence(refusal), status=409)
    messages.success(request, "已撤回送审。可以修改，再重新送审")
    return redirect("outreach:kit", text.campaign_id)


@require_safe
@private
def form(request, review_id):
    """信息发布审核表, to be printed."""
    found, text = review_or_404(request.user, review_id)
    said = text.said
    lines = [said["title"], *said["points"], said["help"], said["when"], *said["stops"], said["unit"], said["partners"]]
    return render(request, "outreach/publishing/sheet.html", {
        "review": found, "kind": "宣传品", "title": text.title, "text": "\n".join(one for one in lines if one),
        "place": "海报、折页、单页和广播", "steps": list(enumerate(queries.STEP_WORDS, 1)),
        "secrecy_words": queries.SECRECY_WORDS,
    })  # fmt: skip
