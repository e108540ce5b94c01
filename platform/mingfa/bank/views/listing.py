"""The questions of one bank: narrowed by the address, a page at a time."""

from django.shortcuts import render

from mingfa.bank import listing
from mingfa.bank.bulk import ACTIONS
from mingfa.bank.filters import ListFilter
from mingfa.bank.forms import WRITABLE_TYPES
from mingfa.bank.keeping import filters_of
from mingfa.bank.views.access import bank_or_404, for_setters


@for_setters
def question_list(request, bank_id):
    """The questions that the filter in the address finds."""
    bank = bank_or_404(request.user, bank_id)
    form = ListFilter(request.GET, bank=bank)
    places = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = listing.page_of(bank, form.narrowed, sort=form.sort, **places)
    context = {
        "bank": bank, "form": form, "page": page, "types": WRITABLE_TYPES, "narrowed": bool(form.narrowed.chosen),
        "query": form.query, "kept": filters_of(request.user, bank), "actions": ACTIONS.items(),
    }  # fmt: skip
    return render(request, "bank/question_list.html", context)
