"""Importing a file: staged in batches nobody sees, then visible all at once by one short commit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from wagtail.log_actions import log

from mingfa.bank.actions.beliefs import store_beliefs
from mingfa.bank.actions.questions import citations_of, options_of, version_fields
from mingfa.bank.drafts import QuestionDraft, require_good
from mingfa.bank.importing import Parsed, ParsedQuestion, Repeat
from mingfa.bank.importing.results import Rejected
from mingfa.bank.models import Bank, Citation, Option, Question, QuestionImport, QuestionVersion, QuestionWords
from mingfa.bank.queries import compare_with_bank, in_use
from mingfa.bank.search import words_row
from mingfa.library.registry import tell_put_into_use
from mingfa.spreadsheets import SheetError
from mingfa.turns import Turns

# One batch is one transaction: small enough that a running exam never waits half a second for it.
BATCH = 100
# A living import says so with every batch; one that has been silent this long was killed.
SILENT = timedelta(minutes=10)
KEPT_FILES = timedelta(days=30)
SWEPT_ENTRIES = 500  # a transaction
# A question with the id of who wrote it, None for a command.
Written = tuple[QuestionDraft, int | None]


class ImportRefused(Exception):
    """The file has errors and the user did not choose the good rows. Nothing was saved."""

    def __init__(self, errors: tuple[SheetError, ...]):
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


class AlreadyTaken(Exception):
    """This upload is being imported just now, or was. Nothing was done a second time. `state`: its 状态 in words."""

    def __init__(self, state: str):
        super().__init__(state)
        self.state = state


class BankChanged(Exception):
    """Somebody saved one of the same questions meanwhile. Nothing was saved; importing again is safe."""


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did. `before` and `after` count the questions in use of the bank."""

    imported: int
    repeats: tuple[Repeat, ...]
    errors: tuple[SheetError, ...]
    before: int
    after: int
    rejected: tuple[Rejected, ...] = ()


@transaction.atomic
def keep_upload(bank: Bank, *, data: bytes, name: str, by, now: datetime) -> QuestionImport:
    """Keep an uploaded file under a name of our own until it is imported or thirty days have gone."""
    upload = QuestionImport(bank=bank, name=name[-200:], created_by=by, created_at=now, touched_at=now)
    upload.file.save("upload", ContentFile(data), save=False)
    upload.save()
    return upload


def import_questions(
    bank: Bank,
    parsed: Parsed,
    *,
    by,
    now: datetime,
    accept_good: bool = False,
    upload: QuestionImport | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    settle: Callable[[Parsed], bool] = lambda compared: True,
    written_by: Callable[[ParsedQuestion], int | None] = lambda question: None,
) -> ImportOutcome:
    """Save the questions of a file that the bank does not have yet; all or none of them.

    Repeats are skipped. With errors nothing is saved unless `accept_good`. `progress(done, total)` is called
    after each batch. `settle(compared)` runs inside the one commit, with the questions that appear; it returns whether
    the upload is done with, else the rest of it can be brought later, and may raise BankChanged. `written_by` gives the id
    of who wrote a question where that was not `by`.
    Raises ImportRefused, AlreadyTaken and BankChanged; after any, and after a killed process,
    the bank is as it was. Not one transaction: batches are staged where no list and no paper sees them.
    """
    turns = Turns()
    sweep_imports(now=now, but=upload)
    before = in_use(bank).count()
    parsed = compare_with_bank(bank, parsed)
    if parsed.errors and not accept_good:
        raise ImportRefused(parsed.errors)
    drafts = [(question.draft, written_by(question) or (by and by.pk)) for question in parsed.questions]
    run = upload or QuestionImport(bank=bank, name=parsed.file, created_by=by, created_at=now)
    facts = {"file": run.name, "imported": len(drafts), "skipped": len(parsed.repeats), "rejected": len(parsed.errors)}
    _claim(run, now)
    try:
        _stage(run, drafts, turns, by=by, now=now, progress=progress)
        turns.let_others()
        _make_visible(run, facts, lambda: settle(parsed), by=by, now=now)
    except BaseException:
        _drop_staged(run, turns)
        raise
    return ImportOutcome(len(drafts), parsed.repeats, parsed.errors, before, in_use(bank).count(), parsed.rejected)


def sweep_imports(*, now: datetime, but: QuestionImport | None = None) -> int:
    """Drop what killed imports left behind, and old files except that of `but`. Returns how many imports were swept."""
    dead = QuestionImport.objects.filter(state=QuestionImport.State.STAGING, touched_at__lt=now - SILENT)
    turns, swept = Turns(), 0
    for run in dead:
        _drop_staged(run, turns)
        swept += 1
    old = QuestionImport.objects.filter(created_at__lt=now - KEPT_FILES).exclude(file="")
    for upload in old.exclude(pk=but.pk if but else None):
        upload.file.delete()
        while entries := list(upload.entries.values_list("pk", flat=True)[:SWEPT_ENTRIES]):
            with turns.transaction():
                upload.entries.filter(pk__in=entries).delete()
    return swept


def _claim(run: QuestionImport, now: datetime) -> None:
    """Of two clicks on one upload the first gets it: both would stage under it, and both be made visible."""
    state = QuestionImport.State
    run.state, run.touched_at = state.STAGING, now
    if run.pk is None:
        run.save()
        return
    free = QuestionImport.objects.filter(pk=run.pk, state__in=(state.UPLOADED, state.PARTLY, state.DROPPED))
    if not free.update(state=state.STAGING, touched_at=now):
        run.refresh_from_db(fields=["state"])
        raise AlreadyTaken(run.get_state_display())
    run.refresh_from_db(fields=["imported"])


def _stage(run: QuestionImport, drafts: list[Written], turns: Turns, *, by, now, progress) -> None:
    """Write all questions as STAGED, a transaction a batch, others who write in between."""
    started = monotonic()
    for start in range(0, len(drafts), BATCH):
        batch = [(require_good(draft), author) for draft, author in drafts[start : start + BATCH]]
        with turns.transaction():
            _store_batch(run, batch, by=by, now=now)
            run.touched_at = now + timedelta(seconds=monotonic() - started)
            run.save(update_fields=["touched_at"])
        progress(start + len(batch), len(drafts))


def _store_batch(run: QuestionImport, written: list[Written], *, by, now) -> None:
    staged, drafts = Question.Status.STAGED, [draft for draft, _ in written]
    questions = Question.objects.bulk_create(
        Question(bank_id=run.bank_id, topic=draft.topic, status=staged, imported_in=run) for draft in drafts
    )
    stamp = {"number": 1, "created_at": now}
    versions = QuestionVersion.objects.bulk_create(
        QuestionVersion(question=question, created_by_id=author, **stamp, **version_fields(draft))
        for question, (draft, author) in zip(questions, written, strict=True)
    )
    pairs = list(zip(versions, drafts, strict=True))
    QuestionWords.objects.bulk_create(words_row(version, draft) for version, draft in pairs)
    parts = [
        (_part(version, place, part, **stamp), part)
        for version, draft in pairs
        for place, part in enumerate(draft.children, start=1)
    ]
    QuestionVersion.objects.bulk_create([version for version, _ in parts])
    pairs += parts
    Option.objects.bulk_create(row for version, draft in pairs for row in options_of(version, draft))
    Citation.objects.bulk_create(row for version, draft in pairs for row in citations_of(version, draft))
    store_beliefs(run.bank, pairs, by=by, now=now)
    whole = QuestionVersion.objects.filter(question=OuterRef("pk"), parent=None)
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(
        current=Subquery(whole.values("pk")[:1])
    )


def _part(version: QuestionVersion, place: int, part: QuestionDraft, **stamp) -> QuestionVersion:
    whole = {"question": version.question, "parent": version, "created_by_id": version.created_by_id}
    return QuestionVersion(order=place, **whole, **stamp, **version_fields(part))


@transaction.atomic
def _make_visible(run: QuestionImport, facts: dict, settle: Callable[[], bool], *, by, now) -> None:
    """The one commit by which all questions of an import appear."""
    bank = Bank.objects.select_for_update().get(pk=run.bank_id)
    same = in_use(bank).filter(current__stem_hash=OuterRef("current__stem_hash"))
    staged = Question.objects.filter(imported_in=run, status=Question.Status.STAGED)
    if staged.filter(Exists(same)).exists():
        raise BankChanged
    appearing = [str(pk) for pk in staged.values_list("pk", flat=True)]
    staged.update(status=Question.Status.DRAFT if bank.reviewed else Question.Status.USABLE)
    # Written, at the latest, when the file came: law that changed since then has not been looked at for these.
    tell_put_into_use("question", dict.fromkeys(appearing, run.created_at), by, now)
    run.state = QuestionImport.State.DONE if settle() else QuestionImport.State.PARTLY
    run.imported += facts["imported"]
    run.save(update_fields=["state", "imported"])
    if facts["imported"]:
        Bank.objects.filter(pk=bank.pk).update(edition=F("edition") + 1)
    log(bank, "bank.import_questions", user=by, timestamp=now, data=facts)


def _drop_staged(run: QuestionImport, turns: Turns) -> None:
    """Delete the invisible rows of an import that did not finish, a batch a transaction."""
    staged = Question.objects.filter(imported_in=run, status=Question.Status.STAGED)
    while ids := list(staged.values_list("pk", flat=True)[:BATCH]):
        with turns.transaction():
            staged.filter(pk__in=ids).update(current=None)
            QuestionVersion.objects.filter(question__in=ids).exclude(parent=None).delete()
            QuestionVersion.objects.filter(question__in=ids).delete()
            staged.filter(pk__in=ids).delete()
    if run.pk:
        state = QuestionImport.State
        left = state.PARTLY if run.imported else state.DROPPED
        QuestionImport.objects.filter(pk=run.pk, state=state.STAGING).update(state=left)
