"""一次合格率, 补考合格率 and 平均分 over one or several sessions (domain guide §3; docs/rules.md “补考和年度”)."""
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, OuterRef, Q, Subquery
from mingfa.indicators.figures import Figure, rate
from mingfa.indicators.registry import Indicator, register
from mingfa.people.models import OrgUnit
from mingfa.people.queries import rows_below
from mingfa.periods import Period

from .models import Candidate, Exam, Response, Sitting
from .queries import SAT
from .yearly import marks_known, published_exams, sessions_in

HANDED_IN = (Sitting.State.MARKED, Sitting.State.SUBMITTED)
Row = tuple  # (path of the unit, user, facts) of one line of 实考


def _rows(sessions: list[Exam], *more: Q, fields: tuple[str, ...], **annotations) -> list[Row]:
    """(path, user, *fields) of the lines of 实考 in these sessions, of each person the earliest first. Two queries.

    Somebody counts in the unit of the first session that has him or her, as in yearly.
    """
    home: dict[int, str] = {}
    everybody = Candidate.objects.filter(exam__in=sessions).order_by("exam__opens_at", "pk")
    for user, path in everybody.values_list("user_id", "unit__path"):
        home.setdefault(user, path)
    rows = Candidate.objects.filter(SAT, *more, exam__in=sessions).annotate(**annotations)
    return [(home[row[0]], *row) for row in rows.order_by("exam__opens_at", "pk").values_list("user_id", *fields)]


def _first_marks(sessions: list[Exam]) -> list[Row]:
    """With the mark of the first valid sitting: voided ones and empty sheets are none (docs/rules.md “统计口径”)."""
    written = Exists(Response.objects.filter(sitting=OuterRef("pk")).exclude(answer=""))
    valid = Sitting.objects.filter(
        Q(candidate__exam__blank_counts=True) | written, candidate=OuterRef("pk"), state__in=HANDED_IN
    )
    first = Subquery(valid.order_by("number").values("mark")[:1])
    return _rows(sessions, fields=("first_mark", "exam__pass_mark"), first_mark=first)


def _first_time(rows: Iterable[Row]) -> Figure:
    """一次合格率: of those who sat, who passed with the first valid sitting of the first session they sat."""
    first: dict[int, bool] = {}
    for _, user, mark, line in rows:
        first.setdefault(user, mark is not None and mark >= line)
    return rate(sum(first.values()), len(first))


def _makeups(sessions: list[Exam]) -> list[Row]:
    return _rows(sessions, Q(exam__makeup_of__isnull=False), fields=("passed",))


def _made_up(rows: Iterable[Row]) -> Figure:
    """补考合格率: passed in any makeup of those who sat one, each person once."""
    passed: dict[int, bool] = {}
    for _, user, one in rows:
        passed[user] = passed.get(user, False) or bool(one)
    return rate(sum(passed.values()), len(passed))


def _marked(sessions: list[Exam]) -> list[Row]:
    return _rows(sessions, Q(counted_mark__isnull=False), fields=("counted_mark",))


def _average(rows: Iterable[Row]) -> Figure:
    """平均分 of those who sat, each person's best mark once, one decimal, half up; nothing when nobody has a mark."""
    best: dict[int, Decimal] = {}
    for _, user, mark in rows:
        best[user] = max(mark, best.get(user, mark))
    if not best:
        return Figure(None)
    return Figure((sum(best.values()) / len(best)).quantize(Decimal("0.1"), ROUND_HALF_UP), heads=len(best))


def _indicator(
    code: str, caption: str, formula: str, definition: str, read: Callable[[list[Exam]], list[Row]],
    figure: Callable[[Iterable[Row]], Figure], measure: str = "",
) -> Indicator:  # fmt: skip
    """A figure that stands on no board: for reports and forms, of one exam or of the whole period.

    Args:
        read: the lines that it is made of. figure: what they make.
    """

    def rows_of(sessions: Iterable[Exam]) -> list[Row]:
        return read([one for one in sessions if marks_known(one)])

    def compute(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
        sessions = sessions_in(period) if subject is None else published_exams().filter(pk=int(subject))
        return figure(row for row in rows_of(sessions) if row[0].startswith(unit.path))

    def together(units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
        found = rows_below(units, rows_of(sessions_in(period)))
        return {pk: figure(rows) for pk, rows in found.items()}

    return register(
        Indicator(
            code, caption, definition, compute, formula=formula, measure=measure, of_people=True, together=together
        )
    )


FIRST_TIME = _indicator(
    "exam_passed_first_time", "一次合格率", "第一次就合格 ÷ 实考", "第一次有效交卷就达到及格分的人数 ÷ 实考人数",
    _first_marks, _first_time,
)
MADE_UP = _indicator(
    "exam_passed_makeup", "补考合格率", "补考合格 ÷ 补考实考", "补考中达到及格分的人数 ÷ 参加补考的人数",
    _makeups, _made_up,
)
AVERAGE = _indicator(
    "exam_average", "平均分", "成绩之和 ÷ 实考", "实考人员计入成绩的分数的平均，每人一个分数，保留一位小数；等待阅卷的不计",
    _marked, _average, "分",
)  # fmt: skip
