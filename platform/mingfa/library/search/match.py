"""The two databases' full-text indexes behind one function. Set up by migration 0002."""
from collections.abc import Collection, Sequence

from django.db import connection

# The words of the law's title weigh three times those of the text.
SQLITE = """
    SELECT words.article_id FROM library_articlewords_fts
    JOIN library_articlewords AS words ON words.article_id = library_articlewords_fts.rowid
    WHERE library_articlewords_fts MATCH %s {without}
    ORDER BY bm25(library_articlewords_fts, 3.0, 1.0), words.article_id
"""
POSTGRESQL = """
    SELECT article_id FROM library_articlewords AS words, {parser}('simple', %s) AS wanted
    WHERE vector @@ wanted {without}
    ORDER BY ts_rank(vector, wanted) DESC, article_id
"""


def matching_articles(
    words: Sequence[str], *, any_word: bool = False, without_editions: Collection[int] = ()
) -> list[int]:
    """Ids of articles holding all words (or any of them), best first. One statement."""
    if not words:
        return []
    marks = ", ".join(["%s"] * len(without_editions))
    without = f"AND words.edition_id NOT IN ({marks})" if marks else ""
    if connection.vendor == "sqlite":
        statement = SQLITE.format(without=without)
        wanted = (" OR " if any_word else " AND ").join('"' + word.replace('"', '""') + '"' for word in words)
    else:
        parser = "websearch_to_tsquery" if any_word else "plainto_tsquery"
        statement = POSTGRESQL.format(without=without, parser=parser)
        wanted = (" or " if any_word else " ").join(words)
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted, *without_editions])
        return [article_id for (article_id,) in cursor.fetchall()]
