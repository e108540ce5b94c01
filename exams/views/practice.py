"""自测 and 模拟考试. Nothing is kept: no points, no list of who practised how much."""
import secrets

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.bank.registry import withheld_from
from mingfa.numbers import whole
from mingfa.wording import marks

from .. import practice, queries
from ..actions.saving import form_answers
from ..engine.refusals import BadAnswer
from ..models import Exam
from ..papers import versions_of
from ..rendering import parts_of, questions_html, review
from . import private


@require_safe
@private
def choose(request):
    """What to practise: bank, law or topic, how many."""
    banks = practice.banks_for(request.user)
    bank = next((one for one in banks if str(one.pk) == request.GET.get("bank")), banks[0] if banks else None)
    pool = practice.free_pool(bank, request.user, now=clock.now()) if bank else []
    shown = practice.with_beliefs(pool)
    context = {
        "banks": banks, "bank": bank, "free": len(pool), "with_beliefs": len(shown), "sizes": practice.SIZES,
        "laws": sorted({law for one in pool for law in one.laws}), "topics": sorted({one.topic for one in pool} - {""}),
    }  # fmt: skip
    size = whole(request.GET.get("size", ""), most=practice.SIZES[-1])
    if bank is None or not size:
        return render(request, "exams/practice/choose.html", context)
    pool = shown if request.GET.get("beliefs") else pool
    law, topic, seed = request.GET.get("law", ""), request.GET.get("topic", ""), secrets.randbits(48)
    items = practice.draw_practice(pool, size=size, law=law, topic=topic, seed=seed)
    if not items:
        return render(request, "exams/practice/choose.html", {**context, "nothing": True})
    return _paper(request, items, seed, {"title": "自测", "again": request.get_full_path()})


@require_safe
@private
def mock(request, exam_id):
    """模拟考试: a paper by the rules of an exam the person is on the roster of, from what may be practised."""
    candidate = queries.candidate_of(exam_id, request.user)
    if candidate is None:
        raise Http404
    exam, seed = candidate.exam, secrets.randbits(48)
    items = practice.draw_mock(exam, practice.free_pool(exam.blueprint.bank, request.user, now=clock.now()), seed=seed)
    wanted = sum(rule.count for rule in practice.rules_of(exam.blueprint))
    context = {"title": f"模拟考试：{exam.name}", "exam": exam, "again": request.get_full_path(), "short": len(items) < wanted}
    if not items:
        return render(request, "exams/practice/choose.html", {"banks": [], "exam": exam, "kept": True})
    return _paper(request, items, seed, context)


def _paper(request, items, seed, context):
    paper = practice.loaded(items, seed=seed)
    parts = parts_of(paper)
    return render(request, "exams/practice/paper.html", {
        **context, "questions_html": questions_html(paper, parts, {}), "sealed": practice.seal(items, seed, request.user),
        "total": len(items), "marks": marks(sum(item.marks for item in items)),
    })  # fmt: skip


@private
def result(request):
    """What was right, with explanations of the answered questions only."""
    paper = practice.unseal(request.POST.get("paper", ""), request.user) if request.method == "POST" else None
    if paper is None:
        return render(request, "exams/practice/choose.html", {"banks": [], "expired": True}, status=400)
    exam = queries.candidate_of(whole(request.POST.get("exam", "")) or 0, request.user)
    policy = exam.exam.multiple_policy if exam else Exam.MultiplePolicy.ALL_OR_NOTHING
    chosen = {name: request.POST.getlist(name) for name in request.POST if name.startswith("q")}
    try:
        answers = form_answers(paper, chosen)
    except BadAnswer:
        return render(request, "exams/practice/choose.html", {"banks": [], "expired": True}, status=400)
    rows = practice.marked(paper, {place: (answer, 1) for place, answer in answers.items()}, policy=policy)
    rows = without_withheld(request.user, paper, rows)
    items = review(paper, rows, {})
    return render(request, "exams/practice/result.html", {
        "items": items, "right": sum(item.right for item in items), "answered": len(items), "total": len(paper.items),
        "mark": marks(sum((row.mark for row in rows), practice.MARKS * 0)), "full": marks(sum(one.marks for one in paper.items)),
        "again": request.POST.get("again", "") if request.POST.get("again", "").startswith(("/practice/", "/exams/")) else "",
    })  # fmt: skip


def without_withheld(user, paper, rows):
    """Leave out what has come onto an open paper or into a coming exam since the practice was drawn (AL1, AL2)."""
    now, versions = clock.now(), versions_of(one.version_id for one in paper.items)
    asked = queries.question_ids(versions)
    hidden = practice.kept_back(asked.values(), now) | withheld_from(user, now)
    return [row for row in rows if asked[paper.items[row.place].version_id] not in hidden]
