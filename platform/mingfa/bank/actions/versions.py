"""The same wording as the next version of many questions at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from mingfa.bank.models import Citation, Option, Question, QuestionVersion, QuestionWords


def copy_versions(questions: Sequence[Question], *, difficulty: int, by, now: datetime) -> None:
    """Make a version with another difficulty the current one of each question; stem, key and citations stay.

    Inside the caller's transaction. A constant number of statements.

    Args:
        questions: locked, with `current`.
    """
    ids = [one.current_id for one in questions]
    # Rows of our own: the callers go on using the `current` they have as what was before.
    rows = QuestionVersion.objects.in_bulk(ids)
    wholes = [rows[pk] for pk in ids]
    parts = list(QuestionVersion.objects.filter(parent__in=ids))
    last = dict(
        QuestionVersion.objects.filter(question__in=[one.pk for one in questions])
        .order_by().values_list("question").annotate(Max("number"))
    )  # fmt: skip
    options, citations = (
        list(model.objects.filter(version__in=[*ids, *(part.pk for part in parts)])) for model in (Option, Citation)
    )
    words = dict(QuestionWords.objects.filter(version__in=ids).values_list("version", "text"))
    for one in wholes:
        _as_new(one, last, by, now)
        one.difficulty = difficulty
    QuestionVersion.objects.bulk_create(wholes)
    new = dict(zip(ids, wholes, strict=True))
    old_parts = [part.pk for part in parts]
    for part in parts:
        _as_new(part, last, by, now)
        part.parent = new[part.parent_id]
    QuestionVersion.objects.bulk_create(parts)
    new |= dict(zip(old_parts, parts, strict=True))
    for row in (*options, *citations):
        row.pk, row.version = None, new[row.version_id]
    Option.objects.bulk_create(options)
    Citation.objects.bulk_create(citations)
    QuestionWords.objects.bulk_create(QuestionWords(version=new[pk], text=text) for pk, text in words.items())
    for question, version in zip(questions, wholes, strict=True):
        question.current = version
    Question.objects.bulk_update(questions, ["current"])


def _as_new(version: QuestionVersion, last: dict[int, int], by, now: datetime) -> None:
    version.pk, version.number, version.created_at, version.created_by = None, last[version.question_id] + 1, now, by
    version._state.adding = True
