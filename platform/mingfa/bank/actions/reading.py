"""Reading an upload once, into rows that the repair screen works on, and comparing them with the bank.

Both go on where they stopped: reading the same file again gives the same rows, and what was compared is counted.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction

from mingfa.bank.drafts import QuestionDraft, draft_hash
from mingfa.bank.importing import Parsed, parse_file
from mingfa.bank.importing.keeping import draft_from, kept_questions, of_the_file
from mingfa.bank.models import ImportEntry, QuestionImport
from mingfa.bank.queries import compare_with_bank
from mingfa.bank.similar import similar_to
from mingfa.bank.similarity import Index, Kind, Wording
from mingfa.turns import Turns

BATCH = 500  # rows a transaction
COMPARED = 100  # questions a transaction: one to two seconds of looking
MOST = 3  # near questions shown for one


def read_upload(run: QuestionImport, *, now: datetime, parsed: Parsed | None = None) -> QuestionImport:
    """Write the questions of an upload as rows, unless that is done. `parsed`: the file, where somebody parsed it already.

    No audit entry: nothing is decided, and nothing of the bank changes. Raises FileNotFoundError.
    """
    if run.read_at:
        return run
    began = monotonic()
    if parsed is None:
        with run.file.open("rb") as file:
            parsed = parse_file(file.read(), run.name)
    compared = compare_with_bank(run.bank, parsed)
    rows = [_row(run, place, one) for place, one in enumerate(kept_questions(parsed, compared), start=1)]
    run.total, run.findings, run.notes = len(rows), of_the_file(compared), list(parsed.notes)
    run.touched_at = now + timedelta(seconds=monotonic() - began)
    run.save(update_fields=["total", "findings", "notes", "touched_at"])
    turns = Turns()
    for start in range(0, len(rows), BATCH):
        with turns.transaction():
            ImportEntry.objects.bulk_create(rows[start : start + BATCH], ignore_conflicts=True)
            run.touched_at = now + timedelta(seconds=monotonic() - began)
            run.save(update_fields=["touched_at"])
    run.read_at = now
    run.save(update_fields=["read_at"])
    return run


def compare_upload(run: QuestionImport, *, now: datetime, most: int = COMPARED) -> int:
    """Look for near questions of the next `most` entries, in the bank and before them in the file; how many are left.

    A good question that may be there already has to be looked at; other numbers or a 不 are only a hint.
    """
    before = run.entries.filter(place__lte=run.compared).exclude(sort=ImportEntry.Sort.REPEAT)
    entries = list(run.entries.filter(place__gt=run.compared, place__lte=run.compared + most))
    looked_at = [entry for entry in entries if entry.sort != ImportEntry.Sort.REPEAT]
    drafts = [draft_from(entry.draft) for entry in looked_at]
    index, texts = Index(), [_guessed(draft, entry.reading) for entry, draft in zip(looked_at, drafts, strict=True)]
    for place, document, reading in before.values_list("place", "draft", "reading").iterator(chunk_size=BATCH):
        index.add(place, Wording.of(_guessed(draft_from(document), reading)))
    in_bank = similar_to(run.bank, texts, most=MOST)
    for entry, text, found in zip(looked_at, texts, in_bank, strict=True):
        wording = Wording.of(text)
        near = [(one.percent, one.kind, {"question": one.id}) for one in found]
        near += [(one.percent, one.kind, {"place": one.id}) for one in index.near(wording, most=MOST)]
        near.sort(key=lambda one: (not one[1].may_repeat, -one[0]))
        entry.near = [where | {"percent": percent, "kind": kind.name} for percent, kind, where in near[:MOST]]
        index.add(entry.place, wording)
        _ask_about(entry)
    with transaction.atomic():
        for entry in looked_at:
            if entry.near:
                _store_near(entry)
        run.compared, run.touched_at = min(run.compared + most, run.total), now
        run.save(update_fields=["compared", "touched_at"])
    return run.total - run.compared


def _row(run: QuestionImport, place: int, one) -> ImportEntry:
    return ImportEntry(
        run=run, place=place, sort=one.sort, confidence=one.confidence, headline=one.headline, where=one.where,
        stem_hash=draft_hash(draft_from(one.draft)), draft=one.draft, reading=one.reading, findings=one.findings,
    )  # fmt: skip


def _guessed(draft: QuestionDraft, reading: dict) -> QuestionDraft:
    """The draft with the key it may have: likeness is a hint, and better with it."""
    return replace(draft, answer=draft.answer or reading["guess"])


def _ask_about(entry: ImportEntry) -> None:
    first = entry.near[0] if entry.near else None
    if first is None or not Kind[first["kind"]].may_repeat or entry.sort != ImportEntry.Sort.GOOD:
        return
    other = f"题库里编号 {first['question']} 的试题" if "question" in first else f"本文件第 {first['place']} 题"
    entry.sort, entry.headline = ImportEntry.Sort.LOOK, f"与{other}近似 {first['percent']}%"


def _store_near(entry: ImportEntry) -> None:
    """What was found; somebody's decision meanwhile stays, and is not asked about again."""
    undecided = ImportEntry.objects.filter(pk=entry.pk, decision="", taken=False)
    if not undecided.update(near=entry.near, sort=entry.sort, headline=entry.headline):
        ImportEntry.objects.filter(pk=entry.pk).update(near=entry.near)
