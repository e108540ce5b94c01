"""Likely articles for a text, out of the library as it stands today."""

from threading import Lock

from django.utils import timezone

from mingfa.library.models import Article, ArticleWords, Edition
from mingfa.library.queries import articles_in_order
from mingfa.library.suggesting import TOP, ArticleIndex, Part, Suggestion

_lock = Lock()
_kept: tuple[frozenset[int], ArticleIndex] | None = None


def suggest_articles(parts: list[Part], *, most: int = TOP) -> list[tuple[Article, Suggestion]]:
    """The likeliest articles in force today with what they were found by, best first. Three queries.

    The index is this process's own; it is made anew when an edition was added or came into force.
    """
    found = {one.id: one for one in article_index().suggest(parts, most=most)}
    return [(article, found[article.pk]) for article in articles_in_order(list(found))]


def article_index() -> ArticleIndex:
    """The index over all articles in force today. One query while it is up to date."""
    global _kept
    editions = frozenset(Edition.objects.in_force_on(timezone.localdate()).values_list("pk", flat=True))
    with _lock:
        if _kept is None or _kept[0] != editions:
            _kept = editions, ArticleIndex(_rows(editions))
        return _kept[1]


def forget() -> None:
    """Drop the index: for tests, whose databases start empty."""
    global _kept
    _kept = None


def _rows(editions: frozenset[int]):
    words = ArticleWords.objects.order_by("pk").values_list(
        "article_id", "article__edition__law__short_title", "article__number", "article__sub", "title", "text", "article__text",
        "edition_id",
    )  # fmt: skip
    for *row, title_words, text_words, text, edition in words.iterator(chunk_size=2000):
        if edition in editions:
            yield (*row, title_words.split(), text_words.split(), text)
