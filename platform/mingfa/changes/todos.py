"""Review tasks on the start page of those who decide them."""
from datetime import datetime

from django.urls import reverse

from mingfa.changes import queries
from mingfa.desk.registry import State, Todo, register


@register
def review_todos(user, now: datetime) -> list[Todo]:
    """One entry a law change with anything undecided; asks nothing of anybody without such a role."""
    if not queries.decides(user):
        return []
    return [
        Todo(
            f"核对任务：{line.change.law.short_title}有修改", _facts(line),
            reverse("changes:tasks", args=[line.change.pk]) + "?state=open", "去核对", None, State.NOW,
        )
        for line in queries.change_lines(user, only_open=True)
    ]  # fmt: skip


def _facts(line: queries.ChangeLine) -> str:
    waiting = "，".join(f"{words} {number} 项" for words, number in line.by_kind)
    return f"还有 {waiting}。已决定 {line.decided} / {line.total}。试题核对以前不进新试卷。"
