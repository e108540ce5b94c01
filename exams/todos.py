"""Exams on the start page: what can be sat now, what comes, what was handed in lately."""
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from mingfa.desk.registry import Fact, State, Todo, register
from mingfa.indicators.figures import rate

from . import queries
from .engine.disclosure import visible
from .wording import moment

RECENT = timedelta(days=60)


@register
def exam_todos(user, now: datetime) -> list[Todo | Fact]:
    tasks = queries.tasks_of(user, now=now)
    todos = (_todo(task, now) for task in tasks)
    return [*_year(tasks, now), *(todo for todo in todos if todo)]


def _year(tasks: list[queries.Task], now: datetime) -> list[Fact]:
    """考试 1 / 2 场: sat of those this person is due for this year."""
    year = timezone.localdate(now).year
    due = [
        task for task in tasks if task.state != "excused" and timezone.localdate(task.exam.closes_at).year == year
    ]
    if not due:
        return []
    sat = rate(sum(task.candidate.counted_id is not None for task in due), len(due))
    return [Fact("考试", f"{sat.fraction} 场", width=sat.width)]


def _todo(task: queries.Task, now: datetime) -> Todo | None:
    exam = task.exam
    url = reverse("exams:notice", args=[exam.pk])
    rules = f"{exam.duration_minutes} 分钟，{_marks(exam.pass_mark)} 分及格。"
    match task.state:
        case "resume":
            paper = reverse("exams:paper", args=[task.sitting.pk])
            facts = "已开始作答，答案都在。时间一到系统自动交卷。"
            return Todo(exam.name, facts, paper, "继续作答", task.sitting.ends_at, State.NOW)
        case "open":
            action = "再考一次" if task.candidate.attempts_used else "去考试"
            return Todo(exam.name, rules + _attempts(task), url, action, exam.closes_at, State.NOW)
        case "early":
            facts = f"{moment(exam.opens_at)} 开始，{moment(exam.closes_at)} 截止。{rules}"
            return Todo(exam.name, facts, url, "看说明", exam.opens_at, State.NEXT, "未开始")
        case "excused" if now < exam.closes_at:
            candidate = task.candidate
            facts = f"原因：{candidate.exempt_reason or candidate.deferred_reason}"
            word = "免考" if candidate.exempt_reason else "缓考"
            return Todo(exam.name, facts, url, "看说明", exam.closes_at, State.NEXT, word)
        case "done":
            return _done(task, now)
        case "missed" if exam.closes_at >= now - RECENT:
            facts = "已截止，没有参加"
            return Todo(exam.name, facts, url, "看说明", exam.closes_at, State.DONE, "缺考")
    return None


def _done(task: queries.Task, now: datetime) -> Todo | None:
    exam, sitting = task.exam, task.sitting
    if sitting is None or sitting.submitted_at is None or sitting.submitted_at < now - RECENT:
        return None
    url = reverse("exams:result", args=[sitting.pk])
    shown = visible(exam.result_policy, now=now, closes_at=exam.closes_at, released_at=exam.released_at)
    facts, word = "成绩公布后可以看", "已交卷"
    if shown != "none" and task.candidate.counted_mark is not None:
        facts = f"{_marks(task.candidate.counted_mark)} 分"
        word = "合格" if task.candidate.passed else "不合格"
    elif task.candidate.counted_id is None:
        facts, word = "交卷时一题未答，不算参加", "缺考"
    return Todo(exam.name, facts, url, "看结果", sitting.submitted_at, State.DONE, word)


def _attempts(task: queries.Task) -> str:
    if task.exam.attempts == 1:
        return "只能考一次。"
    return f"可考 {task.exam.attempts} 次，还剩 {task.attempts_left} 次，取最高分。"


def _marks(value) -> str:
    return f"{value.normalize():f}"
