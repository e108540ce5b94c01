"""Which words of a campaign's print kit are signed, which wait, and who may read them."""
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review.models import OPEN, Review
from mingfa.review.queries import STEP_ROLES, content_type_of, reviews_of, with_chain

from .campaigns import campaigns_of
from .models import Campaign, KitText
from .models.signed import hash_of
from .queries import places_read_by

MODEL = "outreach.kittext"


def reviews_for(campaign: Campaign) -> QuerySet[Review]:
    """Every review of the campaign's texts, the newest last."""
    return reviews_of(MODEL, campaign.kit_texts.order_by().values("pk"))


def signed_review(campaign: Campaign) -> Review | None:
    """The review by which sheets may be printed now."""
    return with_chain(reviews_for(campaign).filter(state=Review.State.PASSED)).last()


def waiting_review(campaign: Campaign) -> Review | None:
    """What waits for a signature or came back."""
    return reviews_for(campaign).filter(state__in=(*OPEN, Review.State.RETURNED)).last()


def is_signed(text: KitText) -> bool:
    """Asked of the review itself, for the text as it stands in the table."""
    return reviews_of(MODEL, [text.pk]).filter(state=Review.State.PASSED, text_hash=hash_of(text.content)).exists()


def text_or_404(user, text_id: int) -> KitText:
    """For those who write or review for its unit; a signed one for all who may read the plan."""
    text = KitText.objects.select_related("campaign__unit").filter(pk=text_id).first()
    if text is None:
        raise Http404
    if holds(user, Role.OUTREACH, *STEP_ROLES, unit=text.campaign.unit):
        return text
    if is_signed(text) and campaigns_of(places_read_by(user)).filter(pk=text.campaign_id).exists():
        return text
    raise Http404


def review_or_404(user, review_id: int) -> tuple[Review, KitText]:
    """A review of a kit's text with its chain, for those who write or review for its unit."""
    review = with_chain(Review.objects.filter(target_type=content_type_of(MODEL), pk=review_id)).first()
    if review is None or not holds(user, Role.OUTREACH, *STEP_ROLES, unit=review.unit):
        raise Http404
    return review, KitText.objects.select_related("campaign__unit").get(pk=review.target_id)


def titles(text_ids: Iterable[int]) -> dict[int, str]:
    """For the lists of the review desk."""
    rows = KitText.objects.filter(pk__in=list(text_ids)).values_list("pk", "title", "campaign__name")
    return {pk: f"宣传品：{title}（{campaign}）" for pk, title, campaign in rows}


def review_url(review_id: int) -> str:
    return reverse("outreach:kit_review", args=[review_id])
