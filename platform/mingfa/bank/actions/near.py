"""Near questions: comparing a bank with itself a batch at a time, and what somebody decides about a pair."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from mingfa.bank.models import Bank, NearCheck, NearPair
from mingfa.bank.similar import pairs_among, unchecked

BATCH = 200  # about two seconds of looking, then one short transaction


def check_near(bank: Bank, *, most: int = BATCH) -> int:
    """Compare up to `most` questions that have not been compared yet with their whole bank.

    Returns how many are left. Twice or at the same time does no harm: a pair is a row once. No audit entry: what is
    written follows from the questions alone. A pair that somebody kept stays kept while both stems are the same.
    """
    questions = list(unchecked(bank)[:most])
    found = pairs_among(bank, questions)
    rows = [
        NearPair(bank=bank, first_id=first, second_id=second, percent=near.percent, kind=near.kind.name)
        for first, second, near in found
    ]
    with transaction.atomic():
        NearPair.objects.bulk_create(rows, ignore_conflicts=True)
        _keep_again(bank, {pk for first, second, _ in found for pk in (first, second)})
        NearCheck.objects.bulk_create([NearCheck(version_id=one.current_id) for one in questions], ignore_conflicts=True)
    return unchecked(bank).count()


@transaction.atomic
def keep_both(pair: NearPair, *, by, now: datetime) -> NearPair:
    """Remember that both questions of a pair shall stay. Deciding again changes nothing."""
    pair = NearPair.objects.select_for_update(of=("self",)).select_related("bank", "first", "second").get(pk=pair.pk)
    if pair.kept_at is None:
        pair.kept_at, pair.kept_by = now, by
        pair.save(update_fields=["kept_at", "kept_by"])
        log(pair.bank, "bank.keep_both", user=by, timestamp=now, data={"questions": _questions(pair)})
    return pair


@transaction.atomic
def reopen_pair(pair: NearPair, *, by, now: datetime) -> NearPair:
    """Take back that both shall stay: the pair is asked about again."""
    pair = NearPair.objects.select_for_update(of=("self",)).select_related("bank", "first", "second").get(pk=pair.pk)
    if pair.kept_at is not None:
        pair.kept_at = pair.kept_by = None
        pair.save(update_fields=["kept_at", "kept_by"])
        log(pair.bank, "bank.reopen_pair", user=by, timestamp=now, data={"questions": _questions(pair)})
    return pair


def _questions(pair: NearPair) -> list[int]:
    return [pair.first.question_id, pair.second.question_id]


def _keep_again(bank: Bank, versions: set[int]) -> None:
    """A new version with the same stem does not ask again what was decided about the one before."""
    of = ("first__question", "second__question", "first__stem_hash", "second__stem_hash", "kind")
    kept = NearPair.objects.filter(bank=bank, kept_at__isnull=False)
    kept = kept.filter(first__question__versions__in=versions) | kept.filter(second__question__versions__in=versions)
    decided = {_both(row[:-2]): row[-2:] for row in kept.distinct().values_list(*of, "kept_at", "kept_by")}
    if not decided:
        return
    open_pairs = NearPair.objects.filter(bank=bank, kept_at=None, first__in=versions, second__in=versions)
    for pk, *row in open_pairs.values_list("pk", *of):
        if _both(row) in decided:
            at, by = decided[_both(row)]
            NearPair.objects.filter(pk=pk).update(kept_at=at, kept_by=by)


def _both(row) -> tuple:
    """What a decision was about, whichever of the two versions is the older one now."""
    one, other, hash, other_hash, kind = row
    return frozenset([(one, hash), (other, other_hash)]), kind
