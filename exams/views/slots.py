"""The organiser's page of an exam's 时段. Every object is checked."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

from .. import actions
from ..actions.slots import OPEN_FOR_SLOTS
from ..engine.refusals import Refusal
from ..forms import SlotForm
from ..models import Exam, UnitSlot
from ..queries import units_due
from ..slots import slot_lines
from ..wording import sentence
from . import private


def _exam(request, exam_id) -> Exam:
    """The exam, if its unit is one the person sets exams for; else it does not exist for them."""
    exam = Exam.objects.filter(pk=exam_id, unit__in=units_visible_to(request.user, Role.SETTER)).first()
    if exam is None:
        raise Http404
    return exam


def _slot(request, slot_id) -> UnitSlot:
    slot = get_object_or_404(UnitSlot.objects.select_related("unit"), pk=slot_id)
    _exam(request, slot.exam_id)
    return slot


@private
def slots(request, exam_id):
    """Which unit starts when, how many that are, and the form for one more."""
    exam = _exam(request, exam_id)
    initial = {"opens_at": exam.opens_at, "closes_at": exam.closes_at}
    form = SlotForm(request.POST or None, units=units_due(exam), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            slot = actions.set_slot(exam, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已安排{slot.unit.name}的时段")
            return redirect("exams:slots", exam.pk)
    lines, without = slot_lines(exam)
    return render(request, "exams/slots/list.html", {
        "exam": exam, "form": form, "lines": lines, "without": without, "is_open": exam.state in OPEN_FOR_SLOTS,
    }, status=422 if form.errors else 200)  # fmt: skip


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
    try:
        action(slot, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done.format(slot.unit.name))
    return redirect("exams:slots", slot.exam_id)
