"""The room while an exam runs: the invigilator's board and what an open paper asks."""
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock, wording
from mingfa.downloads import excel_table
from mingfa.people.access import holds
from mingfa.people.middleware import without_account_check
from mingfa.people.models import OrgUnit, Role
from mingfa.spreadsheets import extra_sheet

from .. import actions, listings, rooms, tokens, waiting
from ..engine.refusals import Refusal
from ..engine.states import check_writable
from ..forms import MessageForm, OutageForm, ReasonForm, TimeForm
from ..models import Candidate, Exam, Sitting
from ..wording import given, sentence
from . import private, tell

PAGE_SIZE = 50


def _exam(request, exam_id) -> Exam:
    """A published or closed exam the person organises; else it does not exist for them."""
    exam = get_object_or_404(Exam.objects.select_related("unit").exclude(state=Exam.State.DRAFT), pk=exam_id)
    if not holds(request.user, Role.SETTER, unit=exam.unit):
        raise Http404
    return exam


def _units(exam):
    """Units with people on the roster and those above them, for choosing a place."""
    paths = exam.candidates.values_list("unit__path", flat=True).distinct()
    chosen = {above for path in paths for above in OrgUnit.paths_down_to(path)}
    return OrgUnit.objects.filter(path__in=chosen).order_by("path")


def _asked(request, exam, units, now):
    """(unit or None, heads by state, state) of the list that was asked for."""
    unit = next((one for one in units if str(one.pk) == request.GET.get("unit")), None)
    heads = rooms.heads(exam, now=now, unit=unit)
    state = request.GET.get("state")
    return unit, heads, state if state in rooms.STATES else rooms.first_state(heads)


def _grants(exam):
    return exam.time_grants.select_related("candidate__user", "unit", "given_by")


def _sent(exam):
    return exam.messages.select_related("candidate__user", "unit", "sent_by")


@require_safe
@private
def board(request, exam_id):
    """Heads and names by state, the forms to give time, and what has been given."""
    exam, now = _exam(request, exam_id), clock.now()
    units, venues = list(_units(exam)), list(exam.venues.select_related("unit").order_by("name", "pk"))
    unit, heads, state = _asked(request, exam, units, now)
    page = Paginator(rooms.lines(exam, now=now, state=state, unit=unit), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exams/room/board.html", {
        "exam": exam, "now": now, "page": page, "lines": rooms.with_sittings(page.object_list, now=now), "state": state,
        "unit": unit, "units": units, "tabs": [(key, word, heads[key]) for key, word in rooms.STATES.items()],
        "time_form": TimeForm(units=units, venues=venues, auto_id="time_%s"),
        "outage_form": OutageForm(units=units, venues=venues, auto_id="outage_%s"),
        "message_form": MessageForm(units=units, auto_id="message_%s"),
        "grants": _grants(exam)[:20], "sent": _sent(exam)[:10],
        "cut_off": rooms.ended_in_outages(exam), "late": rooms.late_sittings(exam), "running": exam.state == Exam.State.PUBLISHED,
        "queue": waiting.waiting_now(exam, now=now),
    })  # fmt: skip


@require_safe
@private
def board_xlsx(request, exam_id):
    """The list as it is filtered on the page, what has been given, and whose time ran out in an outage."""
    exam, now = _exam(request, exam_id), clock.now()
    unit, _, state = _asked(request, exam, _units(exam), now)
    rows = listings.room_rows(rooms.all_with_sittings(rooms.lines(exam, now=now, state=state, unit=unit), now=now))
    sheets = (
        ("办理记录", listings.DEEDS, listings.deed_rows(_grants(exam), _sent(exam)), (18, 10, 8, 20, 10, 40, 12)),
        ("故障期间收卷", listings.CUT_OFF, listings.cut_off_rows(rooms.ended_in_outages(exam)), (28, 12, 18)),
    )
    beside = [
        extra_sheet(header, found, sheet=word, title=f"{exam.name}{word}", of=f"考场，{word}", now=now, widths=widths)
        for word, header, found, widths in sheets if found
    ]  # fmt: skip
    return excel_table(
        listings.ROOM, rows, of="考场", title=f"{exam.name}考场（{rooms.STATES[state]}）", log=(exam, "exams.export_table"),
        by=request.user, now=now, widths=(28, 12, 14, 18, 18, 18, 18, 24, 30), beside=beside,
        what="room", state=state, unit=unit and unit.pk,
    )  # fmt: skip


@require_POST
@private
def act(request, exam_id, what):
    """One of the board's forms: time, outage or message."""
    exam = _exam(request, exam_id)
    form_class, action = {
        "time": (TimeForm, actions.grant_time), "outage": (OutageForm, actions.log_outage),
        "message": (MessageForm, actions.send_message),
    }[what]  # fmt: skip
    places = {} if what == "message" else {"venues": exam.venues.select_related("unit")}
    form = form_class(request.POST, units=_units(exam), candidates=exam.candidates, **places)
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"{form.fields[field].label if field in form.fields else '没有办理'}：{errors[0]}")
        return redirect("exams:room", exam.pk)
    tell(request, partial(given, what), action, exam, by=request.user, now=clock.now(), **form.cleaned_data)
    return redirect("exams:room", exam.pk)


@require_POST
@private
def lock(request, sitting_id):
    """Lock one sitting, with the reason."""
    sitting = get_object_or_404(
        Sitting.objects.select_related("candidate__exam__unit", "candidate__user"), pk=sitting_id
    )
    exam = _exam(request, sitting.candidate.exam_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        done = f"{sitting.candidate.user.name}的作答已锁定，时间照常走。在名册里可以恢复"
        facts = {"reason": form.cleaned_data["reason"], "by": request.user, "now": clock.now()}
        tell(request, done, actions.freeze_sitting, sitting, **facts)
    else:
        messages.error(request, "没有锁定：" + form.errors["reason"][0])
    return redirect(reverse("exams:room", args=[exam.pk]) + "?state=trouble")


# The token says whose page it is, as for a save; nothing is changed here.
@without_account_check
@require_safe
@never_cache
def state(request, sitting_id):
    """What an open paper asks every few seconds: its end, whether it may still write, and messages."""
    held, now = tokens.read(request.headers.get("X-Sitting-Token", "")), clock.now()
    if held is None or held.sitting_id != sitting_id:
        return JsonResponse({"code": "token", "message": "请重新打开试卷"}, status=403)
    found = Sitting.objects.select_related("candidate__unit").defer("answers").filter(pk=sitting_id).first()
    if found is None:
        return JsonResponse({"code": "gone", "message": "没有这份试卷"}, status=404)
    candidate: Candidate = found.candidate
    facts = {
        "now": int(now.timestamp() * 1000), "ends": int(found.ends_at.timestamp() * 1000),
        "messages": [
            {"id": one.pk, "at": wording.clock(one.sent_at), "text": one.text}
            for one in rooms.messages_for(candidate.pk, candidate.exam_id, candidate.unit.path)
        ],
    }  # fmt: skip
    try:
        check_writable(
            state=found.state, epoch=found.epoch, held_epoch=held.epoch, ends_at=found.ends_at, now=now,
            frozen_reason=found.frozen_reason, void_reason=found.void_reason,
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({**facts, "code": refusal.code, "message": sentence(refusal)}, status=409)
    return JsonResponse(facts)
