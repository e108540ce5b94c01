"""Lists: what is public, by kind and by article; what a 宣传员 writes on; what a reviewer reads."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Q, QuerySet, When
from django.urls import reverse
from mingfa.library.models import Law
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role
from mingfa.periods import Period
from mingfa.review.models import OPEN, Review
from mingfa.review.queries import STEP_ROLES, content_type_of, with_chain
from wagtail.models import Page

from ..models import KINDS, PublicEdition, PublicSite, PublicText, Release, TextCitation
from ..models.signed import MODEL

KIND_LABELS = {kind._meta.model_name: kind.label for kind in KINDS}
LISTS = {kind.list_slug: kind for kind in KINDS}
WRITERS = (Role.OUTREACH,)
MOST_WORDS = 5


def edition_number() -> int:
    """What kept public pages are told apart by."""
    return PublicEdition.objects.values_list("number", flat=True).first() or 0


def released(kind: str = "") -> QuerySet[Release]:
    """What is public, the newest first: signed as it stands. Views render through `page_of`, which reads the text."""
    passed = Review.objects.filter(target_type=content_type_of(MODEL), state=Review.State.PASSED).values("target_id")
    found = Release.objects.filter(ended_at=None, text__in=passed).select_related("text").defer("text__content", "text__words")
    return found.filter(text__kind=kind) if kind else found


def releases_with(words: str) -> QuerySet[Release]:
    """Public pages in which every one of these words stands: first those with all of them in the title."""
    found, titled = released(), Q()
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(text__words__icontains=word)
        titled &= Q(text__title__icontains=word)
    return found.annotate(named=Case(When(titled, then=1), default=0)).order_by("-named", "-at", "-pk")


def published_in(path: str, period: Period) -> QuerySet[Release]:
    """What the unit with this path and all below it published by three signatures in a period, the latest first; what was
    withdrawn since as well."""
    days = {"at__date__gte": period.starts_on, "at__date__lte": period.ends_on}
    found = Release.objects.filter(text__unit__path__startswith=path, **days)
    return found.select_related("text__unit", "by").defer("text__content", "text__words").order_by("-at", "-pk")


def published_pages(path: str, period: Period) -> int:
    """三审三校发布篇数: pages, each once however often it was published anew."""
    return published_in(path, period).order_by().aggregate(number=Count("page", distinct=True))["number"]


def reviews_behind(releases: Iterable[Release]) -> dict[int, Review]:
    """By release the review that published it, with its chain: the last one of its text that was submitted before. The same
    wording may have been reviewed again since. A fixed number of queries."""
    releases = list(releases)
    texts = {one.text_id for one in releases}
    rows = list(with_chain(Review.objects.filter(target_type=content_type_of(MODEL), target_id__in=texts).order_by("id")))
    found = {}
    for release in releases:
        before = [one for one in rows if one.target_id == release.text_id and one.submitted_at <= release.at]
        if before:
            found[release.pk] = before[-1]
    return found


def releases_citing(law: str, article: int = 0, *, kind: str = "") -> QuerySet[Release]:
    """Public pages that cite a law (its short title), or one article of it."""
    cited = TextCitation.objects.filter(law=law)
    if article:
        cited = cited.filter(article=article)
    return released(kind).filter(text__in=cited.values("text"))


@dataclass(frozen=True)
class CitedLaw:
    """A law with public cases: `slug` of the library, its articles with how many cases each."""

    title: str
    slug: str
    cases: int
    articles: tuple[tuple[int, int], ...]


def laws_of_cases() -> list[CitedLaw]:
    """The index of the case library. Three queries."""
    texts = released("casepage").order_by().values("text")
    rows = TextCitation.objects.filter(text__in=texts).values("law", "article").annotate(cases=Count("text", distinct=True))
    whole = TextCitation.objects.filter(text__in=texts).values("law").annotate(cases=Count("text", distinct=True))
    slugs = dict(Law.objects.values_list("short_title", "slug"))
    articles: dict[str, list] = {}
    for row in rows.order_by("law", "article"):
        articles.setdefault(row["law"], []).append((row["article"], row["cases"]))
    found = [
        CitedLaw(row["law"], slugs[row["law"]], row["cases"], tuple(articles[row["law"]]))
        for row in whole.order_by("law")
        if row["law"] in slugs
    ]
    return sorted(found, key=lambda one: (-one.cases, one.title))


@dataclass(frozen=True)
class Written:
    """A page as its writers see it: `state` is a word, `icon` its kind for _status.html, `since` when it got there."""

    page: Page
    kind: str
    state: str
    icon: str
    since: datetime | None
    review: int | None
    public: bool


def may_write(user) -> bool:
    return bool(units_visible_to(user, *WRITERS).exists())


def pages_of(user) -> QuerySet[Page]:
    """The public pages of the units this person writes or reviews for, the latest changed first."""
    site = PublicSite.objects.first()
    if site is None:
        return Page.objects.none()
    units = units_visible_to(user, *WRITERS, *STEP_ROLES)
    mine = Q()
    for kind in KINDS:
        mine |= Q(pk__in=kind.objects.filter(unit__in=units).order_by().values("pk"))
    return Page.objects.child_of(site).filter(mine).order_by("-latest_revision_created_at", "-pk")


def written(pages: Iterable[Page]) -> list[Written]:
    """The pages with where each stands. Three queries however many."""
    pages = list(pages)
    ids = [one.pk for one in pages]
    texts = dict(PublicText.objects.filter(page__in=ids).values_list("pk", "page"))
    latest = {}
    for review in Review.objects.filter(target_type=content_type_of(MODEL), target_id__in=texts).order_by("id"):
        latest[texts[review.target_id]] = review
    public = {one.page_id: one for one in Release.objects.filter(page__in=ids, ended_at=None)}
    return [_written(one, latest.get(one.pk), public.get(one.pk)) for one in pages]


def _written(page: Page, review: Review | None, release: Release | None) -> Written:
    kind = page.cached_content_type.model
    changed = bool(release and review and review.target_id != release.text_id)
    if review and review.state in (*OPEN, Review.State.RETURNED):
        state, since = review.get_state_display(), review.submitted_at
        icon = "attend" if review.state == Review.State.RETURNED else "doing"
    elif release and not changed and not page.has_unpublished_changes:
        state, icon, since = "已发布", "done", release.at
    else:
        state, icon, since = "草稿", "todo", page.latest_revision_created_at
    return Written(page, KIND_LABELS.get(kind, ""), state, icon, since, review.pk if review else None, bool(release))


def titles(text_ids: Iterable[int]) -> dict[int, str]:
    """For the lists of the review desk."""
    rows = PublicText.objects.filter(pk__in=list(text_ids)).values_list("pk", "kind", "title")
    return {pk: f"{KIND_LABELS.get(kind, '')}：{title}" for pk, kind, title in rows}


def review_url(review_id: int) -> str:
    return reverse("publishing:review", args=[review_id])
