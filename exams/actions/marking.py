"""Marks that people give, and what follows from them."""
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from mingfa.audit import record
from mingfa.people.models import User

from ..engine.marking import ARBITER, standing
from ..engine.refusals import AlreadySo, BadMark, NotYours, OwnCase
from ..models import Response, ScriptMark, Sitting
from ..proving import proof_of
from ..scripts import may_arbitrate
from .handing_in import count, hold_results
from .tallying import marks_changed


def mark_script(sitting: Sitting, place: int, *, mark: Decimal, note: str = "", by: User, now: datetime) -> ScriptMark:
    """Give a written answer a mark, or change the own one while the sitting is not wholly marked.

    The mark counts when the rounds agree (exams.engine.marking); with the last one the sitting is marked and counts.

    Args:
        sitting: with candidate and exam with unit.
        mark: 0 to the marks of the question, one place.

    Raises:
        OwnCase: nobody marks his own paper. AlreadySo: the answer needs no further mark, or another marker was
        faster. NotYours: only the organiser arbitrates. BadMark: outside of 0 to full marks.
    """
    exam = sitting.candidate.exam
    if sitting.candidate.user_id == by.pk:
        raise OwnCase()
    with transaction.atomic():
        hold_results(exam.pk)
        locked = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
        response = Response.objects.filter(sitting=locked, place=place).first()
        if locked.state != Sitting.State.SUBMITTED or response is None:
            raise AlreadySo()
        if not 0 <= mark <= response.full or mark != round(mark, 1):
            raise BadMark(response.full)
        given = list(locked.script_marks.filter(place=place))
        own = next((one for one in given if one.marker_id == by.pk), None)
        if own is None:
            own = _new_mark(locked, place, given, exam, response, by)
            given.append(own)
        elif own.round < len(given):
            raise AlreadySo()  # somebody has marked after, knowing that there was a mark
        own.mark, own.note, own.marked_at = mark, note, now
        own.save()
        where = standing([one.mark for one in given], markers=exam.markers, tolerance=exam.tolerance)
        Response.objects.filter(sitting=locked, place=place).update(mark=where.mark)
        data = {"place": place, "round": own.round, "mark": str(mark)}
        record(locked, "exams.mark_script", user=by, data=data, now=now)
        _finish(sitting, now=now)
    return own


def _new_mark(sitting, place, given, exam, response, by) -> ScriptMark:
    where = standing([one.mark for one in given], markers=exam.markers, tolerance=exam.tolerance)
    if where.next is None:
        raise AlreadySo()
    if where.next == ARBITER and not may_arbitrate(by, exam):
        raise NotYours()
    return ScriptMark(sitting=sitting, place=place, round=where.next, marker=by)


def _finish(sitting: Sitting, *, now: datetime) -> None:
    """The sum, once every answer has its mark."""
    marks = list(Response.objects.filter(sitting=sitting).values_list("mark", flat=True))
    if None in marks:
        return
    total = sum(marks, Decimal(0))
    Sitting.objects.filter(pk=sitting.pk).update(state=Sitting.State.MARKED, mark=total)
    sitting.state, sitting.mark = Sitting.State.MARKED, total
    count(sitting.candidate, sitting, total)
    marks_changed(sitting.candidate.exam, now=now)
    record(sitting, "exams.finish_marking", user=None, data={"mark": str(total), **proof_of(sitting.pk, total)}, now=now)
