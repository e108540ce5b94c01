"""花名册: upload, compare, decide, confirm."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingfa.people import actions
from mingfa.people.access import MANAGERS, holds, require, units_visible_to
from mingfa.people.errors import PeopleRefusal, RosterNotReady
from mingfa.people.forms.people import RosterUploadForm, UnitDecisionForm
from mingfa.people.importing import columns, fields
from mingfa.people.importing.roster import read_roster
from mingfa.people.models import Role, RosterImport, RosterRow
from mingfa.people.rosters import plan_roster, units_of
from mingfa.people.tasks import write_roster
from mingfa.spreadsheets import XLSX, Limits, SheetError, SpreadsheetRefused, read_rows, write_xlsx

PAGE_SIZE = 50
# Longer lists are written in the background, with a page that shows how far it is.
WRITTEN_AT_ONCE = 1000


@login_required
def upload(request):
    """Read a file and compare it; nothing changes until somebody confirms."""
    require(request.user, *MANAGERS)
    form = RosterUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheets = read_rows(file.read(Limits().file + 1), file.name)
        except SpreadsheetRefused as refused:
            form.add_error("file", refused.error.message)
        else:
            units, keep_missing = units_of(request.user), form.cleaned_data["keep_missing"]
            plan = plan_roster(read_roster(sheets, units.names), units, by=request.user, keep_missing=keep_missing)
            roster = actions.stage_roster(plan, file_name=file.name, by=request.user, now=timezone.now())
            return redirect("roster", roster.pk)
    mine = RosterImport.objects.filter(by=request.user)[:10]
    context = {"form": form, "mine": mine}
    return render(request, "people/roster_upload.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def template(request):
    """An empty 花名册 with our headings and drop-downs."""
    require(request.user, *MANAGERS)
    choices = {
        columns.TEMPLATE.index("人员类别"): fields.first_words(fields.CATEGORIES),
        columns.TEMPLATE.index("在岗状态"): fields.first_words(fields.STATUSES),
    }
    content = write_xlsx(columns.TEMPLATE, [], sheet="花名册", choices=choices)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"
    return response


def _own_roster(request, pk) -> RosterImport:
    require(request.user, *MANAGERS)
    return get_object_or_404(RosterImport, pk=pk, by=request.user)


def _decision_forms(request, roster, units) -> list[tuple[str, UnitDecisionForm]]:
    names = roster.rows.filter(unit=None).order_by("unit_name").values_list("unit_name", flat=True).distinct()
    data = request.POST or None
    may_create = holds(request.user, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)
    return [
        (name, UnitDecisionForm(data, prefix=f"unit{place}", units=units, may_create=may_create))
        for place, name in enumerate(names)
    ]


@require_safe
@login_required
def roster(request, pk):
    """What the list would change, or how far the writing is, or what it did."""
    roster = _own_roster(request, pk)
    change = request.GET.get("show")
    change = change if change in RosterRow.Change.values else RosterRow.Change.NEW
    open_rows = roster.rows.filter(needs_unit_decision=True)
    units = units_visible_to(request.user, *MANAGERS)
    names = _decision_forms(request, roster, units) if roster.state == RosterImport.State.STAGED else []
    solved = {name for name, _ in names}
    errors = [SheetError(**error) for error in roster.errors if not (solved and error["code"] == "unknown_unit")]
    context = {
        "roster": roster,
        "counts": [(value, label, roster.counts.get(value, 0)) for value, label in RosterRow.Change.choices],
        "show": change,
        "page": Paginator(roster.rows.filter(change=change).select_related("unit"), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "errors": errors,
        "unit_forms": names,
        "open_rows": open_rows,
        "ready": roster.state == RosterImport.State.STAGED and not (roster.errors or names or open_rows.exists()),
        "to_write": sum(roster.counts.get(value, 0) for value in ("new", "changed", "left")),
    }
    response = render(request, "people/roster.html", context)
    if roster.state == RosterImport.State.APPLYING:
        # The page asks again by itself, without a script.
        response["Refresh"] = "3"
    return response


@require_POST
@login_required
def decide(request, pk):
    """Take over which unit a name means, and where people on secondment count."""
    roster = _own_roster(request, pk)
    units = units_visible_to(request.user, *MANAGERS)
    chosen, parents = {}, {}
    for name, form in _decision_forms(request, roster, units):
        unit = form.cleaned_data.get("unit") if form.is_valid() else None
        if unit:
            (parents if form.cleaned_data.get("create") else chosen)[name] = unit
    rows = roster.rows.filter(needs_unit_decision=True).values_list("number", flat=True)
    answers = {number: request.POST.get(f"row{number}") for number in rows}
    here = [number for number, answer in answers.items() if answer == "here"]
    elsewhere = [number for number, answer in answers.items() if answer == "elsewhere"]
    try:
        actions.decide_units(
            roster, chosen=chosen, parents=parents, here=here, elsewhere=elsewhere, by=request.user, now=timezone.now()
        )
    except RosterNotReady as refused:
        messages.warning(request, str(refused))
    return redirect("roster", roster.pk)


@require_POST
@login_required
def confirm(request, pk):
    """Write the list, at once or in the background; or throw it away."""
    roster = _own_roster(request, pk)
    now = timezone.now()
    try:
        if request.POST.get("do") == "discard":
            actions.discard_roster(roster, by=request.user, now=now)
            messages.success(request, "这份花名册已放弃，没有写入任何内容。")
            return redirect("roster_upload")
        # Roles may have changed since the upload.
        visible = units_visible_to(request.user, *MANAGERS)
        if roster.rows.exclude(unit=None).exclude(unit__in=visible).exists():
            raise PermissionDenied("名册里有些单位已不归您管理。请重新上传。")
        if roster.rows.count() > WRITTEN_AT_ONCE:
            actions.start_roster(roster, by=request.user, now=now)
            write_roster.enqueue(roster.pk, request.user.pk)
        else:
            actions.apply_roster(roster, by=request.user, now=now)
            messages.success(request, "花名册已写入。新增人员发放激活条后才能登录。")
    except PeopleRefusal as refused:
        messages.warning(request, str(refused))
    return redirect("roster", roster.pk)
