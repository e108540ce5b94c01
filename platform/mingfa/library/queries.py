"""Every list and look-up of the law library. Laws are public: nothing here asks who is reading."""
from collections.abc import Iterable
from datetime import date
from typing import Literal

from django.db.models import F, Q
from django.utils import timezone

from mingfa.library.citations import CitationRef, fold_title
from mingfa.library.models import Article, Edition, Law

Standing = Literal["in_force", "missing", "not_in_force"]


def find_law(title: str) -> Law | None:
    """The law of a full or short title, with or without title marks and 中华人民共和国."""
    return Law.objects.filter(short_title=fold_title(title)).order_by("pk").first()


def find_edition(law: Law, *, on: date | None = None) -> Edition | None:
    """The edition of `law` in force on a day (today), else the newest one."""
    editions = list(law.editions.order_by(F("in_force_from").desc(nulls_last=True), "-version_on"))
    return _choose(editions, on or timezone.localdate())


def find_article(title: str, article: int, sub: int = 0, *, on: date | None = None) -> Article | None:
    """An article of the edition in force on a day (today), else of the newest; None when not there."""
    ref = CitationRef(title, article, sub)
    return articles_for([ref], on=on).get(ref)


def articles_for(refs: Iterable[CitationRef], *, on: date | None = None) -> dict[CitationRef, Article]:
    """The articles cited, as `find_article`, in two queries whatever the count. Missing ones are left out.

    款 and 项 of a ref are not looked at: the whole article answers for them.
    """
    refs = list(refs)
    titles = {fold_title(ref.law_title) for ref in refs}
    if not titles:
        return {}
    chosen = _editions_of(titles, on or timezone.localdate())
    numbers = {ref.article for ref in refs}
    found = {
        (article.edition_id, article.number, article.sub): article
        for article in Article.objects.filter(
            edition__in=[edition.pk for edition in chosen.values()], number__in=numbers
        ).select_related("edition__law")
    }
    articles = {}
    for ref in refs:
        edition = chosen.get(fold_title(ref.law_title))
        if edition and (article := found.get((edition.pk, ref.article, ref.sub))):
            articles[ref] = article
    return articles


def status_of(ref: CitationRef) -> Standing:
    """Whether a citation holds today; see `statuses_of` for many at once."""
    return statuses_of([ref])[ref]


def statuses_of(refs: Iterable[CitationRef]) -> dict[CitationRef, Standing]:
    """For each citation whether its article is there and its edition in force today."""
    refs = list(refs)
    today, articles = timezone.localdate(), articles_for(refs)
    standings: dict[CitationRef, Standing] = {}
    for ref in refs:
        if ref not in articles:
            standings[ref] = "missing"
        elif articles[ref].edition.status_on(today) == Edition.Status.IN_FORCE:
            standings[ref] = "in_force"
        else:
            standings[ref] = "not_in_force"
    return standings


def _editions_of(titles: set[str], day: date) -> dict[str, Edition]:
    """Short title → the edition that answers for it on `day`."""
    by_title: dict[str, list[Edition]] = {}
    newest_first = F("in_force_from").desc(nulls_last=True)
    wanted = Q(law__short_title__in=titles)
    for edition in Edition.objects.filter(wanted).select_related("law").order_by(newest_first, "-version_on"):
        by_title.setdefault(edition.law.short_title, []).append(edition)
    return {title: _choose(editions, day) for title, editions in by_title.items()}


def _choose(editions: list[Edition], day: date) -> Edition | None:
    """Of one law's editions, newest first: the one in force on `day`, else the newest that has begun."""
    in_force = [edition for edition in editions if edition.status_on(day) == Edition.Status.IN_FORCE]
    begun = [edition for edition in editions if edition.status_on(day) != Edition.Status.FUTURE]
    return next(iter(in_force or begun or editions), None)
