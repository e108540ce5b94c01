"""Who may see and do what with public pages that are not public yet. What somebody may not see is a 404."""
from django.http import Http404
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review.models import Review
from mingfa.review.queries import STEP_ROLES, content_type_of, with_chain

from ..models import PublicPage, PublicText
from ..models.signed import MODEL
from .listing import WRITERS
from .texts import latest_of


def readable_or_404(user, page_id: int) -> PublicPage:
    """The draft, for those who write or review for its unit."""
    page = latest_of(page_id)
    if page is None or not holds(user, *WRITERS, *STEP_ROLES, unit=page.unit):
        raise Http404
    return page


def writable_or_404(user, page_id: int) -> PublicPage:
    page = readable_or_404(user, page_id)
    if not holds(user, Role.OUTREACH, unit=page.unit):
        raise Http404
    return page


def review_or_404(user, review_id: int) -> tuple[Review, PublicText]:
    """A review of a public text with its chain."""
    review = with_chain(Review.objects.filter(target_type=content_type_of(MODEL), pk=review_id)).first()
    if review is None or not holds(user, *WRITERS, *STEP_ROLES, unit=review.unit):
        raise Http404
    return review, PublicText.objects.get(pk=review.target_id)
