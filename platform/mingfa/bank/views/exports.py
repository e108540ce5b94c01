"""Taking a bank, or the part the filters leave, out as a file: format, what would be lost, then the download."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from mingfa.bank import actions, listing, queries
from mingfa.bank.drafts import UNWANTED
from mingfa.bank.exchange.exporting import export as write_file
from mingfa.bank.exchange.exporting import sentence
from mingfa.bank.filters import ListFilter
from mingfa.bank.forms import ExportForm
from mingfa.bank.models import Bank
from mingfa.bank.registry import kept_back, withheld_from
from mingfa.bank.views.access import bank_or_404, for_setters

SHOWN_LOSSES = 60
# Written, read back and compared within a request: two seconds of the slowest format. More go as several files.
AT_ONCE = 2000
HOW_TO_SPLIT = "一个文件最多 {} 题。请选一部分，下载以后再选下一部分；也可以先用筛选条件少选一些。"


@for_setters
@require_http_methods(["GET", "POST"])
def export(request, bank_id):
    """GET chooses a format and shows what it cannot carry; POST to the same address sends the file and logs it.

    Whoever is sitting a paper with questions of this bank gets none of it: which of them stand on the paper could
    otherwise be found out by narrowing.
    """
    bank = bank_or_404(request.user, bank_id)
    now = timezone.now()
    on_own_paper = queries.any_of(bank, withheld_from(request.user, now))
    asked = _asked_for(request, bank, now)
    form = ExportForm(request.GET if request.GET.get("format") else None, parts=asked["parts"])
    context = {"bank": bank, "form": form, "on_own_paper": on_own_paper, "how_to_split": HOW_TO_SPLIT.format(AT_ONCE)} | asked
    if on_own_paper or not form.is_valid():
        return render(request, "bank/export.html", context, status=_status(request, form, on_own_paper))
    chosen = context["free"] if not form.cleaned_data["kept"] else context["questions"]
    part = form.cleaned_data.get("part")
    if part:
        first, last = asked["parts"][part - 1]
        chosen = chosen.filter(pk__gte=first, pk__lte=last)
    labelled = queries.drafts_of(chosen)
    exported = write_file([draft for _, draft in labelled], form.cleaned_data["format"])
    left_out = len(labelled) - exported.count
    if request.method == "POST" and exported.count:
        facts = {"format": exported.format.code, "questions": exported.count, "left_out": left_out}
        actions.record_export(bank, **facts, narrowed=context["narrowed"] or bool(part), by=request.user, now=now)
        return _download(exported, bank, now, part)
    labels = [str(pk) for pk, _ in labelled]
    losses = [sentence(exported.format, loss, labels) for loss in exported.losses]
    context |= {"exported": exported, "losses": losses[:SHOWN_LOSSES], "left_out": left_out}
    return render(request, "bank/export.html", context, status=400 if request.method == "POST" else 200)


def _asked_for(request, bank: Bank, now) -> dict:
    """The questions the address asks for, and those of them that no exam keeps to itself."""
    filters = ListFilter(request.GET, bank=bank)
    questions = listing.narrowed(bank, filters.narrowed, now=now)
    ids = dict(questions.order_by().values_list("pk", "reserved"))
    held = {pk for pk, reserved in ids.items() if reserved} | kept_back(ids, now)
    numbers = sorted(ids)
    parts = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
    return {
        "parts": [(part[0], part[-1]) for part in parts],
        "questions": questions,
        "free": questions.exclude(pk__in=held) if held else questions,
        "count": len(ids),
        "held": len(held),
        "narrowed": bool(filters.narrowed.chosen),
        "filters": filters.narrowed.chosen,
        "query": filters.query,
    }


def _status(request, form: ExportForm, on_own_paper: bool) -> int:
    if on_own_paper and request.method == "POST":
        return 403
    return 400 if (form.is_bound and not form.is_valid()) or request.method == "POST" else 200


def _download(exported, bank: Bank, now, part: int | None) -> HttpResponse:
    name = UNWANTED.sub("", bank.name).translate(dict.fromkeys(map(ord, '/\\:*?"<>|\n\t'), "_"))[:60]
    day = timezone.localtime(now).strftime("%Y%m%d")
    response = HttpResponse(exported.data, content_type=exported.format.content_type)
    which = f"-第{part}部分" if part else ""
    file = f"{name}-{exported.format.code}-{day}{which}{exported.format.ending}"
    response["Content-Disposition"] = content_disposition_header(True, file)
    response["X-Content-Type-Options"] = "nosniff"
    return response
