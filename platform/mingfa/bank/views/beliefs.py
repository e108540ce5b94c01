"""误区: which wrong beliefs people hold, what to talk about next, and behind which answers they stand."""

from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingfa import clock
from mingfa.bank import sheets
from mingfa.bank.actions.beliefs import create_belief, revise_belief, tag_answers
from mingfa.bank.belief_forms import BeliefForm, FigureFilter, initial_of_belief
from mingfa.bank.beliefs import (
    agenda_of,
    agenda_text,
    beliefs_of,
    overview,
    questions_with,
    usable_beliefs,
    wrong_answers_of,
)
from mingfa.bank.models import Belief
from mingfa.bank.queries import versions
from mingfa.bank.registry import withheld_from
from mingfa.bank.views.access import for_setters, keys_of_question_or_404, visible_banks
from mingfa.downloads import excel_table
from mingfa.library.queries import articles_for
from mingfa.people.access import holds, require, units_visible_to
from mingfa.people.models import OrgUnit, Role

READERS = (Role.SETTER, Role.TRAINER)
PAGE = 30


def for_readers(view):
    """Figures of whole units, for those who set questions and those who train; kept by no cache."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        require(request.user, *READERS)
        return view(request, *args, **kwargs)

    return login_required(never_cache(checked))


@for_readers
def common(request):
    """常见误区: beliefs by share, by law, by unit, and over time."""
    context = _figures(request)
    page = Paginator(context["overview"].beliefs, PAGE).get_page(request.GET.get("page"))
    own = set(_own(request.user).values_list("pk", flat=True))
    return render(request, "bank/beliefs.html", {**context, "page": page, "own": own})


@for_readers
@require_safe
def common_xlsx(request):
    """Everything the page tells, for the unit and the time that are chosen there."""
    context, now = _figures(request), timezone.now()
    return excel_table(
        sheets.BELIEFS, sheets.belief_rows(context["overview"]), of="常见误区", title=_title(context, "常见误区"),
        log=(context["unit"], "bank.export_list"), by=request.user, now=now, widths=(40, 24, 40, 10, 10, 10, 8),
        beside=sheets.group_sheets(context["overview"], by=context["by"], now=now), what="beliefs",
    )  # fmt: skip


def _title(context, words: str) -> str:
    return f"{context['unit'].name}{words} {context['since']:%Y-%m-%d} 至 {context['until']:%Y-%m-%d}"


@for_readers
@require_safe
def belief_xlsx(request, belief_id):
    """One belief by unit and over time."""
    belief = _belief_or_404(request.user, belief_id)
    context, now = _figures(request, [belief]), timezone.now()
    rows = [sheets.belief_row(*context["overview"].beliefs[0])]
    return excel_table(
        sheets.BELIEFS[:-1], rows, of="误区", title=_title(context, f"误区（{belief.name}）"),
        log=(belief, "bank.export_list"), by=request.user, now=now, widths=(40, 24, 40, 10, 10, 10),
        beside=sheets.group_sheets(context["overview"], by=context["by"], now=now, laws=False), what="belief",
    )  # fmt: skip


@for_readers
def agenda(request):
    """下次培训可讲, to print or to copy."""
    context = _figures(request)
    agenda = agenda_of(context["overview"].beliefs)
    text = agenda_text(agenda, context["unit"], context["since"], context["until"])
    refs = [belief.ref for belief, _ in agenda if belief.ref]
    return render(request, "bank/agenda.html", {**context, "agenda": agenda, "text": text, "articles": articles_for(refs)})


@for_readers
def detail(request, belief_id):
    """One belief: what is right, how many hold it, which questions show it."""
    belief = _belief_or_404(request.user, belief_id)
    context = _figures(request, [belief])
    # What stands behind a wrong answer says that it is wrong.
    questions = questions_with(belief, visible_banks(request.user)).exclude(pk__in=withheld_from(request.user, clock.now()))
    page = Paginator(questions, PAGE).get_page(request.GET.get("page"))
    refs = [belief.ref] if belief.ref else []
    held = context["overview"].beliefs[0][1]
    more = {
        "sets": holds(request.user, Role.SETTER, unit=belief.unit), "belief": belief, "held": held, "page": page,
        "articles": articles_for(refs),
    }  # fmt: skip
    return render(request, "bank/belief.html", {**context, **more})


@for_setters
def new(request):
    """A new belief of a unit the person sets questions for."""
    form = BeliefForm(request.POST or None, units=units_visible_to(request.user, Role.SETTER))
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        belief = create_belief(unit=unit, by=request.user, now=timezone.now(), **form.values())
        messages.success(request, "已新建。在试题页的“误区”里把它标到错误答案上")
        return redirect("bank:belief", belief.pk)
    return _form_page(request, form, None)


@for_setters
def edit(request, belief_id):
    """Another name, article or description."""
    belief = _belief_or_404(request.user, belief_id, Role.SETTER)
    units = units_visible_to(request.user, Role.SETTER)
    form = BeliefForm(request.POST or None, initial=initial_of_belief(belief), units=units, belief=belief)
    if request.method == "POST" and form.is_valid():
        revise_belief(belief, by=request.user, now=timezone.now(), **form.values())
        messages.success(request, "已保存")
        return redirect("bank:belief", belief.pk)
    return _form_page(request, form, belief)


@for_setters
def tag(request, question_id):
    """Which belief stands behind each wrong answer of a question. No new version: candidates see nothing of it."""
    question = keys_of_question_or_404(request.user, question_id)
    answers = wrong_answers_of(versions([question.current_id])[question.current_id])
    # A question that was moved keeps the beliefs of the unit it came from.
    kept = [one.belief for one in answers if one.belief]
    usable = {str(belief.pk): belief for belief in (*usable_beliefs(question.bank), *kept)}
    if request.POST.get("version", str(question.current_id)) != str(question.current_id):
        messages.error(request, f"没有保存：这一题刚被改成第 {question.current.number} 版，选项可能换了位置。请重新选")
    elif request.method == "POST":
        chosen = {one.answer: request.POST.get(f"belief_{one.answer}", "") for one in answers}
        if set(chosen.values()) <= {"", *usable}:
            beliefs = {answer: usable.get(pk) for answer, pk in chosen.items()}
            changed = tag_answers(question, beliefs, by=request.user, now=timezone.now())
            messages.success(request, f"已保存，改了 {changed} 处" if changed else "没有改动")
            return redirect("bank:question", question.pk)
        messages.error(request, "选的误区现在不能用了。请重新选")
    context = {"question": question, "answers": answers, "beliefs": usable.values()}
    return render(request, "bank/tag_beliefs.html", context)


def _form_page(request, form, belief):
    return render(request, "bank/belief_form.html", {"form": form, "belief": belief}, status=400 if form.errors else 200)


def _figures(request, beliefs=None) -> dict:
    """What the filter in the address asks for; a unit the person has no role for does not exist."""
    units = units_visible_to(request.user, *READERS).order_by("path")
    form = FigureFilter(request.GET, units=units)
    chosen = form.chosen()
    unit = chosen["unit"] or units.first()
    if unit is None:
        raise Http404
    now, until = clock.now(), timezone.localdate(clock.now())
    since = until - timedelta(days=chosen["span"])
    beliefs = beliefs_of(_units_with_those_above(unit)) if beliefs is None else beliefs
    found = overview(beliefs, unit, since=since, until=until, now=now, by=chosen["by"])
    return {
        "form": form, "unit": unit, "since": since, "until": until, "overview": found, "by": chosen["by"],
        "is_setter": holds(request.user, Role.SETTER),
    }  # fmt: skip


def _units_with_those_above(unit: OrgUnit):
    """Beliefs of the unit, below it and above it are those its people were asked about."""
    below = OrgUnit.objects.filter(path__startswith=unit.path)
    return below | OrgUnit.objects.filter(path__in=OrgUnit.paths_down_to(unit.path))


def _own(user, *roles):
    return Belief.objects.filter(unit__in=units_visible_to(user, *(roles or READERS)))


def _belief_or_404(user, belief_id: int, *roles) -> Belief:
    belief = _own(user, *roles).select_related("unit").filter(pk=belief_id).first()
    if belief is None:
        raise Http404
    return belief
