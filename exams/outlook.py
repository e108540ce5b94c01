"""What stands beside the figures of the board: the last days, what is to be expected, and the year before."""
import re
from datetime import datetime

from django.db.models import BigIntegerField, DateTimeField
from django.utils import timezone
from mingfa.indicators.figures import rate
from mingfa.indicators.registry import Day, Forecast
from mingfa.prepared import Given, Prepared
from mingfa.wording import day

from . import standings
from .engine.forecast import expected_at_close, last_days, looks_back_to
from .models import Exam
from .queries import Standing
from .yearly import FOR_MARKS_KNOWN, published_exams

YEAR = re.compile(r"[（(〔]?(?:19|20)\d\d[)）〕]?\s*年?度?")


def days_and_forecast(board: standings.Board, total: Standing, now) -> tuple[list[Day], Forecast | None]:
    """How many came on each of the last days, and how many will have sat at closing. One query."""
    exam, now = board.exam, timezone.localtime(now)
    shown = last_days(
        opens_on=timezone.localdate(exam.opens_at), over_on=timezone.localdate(exam.over_for_everybody), today=now.date()
    )
    since = looks_back_to(now, timezone.localtime(exam.opens_at))
    if not shown:
        return [], None
    came = board.days(min(shown[0], since.date()), shown[-1])
    most = max((came.get(one, 0) for one in shown), default=0)
    days = [Day(one, came.get(one, 0), most) for one in shown]
    expected = expected_at_close(
        due=total.due, sat=total.sat, came=sum(heads for one, heads in came.items() if one >= since.date()), since=since,
        now=now, closes_at=exam.closes_at,
    )  # fmt: skip
    if expected is None:
        return days, None
    return days, Forecast(rate(expected, total.due), f"{day(exam.closes_at)}截止时", f"按 {day(since)}以来每天参加的人数推算")


def year_before(exam: Exam) -> Exam | None:
    """The exam of the year before with the same organiser and the same name but for its year; None for makeups."""
    if exam.makeup_of_id:
        return None
    year = timezone.localtime(exam.closes_at).year - 1
    first, behind = (datetime(one, 1, 1, tzinfo=timezone.get_current_timezone()) for one in (year, year + 1))
    earlier = _FIRST_SESSIONS.all(exam.unit_id, first, behind)
    return next((one for one in earlier if _bare(one.name) == _bare(exam.name)), None)


# Of one organiser, closing from one moment to before another.
_FIRST_SESSIONS = Prepared(
    lambda: published_exams()
    .filter(unit_id=Given(0, BigIntegerField()), makeup_of=None)
    .filter(closes_at__gte=Given(1, DateTimeField()), closes_at__lt=Given(2, DateTimeField()))
    .order_by("-closes_at", "-pk").only("name", *FOR_MARKS_KNOWN)
)  # fmt: skip


def _bare(name: str) -> str:
    return YEAR.sub("", name).strip()
