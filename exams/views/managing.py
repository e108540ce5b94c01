"""The setter's pages: making an exam, its rules, a trial paper, publishing. Every object is checked."""
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.downloads import excel_table
from mingfa.numbers import whole
from mingfa.people.access import holds, require, units_visible_to
from mingfa.people.models import Role
from mingfa.wording import marks

from .. import actions, listings, makeups, queries, rosters, yearly
from ..actions.preparing import RuleSpec
from ..engine.refusals import PaperShortage
from ..forms import ExamForm, NewExamForm, RuleFormSet, rule_choices
from ..indicators import BOARD
from ..models import Exam
from ..papers import draw_paper, engine_rule, loaded, pool_of, rules_of
from ..presets import PRESETS
from ..rendering import parts_of, questions_html
from ..wording import released, sentence
from . import exam_set_by, private, tell


@private
def exam_list(request):
    """All exams of the person's units, newest first; for liaisons and leaders those whose roster they look after."""
    require(request.user, Role.SETTER, Role.LIAISON, Role.LEADER)
    sets = holds(request.user, Role.SETTER)
    exams = queries.manageable(units_visible_to(request.user, Role.SETTER)) if sets else []
    return render(request, "exams/manage/list.html", {
        "exams": exams, "presets": PRESETS.values(), "sets": sets, "rosters": rosters.exams_looked_after(request.user),
    })  # fmt: skip


@private
def create(request):
    """A new draft from a preset."""
    require(request.user, Role.SETTER)
    key = request.GET.get("preset", "")
    form = NewExamForm(request.POST or None, user=request.user, preset_key=key)
    if request.method == "POST" and form.is_valid():
        exam = actions.create_exam_from_preset(
            preset=form.preset, by=request.user, now=clock.now(), **form.cleaned_data
        )
        messages.success(request, f"已建立“{exam.name}”。请核对组卷规则和应考名单，再发布")
        return redirect("exams:manage", exam.pk)
    context = {"form": form, "preset": form.preset, "presets": PRESETS.values()}
    return render(request, "exams/manage/form.html", context, status=_status(request, form))


def _status(request, form) -> int:
    return 400 if request.method == "POST" and form.errors else 200


# Types whose answers people mark, or may: the sub-questions of a case.
WRITTEN = ("short", "case")


def _rules(exam) -> list[dict]:
    """The rules with how many questions the bank has for each."""
    pool = pool_of(exam.blueprint)
    return [
        {
            "rule": rule,
            "available": sum(map(engine_rule(rule).admits, pool)),
            "marks": marks(rule.marks),
            "total": marks(rule.marks * rule.count),
        }
        for rule in rules_of(exam.blueprint)
    ]


@require_safe
@private
def rules_xlsx(request, exam_id):
    """组卷规则 as the exam's page lists them."""
    exam = exam_set_by(request, exam_id)
    return excel_table(
        listings.RULES, listings.rule_rows(_rules(exam)), of="组卷规则", title=f"{exam.name}组卷规则",
        log=(exam, "exams.export_table"), by=request.user, now=clock.now(), widths=(12, 20, 36), what="rules",
    )  # fmt: skip


@private
def detail(request, exam_id):
    """Everything about one exam on one page, with what still stands in the way of publishing."""
    exam = exam_set_by(request, exam_id)
    rules = _rules(exam)
    due, uncategorised = None, 0
    if exam.state == Exam.State.DRAFT:
        due = queries.expected_roster(exam, on=timezone.localdate())
        uncategorised = queries.left_out_without_category(exam, on=timezone.localdate())
    return render(request, "exams/manage/detail.html", {
        "exam": exam,
        "rules": rules, "written": any(one["rule"].type in WRITTEN for one in rules),
        "total": marks(sum(one["rule"].marks * one["rule"].count for one in rules)),
        "questions": sum(one["rule"].count for one in rules),
        "shortage": _shortage(exam),
        "requirements": list(exam.requirements.all()) if exam.has_requirements else [],
        **_makeup(exam),
        "due": due,
        "uncategorised": uncategorised,
        "board": _board(request, exam),
        "standing": None if due is not None else queries.standing(exam),
        "categories": [one.get_category_display() for one in exam.categories.all()],
        "due_units": list(exam.due_units.all()),
    })  # fmt: skip


def _makeup(exam) -> dict:
    """The rounds of an exam that is over, figures with them, and who is still left."""
    if exam.state == Exam.State.DRAFT or clock.now() < exam.over_for_everybody:
        return {}
    root, sessions = makeups.first_session(exam), makeups.sessions_of(exam)
    left = [] if any(clock.now() < one.over_for_everybody for one in sessions) else makeups.due_again(root)
    return {
        "rounds": [one for one in makeups.rounds_of(root) if one.pk != exam.pk],
        "year": yearly.yearly_standing(sessions), "again": makeups.reasons(left) if left else [],
    }  # fmt: skip


def _board(request, exam) -> str:
    """Where this exam's figures stand, for who may read them."""
    if not holds(request.user, *BOARD.roles):
        return ""
    query = urlencode({"of": f"{BOARD.code}-{exam.pk}", "period": timezone.localtime(exam.closes_at).year})
    return f"{reverse('board')}?{query}"


def _shortage(exam) -> str:
    try:
        draw_paper(exam.blueprint, seed=0)
    except PaperShortage as refusal:
        return sentence(refusal)
    return ""


@private
def edit(request, exam_id):
    """Change a draft's settings."""
    exam = exam_set_by(request, exam_id)
    form = ExamForm(request.POST or None, instance=exam, user=request.user)
    if request.method == "POST" and form.is_valid():
        exam = exam_set_by(request, exam_id)
        tell(request, "已保存考试设置", actions.revise_exam, exam, by=request.user, now=clock.now(), **form.cleaned_data)
        return redirect("exams:manage", exam.pk)
    if exam.state != Exam.State.DRAFT:
        messages.error(request, "考试已经发布，设置不能再改")
        return redirect("exams:manage", exam.pk)
    return render(request, "exams/manage/form.html", {"form": form, "exam": exam}, status=_status(request, form))


@private
def rules(request, exam_id):
    """Edit the blueprint of a draft."""
    exam = exam_set_by(request, exam_id)
    if exam.state != Exam.State.DRAFT:
        messages.error(request, "考试已经发布，组卷规则不能再改")
        return redirect("exams:manage", exam.pk)
    choices = rule_choices(pool_of(exam.blueprint))
    fields = ("type", "topic", "law", "difficulty", "count", "marks")
    initial = [{name: getattr(rule, name) for name in fields} for rule in rules_of(exam.blueprint)]
    formset = RuleFormSet(request.POST or None, initial=initial, form_kwargs=choices)
    if request.method == "POST" and formset.is_valid():
        given = {"rules": lines_of(formset), "by": request.user, "now": clock.now()}
        tell(request, "已保存组卷规则", actions.revise_blueprint, exam.blueprint, **given)
        return redirect("exams:manage", exam.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "exams/manage/rules.html", {"exam": exam, "formset": formset}, status=status)


def lines_of(formset) -> list[RuleSpec]:
    """The rules a valid formset says."""
    return [
        RuleSpec(line["type"], line["count"], line["marks"], line["topic"], line["law"], line["difficulty"])
        for line in formset.lines()
    ]


@private
def preview(request, exam_id):
    """A trial paper as a candidate would see it, without keys. Another seed, another paper."""
    exam = exam_set_by(request, exam_id)
    seed = whole(request.GET.get("seed", ""), most=10**6) or 1
    try:
        paper = loaded(draw_paper(exam.blueprint, seed=seed), seed=seed)
    except PaperShortage as refusal:
        messages.error(request, sentence(refusal))
        return redirect("exams:manage", exam.pk)
    parts = parts_of(paper)
    return render(request, "exams/manage/preview.html", {
        "exam": exam, "questions_html": questions_html(paper, parts, {}), "seed": seed, "next_seed": seed + 1,
    })  # fmt: skip


@private
@require_POST
def publish(request, exam_id):
    """Publish: freeze the roster. What stands in the way is said on the exam's page."""
    exam = exam_set_by(request, exam_id)
    done = "已发布，名册 {} 人已冻结".format
    tell(request, done, actions.publish_exam, exam, by=request.user, now=clock.now())
    return redirect("exams:manage", exam.pk)


@private
@require_POST
def release(request, exam_id):
    """公布成绩."""
    exam = exam_set_by(request, exam_id)
    now = clock.now()
    done = released(keys_from=exam.keys_from, now=now)
    tell(request, done, actions.release_results, exam, by=request.user, now=now)
    return redirect("exams:manage", exam.pk)
