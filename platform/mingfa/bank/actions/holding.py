"""待核对: questions that cite an article that changed stay out of papers and practice until somebody has looked."""
from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from mingfa.bank.models import Bank, Question


@transaction.atomic
def hold_questions(ids: Collection[int], *, by, now) -> int:
    """Take questions out of new papers, practice and checks at once; drawn papers keep them. Returns how many."""
    return _set_held(ids, held=True, action="bank.hold_questions", by=by, now=now)


@transaction.atomic
def release_questions(ids: Collection[int], *, by, now) -> int:
    """Put held questions back. Returns how many."""
    return _set_held(ids, held=False, action="bank.release_questions", by=by, now=now)


def _set_held(ids: Collection[int], *, held: bool, action: str, by, now) -> int:
    """One audit entry a bank."""
    changing = Question.objects.filter(pk__in=ids, held=not held)
    by_bank: dict[int, list[int]] = {}
    for pk, bank_id in changing.order_by("pk").values_list("pk", "bank_id"):
        by_bank.setdefault(bank_id, []).append(pk)
    changing.update(held=held)
    Bank.objects.filter(pk__in=by_bank).update(edition=F("edition") + 1)
    for bank in Bank.objects.filter(pk__in=by_bank).order_by("pk"):
        log(bank, action, user=by, timestamp=now, data={"questions": by_bank[bank.pk]})
    return sum(map(len, by_bank.values()))
