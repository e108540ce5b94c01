"""After an exam: score sheet, item analysis, 错题本. Every object is checked."""
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe
from mingfa import clock
from mingfa.downloads import excel_table
from mingfa.indicators.figures import rate
from mingfa.numbers import whole
from mingfa.people.models import OrgUnit

from .. import after, queries, rosters
from . import exam_set_by, private
from .roster import exam_seen_by

WRONG_ON_A_PAGE = 20
MOST_LINES = 2000  # of a score sheet on one page
SCORES = ("序号", "单位", "姓名", "人员类别", "考试次数", "成绩", "结果")
ITEMS = ("试题编号", "题干", "作答人数", "未作答", "难度", "区分度", "高低分组差", "提示")


def _scores(request, exam_id):
    """(exam, unit or None, units, candidates, whether marks may be seen) of the score sheet that was asked for."""
    exam, candidates = exam_seen_by(request, exam_id)
    unit = OrgUnit.objects.filter(pk=whole(request.GET.get("unit", "")) or 0).first()
    units = OrgUnit.objects.filter(pk__in=candidates.values("unit")).order_by("path")
    if unit is not None:
        candidates = candidates.filter(unit__path__startswith=unit.path)
    told = rosters.marks_told(request.user, exam, clock.now())
    return exam, unit, units, candidates, told


@require_safe
@private
def scores(request, exam_id):
    """成绩单 of everybody, or of one unit and all below it; on one page, to be printed and signed. Of more people than a
    browser draws in one page a unit is asked for; the Excel file is always whole."""
    exam, unit, units, candidates, told = _scores(request, exam_id)
    heads = queries.standing_of(candidates)
    crowd = heads.on_roster > MOST_LINES
    return render(request, "exams/after/scores.html", {
        "crowd": crowd, "most": MOST_LINES,
        "exam": exam, "unit": unit, "units": units, "now": clock.now(), "heads": heads,
        "lines": [] if crowd else after.scores(exam, candidates, now=clock.now(), told=told), "told": told,
        "figures": [("参考率", "实考 ÷ 应考", rate(heads.sat, heads.due))] if not told else [
            ("参考率", "实考 ÷ 应考", rate(heads.sat, heads.due)), ("合格率", "合格 ÷ 实考", rate(heads.passed, heads.sat)),
            ("通过率", "合格 ÷ 应考", rate(heads.passed, heads.due)), ("优秀率", "优秀 ÷ 实考", rate(heads.excellent, heads.sat)),
        ],
    })  # fmt: skip


@require_safe
@private
def scores_xlsx(request, exam_id):
    """The same as an Excel file; the download is logged."""
    exam, unit, _, candidates, told = _scores(request, exam_id)
    rows = [
        (n, one.unit, one.name, one.category, one.attempts, "" if one.mark is None else one.mark, one.standing)
        for n, one in enumerate(after.scores(exam, candidates, now=clock.now(), told=told), 1)
    ]
    return excel_table(
        SCORES, rows, of="成绩单", title=f"{exam.name}成绩单", log=(exam, "exams.export_scores"), by=request.user,
        now=clock.now(), unit=unit and unit.pk,
    )  # fmt: skip


FLAGS = {
    "hard": "太难", "easy": "太容易", "negative": "高分的人反而答错，请核对答案", "weak": "区分度低",
    "key": "高分的人多选了另一项，请核对答案", "unused": "有选项几乎没人选",
}  # fmt: skip


def _over(exam) -> bool:
    """Rates of single questions are told to nobody while an answer may still be taken (AL4)."""
    return clock.now() >= exam.keys_from


@require_safe
@private
def items(request, exam_id):
    """试题分析, once the exam is over."""
    exam = exam_set_by(request, exam_id)
    found = after.items_of(exam) if _over(exam) else None
    lines = [(one, [FLAGS[flag] for flag in one.analysis.flags]) for one in found or ()]
    return render(request, "exams/after/items.html", {"exam": exam, "over": found is not None, "lines": lines})


@require_safe
@private
def items_xlsx(request, exam_id):
    """The same as an Excel file; before the end it has no rows."""
    exam = exam_set_by(request, exam_id)
    rows = [
        (one.question_id, one.stem, one.analysis.answers, _two(one.analysis.blank), _two(one.analysis.difficulty),
         _two(one.analysis.discrimination), _two(one.analysis.spread), "；".join(FLAGS[flag] for flag in one.analysis.flags))
        for one in (after.items_of(exam) if _over(exam) else ())
    ]  # fmt: skip
    return excel_table(
        ITEMS, rows, of="试题分析", title=f"{exam.name}试题分析", log=(exam, "exams.export_items"), by=request.user,
        now=clock.now(), widths=(10, 60),
    )  # fmt: skip


def _two(value: float | None):
    return "" if value is None else round(value, 2)


@require_safe
@private
def wrong(request):
    """错题本 of the person who is signed in."""
    page = Paginator(after.wrong_places(request.user, now=clock.now()), WRONG_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/after/wrong.html", {"page": page, "lines": after.wrong_items(list(page))})
