"""The candidate's pages: notice, paper, save, hand-in, result. Times are the server's."""
import secrets
from collections import Counter
from functools import cache
from pathlib import Path

from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.bodies import is_declared_larger
from mingfa.errors import Unacceptable
from mingfa.people.middleware import without_account_check
from mingfa.wording import marks

from .. import actions, certificates, corrections, queries, saves, tokens, waiting
from ..actions.handing_in import is_valid
from ..arrangements import arrangements_of
from ..eligibility import conditions_of
from ..engine import sheet as engine_sheet
from ..engine.disclosure import visible
from ..engine.late import arrived_in_grace
from ..engine.refusals import BadAnswer, OutsideSlot, Refusal, SittingEnded, WrongState
from ..engine.scoring import band
from ..engine.slots import check_slot
from ..engine.timing import personal_end
from ..models import Candidate, Sitting
from ..papers import paper_of, rules_of
from ..rendering import by_type, parts_of, questions_html, review
from ..venues import check_place, place_of
from ..wording import sentence
from . import private

DEVICE_COOKIE = "mf_device"


def _device(request) -> str:
    return request.COOKIES.get(DEVICE_COOKIE, "")[:22]


def _remember_device(response, device):
    response.set_cookie(
        DEVICE_COOKIE, device, max_age=365 * 86400, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _own_candidate(request, exam_id) -> Candidate:
    candidate = queries.candidate_of(exam_id, request.user)
    if candidate is None:
        raise Http404
    return candidate


def own_sitting(request, sitting_id) -> Sitting:
    """The person's own sitting, handed in by now if its time is over; anybody else's does not exist (Http404)."""
    sitting = queries.sitting_of(sitting_id, request.user)
    if sitting is None:
        raise Http404
    if sitting.state == Sitting.State.OPEN and sitting.ends_at <= clock.now():
        # Ends correctly even if no background task ever runs.
        ended = actions.submit_sitting(sitting.pk, by=None, now=clock.now(), ending=Sitting.Ending.TIME)
        ended.candidate = sitting.candidate
        return ended
    return sitting


def _notice_facts(task, now) -> dict:
    exam = task.exam
    arranged = arrangements_of(exam)
    rules = rules_of(exam.blueprint)
    counts = Counter()
    for rule in rules:
        counts[rule.get_type_display(), marks(rule.marks)] += rule.count
    return {
        "exam": exam,
        "candidate": task.candidate,
        "task": task,
        "sitting": task.sitting,
        "state": task.state,
        "question_counts": [(kind, count, each) for (kind, each), count in counts.items()],
        "question_total": sum(rule.count for rule in rules),
        "total_marks": marks(sum(rule.count * rule.marks for rule in rules)),
        "personal_end": personal_end(
            now, duration_minutes=exam.duration_minutes, closes_at=exam.closes_at,
            extra_minutes=task.candidate.extra_minutes,
        ),
        "attempts_left": task.attempts_left,
        "conditions": conditions_of(task.candidate, arranged),
        **_slot_facts(arranged.slot_for(task.candidate), now),
        "venue": arranged.venue_for(task.candidate),
    }


def _slot_facts(slot, now) -> dict:
    """The slot of the person's unit, and why it does not let them start now."""
    try:
        check_slot(slot, now=now)
    except OutsideSlot as refusal:
        return {"slot": slot, "slot_reason": sentence(refusal)}
    return {"slot": slot, "slot_reason": ""}


@private
def notice(request, exam_id, reason="", status=200):
    """The page with the start button: facts, rules, own end if started now."""
    candidate = _own_candidate(request, exam_id)
    now = clock.now()
    task = queries.task_of(candidate, now=now)
    if task.sitting is not None and task.sitting.state == Sitting.State.OPEN and task.sitting.ends_at <= now:
        actions.submit_sitting(task.sitting.pk, by=None, now=now, ending=Sitting.Ending.TIME)
        candidate = _own_candidate(request, exam_id)
        task = queries.task_of(candidate, now=now)
    return render(
        request, "exams/notice.html", {**_notice_facts(task, now), "reason": reason, "now": now}, status=status
    )


def _wait(request, exam, wait):
    context = {"exam": exam, "wait": wait, "ahead": wait.position - 1, "code": request.POST.get("code", "")[:20]}
    return render(request, "exams/waiting/room.html", context)


@private
@require_POST
def start(request, exam_id):
    """Start, or come back to the open sitting."""
    candidate = _own_candidate(request, exam_id)
    device = _device(request) or secrets.token_urlsafe(16)
    now = clock.now()
    if wait := waiting.wait_for(candidate, now=now):
        return _wait(request, candidate.exam, wait)
    try:
        sitting = actions.start_sitting(
            candidate, by=request.user, now=now, device=device, place=place_of(request, candidate.exam)
        )
    except Refusal as refusal:
        waiting.give_back(now)
        return notice(request, exam_id, reason=sentence(refusal), status=409)
    return _remember_device(redirect("exams:paper", sitting.pk), device)


@cache
def content_policy() -> str:
    """The Content-Security-Policy of a page, for the copy that a browser keeps of an open paper."""
    return build_policy()


@private
def paper(request, sitting_id):
    """The paper of an open sitting, with everything that is saved."""
    sitting = own_sitting(request, sitting_id)
    if sitting.state in (Sitting.State.MARKED, Sitting.State.SUBMITTED):
        return redirect("exams:result", sitting.pk)
    if sitting.state == Sitting.State.VOID or sitting.frozen_reason:
        return _locked(request, sitting)
    if outside := _outside(request, sitting):
        return outside
    if sitting.device and sitting.device != _device(request):
        return _takeover(request, sitting)
    loaded = paper_of(sitting.pk)
    sheet = engine_sheet.load(sitting.answers)
    parts = parts_of(loaded)
    now = clock.now()
    payload = {
        "save": reverse("exams:save", args=[sitting.pk]),
        "state": reverse("exams:state", args=[sitting.pk]),
        "handin": reverse("exams:handin", args=[sitting.pk]),
        "result": reverse("exams:result", args=[sitting.pk]),
        "late": reverse("exams:late", args=[sitting.pk]),
        "left": reverse("exams:left", args=[sitting.pk]),
        "sitting": sitting.pk,
        "token": tokens.issue(sitting.pk, sitting.epoch),
        "epoch": sitting.epoch,
        "rev": sitting.revision,
        "seq": engine_sheet.highest_seq(sheet),
        "now": int(now.timestamp() * 1000),
        "ends": int(sitting.ends_at.timestamp() * 1000),
        "shortcuts": True,
        "policy": content_policy(),
    }
    return render(request, "exams/paper.html", {
        "exam": sitting.candidate.exam,
        "sitting": sitting,
        "person": request.user,
        "unit": sitting.candidate.unit,
        "parts": parts,
        "total": len(loaded.items),
        "answered": engine_sheet.answered(sheet),
        "questions_html": questions_html(loaded, parts, sheet),
        "ends_at": sitting.ends_at,
        "token": payload["token"],
        "payload": payload,
    })  # fmt: skip


WORKER = (Path(__file__).resolve().parents[1] / "static/exams/worker.js").read_bytes()


@without_account_check
@require_safe
def worker(request, sitting_id):
    """The script that brings this paper back while the server is away; here, because its address is its scope. It is
    the same for everybody and holds nothing of a paper."""
    return HttpResponse(WORKER, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _outside(request, sitting):
    """The page that says why an open paper is not shown here; None where it may be."""
    exam = sitting.candidate.exam
    if not exam.has_venues and not exam.safe_browser:
        return None
    try:
        venue = arrangements_of(exam).venue_for(sitting.candidate)
        check_place(sitting.candidate, place_of(request, exam), venue, entering=False)
    except Refusal as refusal:
        return notice(request, exam.pk, reason=sentence(refusal), status=403)
    return None


def _takeover(request, sitting, reason="", status=200):
    """The page that asks before another device goes on."""
    venue = arrangements_of(sitting.candidate.exam).venue_for(sitting.candidate)
    context = {
        "sitting": sitting, "exam": sitting.candidate.exam, "reason": reason, "venue": venue,
        "asks_code": venue is not None and bool(venue.code),
    }  # fmt: skip
    return render(request, "exams/takeover.html", context, status=status)


def _locked(request, sitting):
    return render(request, "exams/locked.html", {"exam": sitting.candidate.exam, "sitting": sitting}, status=403)


@private
@require_POST
def take_over(request, sitting_id):
    """Go on on this device, with the code of the 考点 where there is one; the other one is refused with its next save."""
    sitting = own_sitting(request, sitting_id)
    device = _device(request) or secrets.token_urlsafe(16)
    if sitting.state == Sitting.State.OPEN and not sitting.frozen_reason:
        if outside := _outside(request, sitting):
            return outside
        place = place_of(request, sitting.candidate.exam)
        try:
            actions.take_over(sitting, by=request.user, now=clock.now(), device=device, place=place)
        except WrongState:
            return redirect("exams:result", sitting.pk)
        except Refusal as refusal:
            return _takeover(request, sitting, reason=sentence(refusal), status=409)
    return _remember_device(redirect("exams:paper", sitting.pk), device)


# No cookie decides here, so there is no cross-site request to forge: the token in the header does.
@without_account_check
@csrf_exempt
@require_POST
def save(request, sitting_id):
    """Store changed answers. `serve` answers this address below the middleware (exams.saves)."""
    if is_declared_larger(request.META.get("CONTENT_LENGTH") or "", saves.LARGEST):
        status, facts = saves.too_large()
    else:
        status, facts = saves.answer(sitting_id, request.headers.get("X-Sitting-Token", ""), request.body)
    return JsonResponse(facts, status=status, headers=saves.headers())


@private
@require_POST
def hand_in(request, sitting_id):
    """The whole form: save it, ask once more, hand it in. Works without scripts."""
    sitting = own_sitting(request, sitting_id)
    if sitting.state != Sitting.State.OPEN:
        return redirect("exams:result", sitting.pk)
    token = tokens.read(request.POST.get("token", ""))
    if token is None or token.sitting_id != sitting_id:
        return redirect("exams:paper", sitting.pk)
    now = clock.now()
    confirmed = request.POST.get("confirm") == "1"
    chosen = None
    if "sheet" in request.POST:
        chosen = {name: request.POST.getlist(name) for name in request.POST if name.startswith("q")}
    elif token.epoch != sitting.epoch:
        return redirect("exams:paper", sitting.pk)
    try:
        if confirmed:
            actions.submit_sitting(
                sitting_id, by=request.user, now=now, chosen=chosen, epoch=token.epoch, read=sitting
            )
        elif chosen is not None:
            actions.save_sheet(sitting_id, chosen, epoch=token.epoch, now=now)
    except SittingEnded:
        return redirect("exams:result", sitting.pk)
    except BadAnswer as refusal:
        raise Unacceptable(sentence(refusal)) from refusal
    except Refusal:
        return redirect("exams:paper", sitting.pk)
    if confirmed:
        return redirect("exams:result", sitting.pk)
    if request.POST.get("do") == "save":
        return HttpResponseRedirect(reverse("exams:paper", args=[sitting.pk]) + "?saved=1")
    return _confirm(request, sitting, token_text=request.POST["token"])


def _confirm(request, sitting, token_text):
    sheet = engine_sheet.load(Sitting.objects.values_list("answers", flat=True).get(pk=sitting.pk))
    open_places = [n for n in range(len(paper_of(sitting.pk).items)) if not sheet.get(n, ("", 0))[0]]
    return render(request, "exams/handin_confirm.html", {
        "exam": sitting.candidate.exam,
        "sitting": sitting,
        "token": token_text,
        "unanswered": len(open_places),
        "blank_warning": not engine_sheet.answered(sheet) and not sitting.candidate.exam.blank_counts,
        "numbers": [place + 1 for place in open_places],
    })  # fmt: skip


def _certificate(candidate):
    """The certificate that holds, if there is one."""
    found = certificates.of_candidate(candidate) if candidate.passed else None
    return found if found is not None and found.holds else None


@private
def result(request, sitting_id):
    """What the exam's policy shows of a handed-in sitting."""
    sitting = own_sitting(request, sitting_id)
    if sitting.state == Sitting.State.OPEN:
        return redirect("exams:paper", sitting.pk)
    if sitting.state == Sitting.State.VOID:
        return _locked(request, sitting)
    exam, now = sitting.candidate.exam, clock.now()
    by_time = sitting.ending == Sitting.Ending.TIME
    may_be_late = by_time and arrived_in_grace(now, ends_at=sitting.ends_at, grace_minutes=exam.grace_minutes)
    policy = visible(
        exam.result_policy, now=now, keys_from=exam.keys_from, released_at=exam.released_at, may_be_late=may_be_late
    )
    marking = sitting.mark is None
    if marking:
        policy = "none"
    changes = corrections.changes_of(sitting) if exam.has_corrections else []
    facts = {"policy": policy, "changes": changes, "how": sitting.get_ending_display(), "submitted_at": sitting.submitted_at}
    if exam.certificates and policy != "none":
        facts["certificate"] = _certificate(sitting.candidate)
    facts |= {"marking": marking, "blank": not is_valid(sitting, exam), "may_be_late": may_be_late}
    facts["late"] = list(sitting.late_answers.values_list("state", flat=True)) if by_time else []
    items = []
    if policy != "none":
        facts |= {
            "score": marks(sitting.mark),
            "pass_mark": marks(exam.pass_mark),
            "passed": sitting.mark >= exam.pass_mark,
            "band": band(
                sitting.mark, pass_mark=exam.pass_mark, good_mark=exam.good_mark,
                excellent_mark=exam.excellent_mark,
            ),
        }  # fmt: skip
    if policy == "full":
        items = review(paper_of(sitting.pk), list(sitting.responses.order_by("place")), actions.corrections_of(exam))
        facts |= {"right": sum(item.right for item in items), "questions": len(items), "parts": by_type(items)}
    return render(request, "exams/result.html", {
        "exam": exam, "sitting": sitting, "candidate": sitting.candidate, "view": facts, "items": items,
        "attempts_left": sitting.candidate.attempts_allowed - sitting.candidate.attempts_used,
        "window_open": now < exam.closes_at,
    })  # fmt: skip
