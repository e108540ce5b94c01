"""What tests of 核对 do with an upload, through the pages and actions that people use."""

from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions, queries

from tests.bank.samples import NOW

BAD = ["单选题", "没有答案的题", "甲", "乙", "丙", "丁", ""]


def page_of(run, place):
    return reverse("bank:repair", args=[run.bank_id, run.pk, place])


def whole(run):
    return reverse("bank:import", args=[run.bank_id, run.pk])


def entry_of(run, place):
    return run.entries.get(place=place)


def filled(reply, **changes):
    """What the form of a page would send, with changes; a key nobody chose is not sent."""
    form = reply.context["form"]
    values = {bound.name: bound.value() for bound in form if bound.value() not in (None, "")}
    return values | {"type": form.type, "was": form.type, "seen": reply.context["entry"].revision, "do": "confirm"} | changes


def decide(run, place, decision, by, **changes):
    entry = entry_of(run, place)
    return actions.decide_entry(entry, decision=decision, by=by, now=NOW, **{"seen": entry.revision, **changes})


def bring(run, by):
    run.refresh_from_db()
    return actions.import_decided(run, by=by, now=timezone.now())


def in_bank(bank):
    return sorted(queries.in_use(bank).values_list("current__stem", flat=True))
