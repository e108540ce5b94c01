"""上级报表: the empty form, which figure stands in which cell, and the filled form. Every object is checked."""
import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from mingfa.downloads import excel, excel_table
from mingfa.people.access import require
from mingfa.people.models import Role
from mingfa.periods import Year, parse_period
from mingfa.spreadsheets import SpreadsheetRefused
from mingfa.spreadsheets.forms import Grid, PlaceTaken, grids

from . import actions, upper_forms
from .forms import CellForm, ColumnForm, KeepForm
from .models import FormCell, UpperForm

WHY = {
    "missing": "表里没有这一格，格子写成 C7 这样",
    "merged": "这一格并在别的格子里，请填合并后左上角的一格",
    "formula": "这一格是表自己的公式，会自己算",
}
REPLACED = "空表刚被别人换成新的一版。请看过新表再对应。"


def private(view):
    return login_required(never_cache(view))


def _form(request, form_id: int) -> UpperForm:
    return get_object_or_404(upper_forms.forms_of(request.user), pk=form_id)


def _grids(form: UpperForm) -> list[Grid]:
    with form.file.open("rb") as file:
        return grids(file.read())


def _refused(request, words: str) -> None:
    messages.error(request, f"没有保存：{words}")


def _place(refused: PlaceTaken) -> str:
    return f"“{refused.sheet}”{refused.place}：{WHY[refused.why]}。"


@private
def form_list(request):
    """The forms in use, and the upload of another."""
    require(request.user, Role.LIAISON)
    units = upper_forms.keepers_units(request.user)
    form = KeepForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_form(
                form.cleaned_data["unit"], name=form.cleaned_data["name"], content=form.cleaned_data["file"].read(),
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except SpreadsheetRefused as refused:
            form.add_error("file", refused.error.message)
        except actions.NameInUse:
            form.add_error("name", "这个单位已经有同名的报表。换表请打开它，再上传新的空表")
        else:
            messages.success(request, "空表已保存。下一步，点格子说明填哪个数")
            return redirect("upper_form", kept.pk)
    context = {"forms": upper_forms.forms_of(request.user), "form": form}
    return render(request, "indicators/upper/list.html", context, status=422 if form.errors else 200)


FORMS = ("报表", "填报单位", "空表上传人", "空表上传时间")
MAPPED = ("工作表", "格子", "数据", "单位", "填什么", "数值", "分子", "分母", "来源")


@private
@require_safe
def forms_excel(request):
    """The forms in use."""
    require(request.user, Role.LIAISON)
    rows = [(one.name, one.unit.name, one.uploaded_by.name, one.uploaded_at) for one in upper_forms.forms_of(request.user)]
    return excel_table(
        FORMS, rows, of="上级报表", title="上级报表", log=(request.user, "indicators.export_forms"), by=request.user,
        now=timezone.now(), widths=(48, 28, 14, 18),
    )  # fmt: skip


def _mapped(one: upper_forms.Filled) -> tuple:
    value = one.figure.value if one.cell.shows == FormCell.Shows.VALUE else one.value
    caption = one.indicator.caption if one.indicator else "数据已没有"
    source = ("填报" if one.indicator.entered else "系统生成") if one.indicator else ""
    where = (one.cell.sheet, one.cell.place, caption, one.cell.unit.name, one.cell.get_shows_display())
    return (*where, value, one.figure.part, one.figure.whole, source)


@private
@require_safe
def mapped_excel(request, form_id):
    """What stands in each cell and which numbers it was counted from: the proof to keep beside the filled form."""
    form, period = _form(request, form_id), _period(request)
    rows = [_mapped(one) for one in upper_forms.fill_of(form, period)]
    return excel_table(
        MAPPED, rows, of="对应关系", title=f"{form.name}对应关系 {period.label}", log=(form, "indicators.export_forms"),
        by=request.user, now=timezone.now(), widths=(18, 8, 28, 28, 10, 10, 10, 10, 10), period=str(period),
    )  # fmt: skip


@private
@require_safe
def form_page(request, form_id):
    """The form as it will be filled for a period, and what each cell is mapped to."""
    form, period = _form(request, form_id), _period(request)
    fill = upper_forms.fill_of(form, period)
    by_place = {(one.cell.sheet, one.cell.place): one for one in fill}
    sheets = [
        (grid, [(number, [(cell, by_place.get((grid.name, cell.place))) for cell in cells]) for number, cells in grid.rows])
        for grid in _grids(form)
    ]  # fmt: skip
    names = [grid.name for grid, _ in sheets]
    chosen = {"sheet": request.GET.get("sheet", names[0]), "place": request.GET.get("place", "")}
    return render(request, "indicators/upper/form.html", {
        "form": form, "sheets": sheets, "fill": fill, "empty": sum(one.value is None for one in fill), "period": period,
        "periods": upper_forms.periods_offered(timezone.localdate()),
        "cell_form": CellForm(form=form, sheets=names, initial=chosen),
        "column_form": ColumnForm(form=form, sheets=names, auto_id="column_%s"),
    })  # fmt: skip


@private
@require_POST
def map_cell(request, form_id):
    """One cell."""
    form = _form(request, form_id)
    given = CellForm(request.POST, form=form, sheets=[grid.name for grid in _grids(form)])
    if not given.is_valid():
        _refused(request, given.complaint())
        return _back(form, request)
    try:
        actions.map_cell(form, **given.cleaned_data, by=request.user, now=timezone.now())
    except PlaceTaken as refused:
        _refused(request, _place(refused))
    except actions.EditionReplaced:
        _refused(request, REPLACED)
    else:
        messages.success(request, f"{given.cleaned_data['place']} 已对应")
    return _back(form, request)


@private
@require_POST
def map_column(request, form_id):
    """A column of a table by unit."""
    form = _form(request, form_id)
    given = ColumnForm(request.POST, form=form, sheets=[grid.name for grid in _grids(form)])
    if not given.is_valid():
        _refused(request, given.complaint())
        return _back(form, request)
    try:
        rows, unknown = actions.map_column(form, **given.cleaned_data, by=request.user, now=timezone.now())
    except PlaceTaken as refused:
        _refused(request, _place(refused))
    except actions.NoUnitRecognised as refused:
        _refused(request, f"这一列里没有认得的单位名称。看到的是：{_some(refused.names) or '空格子'}。")
    except actions.EditionReplaced:
        _refused(request, REPLACED)
    else:
        messages.success(request, f"{rows} 行已对应")
        if unknown:
            messages.warning(request, f"没有对应的行：{_some(unknown)}。名称要和单位名称一致，可以逐格对应。")
    return _back(form, request)


def _some(names: list[str]) -> str:
    return "、".join(names[:8]) + (f" 等 {len(names)} 个" if len(names) > 8 else "")


@private
@require_POST
def unmap(request, cell_id):
    """Take one cell out of the mapping."""
    cell = get_object_or_404(FormCell.objects.select_related("form__unit"), pk=cell_id)
    form = _form(request, cell.form_id)
    actions.unmap_cell(cell, by=request.user, now=timezone.now())
    messages.success(request, f"{cell} 不再填")
    return _back(form, request)


@private
@require_POST
def replace(request, form_id):
    """Another edition of the same empty form."""
    form = _form(request, form_id)
    given = KeepForm(request.POST, request.FILES, units=None)
    if not given.is_valid():
        _refused(request, given.complaint())
        return _back(form, request)
    try:
        lost = actions.replace_form(form, content=given.cleaned_data["file"].read(), by=request.user, now=timezone.now())
    except SpreadsheetRefused as refused:
        _refused(request, refused.error.message)
    else:
        messages.success(request, "新的空表已保存，对应关系照旧")
        if lost:
            messages.warning(request, f"新表里没有这些格子，对应已去掉：{_some([str(cell) for cell in lost])}。")
    return _back(form, request)


@private
@require_POST
def retire(request, form_id):
    """The form is not asked for any more."""
    form = _form(request, form_id)
    actions.retire_form(form, by=request.user, now=timezone.now())
    messages.success(request, f"“{form.name}”已停用")
    return redirect("upper_forms")


@private
@require_safe
def form_excel(request, form_id):
    """The filled form; every export leaves a line with its digest in the log."""
    form, period, now = _form(request, form_id), _period(request), timezone.now()
    fill = upper_forms.fill_of(form, period)
    try:
        content = upper_forms.form_xlsx(form, fill)
    except PlaceTaken as refused:
        messages.error(request, f"没有导出：{_place(refused)}")
        return _back(form, request)
    log(form.unit, "indicators.fill_form", user=request.user, timestamp=now, data={
        "form": form.pk, "period": str(period), "cells": len(fill), "empty": sum(one.value is None for one in fill),
        "digest": hashlib.sha256(content).hexdigest(),
    })  # fmt: skip
    return excel(content, f"{form.name} {period.label}.xlsx")


def _period(request):
    """The period asked for, this year by default and for anything that is none."""
    try:
        return parse_period(request.GET.get("period", ""))
    except ValueError:
        return Year(timezone.localdate().year)


def _back(form: UpperForm, request):
    period = request.POST.get("period", "")
    query = f"?period={period}" if period.replace("-", "").isalnum() else ""
    return redirect(reverse("upper_form", args=[form.pk]) + query)
