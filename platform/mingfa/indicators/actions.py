"""Typing a figure in, checking it, freezing the figures of a period; forms of the level above and their cells."""
import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.log_actions import log

from mingfa.people.models import OrgUnit
from mingfa.periods import Period
from mingfa.spreadsheets.forms import check_places, checked_form, free_places, names_down

from .models import EnteredFigure, FormCell, FrozenFigure, Snapshot, UpperForm
from .queries import digest_of, figures_by_child, figures_of
from .registry import indicator
from .upper_forms import units_called


class FigureRefusal(Exception):
    """A figure cannot be typed in or checked. Nothing was changed."""


class PartAboveWhole(FigureRefusal):
    """The part is larger than the whole. `part`, `whole`: as typed."""

    def __init__(self, part: int, whole: int):
        super().__init__(part, whole)
        self.part, self.whole = part, whole


class OwnFigure(FigureRefusal):
    """Whoever typed a figure in does not check it."""


class CheckedAlready(FigureRefusal):
    """It was checked or corrected meanwhile."""


@transaction.atomic
def enter_figure(
    unit: OrgUnit, code: str, period: Period, *, part: int, whole: int | None, source: str, by, now: datetime
) -> EnteredFigure:
    """Type a figure in, or correct it: the row that stood is kept, and the new one waits for its check.

    Typing the same again changes nothing. Raises KeyError for a code that nobody types in, PartAboveWhole.
    """
    if not indicator(code).entered:
        raise KeyError(code)
    if whole is not None and part > whole:
        raise PartAboveWhole(part, whole)
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    rows = EnteredFigure.objects.filter(unit=unit, code=code, period=str(period), replaced_at=None)
    if (old := rows.first()) is not None:
        if (old.part, old.whole, old.source) == (part, whole, source):
            return old
        rows.update(replaced_at=now)
    row = EnteredFigure.objects.create(
        unit=unit, code=code, period=str(period), part=part, whole=whole, source=source, entered_by=by, entered_at=now
    )
    log(unit, "indicators.enter", user=by, timestamp=now, data={"code": code, "period": str(period), "part": part,
        "whole": whole, "replaces": old.pk if old else None})  # fmt: skip
    return row


@transaction.atomic
def check_figure(row_id: int, *, by, now: datetime) -> EnteredFigure:
    """The second person has compared the figure with its document. Raises OwnFigure, CheckedAlready."""
    row = EnteredFigure.objects.select_for_update().get(pk=row_id)
    if row.entered_by_id == by.pk:
        raise OwnFigure
    if row.checked_at is not None or row.replaced_at is not None:
        raise CheckedAlready
    row.checked_by, row.checked_at = by, now
    row.save(update_fields=["checked_by", "checked_at"])
    log(row.unit, "indicators.check", user=by, timestamp=now, data={"code": row.code, "period": row.period})
    return row


@transaction.atomic
def freeze_figures(
    unit: OrgUnit, period: Period, wanted: Iterable[str], *, by, now: datetime, replaces: Snapshot | None = None, reason: str = ""
) -> Snapshot:
    """Keep these figures of the unit, and of each unit directly below, as they are now.

    Args:
        wanted: codes; each must be known.
        replaces, reason: the snapshot that this one restates, and why.
    """
    wanted = list(dict.fromkeys(wanted))
    snapshot = Snapshot(unit=unit, period=str(period), taken_at=now, taken_by=by, replaces=replaces, reason=reason)
    own = figures_of(unit, period, wanted)
    rows = [_frozen(snapshot, unit, code, own[code]) for code in wanted]
    for code in wanted:
        rows += [
            _frozen(snapshot, child, code, figure)
            for child, figure in figures_by_child(unit, period, code)
            if child.pk != unit.pk
        ]
    snapshot.digest = digest_of(unit.pk, str(period), rows)
    snapshot.save()
    FrozenFigure.objects.bulk_create(rows)
    log(unit, "indicators.freeze", user=by, timestamp=now, data={"period": str(period), "snapshot": snapshot.pk,
        "digest": snapshot.digest, "replaces": replaces.pk if replaces else None, "reason": reason})  # fmt: skip
    return snapshot


def _frozen(snapshot: Snapshot, unit: OrgUnit, code: str, figure) -> FrozenFigure:
    one = indicator(code)
    return FrozenFigure(
        snapshot=snapshot, unit=unit, code=code, caption=one.caption, definition=one.definition, formula=one.formula,
        measure=one.measure, entered=one.entered, value=figure.value, part=figure.part, whole=figure.whole,
    )  # fmt: skip


class FormRefusal(Exception):
    """A form is not kept or a cell not mapped. Nothing was changed."""


class NameInUse(FormRefusal):
    """The unit has a form of this name already."""


class EditionReplaced(FormRefusal):
    """Another edition was uploaded while this one was being read."""


class NoUnitRecognised(FormRefusal):
    """None of the names in the column is a unit of the form. `names`: what stands there."""

    def __init__(self, names: list[str]):
        super().__init__(names)
        self.names = names


def keep_form(unit: OrgUnit, *, name: str, content: bytes, by, now: datetime) -> UpperForm:
    """Keep an empty form. Raises NameInUse, spreadsheets.SpreadsheetRefused."""
    # Reading a large file takes seconds, in which nobody else could write on SQLite: it is read before the transaction.
    clean = checked_form(content)
    return _keep_form(unit, name, clean, by, now)


@transaction.atomic
def _keep_form(unit: OrgUnit, name: str, clean: bytes, by, now: datetime) -> UpperForm:
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    if UpperForm.objects.filter(unit=unit, name=name, retired_at=None).exists():
        raise NameInUse
    form = UpperForm(unit=unit, name=name, digest=hashlib.sha256(clean).hexdigest(), uploaded_by=by, uploaded_at=now)
    form.file.save("", ContentFile(clean), save=False)
    form.save()
    log(unit, "indicators.keep_form", user=by, timestamp=now, data={"form": form.pk, "name": name, "digest": form.digest})
    return form


def replace_form(form: UpperForm, *, content: bytes, by, now: datetime) -> list[FormCell]:
    """Another edition of the same form. Cells that can still be filled keep their figure.

    Returns:
        The cells that cannot, taken out of the mapping.

    Raises SpreadsheetRefused.
    """
    clean = checked_form(content)
    return _replace_form(form, clean, free_places(clean), by, now)


@transaction.atomic
def _replace_form(form: UpperForm, clean: bytes, places: set[tuple[str, str]], by, now: datetime) -> list[FormCell]:
    form = UpperForm.objects.select_for_update().get(pk=form.pk)
    lost = [cell for cell in form.cells.all() if (cell.sheet, cell.place) not in places]
    form.cells.filter(pk__in=[cell.pk for cell in lost]).delete()
    form.digest, form.uploaded_by, form.uploaded_at = hashlib.sha256(clean).hexdigest(), by, now
    form.file.save("", ContentFile(clean), save=False)
    form.save()
    log(form.unit, "indicators.keep_form", user=by, timestamp=now, data={
        "form": form.pk, "name": form.name, "digest": form.digest, "lost": [str(cell) for cell in lost],
    })  # fmt: skip
    return lost


def map_cell(form: UpperForm, *, sheet: str, place: str, unit: OrgUnit, code: str, shows: str, by, now: datetime) -> FormCell:
    """Say which figure stands in a cell; what the cell had before goes. Raises PlaceTaken, EditionReplaced."""
    read, content = _standing(form)
    check_places(content, sheet, [place])
    with transaction.atomic():
        form = _hold(read)
        cell = _map(form, sheet, place, unit, code, shows)
        log(form.unit, "indicators.map_form", user=by, timestamp=now, data={"form": form.pk, "cell": str(cell), "code": code})
    return cell


def map_column(
    form: UpperForm, *, sheet: str, names: str, column: str, first: int, last: int, code: str, shows: str, by, now: datetime
) -> tuple[int, list[str]]:
    """The same figure down a column, each row that of the unit named beside it.

    Args:
        names: letters of the column with the unit names. column: letters of the column to fill. first, last: rows.

    Returns:
        How many rows, and the names that are no unit of the form or of several.

    Raises PlaceTaken, NoUnitRecognised, EditionReplaced.
    """
    read, content = _standing(form)
    units, unknown = units_called(read, names_down(content, sheet, names, first, last))
    if not units:
        raise NoUnitRecognised([name for _, name in unknown])
    check_places(content, sheet, [f"{column}{row}" for row in units])
    with transaction.atomic():
        form = _hold(read)
        for row, unit in units.items():
            _map(form, sheet, f"{column}{row}", unit, code, shows)
        log(form.unit, "indicators.map_form", user=by, timestamp=now, data={
            "form": form.pk, "cell": f"{sheet}!{column}{first}:{column}{last}", "code": code, "rows": len(units),
        })  # fmt: skip
    return len(units), [name for _, name in unknown]


def _standing(form: UpperForm) -> tuple[UpperForm, bytes]:
    """The form with its empty workbook as they are now, for reading before the transaction (see keep_form)."""
    form = UpperForm.objects.get(pk=form.pk)
    with form.file.open("rb") as file:
        return form, file.read()


def _hold(read: UpperForm) -> UpperForm:
    """Inside a transaction: the form under a lock. Raises EditionReplaced."""
    form = UpperForm.objects.select_for_update(of=("self",)).select_related("unit").get(pk=read.pk)
    if form.digest != read.digest:
        raise EditionReplaced
    return form


def _map(form: UpperForm, sheet: str, place: str, unit: OrgUnit, code: str, shows: str) -> FormCell:
    values = {"unit": unit, "code": code, "shows": shows}
    return FormCell.objects.update_or_create(form=form, sheet=sheet, place=place, defaults=values)[0]


@transaction.atomic
def unmap_cell(cell: FormCell, *, by, now: datetime) -> None:
    """The cell stays as the form has it."""
    log(cell.form.unit, "indicators.map_form", user=by, timestamp=now, data={"form": cell.form_id, "removed": str(cell)})
    cell.delete()


@transaction.atomic
def retire_form(form: UpperForm, *, by, now: datetime) -> None:
    """Not used any more; it stays on record."""
    if UpperForm.objects.filter(pk=form.pk, retired_at=None).update(retired_at=now):
        log(form.unit, "indicators.retire_form", user=by, timestamp=now, data={"form": form.pk, "name": form.name})
