"""The papers of an exam for its organiser: forecast, fairness record, reprint. Every object is checked."""
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.audit import record
from mingfa.downloads import excel_table
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.wording import marks

from .. import actions, fairness, listings
from ..engine.refusals import PaperShortage
from ..forms import RuleFormSet, rule_choices
from ..models import Sitting
from ..papers import paper_of, pool_of
from ..queries import units_due
from ..rendering import parts_of, questions_html, review
from ..wording import sentence
from . import exam_set_by, private
from .managing import lines_of

PAGE_SIZE = 50


@private
@require_safe
def papers(request, exam_id):
    """What the blueprint will give, how alike the papers drawn are, and each of them."""
    exam = exam_set_by(request, exam_id)
    try:
        expected, shortage = fairness.forecast(exam.blueprint), ""
    except PaperShortage as refusal:
        expected, shortage = None, sentence(refusal)
    page = Paginator(fairness.papers_of(exam), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exams/papers/list.html", {
        "exam": exam, "expected": expected, "shortage": shortage, "spread": fairness.spread(exam), "page": page,
        "printed": exam.printed_papers.filter(candidate=None).select_related("created_by"), "units": units_due(exam),
        "own": exam.printed_papers.exclude(candidate=None).count(), "keys": fairness.keys_may_be_shown(exam, clock.now()),
        "open": exam.state in ("published", "closed"), "most": actions.MOST_AT_ONCE,
    })  # fmt: skip


@private
@require_safe
def papers_xlsx(request, exam_id):
    """Each paper with its difficulty and what it rests on."""
    exam = exam_set_by(request, exam_id)
    return excel_table(
        listings.PAPERS, listings.paper_rows(fairness.papers_of(exam)), of="试卷", title=f"{exam.name}试卷",
        log=(exam, "exams.export_table"), by=request.user, now=clock.now(), widths=(12, 28, 8, 18, 8, 8, 10, 10), what="papers",
    )  # fmt: skip


@private
@require_POST
def check_rules(request, exam_id):
    """What rules that are being edited would give: for each line how many questions are left, and the forecast."""
    exam = exam_set_by(request, exam_id)
    formset = RuleFormSet(request.POST, form_kwargs=rule_choices(pool_of(exam.blueprint)))
    if not formset.is_valid():
        return JsonResponse({"lines": [], "words": "填完整以后再核对：题型、题数和每题分值都要有。"})
    rules = lines_of(formset)
    left = fairness.left_for(exam.blueprint, rules)
    total = f"共 {sum(one.count for one in rules)} 题，{marks(sum(one.count * one.marks for one in rules))} 分。"
    try:
        expected = fairness.forecast(exam.blueprint, rules)
    except PaperShortage as refusal:
        words, short = sentence(refusal), True
    else:
        short = False
        words = (
            f"{total}试抽 {expected.papers} 份：平均难度 {expected.easiest} 至 {expected.hardest}，"
            f"两份试卷平均有 {expected.alike:.0%} 的题相同，用到 {expected.used} / {expected.reachable} 题。"
        )
    return JsonResponse({"lines": left, "words": words, "short": short})


@private
@require_safe
def reprint(request, sitting_id):
    """A paper exactly as it was, from its record, with the answers handed in; keys only once the exam is over."""
    sitting = get_object_or_404(
        Sitting.objects.select_related("candidate__exam__unit", "candidate__user", "candidate__unit", "paper"),
        pk=sitting_id,
    )
    exam = sitting.candidate.exam
    if sitting.state == Sitting.State.OPEN or not holds(request.user, Role.SETTER, unit=exam.unit):
        raise Http404
    now, loaded = clock.now(), paper_of(sitting.pk)
    context = {
        "exam": exam, "sitting": sitting, "candidate": sitting.candidate, "paper": sitting.paper,
        "digest": fairness.digest(sitting.paper), "now": now,
    }  # fmt: skip
    if fairness.keys_may_be_shown(exam, now):
        context["items"] = review(loaded, list(sitting.responses.order_by("place")), actions.corrections_of(exam))
    else:
        context["questions_html"] = questions_html(loaded, parts_of(loaded), fairness.handed_in_sheet(sitting))
    record(sitting, "exams.reprint_paper", user=request.user, data={"keys": "items" in context}, now=now)
    return render(request, "exams/papers/reprint.html", context)
