"""会议纪要: draft, edit, freeze, download; and the log its figures come from. Trainers edit, who sees the result reads."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.downloads import excel_table
from mingfa.numbers import whole
from mingfa.people.access import holds
from mingfa.people.models import Role

from .. import exporting, results
from ..actions import minutes as acts
from ..board import Refusal
from ..models import Minutes
from ..retelling import told
from ..wording import sentence
from . import private, training_of
from .results import download, taught

EVENTS_ON_A_PAGE = 200


def _organised(request, training_id):
    """The training for its organiser's trainers and leaders: the minutes name people of every unit."""
    training = training_of(training_id)
    if not holds(request.user, Role.TRAINER, Role.LEADER, unit=training.unit):
        raise Http404
    return training


def _minutes_of(training) -> Minutes | None:
    return Minutes.objects.filter(training=training).select_related("frozen_by", "edited_by").first()


@private
def page(request, training_id):
    """Read, and for trainers of an open draft edit."""
    training = _organised(request, training_id)
    minutes = _minutes_of(training)
    teaches = holds(request.user, Role.TRAINER, unit=training.unit)
    if request.method == "POST":
        if not teaches or minutes is None:
            raise Http404
        return _said(request, training, "已保存", acts.revise, minutes, **_sent(request.POST), by=request.user)
    open_ = minutes is not None and minutes.frozen_at is None and training.state == "replay"
    lines = list(minutes.lines.all()) if minutes else []
    for line in lines:
        line.rows = 2 + len(line.text) // 26  # whole on a phone
    changed = minutes and results.changed_since(training, minutes.drafted_at)
    return render(request, "live/minutes.html", {
        "training": training, "minutes": minutes, "lines": lines, "may_edit": teaches and open_, "teaches": teaches,
        "changed": changed, "genuine": minutes and minutes.frozen_at and acts.digest(minutes) == minutes.sha256,
    })  # fmt: skip


def _sent(form) -> dict:
    """{texts, added} of the fields line-7 and add-3; other fields are nothing of ours."""
    found: dict[str, dict[int, str]] = {"texts": {}, "added": {}}
    for name, text in form.items():
        what, _, number = name.partition("-")
        kind = {"line": "texts", "add": "added"}.get(what)
        if kind and (key := whole(number)) is not None:
            found[kind][key] = text
    return found


def _said(request, training, done, action, *given, **named):
    try:
        action(*given, now=clock.now(), **named)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("live:minutes", training.pk)


@private
@require_POST
def draft(request, training_id):
    """Draft again from the log; what was edited goes."""
    training = taught(request, training_id)
    return _said(request, training, "已按记录重新起草", acts.draft, training, by=request.user)


@private
@require_POST
def freeze(request, training_id):
    """定稿."""
    training = taught(request, training_id)
    minutes = _minutes_of(training)
    if minutes is None:
        raise Http404
    return _said(request, training, "已定稿，正文不能再改", acts.freeze, minutes, by=request.user)


@private
@require_safe
def export(request, training_id, kind):
    """As Word in the shape of an official document, or as Excel with the sources; logged."""
    training = _organised(request, training_id)
    minutes = _minutes_of(training)
    if minutes is None or kind not in exporting.TYPES:
        raise Http404
    if kind == "docx":
        content = exporting.minutes_docx(training, minutes, results.people_of(training, results.entries_of(training)))
    else:
        content = exporting.minutes_xlsx(training, minutes, now=clock.now())
    record(minutes, "live.export", user=request.user, now=clock.now(), data={"what": "minutes", "kind": kind})
    return download(content, exporting.TYPES[kind], f"minutes-{training.pk}.{kind}")


def _events(training):
    return training.events.select_related("actor", "venue").order_by("seq")


@private
@require_safe
def log(request, training_id):
    """The log in words, a page at a time; `seq` opens the page that event stands on."""
    training = _organised(request, training_id)
    pages = Paginator(_events(training), EVENTS_ON_A_PAGE)
    seq = whole(request.GET.get("seq", ""), most=10**9)
    found = pages.get_page(request.GET.get("page") or ((seq - 1) // EVENTS_ON_A_PAGE + 1 if seq else 1))
    names = dict(training.venues.values_list("pk", "name"))
    lines = [(one, *told(one, names)) for one in found]
    return render(request, "live/log.html", {"training": training, "page": found, "lines": lines, "seq": seq})


@private
@require_safe
def log_xlsx(request, training_id):
    """The whole log as Excel; the download is logged."""
    training = _organised(request, training_id)
    events, names = _events(training), dict(training.venues.values_list("pk", "name"))
    return excel_table(
        exporting.EVENTS, exporting.event_rows((one, *told(one, names)) for one in events), of="课堂记录",
        title=f"{training.title}课堂记录", log=(training, "live.export"), by=request.user, now=clock.now(),
        widths=(8, 20, 14, 60, 14), what="log",
    )  # fmt: skip
