"""Courses on the start page: what is due, what was finished lately."""
from datetime import datetime, timedelta

from django.utils import timezone
from mingfa.desk.registry import Fact, State, Todo, register
from mingfa.indicators.figures import total
from mingfa.wording import minutes

from . import study

RECENT = timedelta(days=30)


@register
def course_todos(user, now: datetime) -> list[Todo | Fact]:
    lines = study.my_courses(user, today=timezone.localdate(now))
    lessons = total(line.progress for line in lines if line.assigned)
    todos: list[Todo | Fact] = []
    if lessons.whole:
        todos.append(Fact("布置的课", f"{lessons.fraction} 课", "/courses/", lessons.width))
    for line in lines:
        if line.finished_at:
            if line.finished_at >= now - RECENT:
                todos.append(_finished(line))
        elif line.assigned and line.next:
            todos.append(_due(line))
    return todos


def _due(line: study.CourseLine) -> Todo:
    figure = line.progress
    facts = f"已完成 {figure.part} / {figure.whole} 课，还要约 {minutes(line.minutes_left)}。每课先做题，全对可免学。"
    action = "继续学习" if figure.part or line.next.tried else "去学习"
    return Todo(line.course.title, facts, line.next.lesson.url, action, line.due_on, State.NOW)


def _finished(line: study.CourseLine) -> Todo:
    words = f"{line.progress.whole} 课，测一测全部答对"
    return Todo(line.course.title, words, line.course.url, "看课程", line.finished_at, State.DONE, "已完成")
