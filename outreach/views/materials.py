"""Reading the ledger: all materials, one material, and the lines behind a number."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.people.access import holds
from mingfa.people.models import OrgUnit, Role
from mingfa.rounding import about

from .. import actions, queries
from ..engine.ledger import Account
from ..engine.refusals import Refusal
from ..forms import MaterialForm
from ..models import Material, Movement
from ..wording import sentence
from . import chosen, kept, period_of, periods, private, readable

PAGE_SIZE = 50


def _scope(request) -> dict:
    """What every page of the ledger is asked for: places, period, and what else could be chosen."""
    everywhere = readable(request)
    places, place = chosen(request, everywhere)
    return {
        "everywhere": [one for one in everywhere if one.kind != OrgUnit.Kind.VILLAGE] or everywhere,
        "places": places, "place": place, "period": period_of(request), "periods": periods(),
        "keeps": bool(queries.places_kept_by(request.user)),
    }  # fmt: skip


def _material(request, material_id: int, everywhere: list[OrgUnit]) -> Material:
    return get_object_or_404(queries.materials_of(everywhere), pk=material_id)


@require_safe
@private
def ledger(request):
    """One row for each material, and the sentence for the report."""
    scope = _scope(request)
    rows = queries.totals_by_material(scope["places"], scope["period"])
    rows = queries.with_scans(rows, scope["places"], scope["period"])
    printed = [row for row in rows if row.subject.is_print and row.totals.handed > 0]
    handed = sum(row.totals.handed for row in printed)
    unused = queries.materials_of(scope["places"]).exclude(pk__in=[row.subject.pk for row in rows])
    return render(request, "outreach/materials/ledger.html", {
        **scope, "rows": rows, "total": queries.sum_of(rows), "kinds": len(printed), "handed": handed,
        "about": about(max(handed, 0)), "unused": unused,
    })  # fmt: skip


@require_safe
@private
def detail(request, material_id):
    """One material: where it lies, what came and went."""
    scope = _scope(request)
    material = _material(request, material_id, readable(request))
    by_place = queries.totals_by_place(material, scope["places"], scope["period"])
    page = Paginator(queries.history(material, scope["places"]), PAGE_SIZE).get_page(request.GET.get("page"))
    mine = queries.places_kept_by(request.user)
    ends = queries.ends_of(page.object_list)
    return render(request, "outreach/materials/detail.html", {
        **scope, "material": material, "by_place": by_place, "total": queries.sum_of(by_place), "page": page,
        "agreed": queries.counts_that_agreed(material, scope["places"])[:20], "ends": ends,
        "reversible": queries.reversible(page.object_list, mine),
        "edits": holds(request.user, Role.OUTREACH, unit=material.unit),
    })  # fmt: skip


@require_safe
@private
def lines(request, account):
    """The lines behind a total; their sum is the total."""
    if account not in [one.value for one in Account]:
        raise Http404
    scope = _scope(request)
    asked = request.GET.get("material", "")
    material = _material(request, int(asked), readable(request)) if asked.isascii() and asked.isdigit() else None
    found = queries.lines_behind(scope["places"], scope["period"], account=Account(account), material=material)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "outreach/materials/lines.html", {
        **scope, "material": material, "account": account, "page": page, "total": queries.sum_shown(found),
        "ends": queries.ends_of(page.object_list),
    })  # fmt: skip


@private
def create(request):
    """A new material of the highest unit the person keeps."""
    unit = kept(request)[0]
    form = MaterialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            material = actions.create_material(unit=unit, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", sentence(refusal))
        else:
            messages.success(request, f"已建立“{material}”。现在可以登记入库")
            return redirect("outreach:record", "receive")
    return render(
        request, "outreach/materials/form.html", {"form": form, "unit": unit}, status=422 if form.errors else 200
    )


@private
def edit(request, material_id):
    """Other words for a material of a unit the person keeps."""
    material = _material(request, material_id, kept(request))
    if not holds(request.user, Role.OUTREACH, unit=material.unit):
        raise Http404
    form = MaterialForm(request.POST or None, instance=Material.objects.get(pk=material.pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_material(material, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", sentence(refusal))
        else:
            messages.success(request, "已保存")
            return redirect("outreach:material", material.pk)
    context = {"form": form, "material": material, "unit": material.unit}
    return render(request, "outreach/materials/form.html", context, status=422 if form.errors else 200)


def movement_or_404(request, movement_id: int) -> Movement:
    """An entry that touches a store the person may read."""
    places = readable(request)
    found = Movement.objects.filter(lines__place__in=places).select_related("by", "reverses").distinct()
    return get_object_or_404(found, pk=movement_id)
