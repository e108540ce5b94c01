"""Arranging 时段: which unit may start when."""
from datetime import datetime

from django.db import transaction
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import SlotOutsideWindow, WrongState
from ..models import Exam, UnitSlot

OPEN_FOR_SLOTS = (Exam.State.DRAFT, Exam.State.PUBLISHED)


def _locked(exam_id: int) -> Exam:
    exam = Exam.objects.select_for_update().get(pk=exam_id)
    if exam.state not in OPEN_FOR_SLOTS:
        raise WrongState(exam.state, "published")
    return exam


def _log(exam: Exam, action: str, slot: UnitSlot, by: User, now: datetime) -> None:
    data = {"unit": slot.unit_id, "opens_at": slot.opens_at.isoformat(), "closes_at": slot.closes_at.isoformat()}
    log(exam, f"exams.{action}", user=by, data=data, timestamp=now)


def set_slot(exam: Exam, *, unit: OrgUnit, opens_at: datetime, closes_at: datetime, by: User, now: datetime) -> UnitSlot:
    """Give a unit its slot, or another one. Who is sitting goes on. A slot that was opened is closed to its times again.

    Raises:
        SlotOutsideWindow: not inside the exam's window, or ends before it begins.
        WrongState: the exam is over.
    """
    with transaction.atomic():
        locked = _locked(exam.pk)
        if not locked.opens_at <= opens_at < closes_at <= locked.closes_at:
            raise SlotOutsideWindow(locked.opens_at, locked.closes_at)
        times = {"opens_at": opens_at, "closes_at": closes_at, "opened_at": None, "opened_by": None}
        slot, _ = UnitSlot.objects.update_or_create(exam=locked, unit=unit, defaults=times)
        Exam.objects.filter(pk=locked.pk).update(has_slots=True)
        _log(locked, "set_slot", slot, by, now)
    return slot


def open_slot(slot: UnitSlot, *, by: User, now: datetime) -> None:
    """放开: the people of this slot may start at any time of the exam's window. A second call changes nothing.

    Raises:
        WrongState: the exam is over.
    """
    with transaction.atomic():
        exam = _locked(slot.exam_id)
        if UnitSlot.objects.filter(pk=slot.pk, opened_at=None).update(opened_at=now, opened_by=by):
            _log(exam, "open_slot", slot, by, now)


def remove_slot(slot: UnitSlot, *, by: User, now: datetime) -> None:
    """Take a slot back: its people follow the next higher unit's, or the window. A second call changes nothing.

    Raises:
        WrongState: the exam is over.
    """
    with transaction.atomic():
        exam = _locked(slot.exam_id)
        if UnitSlot.objects.filter(pk=slot.pk).delete()[0]:
            Exam.objects.filter(pk=exam.pk).update(has_slots=exam.slots.exists())
            _log(exam, "remove_slot", slot, by, now)
