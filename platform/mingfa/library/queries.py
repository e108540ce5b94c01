"""Every list and look-up of the law library. Laws are public: nothing here asks who is reading."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils import timezone

from mingfa.library.citations import CitationRef, fold_title
from mingfa.library.models import Article, Edition, Law
from mingfa.library.search.match import matching_articles
from mingfa.library.search.words import LawQuery

Standing = Literal["in_force", "missing", "not_in_force"]
MOST_LAWS = 10


@dataclass(frozen=True)
class ArticleHits:
    """Ids of the articles found, best first; `any_word` when none of them holds all the words."""

    ids: Sequence[int]
    any_word: bool = False


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


def laws_listed(*, kind: str = "", topic: str = "") -> QuerySet[Law]:
    """The laws of a kind and a topic: 宪法 first, then by the sound of their titles, which the slug spells."""
    laws = Law.objects.order_by(Case(When(short_title="宪法", then=0), default=1), "slug")
    if kind:
        laws = laws.filter(kind=kind)
    return laws.filter(topic=topic) if topic else laws


def law_counts(field: Literal["kind", "topic"]) -> list[tuple[str, int]]:
    """How many laws there are of each kind or topic, the most first."""
    counted = Law.objects.exclude(**{field: ""}).values_list(field).annotate(laws=Count("pk"))
    return list(counted.order_by("-laws", field))


def current_editions(laws: Iterable[Law], *, on: date | None = None) -> dict[int, Edition]:
    """Law id → the edition `find_edition` would give. One query for all."""
    by_law: dict[int, list[Edition]] = {}
    editions = Edition.objects.filter(law__in=[law.pk for law in laws]).select_related("law")
    for edition in editions.order_by(F("in_force_from").desc(nulls_last=True), "-version_on"):
        by_law.setdefault(edition.law_id, []).append(edition)
    return {pk: _choose(editions, on or timezone.localdate()) for pk, editions in by_law.items()}


def search_laws(query: LawQuery) -> list[Law]:
    """Laws whose title is, begins with, contains, or has all words of what was typed, in this order."""
    wanted = fold_title(query.text)
    if not wanted:
        return []
    found = []
    for law in Law.objects.order_by("slug"):
        rank = _title_rank(law.short_title, wanted, query.words)
        if rank:
            found.append((rank, len(law.short_title), law))
    return [law for *_, law in sorted(found, key=lambda hit: hit[:2])]


def search_articles(
    query: LawQuery, named: Sequence[Law], *, inside: Law | None = None, all_editions: bool = False
) -> ArticleHits:
    """Articles for what was typed: by number within the laws `named` in it, else by words.

    Only texts in force today unless `all_editions`; only those of one law with `inside`. Where no article
    holds all the words and no law is called so, those with some of the words.
    """
    left_out = [] if all_editions else _editions_not_in_force()
    if inside:
        left_out += Edition.objects.exclude(law=inside).values_list("pk", flat=True)
    if query.article:
        return ArticleHits(_by_number(query, named, left_out))
    first = [] if inside else list(Edition.objects.filter(law__in=named).values_list("pk", flat=True))
    ids = matching_articles(query.words, without_editions=left_out, first_editions=first)
    if ids or named or len(query.words) < 2:
        return ArticleHits(ids)
    # Single characters stand in thousands of articles; beside longer words they only blur the order.
    telling = [word for word in query.words if len(word) > 1] or query.words
    return ArticleHits(matching_articles(telling, any_word=True, without_editions=left_out), any_word=True)


def _by_number(query: LawQuery, named: Sequence[Law], left_out: Sequence[int]) -> list[int]:
    articles = Article.objects.filter(number=query.article).exclude(edition__in=left_out)
    if query.sub:
        articles = articles.filter(sub=query.sub)
    if named:
        articles = articles.filter(edition__law__in=named)
    elif query.words:
        articles = articles.filter(pk__in=matching_articles(query.words, without_editions=left_out))
    return list(articles.order_by("edition__law__slug", "sub").values_list("pk", flat=True))


def articles_in_order(ids: Sequence[int]) -> list[Article]:
    """Articles with edition and law, in the order of `ids`."""
    found = Article.objects.select_related("edition__law").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _editions_not_in_force() -> list[int]:
    in_force = Edition.objects.in_force_on(timezone.localdate())
    return list(Edition.objects.exclude(pk__in=in_force).values_list("pk", flat=True))


def _title_rank(title: str, wanted: str, words: Sequence[str]) -> int:
    """1 for the very title, 4 for one that has all the words, 0 for none."""
    if title == wanted:
        return 1
    if title.startswith(wanted):
        return 2
    if wanted in title:
        return 3
    return 4 if words and all(word in title for word in words) else 0
