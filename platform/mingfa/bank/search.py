"""Finding questions by their words: cut as the law library cuts them, matched by the database's own index."""

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models.expressions import RawSQL

from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Option, QuestionVersion, QuestionWords
from mingfa.library.search.words import LONGEST_QUERY, cut

SQLITE = "SELECT rowid FROM bank_questionwords_fts WHERE bank_questionwords_fts MATCH %s"
POSTGRESQL = "SELECT version_id FROM bank_questionwords WHERE vector @@ to_tsquery('simple', %s)"
BATCH = 500


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


def index_missing() -> Iterator[int]:
    """Give words to every whole version that has none, a batch a transaction. Yields how many have been done so far."""
    missing = QuestionVersion.objects.filter(parent=None, words=None).order_by("pk")
    done = 0
    while batch := list(missing.only("pk", "stem", "prompts")[:BATCH]):
        QuestionWords.objects.bulk_create(_rows(batch), ignore_conflicts=True)
        done += len(batch)
        yield done


def _rows(batch: list[QuestionVersion]) -> Iterable[QuestionWords]:
    ids = [version.pk for version in batch]
    texts = {version.pk: [version.stem, version.prompts] for version in batch}
    for parent, stem, prompts in QuestionVersion.objects.filter(parent__in=ids).values_list("parent", "stem", "prompts"):
        texts[parent] += [stem, prompts]
    options = Option.objects.filter(version__in=ids).values_list("version", "text")
    of_children = Option.objects.filter(version__parent__in=ids).values_list("version__parent", "text")
    for version, text in [*options, *of_children]:
        texts[version].append(text)
    return [QuestionWords(version_id=pk, text=" ".join(cut("\n".join(found)))) for pk, found in texts.items()]
