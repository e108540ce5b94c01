"""Handing out a bank as a file: the keys leave the product, so the log says who took what."""

from django.db import transaction
from wagtail.log_actions import log

from mingfa.bank.models import Bank


@transaction.atomic
def record_export(bank: Bank, *, format: str, questions: int, left_out: int, narrowed: bool, by, now) -> None:
    """The audit line of one export. format: its code; questions and left_out: how many went and how many could not.

    narrowed: whether only a part of the bank was asked for. `by` None: from the command line.
    """
    facts = {"format": format, "questions": questions, "left_out": left_out, "narrowed": narrowed}
    log(bank, "bank.export_questions", user=by, timestamp=now, data=facts)
