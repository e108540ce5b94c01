"""The log sealed line by line into a chain of digests, and what shows that somebody has changed it (OP5).

Each digest covers its line and the digest before it. A line that was changed or deleted in the database breaks the chain
there. Who also rewrites every seal behind it is found out by a digest that was written down elsewhere: `knows`.
"""
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction
from wagtail.models import ModelLogEntry, PageLogEntry

from mingfa.indicators.models import Snapshot
from mingfa.indicators.queries import digest_of

from .models import Report, SealedEntry
from .queries import digest_of_report, imprint_of, overrides_of, text_hash

LOGS = {"model": ModelLogEntry, "page": PageLogEntry}
BATCH = 500
# Ids are given before they are committed: a lower one may still come.
LATE = 10_000
# Unsealed for so long is no delay any more.
OVERDUE = timedelta(days=2)


def seal_log(*, now: datetime, most: int = 2**63) -> int:
    """Seal what was logged since the last time, in short transactions; about `most` lines. Twice at once does no harm.

    Returns how many were sealed; fewer than `most` means that nothing is left.
    """
    done = 0
    for log in LOGS:
        while done < most and (sealed := _seal_some(log, now)):
            done += sealed
    return done


@transaction.atomic
def _seal_some(log: str, now: datetime) -> int:
    # Everybody waits for the first seal, which is always the same row; rows and the end of the chain are read behind it.
    SealedEntry.objects.select_for_update().order_by("pk").first()
    rows = list(_unsealed(log).order_by("pk")[:BATCH])
    last = SealedEntry.objects.order_by("-pk").first()
    digest, seals = last.digest if last else "", []
    for row in rows:
        digest = _digest(digest, log, row)
        seals.append(SealedEntry(log=log, entry=row.pk, digest=digest, sealed_at=now))
    SealedEntry.objects.bulk_create(seals)
    return len(seals)


def _unsealed(log: str):
    sealed = SealedEntry.objects.filter(log=log)
    last = sealed.order_by("-entry").values_list("entry", flat=True).first() or 0
    recent = sealed.filter(entry__gt=last - LATE).values("entry")
    return LOGS[log].objects.filter(pk__gt=last - LATE).exclude(pk__in=recent)


def _digest(before: str, log: str, row) -> str:
    place = row.object_id if log == "model" else row.page_id
    facts = [before, log, row.pk, str(row.uuid), row.action, row.label, place, row.user_id,
             row.timestamp.astimezone(UTC).isoformat(), row.data]  # fmt: skip
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_log(now: datetime) -> Iterator[str]:
    """A sentence for the first line that is not as it was sealed, and for one that was never sealed. Nothing behind a break
    can be told: the chain goes on from the digest that was kept."""
    before, last = "", 0
    while seals := list(SealedEntry.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = seals[-1].pk
        found = {log: table.objects.in_bulk([one.entry for one in seals if one.log == log]) for log, table in LOGS.items()}
        for seal in seals:
            row = found[seal.log].get(seal.entry)
            if row is None:
                yield f"操作记录 {seal.log} {seal.entry} 被删除"
            elif _digest(before, seal.log, row) != seal.digest:
                yield f"操作记录 {seal.log} {seal.entry}（{row.timestamp:%Y-%m-%d %H:%M}，{row.action}，{row.label}）和封存时不同"
            before = seal.digest
    for log in LOGS:
        for row in _unsealed(log).filter(timestamp__lt=now - OVERDUE).order_by("pk")[:1]:
            yield f"操作记录 {log} {row.pk} 一直没有封存"


def last_seal() -> SealedEntry | None:
    """The end of the chain."""
    return SealedEntry.objects.order_by("-pk").first()


def knows(digest: str) -> bool:
    """Whether a digest that was written down earlier is part of the chain still."""
    return SealedEntry.objects.filter(digest=digest).exists()


def broken_reports() -> Iterator[str]:
    """Frozen figures and reports that do not give the digest they were frozen with; the oldest first."""
    for snapshot in Snapshot.objects.order_by("pk").select_related("unit").iterator():
        if digest_of(snapshot.unit_id, snapshot.period, snapshot.figures.order_by("pk")) != snapshot.digest:
            yield f"{snapshot.unit}{snapshot.period}年冻结的数据（第 {snapshot.pk} 次冻结）和摘要不符"
    for report in Report.objects.filter(state=Report.State.FROZEN).order_by("pk").select_related("unit", "snapshot"):
        text = report.texts.order_by("-number").first()
        told = text and text_hash(report.title, report.signer, text.body, overrides_of(text), report.addressee)
        facts = (told, report.snapshot.digest, imprint_of(report))
        if not text or told != text.text_hash or digest_of_report(*facts) != report.digest:
            yield f"{report.unit}{report.year}年冻结的报告（第 {report.pk} 份）和摘要不符"
