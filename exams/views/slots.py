"""The organiser's page of an exam's 时段. Every object is checked."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import capacity, clock
from mingfa.downloads import excel_table

from .. import actions, listings, waiting
from ..actions.slots import OPEN_FOR_SLOTS
from ..engine.refusals import Refusal
from ..forms import SlotForm
from ..models import Exam, UnitSlot
from ..queries import units_due
from ..slots import slot_lines
from ..wording import sentence
from . import exam_set_by, private, tell


def _slot(request, slot_id) -> UnitSlot:
    slot = get_object_or_404(UnitSlot.objects.select_related("unit"), pk=slot_id)
    exam_set_by(request, slot.exam_id)
    return slot


@private
def slots(request, exam_id):
    """Which unit starts when, how many that are, and the form for one more."""
    exam = exam_set_by(request, exam_id)
    initial = {"opens_at": exam.opens_at, "closes_at": exam.closes_at}
    form = SlotForm(request.POST or None, units=units_due(exam), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            slot = actions.set_slot(exam, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已安排{slot.unit.name}的时段")
            return redirect("exams:slots", exam.pk)
    lines, without = slot_lines(exam)
    return render(request, "exams/slots/list.html", {
        "exam": exam, "capacity": capacity.read(), "limit": waiting.limit(),
        "form": form, "lines": lines, "without": without, "is_open": exam.state in OPEN_FOR_SLOTS,
    }, status=422 if form.errors else 200)  # fmt: skip


@require_safe
@private
def slots_xlsx(request, exam_id):
    """The slots as the page lists them."""
    exam = exam_set_by(request, exam_id)
    rows = listings.slot_rows(*slot_lines(exam), frozen=exam.state != Exam.State.DRAFT)
    return excel_table(
        listings.SLOTS, rows, of="时段", title=f"{exam.name}时段", log=(exam, "exams.export_table"), by=request.user,
        now=clock.now(), widths=(32, 18, 18, 8, 18, 12), what="slots",
    )  # fmt: skip


@private
@require_POST
def open_slot(request, slot_id):
    """放开: these people may start at any time of the window."""
    return _change(request, slot_id, actions.open_slot, "已放开{}的时段，考试时间里都可以开始")


@private
@require_POST
def remove_slot(request, slot_id):
    """取消: these people follow the next higher unit."""
    return _change(request, slot_id, actions.remove_slot, "已取消{}的时段")


def _change(request, slot_id, action, done):
    slot = _slot(request, slot_id)
    tell(request, done.format(slot.unit.name), action, slot, by=request.user, now=clock.now())
    return redirect("exams:slots", slot.exam_id)
