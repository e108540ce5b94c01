"""What a reviewer of a report signs: the wording as it would be printed now, with its figures."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingfa.review import actions as reviewing
from mingfa.review import signing
from mingfa.review.engine import ReviewRefusal
from mingfa.review.models import Review
from mingfa.review.wording import sentence

from .. import queries, reading
from ..models import ReportText
from .reports import report_or_404


def _found_or_404(user, review_id: int) -> tuple[Review, ReportText]:
    review = signing.chained_or_404(queries.MODEL, review_id)
    text = ReportText.objects.get(pk=review.target_id)
    text.report = report_or_404(user, text.report_id)
    return review, text


@login_required
@never_cache
@require_safe
def review(request, review_id):
    """The page to read and sign. Opening it counts as having seen it."""
    return _page(request, *_found_or_404(request.user, review_id))


def _page(request, found: Review, text: ReportText, *, opinion: str = "", refusal: str = "", status: int = 200):
    compiled = queries.Compiled(text.report, text)
    context = {
        **signing.facts(found, request.user, opinion=opinion, refusal=refusal),
        "report": text.report,
        "compiled": compiled,
        "reading": reading.Reading(compiled),
        "now": timezone.now(),
    }
    return render(request, "reports/review.html", context, status=status)


@login_required
@require_POST
def sign(request, review_id):
    """Sign the step on the page, bound to the text on the page."""
    return _decide(request, review_id, reviewing.sign_review, "已签")


@login_required
@require_POST
def send_back(request, review_id):
    """退回 with the reason."""
    return _decide(request, review_id, reviewing.return_review, "已退回给拟稿人")


def _decide(request, review_id: int, act, words: str):
    _found_or_404(request.user, review_id)
    try:
        signing.decide(request, review_id, act)
    except ReviewRefusal as refused:
        found, text = _found_or_404(request.user, review_id)
        words, status = sentence(refused), signing.status_of(refused)
        return _page(request, found, text, opinion=signing.opinion_of(request), refusal=words, status=status)
    messages.success(request, words)
    return redirect(signing.next_address(request.user, review_id))
