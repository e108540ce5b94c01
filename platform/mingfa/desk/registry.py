"""What the apps put on the start page 我的任务. Discovers `<app>.todos`; knows no domain app."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from django.utils import timezone


class State(Enum):
    """Which part of the page a thing stands in."""

    NOW = "now"  # 先办: can be done now
    NEXT = "next"  # 接下来: known, not open yet
    DONE = "done"  # 最近办完


@dataclass(frozen=True)
class Todo:
    """One thing for one person.

    `facts` is one line, `action` the words of the button (verb and object), `due` the moment or the day it
    has to be done by (NEXT: when it opens; DONE: when it was done). `word` is the status in a word (合格, 已完成).
    `joins`: says more about another entry with the same url; beside that one its facts stand there and it is left out.
    """

    title: str
    facts: str
    url: str
    action: str
    due: datetime | date | None
    state: State
    word: str = ""
    joins: bool = False

    @property
    def by_day(self) -> bool:
        """Due any time of a day rather than at a moment."""
        return isinstance(self.due, date) and not isinstance(self.due, datetime)

    @property
    def due_at(self) -> datetime | None:
        """The moment it is due; for a day its end."""
        if not self.by_day:
            return self.due
        return timezone.make_aware(datetime.combine(self.due + timedelta(days=1), time.min))


@dataclass(frozen=True)
class Fact:
    """A line of 我的本年 beside the tasks: 考试, 1 / 2 场. `width` (“50%”) draws its bar, without one none."""

    label: str
    text: str
    url: str = ""
    width: str = ""


Source = Callable[..., list[Todo | Fact]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Decorator for a function `(user, now)` in `<app>.todos` that lists Todos and Facts of this person."""
    if source not in _sources:
        _sources.append(source)
    return source


def entries_for(user, now: datetime) -> list[Todo | Fact]:
    """Everything all apps have for this person, in the order the apps were discovered."""
    return [entry for source in _sources for entry in source(user, now)]
