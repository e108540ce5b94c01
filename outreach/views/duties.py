"""普法责任清单: what each unit owes in a year, what was done for it; in and out of Excel."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.downloads import excel_table
from mingfa.spreadsheets import Limits, SpreadsheetRefused, read_rows

from .. import actions, campaigns, queries
from ..duties import DUTIES, WIDTHS, duty_rows, resolve_duties
from ..engine.refusals import Refusal
from ..forms import LedgerUploadForm
from ..forms.campaigns import DutyForm
from ..importing.duties import read_duties
from ..models import DutyItem
from ..wording import sentence
from . import chosen, kept, private, readable


def _year(request, years) -> int:
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else (years[0] if years else this)


@require_safe
@private
def listing(request):
    """The list of a year, each item with the activities held for it."""
    everywhere = readable(request)
    places, place = chosen(request, everywhere)
    years = campaigns.years_of_duties(everywhere)
    year = _year(request, years)
    rows = list(campaigns.duties_of(places, year))
    return render(request, "outreach/duties/list.html", {
        "rows": rows, "year": year, "years": sorted({*years, year, timezone.localdate().year}, reverse=True),
        "place": place, "plan_word": campaigns.plan_of(year), "without": sum(1 for one in rows if not one.done),
        "own": {one.pk for one in queries.places_kept_by(request.user)},
    })  # fmt: skip


@private
def edit(request, duty_id=None):
    """One item, new or once more."""
    places = kept(request)
    item = get_object_or_404(DutyItem.objects.filter(unit__in=places), pk=duty_id) if duty_id else None
    initial = {"unit": item.unit if item else places[0], "year": item.year if item else timezone.localdate().year}
    found = DutyItem.objects.get(pk=item.pk) if item else None
    form = DutyForm(request.POST or None, instance=found, places=places, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_duty(item, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("subject", sentence(refusal))
        else:
            messages.success(request, f"已保存“{saved.subject}”")
            return redirect(f"/outreach/duties/?year={saved.year}")
    return render(request, "outreach/duties/form.html", {"form": form, "item": item}, status=422 if form.errors else 200)


@private
def upload(request):
    """A list out of a file: with any error nothing is written."""
    places = kept(request)
    form, errors = LedgerUploadForm(request.POST or None, request.FILES or None), ()
    form.fields["file"].label, form.fields["file"].help_text = "清单文件", ".xlsx 或 .csv，一行一项，最多 2,000 项"
    year = _year(request, [timezone.localdate().year])
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            parsed = read_duties(read_rows(file.read(Limits().file + 1), file.name))
        except SpreadsheetRefused as refused:
            form.add_error("file", refused.error.message)
        else:
            rows, errors = resolve_duties(parsed, places)
            if not errors:
                new, changed = actions.import_duties(rows, year=year, by=request.user, now=timezone.now())
                same = len(rows) - new - changed
                messages.success(request, f"{year} 年清单：新增 {new} 项，改动 {changed} 项，不变 {same} 项")
                return redirect(f"/outreach/duties/?year={year}")
    context = {"form": form, "errors": errors, "year": year}
    return render(request, "outreach/duties/upload.html", context, status=422 if form.errors or errors else 200)


@require_safe
@private
def export(request):
    """The list with what was done, in the columns that can be imported again."""
    places, place = chosen(request, readable(request))
    year = _year(request, campaigns.years_of_duties(places))
    return excel_table(
        DUTIES, duty_rows(places, year), of="普法责任清单", title=f"{year} 年普法责任清单", by=request.user, now=timezone.now(),
        log=(place or places[0], "outreach.export_list"), what="duties", widths=WIDTHS, importable=True,
    )  # fmt: skip
