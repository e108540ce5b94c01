"""Who has to review what: the case behind a review, a reviewer's own queue, the board of what waits for whom."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import OrgUnit, Role, RoleGrant
from mingfa.review.engine import Case, Signature, State
from mingfa.review.models import OPEN, Opening, Review, ReviewStep

# Who does which step; the same person may hold several, but signs one text once.
STEP_ROLES = (Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)
# Whose texts are reviewed: they see what waits for whom.
WRITERS = (Role.SETTER, Role.OUTREACH)
STEP_WORDS = ("一审一校", "二审二校", "三审三校")
SECRECY_WORDS = "涉密信息不上网，上网信息不涉密"


def content_type_of(model: str) -> ContentType:
    """The content type of "app.model"; remembered by Django."""
    return ContentType.objects.get_by_natural_key(*model.split("."))


def case_of(review: Review) -> Case:
    """The review as the engine knows it. Two queries."""
    signatures, secrecy = [], None
    for row in review.steps.filter(act__in=(ReviewStep.Act.SIGN, ReviewStep.Act.SECRECY)).order_by("id"):
        signature = Signature(row.step, row.person_id, row.at, row.opinion, row.text_hash)
        if row.act == ReviewStep.Act.SIGN:
            signatures.append(signature)
        else:
            secrecy = signature
    standing = review.state in (*OPEN, Review.State.PASSED)
    return Case(
        state=State(review.state),
        text_hash=review.text_hash,
        authors=frozenset(review.authors.values_list("pk", flat=True)),
        author_first=review.author_first,
        signatures=tuple(signatures) if standing else (),
        secrecy=secrecy if standing else None,
    )


def reviews_of(model: str, target_ids) -> QuerySet[Review]:
    """Every review of these rows, the newest last."""
    return Review.objects.filter(target_type=content_type_of(model), target_id__in=target_ids).order_by("id")


def with_chain(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Reviews with everything a page or a form prints: three queries more, however many."""
    return reviews.select_related("unit", "submitted_by", "target_type").prefetch_related("authors", "steps__person")


def visible_reviews(user) -> QuerySet[Review]:
    """The reviews of the units for which the person holds any of the three steps."""
    return Review.objects.filter(unit__in=units_visible_to(user, *STEP_ROLES))


def waiting_for(user) -> QuerySet[Review]:
    """What this person can sign now, the oldest first: the step is theirs, they wrote none of it and signed none yet."""
    theirs = Q()
    for state, role in zip(OPEN, STEP_ROLES, strict=True):
        if holds(user, role):
            theirs |= Q(state=state, unit__in=units_visible_to(user, role))
    if not theirs:
        return Review.objects.none()
    written = Review.authors.through.objects.filter(review=OuterRef("pk"), user=user.pk)
    signed = ReviewStep.objects.filter(review=OuterRef("pk"), act=ReviewStep.Act.SIGN, person=user.pk)
    own_first = Q(state=Review.State.FIRST, author_first=True)
    return Review.objects.filter(theirs).filter(own_first | ~Exists(written)).exclude(Exists(signed)).order_by("id")


def counts_for(user) -> dict[int, int]:
    """Step → how many wait for this person there; steps with none are left out. One query."""
    counted = waiting_for(user).order_by().values("state").annotate(number=Count("pk"))
    numbers = {row["state"]: row["number"] for row in counted}
    return {step: numbers[state] for step, state in enumerate(OPEN, start=1) if state in numbers}


def neighbours(user, review_id: int) -> tuple[int | None, int | None]:
    """The reviews before and after this one in the person's queue. Two queries."""
    waiting = waiting_for(user).order_by()
    before = waiting.filter(pk__lt=review_id).order_by("-pk").values_list("pk", flat=True).first()
    return before, waiting.filter(pk__gt=review_id).order_by("pk").values_list("pk", flat=True).first()


def opened_by(user, reviews) -> set[int]:
    """Those of the reviews whose page this person has had open."""
    found = Opening.objects.filter(person=user, review__in=[review.pk for review in reviews])
    return set(found.values_list("review_id", flat=True))


def returned_to(user) -> QuerySet[Review]:
    """What came back to this person and has been neither edited nor submitted again."""
    return Review.objects.filter(state=Review.State.RETURNED, submitted_by=user)


@dataclass(frozen=True)
class Waiting:
    """So many texts of a unit wait at a step (1 to 3), the oldest since `since`, for any of `people` (names)."""

    unit: OrgUnit
    step: int
    count: int
    since: datetime
    people: tuple[str, ...]

    @property
    def word(self) -> str:
        return STEP_WORDS[self.step - 1]


def board(user) -> list[Waiting]:
    """What waits for whom in the units this person reviews or writes for. Three queries."""
    seen = units_visible_to(user, *STEP_ROLES, *WRITERS)
    units = {unit.pk: unit for unit in seen.filter(pk__in=_waiting_units())}
    rows = Review.objects.filter(state__in=OPEN, unit__in=units).values("unit", "state").order_by()
    counted = rows.annotate(number=Count("pk"), since=Min("submitted_at"))
    grants = RoleGrant.objects.filter(role__in=STEP_ROLES, user__is_active=True).order_by("id")
    holders = defaultdict(list)
    for role, path, name in grants.values_list("role", "unit__path", "user__name"):
        holders[role].append((path, name))
    found = []
    for row in counted:
        unit, step = units[row["unit"]], OPEN.index(row["state"]) + 1
        names = [name for path, name in holders[STEP_ROLES[step - 1]] if unit.path.startswith(path)]
        found.append(Waiting(unit, step, row["number"], row["since"], tuple(dict.fromkeys(names))))
    return sorted(found, key=lambda one: (one.unit.path, one.step))


def _waiting_units():
    return Review.objects.filter(state__in=OPEN).values("unit")
