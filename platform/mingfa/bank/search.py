"""Finding questions by their words: cut as the law library cuts them, matched by the database's own index."""

from django.db import connection
from django.db.models.expressions import RawSQL

from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import QuestionVersion, QuestionWords
from mingfa.library.search.words import LONGEST_QUERY, cut

SQLITE = "SELECT rowid FROM bank_questionwords_fts WHERE bank_questionwords_fts MATCH %s"
POSTGRESQL = "SELECT version_id FROM bank_questionwords WHERE vector @@ to_tsquery('simple', %s)"


def words_of(draft: QuestionDraft) -> str:
    """The words that find a question: those of stem, options and sub-questions, never those of the explanation."""
    parts = [draft, *draft.children]
    texts = [text for part in parts for text in (part.stem, *part.options, *part.prompts)]
    return " ".join(cut("\n".join(texts)))


def words_row(version: QuestionVersion, draft: QuestionDraft) -> QuestionWords:
    """The unsaved row of a version that is stored from a draft."""
    return QuestionWords(version=version, text=words_of(draft))


def versions_with(typed: str) -> RawSQL | None:
    """Ids of the versions that hold all words of what was typed, to be used in a filter; None without any word."""
    words = cut(typed[:LONGEST_QUERY])
    if not words:
        return None
    if connection.vendor == "sqlite":
        wanted = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
        return RawSQL(SQLITE, [wanted])  # noqa: S611 - our own text, what was typed is a parameter
    wanted = " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)
    return RawSQL(POSTGRESQL, [wanted])  # noqa: S611
