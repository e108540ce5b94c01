"""学习完成率 and the study board."""
from collections.abc import Sequence

from django.utils import timezone
from mingfa.indicators.figures import Figure
from mingfa.indicators.registry import Board, Indicator, Reading, Subject, register_board
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Period
from mingfa.wording import day

from . import queries
from .counting import StudyBoard, Unfinished


def _course(subject: str | None) -> int | None:
    return None if subject is None else int(subject)


def _board(unit: OrgUnit, period: Period, subject: str) -> StudyBoard:
    return StudyBoard(unit, period, course=int(subject), today=timezone.localdate())


def compute(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
    return queries.completion(unit, period, course=_course(subject), today=timezone.localdate())


def by_child(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
    return queries.completion_by_unit(unit, period, course=_course(subject), today=timezone.localdate())


def together(units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
    return queries.completion_of_units(units, period, today=timezone.localdate())


def missing(unit: OrgUnit, period: Period, subject: str) -> Unfinished:
    return Unfinished(_board(unit, period, subject))


def subjects(unit: OrgUnit, period: Period) -> list[Subject]:
    return [
        Subject(str(course), title, f"{day(due_on)}前完成。")
        for course, title, due_on in queries.courses_assigned_in(period, unit, today=timezone.localdate())
    ]


COMPLETION = Indicator(
    code="study_completion",
    caption="学习完成率",
    definition="期内布置的课程全部完成的人数 ÷ 应学人数；课程以测一测全部答对为完成，不计时长",
    formula="完成 ÷ 应学",
    compute=compute,
    by_child=by_child,
    behind=missing,
    behind_words="还没完成的人",
    of_people=True,
    together=together,
)


def read(unit: OrgUnit, period: Period, subject: str) -> Reading:
    """Everything of one course for the page of a unit."""
    board = _board(unit, period, subject)
    return Reading(
        figures={COMPLETION.code: board.figure},
        rows=[(child, {COMPLETION.code: figure}) for child, figure in board.rows()],
        first_names=board.first_unfinished,
    )


register_board(
    Board(
        code="courses",
        caption="学习",
        cards=(COMPLETION,),
        subjects=subjects,
        missing=missing,
        read=read,
        roles=(Role.LEADER, Role.LIAISON, Role.TRAINER),
        whole_words="应学",
        part_words="完成",
        missing_words="还没完成的人",
        all_words="全部完成",
    )
)
