"""参考率, 通过率(按应考), 合格率(按实考), 优秀率 and the exam board (domain guide §3)."""
from datetime import datetime

from mingfa import clock
from mingfa.indicators.figures import Figure, rate
from mingfa.indicators.registry import Board, Excused, Indicator, Missing, Subject, register_board
from mingfa.people.models import OrgUnit
from mingfa.periods import Period
from mingfa.wording import day, marks

from . import queries, yearly
from .engine.disclosure import visible
from .models import Candidate, Exam


def _exams(subject: str) -> list[Exam]:
    return list(yearly.published_exams().filter(pk=int(subject)))


def _standing(unit: OrgUnit, period: Period, subject: str | None):
    """Heads of one exam; without subject of the whole period, where each person counts once."""
    if subject is None:
        return yearly.yearly_standing(yearly.exams_of(period), unit)
    return queries.standing(_exams(subject), unit)


def _standing_by_unit(unit: OrgUnit, period: Period, subject: str | None) -> list[tuple]:
    if subject is None:
        return yearly.yearly_standing_by_unit(yearly.exams_of(period), unit)
    return queries.standing_by_unit(_exams(subject), unit)


def _told(exam: Exam) -> bool:
    """Whether candidates know their marks; nobody reads them from a list before."""
    shown = visible(exam.result_policy, now=clock.now(), keys_from=exam.keys_from, released_at=exam.released_at)
    return shown != "none"


def _named(candidate: Candidate, told: bool) -> Missing:
    if candidate.counted_id is not None and candidate.counted_mark is None:
        why = "已交卷，等待阅卷"
    elif candidate.counted_id is not None and not told:
        why = "已交卷，成绩还没有公布"
    elif candidate.counted_id is not None:
        why = f"{marks(candidate.counted_mark)} 分，不合格"
    else:
        why = "考过，没有有效交卷" if candidate.attempts_used else "还没参加"
    return Missing(candidate.user.name, candidate.unit_id, candidate.unit.name, candidate.unit.path, why)


def missing(unit: OrgUnit, period: Period, subject: str) -> list[Missing]:
    """应考 without 实考."""
    return [_named(one, True) for exam in _exams(subject) for one in queries.missing_people(exam, unit)]


def failed(unit: OrgUnit, period: Period, subject: str) -> list[Missing]:
    """实考 without 合格."""
    return [_named(one, _told(exam)) for exam in _exams(subject) for one in queries.failed_people(exam, unit)]


def not_passed(unit: OrgUnit, period: Period, subject: str) -> list[Missing]:
    """应考 without 合格: those who failed and those who have not sat."""
    return [*failed(unit, period, subject), *missing(unit, period, subject)]


def _indicator(code, caption, formula, definition, part, whole, behind=None, behind_words="") -> Indicator:
    def figure(standing) -> Figure:
        return rate(getattr(standing, part), getattr(standing, whole))

    def compute(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
        return figure(_standing(unit, period, subject))

    def by_child(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
        return [(child, figure(standing)) for child, standing in _standing_by_unit(unit, period, subject)]

    return Indicator(
        code, caption, definition, compute, by_child, formula, behind=behind, behind_words=behind_words
    )


ATTENDANCE = _indicator(
    "exam_attendance", "参考率", "实考 ÷ 应考", "应考 = 在册 − 免考 − 缓考；实考 = 应考中至少有一次有效交卷的人",
    "sat", "due", missing, "还没参加的人",
)  # fmt: skip
PASSED_OF_DUE = _indicator(
    "exam_passed_of_due", "通过率", "合格 ÷ 应考", "最高有效成绩达到及格分的人数 ÷ 应考人数", "passed", "due",
    not_passed, "还没通过的人",
)  # fmt: skip
PASSED_OF_SAT = _indicator(
    "exam_passed_of_sat", "合格率", "合格 ÷ 实考", "最高有效成绩达到及格分的人数 ÷ 实考人数", "passed", "sat",
    failed, "不合格的人",
)  # fmt: skip
EXCELLENT = _indicator(
    "exam_excellent", "优秀率", "优秀 ÷ 实考", "最高有效成绩达到优秀分的人数 ÷ 实考人数", "excellent", "sat"
)


def subjects(unit: OrgUnit, period: Period) -> list[Subject]:
    """Running exams first, the one that closes next at the top; then closed ones, the latest first; then those to come."""
    now = clock.now()
    exams = sorted(yearly.exams_of(period, unit), key=lambda exam: _urgency(exam, now))
    return [
        Subject(str(exam.pk), exam.name, f"名册冻结于 {day(exam.roster_on)}。")
        for exam in exams
    ]


def _urgency(exam: Exam, now: datetime) -> tuple[int, float]:
    if exam.opens_at <= now < exam.closes_at:
        return 0, exam.closes_at.timestamp()
    if now >= exam.closes_at:
        return 1, -exam.closes_at.timestamp()
    return 2, exam.opens_at.timestamp()


def excused(unit: OrgUnit, period: Period, subject: str) -> list[Excused]:
    return [
        Excused(
            one.user.name,
            one.unit.name,
            "免考" if one.exempt_reason else "缓考",
            one.exempt_reason or one.deferred_reason,
        )
        for exam in _exams(subject)
        for one in queries.excused_people(exam, unit)
    ]


BOARD = register_board(
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
