"""参考率, 通过率(按应考), 合格率(按实考), 优秀率 and the exam board (domain guide §3)."""
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db.models import BigIntegerField
from django.utils import timezone
from mingfa import clock
from mingfa.indicators.figures import Figure, rate
from mingfa.indicators.registry import Before, Board, Excused, Indicator, Missing, Reading, Subject, register_board
from mingfa.people.models import OrgUnit
from mingfa.periods import Period, Year
from mingfa.prepared import Given, GivenPeriod, GivenUnit, Prepared
from mingfa.wording import day, marks

from . import outlook, queries, session_figures, standings, yearly
from .models import Candidate, Exam

_EXAM = Prepared(lambda: yearly.published_exams().filter(pk=Given(0, BigIntegerField())))


def _exam(subject: str) -> Exam | None:
    return _EXAM.first(int(subject))


def _board(unit: OrgUnit, subject: str) -> standings.Board | None:
    exam = _exam(subject)
    return exam and standings.Board(exam, unit)


def _standing(unit: OrgUnit, period: Period, subject: str | None, *, by_marks: bool):
    """Heads of one exam; without subject of the whole period, where each person counts once.

    Args:
        by_marks: for a figure that tells marks: exams whose marks nobody knows yet are left out.
    """
    if subject is None:
        return yearly.yearly_standing(_sessions(period, by_marks), unit)
    board = _board(unit, subject)
    return board.total if board and (yearly.marks_known(board.exam) or not by_marks) else queries.Standing()


def _standing_by_unit(unit: OrgUnit, period: Period, subject: str | None, *, by_marks: bool) -> list[tuple]:
    if subject is None:
        return yearly.yearly_standing_by_unit(_sessions(period, by_marks), unit)
    board = _board(unit, subject)
    return board.by_unit if board and (yearly.marks_known(board.exam) or not by_marks) else []


def _sessions(period: Period, by_marks: bool) -> list[Exam]:
    return [one for one in yearly.sessions_in(period) if yearly.marks_known(one) or not by_marks]


def _named(candidate: Candidate) -> Missing:
    if candidate.counted_id is not None and candidate.counted_mark is None:
        why = "已交卷，等待阅卷"
    elif candidate.counted_id is not None:
        why = f"{marks(candidate.counted_mark)} 分，不合格"
    else:
        why = "考过，没有有效交卷" if candidate.attempts_used else "还没参加"
    return Missing(candidate.user.name, candidate.unit_id, candidate.unit.name, candidate.unit.path, why)


class Written(Sequence):
    """People of the roster as the board names them, only the part that is asked for."""

    def __init__(self, people: Sequence[Candidate], write: Callable[[Candidate], Missing | Excused]):
        self.people, self.write = people, write

    def __len__(self) -> int:
        return len(self.people)

    def __getitem__(self, part):
        found = self.people[part]
        return [self.write(one) for one in found] if isinstance(part, slice) else self.write(found)

    def __iter__(self):
        return iter(self[:])


class Joined(Sequence):
    """One list behind the other."""

    def __init__(self, first: Sequence, second: Sequence):
        self.first, self.second = first, second

    def __len__(self) -> int:
        return len(self.first) + len(self.second)

    def __getitem__(self, part):
        if not isinstance(part, slice):
            return self[part : part + 1][0]
        start, stop, _ = part.indices(len(self))
        end = len(self.first)
        return [*self.first[start:stop], *self.second[max(start - end, 0) : max(stop - end, 0)]]

    def __iter__(self):
        return iter(self[:])


def missing(unit: OrgUnit, period: Period, subject: str) -> Sequence[Missing]:
    """应考 without 实考."""
    return _missing(_board(unit, subject))


def _missing(board: standings.Board | None) -> Sequence[Missing]:
    return Written(standings.People(board, standings.MISSING), _named) if board else []


def failed(unit: OrgUnit, period: Period, subject: str) -> Sequence[Missing]:
    """实考 without 合格; nobody before marks are known: to stand on this list is a result."""
    return _failed(_board(unit, subject))


def _failed(board: standings.Board | None) -> Sequence[Missing]:
    if board is None or not yearly.marks_known(board.exam):
        return []
    return Written(standings.People(board, standings.FAILED), _named)


def not_passed(unit: OrgUnit, period: Period, subject: str) -> Sequence[Missing]:
    """应考 without 合格: those who failed and those who have not sat."""
    board = _board(unit, subject)
    return Joined(_failed(board), _missing(board))


# How each figure is taken from the heads, and whether it tells marks.
PARTS: dict[str, tuple[Callable[..., Figure], bool]] = {}
BY_MARKS = ("passed", "excellent")
UNTOLD = "通过率、合格率和优秀率在成绩公布以后显示。"


def _indicator(code, caption, formula, definition, part, whole, behind=None, behind_words="") -> Indicator:
    def figure(standing) -> Figure:
        return rate(getattr(standing, part), getattr(standing, whole))

    by_marks = part in BY_MARKS
    PARTS[code] = figure, by_marks

    def compute(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
        return figure(_standing(unit, period, subject, by_marks=by_marks))

    def by_child(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
        heads = _standing_by_unit(unit, period, subject, by_marks=by_marks)
        return [(child, figure(standing)) for child, standing in heads]

    def together(units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
        heads = yearly.yearly_standings(_sessions(period, by_marks), units)
        return {pk: figure(standing) for pk, standing in heads.items()}

    return Indicator(
        code, caption, definition, compute, by_child, formula, behind=behind, behind_words=behind_words,
        of_people=True, together=together,
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
FIRST_TIME, MADE_UP, AVERAGE = session_figures.FIRST_TIME, session_figures.MADE_UP, session_figures.AVERAGE
EXCELLENT = _indicator(
    "exam_excellent", "优秀率", "优秀 ÷ 实考", "最高有效成绩达到优秀分的人数 ÷ 实考人数", "excellent", "sat"
)


_OFFERED = Prepared(
    lambda: yearly.exams_of(GivenPeriod, GivenUnit).only("name", "opens_at", "roster_on", *yearly.FOR_MARKS_KNOWN)
)


def subjects(unit: OrgUnit, period: Period) -> list[Subject]:
    """Running exams first, the one that closes next at the top; then closed ones, the latest first; then those to come."""
    now = clock.now()
    offered = _OFFERED.all(period.starts_on, period.ends_on, unit.path)
    exams = sorted(offered, key=lambda exam: _urgency(exam, now))
    return [
        Subject(str(exam.pk), exam.name, f"名册冻结于 {day(exam.roster_on)}。" + ("" if yearly.marks_known(exam) else UNTOLD))
        for exam in exams
    ]


def _urgency(exam: Exam, now: datetime) -> tuple[int, float]:
    if exam.opens_at <= now < exam.closes_at:
        return 0, exam.closes_at.timestamp()
    if now >= exam.closes_at:
        return 1, -exam.closes_at.timestamp()
    return 2, exam.opens_at.timestamp()


def _excused(one: Candidate) -> Excused:
    kind, reason = ("免考", one.exempt_reason) if one.exempt_reason else ("缓考", one.deferred_reason)
    return Excused(one.user.name, one.unit.name, kind, reason)


def excused(unit: OrgUnit, period: Period, subject: str) -> Sequence[Excused]:
    board = _board(unit, subject)
    return Written(standings.People(board, standings.EXCUSED), _excused) if board else []


def read(unit: OrgUnit, period: Period, subject: str) -> Reading:
    """Everything of one exam for the page of a unit. Seven queries, and those of the names that are asked for."""
    board = standings.Board(_exam(subject), unit)
    total, known = board.total, yearly.marks_known(board.exam)
    days, forecast = outlook.days_and_forecast(board, total, clock.now())
    return Reading(
        figures=_figures(total, known),
        rows=[(child, _figures(heads, known)) for child, heads in board.by_unit],
        first_names=partial(standings.first_missing, board),
        excused_people=Written(standings.People(board, standings.EXCUSED), _excused),
        excused=tuple((word, heads) for word, heads in (("免考", total.exempt), ("缓考", total.deferred)) if heads),
        sum_words=f"在册 {total.on_roster} − 免考 {total.exempt} − 缓考 {total.deferred} = 应考 {total.due}",
        days=tuple(days),
        forecast=forecast,
        before=_before(board),
    )


def _figures(standing, known: bool) -> dict[str, Figure]:
    """Of one exam; what tells marks is empty before they are `known`."""
    nobody = queries.Standing()
    return {code: figure(standing if known or not by_marks else nobody) for code, (figure, by_marks) in PARTS.items()}


def _before(board: standings.Board) -> Before | None:
    earlier = outlook.year_before(board.exam)
    if earlier is None or not (total := board.total_of(earlier)).due:
        return None
    year = str(Year(timezone.localtime(earlier.closes_at).year))
    return Before(earlier.name, _figures(total, yearly.marks_known(earlier)), f"{BOARD.code}-{earlier.pk}", year)


BOARD = register_board(
    Board(
        code="exams",
        caption="考试",
        cards=(ATTENDANCE, PASSED_OF_DUE, PASSED_OF_SAT),
        columns=(PASSED_OF_DUE, EXCELLENT),
        subjects=subjects,
        missing=missing,
        excused=excused,
        read=read,
    )
)
