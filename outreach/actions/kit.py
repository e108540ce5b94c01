"""三审三校 of what is printed and said for a campaign: a text is handed in, and once it is signed the sheets may be printed."""
import json
from datetime import datetime

from django.db import transaction
from mingfa.people.access import require
from mingfa.people.models import Role, User
from mingfa.review import actions as reviewing
from mingfa.review.models import OPEN, Review

from ..engine.publishing import InReviewAlready
from ..engine.refusals import WrongState
from ..kit import Words, printed
from ..kit_reviews import MODEL, reviews_for
from ..models import Campaign, KitText, PublishingRule
from ..models.signed import hash_of

REPLACED = "换成新的文字"


@transaction.atomic
def submit_kit(campaign: Campaign, words: Words, *, by: User, now: datetime) -> Review:
    """送审. Another wording that waits or came back is over with it; one that is signed may be printed until this one is.

    Raises:
        WrongState: the plan is not running.
        InReviewAlready: this very text waits, or has its signatures.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    require(by, Role.OUTREACH, unit=campaign.unit)
    if campaign.state != Campaign.State.APPROVED:
        raise WrongState(campaign.get_state_display())
    content = json.dumps(printed(campaign, words), ensure_ascii=False, sort_keys=True)
    digest = hash_of(content)
    authors = _authors_of(campaign)
    for review in reviews_for(campaign).filter(state__in=reviewing.STANDING):
        if review.text_hash == digest and review.state != Review.State.RETURNED:
            raise InReviewAlready(review.get_state_display())
        # A returned wording that comes once more unchanged is ended by submit_texts.
        if review.state in (*OPEN, Review.State.RETURNED) and review.text_hash != digest:
            reviewing.void_reviews(MODEL, [review.target_id], by=by, now=now, reason=REPLACED)
    text, _ = KitText.objects.get_or_create(
        campaign=campaign, text_hash=digest,
        defaults={"title": words.title, "content": content, "made_at": now, "made_by": by},
    )  # fmt: skip
    (review,) = reviewing.submit_texts(
        MODEL, [reviewing.Submission(text.pk, digest, authors | {text.made_by_id})], unit=campaign.unit, about=campaign,
        by=by, now=now, author_first=PublishingRule.objects.filter(unit=campaign.unit, author_first=True).exists(),
    )  # fmt: skip
    return review


def _authors_of(campaign: Campaign) -> frozenset[int]:
    """Everybody who wrote on the words since some were signed last."""
    signed = reviews_for(campaign).filter(state=Review.State.PASSED).values_list("submitted_at", flat=True).last()
    since = campaign.kit_texts.filter(made_at__gt=signed) if signed else campaign.kit_texts.all()
    return frozenset(since.values_list("made_by", flat=True))


def lock_text(text_id: int) -> str:
    """Lock the plan of a text, as handing in does first, and return the hash of the text as it stands."""
    text = KitText.objects.get(pk=text_id)
    Campaign.objects.select_for_update().get(pk=text.campaign_id)
    return hash_of(text.content)


def on_passed(review: Review, by: User, now: datetime) -> None:
    """The third signature lets the sheets be printed, and what was signed before for the plan no more."""
    text = KitText.objects.get(pk=review.target_id)
    before = text.campaign.kit_texts.exclude(pk=text.pk).values_list("pk", flat=True)
    passed = reviewing.reviews_of(MODEL, before).filter(state=Review.State.PASSED).values_list("target_id", flat=True)
    reviewing.void_reviews(MODEL, list(passed), by=by, now=now, reason=REPLACED)


def on_returned(review: Review, by: User, now: datetime) -> None:
    """The writer finds it on the page of the kit and among what came back."""
