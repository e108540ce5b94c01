"""What somebody decides about the questions of an upload, and bringing the decided ones into the bank."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mingfa.bank.actions.imports import AlreadyTaken, BankChanged, ImportOutcome, import_questions
from mingfa.bank.drafts import QuestionDraft, draft_hash, require_good
from mingfa.bank.importing import Parsed, ParsedQuestion
from mingfa.bank.importing.keeping import draft_document, draft_from, finding, place_from
from mingfa.bank.importing.results import RawQuestion
from mingfa.bank.models import ImportEntry, QuestionImport
from mingfa.bank.repairs import open_entries, ready_entries, same_stem

AT_ONCE = 500  # rows named by one query
TWICE = "题干和本文件第 {0} 题相同。请只留一题，或把题干写得能分清。"


class EntryChanged(Exception):
    """Somebody else decided about this question meanwhile. Nothing was saved; `entry` is how it stands now."""

    def __init__(self, entry: ImportEntry):
        super().__init__(entry.pk)
        self.entry = entry


class EntryClosed(Exception):
    """The question is in the bank already, or was there before. Nothing was saved."""


class StemTaken(Exception):
    """Another question of the same upload that comes in has this stem. Nothing was saved; `other` is that entry."""

    def __init__(self, other: ImportEntry):
        super().__init__(other.pk)
        self.other = other


@transaction.atomic
def decide_entry(
    entry: ImportEntry, *, decision: str, draft: QuestionDraft | None = None, seen: int, by, now: datetime
) -> ImportEntry:
    """Keep that a question of an upload shall come in as `draft` ("confirmed", its own where None) or not ("refused").

    seen: the `revision` the person looked at. Deciding the same twice changes nothing. A confirmed draft that is not
    the one that was read is kept as "changed". No audit entry: the bank changes only with the import, which has one.
    Raises EntryChanged, EntryClosed, StemTaken, AlreadyTaken (the upload is being imported just now) and BadDraft.
    """
    kinds = ImportEntry.Decision
    row = _locked(entry)
    if decision == kinds.CONFIRMED:
        document = draft_document(require_good(draft or draft_from(row.draft)))
        same = _same(document, row.draft)
        if same and row.decision in (kinds.CONFIRMED, kinds.CHANGED):
            return row
        decision = kinds.CONFIRMED if same else kinds.CHANGED
    elif row.decision == decision:
        return row
    else:
        document = row.draft
    if row.revision != seen:
        raise EntryChanged(row)
    worded = draft_hash(draft_from(document))
    if decision != kinds.REFUSED and (other := same_stem(row, worded)):
        raise StemTaken(other)
    row.draft, row.stem_hash, row.decision, row.typed = document, worded, decision, {}
    row.decided_at, row.decided_by, row.revision = now, by, row.revision + 1
    row.save(update_fields=["draft", "stem_hash", "decision", "typed", "decided_at", "decided_by", "revision"])
    if decision != kinds.REFUSED:
        state = QuestionImport.State
        QuestionImport.objects.filter(pk=row.run_id, state=state.DONE).update(state=state.PARTLY)
    return row


@transaction.atomic
def keep_typed(entry: ImportEntry, typed: dict, *, seen: int, by, now: datetime) -> ImportEntry:
    """Keep what somebody typed without deciding anything; it is what the form shows next. Raises as `decide_entry`."""
    row = _locked(entry)
    if row.typed == typed:
        return row
    if row.revision != seen:
        raise EntryChanged(row)
    row.typed, row.decided_by, row.revision = typed, by, row.revision + 1
    row.save(update_fields=["typed", "decided_by", "revision"])
    return row


def import_decided(
    run: QuestionImport, *, by, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> ImportOutcome:
    """Put the good and the confirmed questions of an upload into its bank by one commit; the rest stays to be repaired.

    A second call brings only what was decided since. Raises AlreadyTaken and BankChanged, as `import_questions`.
    """
    entries = _told_apart(list(ready_entries(run)))
    by_place = {}
    questions = []
    for entry in entries:
        place = place_from(entry.reading)
        by_place[id(place)] = entry
        questions.append(ParsedQuestion(draft_from(entry.draft), RawQuestion(place, entry.draft["stem"])))
    parsed = Parsed(run.name, tuple(questions))
    if not entries:
        run.refresh_from_db(fields=["state"])
        if run.state in (QuestionImport.State.DONE, QuestionImport.State.STAGING):
            raise AlreadyTaken(run.get_state_display())

    def settle(compared: Parsed) -> bool:
        _take([by_place[id(one.place)] for one in compared.questions])
        left = {by_place[id(one.place)].pk for one in (*compared.repeats, *compared.rejected)}
        repeats = [by_place[id(one.place)].pk for one in compared.repeats]
        return len(left) == len(repeats) and not open_entries(run).exists()

    def written_by(question: ParsedQuestion) -> int | None:
        entry = by_place[id(question.place)]
        return entry.decided_by_id if entry.decision == ImportEntry.Decision.CHANGED else None

    outcome = import_questions(
        run.bank, parsed, by=by, now=now, accept_good=True, upload=run, progress=progress, settle=settle, written_by=written_by
    )  # fmt: skip
    _set_aside(by_place, outcome)
    return outcome


def _locked(entry: ImportEntry) -> ImportEntry:
    """The row as it is now; its run is locked first, so that no import starts in between."""
    run = QuestionImport.objects.select_for_update().get(pk=entry.run_id)
    if run.state == QuestionImport.State.STAGING:
        raise AlreadyTaken(run.get_state_display())
    row = ImportEntry.objects.select_for_update().get(pk=entry.pk)
    if row.taken or row.sort == ImportEntry.Sort.REPEAT:
        raise EntryClosed
    return row


def _same(one: dict, other: dict) -> bool:
    """Whether two drafts say the same; where they were read and how sure that was says nothing about it."""
    return draft_from(one | {"source": "", "confidence": 1.0}) == draft_from(other | {"source": "", "confidence": 1.0})


def _told_apart(entries: list[ImportEntry]) -> list[ImportEntry]:
    """Those with stems of their own; of two with one stem, which repairing can make, the later one becomes an error."""
    first: dict[str, ImportEntry] = {}
    for entry in entries:
        other = first.setdefault(entry.stem_hash, entry)
        if other is not entry:
            _make_wrong(entry, [entry.where, TWICE.format(other.place)])
    return list(first.values())


def _make_wrong(entry: ImportEntry, told: list[str]) -> None:
    undone = {"sort": ImportEntry.Sort.WRONG, "findings": [told], "headline": told[1][:120], "decision": ""}
    ImportEntry.objects.filter(pk=entry.pk, taken=False).update(**undone, confidence=0, revision=F("revision") + 1)


def _take(entries: list[ImportEntry]) -> None:
    """Mark what appears now. Raises BankChanged where somebody decided otherwise since it was read."""
    revisions = {entry.pk: entry.revision for entry in entries}
    keys = list(revisions)
    for start in range(0, len(keys), AT_ONCE):
        rows = ImportEntry.objects.filter(pk__in=keys[start : start + AT_ONCE], taken=False)
        now = dict(rows.values_list("pk", "revision"))
        if now != {pk: revisions[pk] for pk in keys[start : start + AT_ONCE]}:
            raise BankChanged
        rows.update(taken=True)


def _set_aside(by_place: dict[int, ImportEntry], outcome: ImportOutcome) -> None:
    """What the bank got meanwhile is a repeat now, and what contradicts it an error."""
    for repeat in outcome.repeats:
        entry = by_place[id(repeat.place)]
        headline = f"和题库里编号 {repeat.question_id} 的试题相同"
        entry.reading["same"] = {"row": None, "question": repeat.question_id}
        rows = ImportEntry.objects.filter(pk=entry.pk, taken=False)
        rows.update(sort=ImportEntry.Sort.REPEAT, headline=headline, reading=entry.reading)
    for one in outcome.rejected:
        _make_wrong(by_place[id(one.place)], finding(one.errors[0]))
