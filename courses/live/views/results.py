"""What a class came to: attendance and answers by venue, exports, corrections, the follow-up. Every object is checked."""
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock, followups
from mingfa.audit import record
from mingfa.indicators.figures import rate
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import actions, exporting, keeping, results
from ..board import Refusal
from ..closing_forms import CorrectionForm, FollowUpForm, TermForm
from ..facts import events_of
from ..models import RosterEntry
from ..wording import sentence
from . import private, training_of

MOST_LINES = 1000  # of a roster on one page


def seen_here(request, training_id):
    """(training, lines of its roster this person may see the result of); Http404 for others, and before it is arranged."""
    training = training_of(training_id)
    entries = results.seen_entries(request.user, training)
    if entries is None or training.state in ("draft", "cancelled"):
        raise Http404
    return training, entries


def taught(request, training_id):
    """The training, for its trainers only."""
    training = training_of(training_id)
    if not holds(request.user, Role.TRAINER, unit=training.unit):
        raise Http404
    return training


@private
@require_safe
def page(request, training_id):
    """Attendance and answers by venue, and every line of the roster; one page that can be printed."""
    training, entries = seen_here(request, training_id)
    actions.keep_time(training.pk, now=clock.now())
    training.refresh_from_db()
    asked = results.questions_of(training)
    halls = results.halls_of(training, entries, asked)
    standing = results.standing_of(entries)
    people = results.people_of(training, entries, most=MOST_LINES)
    due, given, right = exporting.answer_sums(halls)
    teaches = holds(request.user, Role.TRAINER, unit=training.unit)
    return render(request, "live/results.html", {
        "training": training, "halls": halls, "standing": standing, "people": people, "asked": asked, "teaches": teaches,
        "part": rate(standing.came, standing.due), "answered": rate(given, due), "right": rate(right, given),
        "settled": training.settled_at is not None, "crowd": standing.due > MOST_LINES, "most": MOST_LINES,
        "after": _after(request, training, people), "term": TermForm(initial={"days": training.keep_days}),
        "clearing": keeping.clearing_at(training), "form": _follow_form(request, training) if teaches else None,
        "photos": keeping.photos_of(training),
    })  # fmt: skip


def _after(request, training, people) -> list[dict]:
    """What was arranged after the class, each with its results among these people as words and heads."""
    keys, now, found = [one.data["exam_ref"] for one in events_of(training.pk, ["task.after"])], clock.now(), []
    for kind in followups.kinds() if keys else ():
        arranged = kind.find(keys, request.user, now)
        for key in (one for one in dict.fromkeys(keys) if one in arranged):
            told = kind.results(key, [one.entry.user_id for one in people], request.user, now)
            for one in people:
                if one.entry.user_id in told:
                    one.after = told[one.entry.user_id]
            words = sorted(set(told.values()))
            found.append({
                "kind": kind.words, "one": arranged[key],
                "heads": [(word, sum(said == word for said in told.values())) for word in words],
            })  # fmt: skip
    return found


def _follow_form(request, training, data=None):
    """The form for a follow-up; None where this person cannot arrange one now."""
    if training.state not in ("ended", "processing", "replay"):
        return None
    choices = [
        (f"{kind.kind}/{key}", words) for kind in followups.kinds() for key, words in kind.choices(request.user, training.unit)
    ]
    return FollowUpForm(data, choices=choices, settled=training.settled_at is not None) if choices else None


@private
@require_POST
def follow(request, training_id):
    """Arrange a follow-up: a draft to be checked and published where it belongs."""
    training = taught(request, training_id)
    form = _follow_form(request, training, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, "没有安排：" + "；".join(f"{words[0]}" for words in form.errors.values()))
        return redirect("live:results", training.pk)
    kind, choice = form.cleaned_data.pop("choice").split("/", 1)
    try:
        made = actions.plan_followup(training, kind=kind, choice=choice, by=request.user, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("live:results", training.pk)
    messages.success(request, f"已起草“{made.title}”，名单就是这次培训的人。请核对后发布")
    return redirect(made.url or "live:results", *([] if made.url else [training.pk]))


@private
@require_safe
def export(request, training_id, what, kind):
    """签到表 or 签到汇总 as Word or Excel, of the people this person may see; the download is logged."""
    training, entries = seen_here(request, training_id)
    write = exporting.WRITERS.get((what, kind))
    if write is None or training.settled_at is None:
        raise Http404
    halls = results.halls_of(training, entries, results.questions_of(training))
    people = results.people_of(training, entries)
    said = {"what": what, "kind": kind, "people": len(people)}
    now = clock.now()
    record(training, "live.export", user=request.user, now=now, data=said)
    return download(write(training, halls, people, now), exporting.TYPES[kind], f"{what}-{training.pk}.{kind}")


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@private
def correct(request, training_id, entry_id):
    """更正 of one person's result, with the reason."""
    training = taught(request, training_id)
    entry = get_object_or_404(RosterEntry.objects.select_related("user", "venue"), pk=entry_id, training=training)
    form = CorrectionForm(request.POST or None, entry=entry)
    if request.method == "POST" and form.is_valid():
        wanted, reason = form.cleaned_data["attendance"], form.cleaned_data["reason"]
        try:
            actions.correct_attendance(entry, wanted, reason, by=request.user, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已更正{entry.user.name}的签到结果")
            return redirect("live:results", training.pk)
    found = {"training": training, "entry": entry, "form": form, "changes": entry.changes.select_related("by")}
    return render(request, "live/correct.html", found, status=400 if form.errors else 200)


@private
@require_POST
def term(request, training_id):
    """Change how long recordings and photos are kept."""
    training, form = taught(request, training_id), TermForm(request.POST)
    try:
        if not form.is_valid():
            raise ValueError
        actions.set_term(training, form.cleaned_data["days"], by=request.user, now=clock.now())
    except ValueError:
        messages.error(request, "保存天数填 1 到 3650，没有改。")
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"录像和照片保存 {form.cleaned_data['days']} 天，到期自动删除")
    return redirect("live:results", training.pk)
