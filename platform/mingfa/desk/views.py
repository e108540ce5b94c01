"""The start page 我的任务, and the front for visitors."""
from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone

from mingfa import clock

from .registry import Fact, State, Todo, entries_for

WEEKDAYS = "一二三四五六日"
DONE_SHOWN = 5
SOON = timedelta(days=7)  # what is due within it stands in the colour of attention


@dataclass(frozen=True)
class Desk:
    """Everything for one person, each part in the order it should be dealt with."""

    now: list[Todo]
    next: list[Todo]
    done: list[Todo]
    facts: list[Fact]

    @property
    def empty(self) -> bool:
        return not (self.now or self.next or self.done)

    @property
    def first_due(self) -> Todo | None:
        return next((todo for todo in self.now if todo.due), None)


def home(request):
    """Signed-in people go to their tasks; visitors read what this is and where to sign in."""
    if request.user.is_authenticated:
        return redirect("me")
    return render(request, "desk/front.html")


@login_required
def me(request):
    """先办 / 接下来 / 最近办完."""
    now = clock.now()
    desk = _desk(entries_for(request.user, now))
    today = timezone.localdate(now)
    context = {"desk": desk, "today": today, "weekday": WEEKDAYS[today.weekday()], "now": now, "soon": now + SOON}
    return render(request, "desk/me.html", context)


def _joined(todos: list[Todo]) -> list[Todo]:
    """One thing is listed once: what joins another entry gives its facts to that one."""
    own = {todo.url for todo in todos if not todo.joins}
    more: dict[str, str] = {}
    for todo in todos:
        if todo.joins and todo.url in own:
            more[todo.url] = more.get(todo.url, "") + todo.facts
    return [
        replace(todo, facts=todo.facts + more.get(todo.url, "")) for todo in todos if not (todo.joins and todo.url in own)
    ]


def _desk(entries: list[Todo | Fact]) -> Desk:
    todos = _joined([entry for entry in entries if isinstance(entry, Todo)])
    facts = [entry for entry in entries if isinstance(entry, Fact)]

    def of(state: State) -> list[Todo]:
        found = [todo for todo in todos if todo.state is state]
        # What has no date waits behind what has one.
        return sorted(found, key=lambda todo: (todo.due is None, todo.due_at.timestamp() if todo.due else 0))

    return Desk(of(State.NOW), of(State.NEXT), of(State.DONE)[::-1][:DONE_SHOWN], facts)
