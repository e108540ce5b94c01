"""Counters of answers. They change only when something that was answered becomes final, or is marked anew afterwards:
what a source gave before is replaced, and the counters move by the difference."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mingfa.bank.models import Answers, AnswerSource, QuestionTally, QuestionVersion, VersionTally
from mingfa.bank.registry import Answered, answer_kinds

# Versions of one transaction.
BATCH = 250
NOTHING = Answered(0, 0, 0, 0)


def outdate_answers(kind: str, key: str) -> None:
    """Inside a transaction that changes marks: what was counted of this source is not right any more.

    One statement, and nothing to do for a source that was never counted.
    """
    AnswerSource.objects.filter(kind=kind, key=key).update(wanted=F("wanted") + 1)


def count_final_answers(*, now: datetime) -> int:
    """Count every source that is final and not counted as it stands; take out those that are no longer final.

    Safe to run twice and after a kill: a source is counted when its last batch is written. Returns how many were done.
    """
    done = 0
    for kind, source in answer_kinds.items():
        over = set(source.over(now))
        known = {one.key: one for one in AnswerSource.objects.filter(kind=kind)}
        for key in sorted(over):
            row = known.get(key)
            if (row is None or row.counted < row.wanted) and source.is_final(key):
                row = row or AnswerSource.objects.get_or_create(kind=kind, key=key)[0]
                _count(row, source.answers(key), now=now)
                done += 1
        for key in known.keys() - over:
            if known[key].counted:
                _count(known[key], [], now=now, counted=0)
                done += 1
    return done


def recount_answers(*, now: datetime, repair: bool = True) -> Iterator[tuple[str, int]]:
    """Work out all counters anew from what the sources say, one after the other. Yields (what, how many rows differed).

    Without `repair` nothing is written.
    """
    for kind, source in answer_kinds.items():
        sure = {key for key in source.over(now) if source.is_final(key)}
        for key in sorted(sure | set(AnswerSource.objects.filter(kind=kind).values_list("key", flat=True))):
            row = AnswerSource.objects.filter(kind=kind, key=key).first()
            given = source.answers(key) if key in sure else []
            differing = len(_changes(_stored(row) if row else {}, given))
            if differing and repair:
                row = row or AnswerSource.objects.create(kind=kind, key=key)
                _count(row, given, now=now, counted=row.wanted if key in sure else 0)
            yield f"{kind}/{key}", differing
    yield "versions", _repair_sums(repair)


def _stored(source: AnswerSource) -> dict[int, Answered]:
    return {
        one.version_id: Answered(one.version_id, one.asked, one.answered, one.right, one.discrimination, one.options)
        for one in source.answers.all()
    }


def _changes(stored: dict[int, Answered], given: list[Answered]) -> list[tuple[int, Answered, Answered]]:
    """(version, before, after) of everything that is not as it is stored."""
    after = {one.version_id: one for one in given}
    pairs = [(pk, stored.get(pk, NOTHING), after.get(pk, NOTHING)) for pk in sorted(stored.keys() | after.keys())]
    return [(pk, before, now) for pk, before, now in pairs if before != now]


def _count(source: AnswerSource, given: list[Answered], *, now: datetime, counted: int | None = None) -> None:
    """Bring a source's rows to `given`, counters along with them, a batch a transaction."""
    counted = source.wanted if counted is None else counted
    changes = _changes(_stored(source), given)
    for start in range(0, len(changes), BATCH):
        with transaction.atomic():
            # Two workers at once: the second waits here and finds other rows than it reckoned with.
            AnswerSource.objects.select_for_update().get(pk=source.pk)
            some = {pk: after for pk, _, after in changes[start : start + BATCH]}
            before = {one.version_id: one for one in Answers.objects.filter(source=source, version__in=some)}
            _write(source, some, before)
    AnswerSource.objects.filter(pk=source.pk).update(counted=counted, counted_at=now)


def _write(source: AnswerSource, some: dict[int, Answered], before: dict[int, Answers]) -> None:
    rows, by_version, by_question = [], {}, {}
    places = {
        pk: (question, order)
        for pk, question, order in QuestionVersion.objects.filter(pk__in=some).values_list("pk", "question", "order")
    }
    for pk, one in some.items():
        old, (question, order) = before.get(pk), places[pk]
        names = ("asked", "answered", "right")
        delta = Counter({name: getattr(one, name) - (getattr(old, name) if old else 0) for name in names})
        by_version[pk] = delta
        # A case stands on a paper once, whatever the number of its sub-questions.
        total = by_question.setdefault(question, Counter())
        total.update(delta)
        total.update(used=delta["asked"] if order <= 1 else 0)
        if one.asked:
            rows.append(Answers(
                source=source, version_id=pk, asked=one.asked, answered=one.answered, right=one.right,
                discrimination=one.discrimination, options=one.options,
            ))  # fmt: skip
    Answers.objects.filter(source=source, version__in=some).delete()
    Answers.objects.bulk_create(rows)
    _add(VersionTally, "version_id", by_version, {pk: {"question_id": places[pk][0]} for pk in by_version})
    _add(QuestionTally, "question_id", by_question, {})


def _add(model, key: str, deltas: dict[int, Counter], given: dict[int, dict]) -> None:
    """Counters by differences, in the order of their keys so that two writers never wait for each other crosswise."""
    model.objects.bulk_create((model(**{key: pk}, **given.get(pk, {})) for pk in sorted(deltas)), ignore_conflicts=True)
    kept = {getattr(row, key): row for row in model.objects.select_for_update().filter(pk__in=deltas).order_by("pk")}
    names = [name for name in ("used", "asked", "answered", "right") if hasattr(model, name)]
    for pk, row in kept.items():
        for name in names:
            setattr(row, name, getattr(row, name) + deltas[pk][name])
    model.objects.bulk_update(kept.values(), names)


def _repair_sums(repair: bool) -> int:
    """Counters that are not the sum of their rows: how many, put right if asked."""
    by_version, by_question, question_of = {}, {}, {}
    rows = Answers.objects.order_by().values_list(
        "version", "version__question", "version__order", "asked", "answered", "right"
    )
    for version, question, order, asked, answered, right in rows:
        one = Counter(asked=asked, answered=answered, right=right)
        by_version.setdefault(version, Counter()).update(one)
        question_of[version] = {"question_id": question}
        by_question.setdefault(question, Counter()).update(one + Counter(used=asked if order <= 1 else 0))
    differing = 0
    for model, key, sums, given in (
        (VersionTally, "version_id", by_version, question_of), (QuestionTally, "question_id", by_question, {}),
    ):  # fmt: skip
        names = [name for name in ("used", "asked", "answered", "right") if hasattr(model, name)]
        stored = {row[0]: Counter(dict(zip(names, row[1:], strict=True))) for row in model.objects.values_list("pk", *names)}
        deltas = {}
        for pk in sums.keys() | stored.keys():
            delta = Counter({n: sums.get(pk, Counter())[n] - stored.get(pk, Counter())[n] for n in names})
            if any(delta.values()):
                deltas[pk] = delta
        differing += len(deltas)
        for start in range(0, len(deltas) if repair else 0, BATCH):
            some = {pk: deltas[pk] for pk in sorted(deltas)[start : start + BATCH]}
            with transaction.atomic():
                _add(model, key, some, given)
    return differing
