"""Editions compared, kept in memory: texts seldom change, and a reader may turn pages of a long comparison."""
from functools import lru_cache

from mingfa.library.comparing import ArticleText, Finding, compare
from mingfa.library.models import Article, Edition


def compare_editions(old: Edition, new: Edition) -> tuple[Finding, ...]:
    """What became of every article from `old` to `new` (library.comparing). Two queries, none when known."""
    return _compared(old.pk, old.digest, new.pk, new.digest)


@lru_cache(maxsize=32)
def _compared(old_id: int, old_digest: str, new_id: int, new_digest: str) -> tuple[Finding, ...]:
    """The digests are part of the name: a text that was replaced is compared anew."""
    return tuple(compare(_texts(old_id), _texts(new_id)))


def _texts(edition_id: int) -> list[ArticleText]:
    rows = Article.objects.filter(edition=edition_id).order_by("order")
    return [ArticleText(*row) for row in rows.values_list("number", "sub", "text")]


def forget() -> None:
    """Drop what is remembered: for tests, whose databases give the same ids to other rows."""
    _compared.cache_clear()
