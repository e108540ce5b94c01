"""Typed-in figures that wait for a second person; the report that is due before 1 March (docs/rules.md, 年度报告)."""
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from mingfa.desk.registry import State, Todo, register
from mingfa.indicators import queries as entered
from mingfa.people.access import grants_of
from mingfa.people.models import Role

from . import queries
from .models import Report

# Shown from December on, when offices begin to write.
FROM_MONTH, DUE = 12, (3, 1)


@register
def report_todos(user, now: datetime) -> list[Todo]:
    """One entry while the report of the unit a person drafts for is neither frozen nor overdue by a month; two queries."""
    today = timezone.localdate(now)
    year = today.year if today.month >= FROM_MONTH else today.year - 1
    due = date(year + 1, *DUE)
    paths = sorted(path for role, path in grants_of(user) if role == Role.LIAISON)
    if not paths or (today > due and today.month > DUE[0]):
        return []
    return [_todo(path, name, report, due) for path, name, report in queries.due_reports(paths, year)]


def _todo(path: str, name: str, report: Report | None, due: date) -> Todo:
    facts = f"{name}。3 月 1 日前报送本级党委政府和上级主管部门，4 月 1 日前公开。"
    if report is None:
        return Todo(f"起草 {due.year - 1} 年法治建设情况报告", facts, reverse("reports:list"), "去起草", due, State.NOW)
    title = f"完成 {report.year} 年法治建设情况报告"
    return Todo(title, facts, reverse("reports:report", args=[report.pk]), "继续写", due, State.NOW)


@register
def check_todos(user, now: datetime) -> list[Todo]:
    """One entry a unit and year; asks nothing of anybody without such a role."""
    if not user.is_superuser and not any(role in entered.ENTERERS for role, _ in grants_of(user)):
        return []
    waiting: dict[tuple, int] = {}
    for row in entered.waiting_for_check(user)[:500]:
        key = (row.unit_id, row.unit.name, row.period)
        waiting[key] = waiting.get(key, 0) + 1
    return [
        Todo(
            f"核对填报的数据：{name}", f"{period} 年，{number} 个数等您和文件比对。",
            f"{reverse('board_entered', args=[unit_id])}?period={period}", "去核对", None, State.NOW,
        )
        for (unit_id, name, period), number in waiting.items()
    ]  # fmt: skip
