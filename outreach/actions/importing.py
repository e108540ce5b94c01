"""Importing a file of entries in the background, some hundred rows at a time, so that nobody waits for the database."""
from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from mingfa.people.models import OrgUnit, User
from mingfa.spreadsheets import read_rows
from mingfa.turns import Turns
from wagtail.log_actions import log

from ..engine.ledger import Kind
from ..engine.refusals import Refusal, Stopped
from ..importing.ledger import read_ledger
from ..ledgers import NewBatch, Plan, Step, digest_of, lines_of, plan_ledger
from ..models import Batch, LedgerImport, Material
from ..queries import places_kept_by
from ..tasks import write_import
from ..wording import sentence
from .posting import Entry, post

CHUNK = 200


def begin_import(
    content: bytes, *, unit: OrgUnit, file_name: str, rows: int, skip_repeats: bool, by: User, now: datetime
) -> LedgerImport:
    """Keep the file and let the background write it; the same file again goes on where it stopped.

    rows: how many the file will have written in all. Its plan had no errors.
    """
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        run = LedgerImport.objects.filter(unit=unit, digest=digest_of(content)).first()
        if run is None:
            words = {"file_name": file_name[-120:], "by": by, "created_at": now, "total": rows}
            run = LedgerImport(unit=unit, digest=digest_of(content), **words)
            run.file.save("", ContentFile(content), save=False)
            data = {"rows": rows, "digest": run.digest}
        else:
            data = {"again": run.pk}
            if not run.file:
                run.file.save("", ContentFile(content), save=False)
        run.state, run.skips_repeats, run.trouble, run.total = LedgerImport.State.RUNNING, skip_repeats, "", rows
        run.by = by
        run.save()
        log(run, "outreach.import_ledger", user=by, timestamp=now, data=data)
        transaction.on_commit(lambda: write_import.enqueue(run.pk))
    return run


def carry_on_import(run: LedgerImport, *, now: datetime) -> LedgerImport:
    """Write what of the kept file is not in yet. Safe to run twice and after a kill; what stops it is told on its page."""
    if run.state != LedgerImport.State.RUNNING or not run.file:
        return run
    with run.file.open("rb") as file:
        content = file.read()
    places = places_kept_by(run.by)
    parsed = read_ledger(read_rows(content, run.file_name), today=timezone.localdate(now))
    plan = plan_ledger(parsed, digest=run.digest, unit=run.unit, places=places, skip_repeats=run.skips_repeats)
    if plan.errors:
        row = f"第 {plan.errors[0].row} 行：" if plan.errors[0].row else ""
        return _stop(run, f"{row}{plan.errors[0].message}")
    try:
        import_ledger(plan, unit=run.unit, file_name=run.file_name, by=run.by, now=now)
    except Stopped as stopped:
        return _stop(run, sentence(stopped))
    with transaction.atomic():
        run = LedgerImport.objects.select_for_update().get(pk=run.pk)
        storage, name = run.file.storage, run.file.name
        run.state, run.file, run.total = LedgerImport.State.DONE, "", run.done
        run.save()
        transaction.on_commit(lambda: storage.delete(name) if name else None)
    return run


def _stop(run: LedgerImport, trouble: str) -> LedgerImport:
    with transaction.atomic():
        run = LedgerImport.objects.select_for_update().get(pk=run.pk)
        run.state, run.trouble = LedgerImport.State.STOPPED, trouble[:300]
        run.save(update_fields=["state", "trouble"])
    return run


def resume_imports() -> int:
    """After a start: what was being written when the process died goes on. Returns how many."""
    running = list(LedgerImport.objects.filter(state=LedgerImport.State.RUNNING).values_list("pk", flat=True))
    for pk in running:
        write_import.enqueue(pk)
    return len(running)


def import_ledger(plan: Plan, *, unit: OrgUnit, file_name: str, by: User, now: datetime) -> LedgerImport:
    """Write what was planned. Killed in between, it has written whole rows, each once: the same file goes on from there.

    The plan has no errors. Rows of this very file that are in already were left out by the plan.

    Raises:
        Stopped
    """
    with transaction.atomic():
        run, fresh = LedgerImport.objects.get_or_create(
            unit=unit, digest=plan.digest,
            defaults={"file_name": file_name[:120], "by": by, "created_at": now, "total": plan.total},
        )  # fmt: skip
        if fresh:
            log(run, "outreach.import_ledger", user=by, timestamp=now, data={"rows": plan.total, "digest": plan.digest})
    turns = Turns()
    for start in range(0, len(plan.steps), CHUNK):
        _write(run, plan.steps[start : start + CHUNK], turns, unit=unit, by=by, now=now)
    return LedgerImport.objects.get(pk=run.pk)


def _write(run: LedgerImport, steps: list[Step], turns: Turns, *, unit: OrgUnit, by: User, now: datetime) -> None:
    with turns.transaction():
        locked = LedgerImport.objects.select_for_update().get(pk=run.pk)
        batches = _batches(steps, unit, by=by, now=now)
        entries = [_entry(step, batches, locked) for step in steps]
        try:
            post(entries, by=by, now=now)
        except Refusal as refusal:
            row = steps[getattr(refusal, "entry", 0)].read.row
            raise Stopped(locked.done, locked.total, row, refusal) from refusal
        locked.done = locked.movements.count()
        locked.save(update_fields=["done"])


def _batches(steps: Iterable[Step], unit: OrgUnit, *, by: User, now: datetime) -> dict[NewBatch, int]:
    """Keys of the batches that come with these rows; made, with their materials, where they are not there yet."""
    keys: dict[NewBatch, int] = {}
    for fresh in dict.fromkeys(step.batch for step in steps if isinstance(step.batch, NewBatch)):
        material = fresh.material
        if material is None:
            words = {"category": fresh.category}
            material, made = Material.objects.get_or_create(unit=unit, name=fresh.name, defaults=words)
            if made:
                log(material, "outreach.create_material", user=by, timestamp=now, data={"unit": unit.pk})
        keys[fresh] = Batch.objects.get_or_create(material=material, label=fresh.label)[0].pk
    return keys


def _entry(step: Step, batches: dict[NewBatch, int], run: LedgerImport) -> Entry:
    read = step.read
    batch = batches[step.batch] if isinstance(step.batch, NewBatch) else step.batch
    told = {"spot": read.spot, "note": read.note, "source": run, "key": step.key}
    if read.kind == "count":
        return Entry(Kind.COUNT, read.day, count=(batch, step.place.pk, read.quantity), **told)
    return Entry(Kind(read.kind), read.day, lines_of(step, batch), **told)
