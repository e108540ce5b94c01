"""参考率, 通过率(按应考), 合格率(按实考), 优秀率 and the exam board (domain guide §3)."""
from decimal import Decimal

from mingfa.indicators.figures import Figure, rate
from mingfa.indicators.registry import Board, Excused, Indicator, Missing, Subject, register_board
from mingfa.people.models import OrgUnit
from mingfa.periods import Period

from . import queries, yearly
from .models import Candidate, Exam


def _exams(period: Period, subject: str | None) -> list[Exam]:
    """One exam, or without subject all published ones that close in the period."""
    if subject is not None:
        return list(yearly.published_exams().filter(pk=int(subject)))
    return list(yearly.exams_of(period))


def _indicator(code: str, caption: str, formula: str, definition: str, part: str, whole: str) -> Indicator:
    def figure(standing: queries.Standing) -> Figure:
        return rate(getattr(standing, part), getattr(standing, whole))

    def compute(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
        return figure(queries.standing(_exams(period, subject), unit))

    def by_child(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
        rows = queries.standing_by_unit(_exams(period, subject), unit)
        return [(child, figure(standing)) for child, standing in rows]

    return Indicator(code, caption, definition, compute, by_child, formula, Decimal(100))


ATTENDANCE = _indicator(
    "exam_attendance", "参考率", "实考 ÷ 应考", "应考 = 在册 − 免考 − 缓考；实考 = 应考中至少有一次有效交卷的人",
    "sat", "due",
)  # fmt: skip
PASSED_OF_DUE = _indicator(
    "exam_passed_of_due", "通过率", "合格 ÷ 应考", "最高有效成绩达到及格分的人数 ÷ 应考人数", "passed", "due"
)
PASSED_OF_SAT = _indicator(
    "exam_passed_of_sat", "合格率", "合格 ÷ 实考", "最高有效成绩达到及格分的人数 ÷ 实考人数", "passed", "sat"
)
EXCELLENT = _indicator(
    "exam_excellent", "优秀率", "优秀 ÷ 实考", "最高有效成绩达到优秀分的人数 ÷ 实考人数", "excellent", "sat"
)


def subjects(unit: OrgUnit, period: Period) -> list[Subject]:
    return [
        Subject(str(exam.pk), exam.name, f"名册冻结于 {exam.roster_on.month} 月 {exam.roster_on.day} 日。")
        for exam in yearly.exams_of(period, unit)
    ]


def _how_far(candidate: Candidate) -> str:
    return "考过，没有有效交卷" if candidate.attempts_used else "还没参加"


def missing(unit: OrgUnit, period: Period, subject: str) -> list[Missing]:
    return [
        Missing(one.user.name, one.unit_id, one.unit.name, one.unit.path, _how_far(one))
        for exam in _exams(period, subject)
        for one in queries.missing_people(exam, unit)
    ]


def excused(unit: OrgUnit, period: Period, subject: str) -> list[Excused]:
    return [
        Excused(
            one.user.name,
            one.unit.name,
            "免考" if one.exempt_reason else "缓考",
            one.exempt_reason or one.deferred_reason,
        )
        for exam in _exams(period, subject)
        for one in queries.excused_people(exam, unit)
    ]


register_board(
    Board(
        code="exams",
        caption="考试",
        cards=(ATTENDANCE, PASSED_OF_DUE, PASSED_OF_SAT),
        columns=(PASSED_OF_DUE, EXCELLENT),
        subjects=subjects,
        missing=missing,
        excused=excused,
    )
)
