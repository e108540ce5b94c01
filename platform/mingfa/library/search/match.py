"""The two databases' full-text indexes behind one function. Set up by migration 0002."""
from collections.abc import Collection, Sequence

from django.db import connection

# All words stand in title and text together and one of them in the text itself: a law about 调解 has 调解 in
# its title, which does not make every article of it an answer.
SQLITE = """
    SELECT words.article_id FROM library_articlewords_fts
    JOIN library_articlewords AS words ON words.article_id = library_articlewords_fts.rowid
    WHERE library_articlewords_fts MATCH %s {without} ORDER BY {order}
"""
POSTGRESQL = """
    SELECT words.article_id FROM library_articlewords AS words, to_tsquery('simple', %s) AS wanted
    WHERE words.vector @@ wanted {without} ORDER BY {order}
"""
SQLITE_RANK = "bm25(library_articlewords_fts)"
# Weights of D, C, B and A: the title (A) does not count.
POSTGRESQL_RANK = "-ts_rank('{1, 1, 1, 0}', words.vector, wanted)"


def matching_articles(
    words: Sequence[str],
    *,
    any_word: bool = False,
    without_editions: Collection[int] = (),
    first_editions: Collection[int] = (),
) -> list[int]:
    """Ids of the articles that hold all words, or any of them with `any_word`. One statement.

    Those of `first_editions` come first; then, with all words held, the shorter article: it is more about
    them. With any word the database's own ranking decides.
    """
    if not words:
        return []
    is_sqlite = connection.vendor == "sqlite"
    wanted = _for_sqlite(words, any_word) if is_sqlite else _for_postgresql(words, any_word)
    rank = (SQLITE_RANK if is_sqlite else POSTGRESQL_RANK) if any_word else "words.size"
    first = f"CASE WHEN words.edition_id IN ({_marks(first_editions)}) THEN 0 ELSE 1 END, " if first_editions else ""
    statement = (SQLITE if is_sqlite else POSTGRESQL).format(
        without=f"AND words.edition_id NOT IN ({_marks(without_editions)})" if without_editions else "",
        order=f"{first}{rank}, words.article_id",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted, *without_editions, *first_editions])
        return [article_id for (article_id,) in cursor.fetchall()]


def _marks(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))


def _for_sqlite(words: Sequence[str], any_word: bool) -> str:
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    in_text = f"text : ({' OR '.join(quoted)})"
    return in_text if any_word else f"{' AND '.join(quoted)} AND {in_text}"


def _for_postgresql(words: Sequence[str], any_word: bool) -> str:
    quoted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    in_text = " | ".join(f"{word}:C" for word in quoted)
    return in_text if any_word else f"{' & '.join(quoted)} & ({in_text})"
