"""What people can be reminded of, whichever app knows it. Discovers `<app>.reminders`; knows no domain app."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Occasion:
    """What is due: one exam.

    Attributes:
        kind, key: the source and its own number.
        name: how it is called in messages.
        unit: the office that arranges it; its rules hold.
        opens, due: from when and until when it can be done.
        url: where somebody does it.
        list_url: where a 联络员 sees who of the own units is missing.
        home: where the organiser keeps it, and what that page is called: (address, words).
        action: the words of the button that does it.
    """

    kind: str
    key: int
    name: str
    unit: object
    opens: datetime
    due: datetime
    url: str
    list_url: str
    home: tuple[str, str]
    action: str


@dataclass(frozen=True)
class Lacking:
    """Somebody who is due and has not done it. `path` is the unit's place in the tree; `able`: can still do it (an
    account in use, an attempt left), so that a reminder makes sense."""

    user_id: int
    name: str
    unit: str
    path: str
    able: bool


@dataclass(frozen=True)
class Source:
    """One kind of occasion.

    Attributes:
        kind: short code, stands in addresses and in the log.
        find: (key) → the occasion, None when there is none that anybody could still do or have done.
        lacking: (occasion) → everybody missing now, in the order of the unit tree.
        lacks: (occasion, user) → whether this one person is missing. One query.
        heads: (occasion, units) → how many are missing in exactly these units. One query.
        organises: (user, occasion) → whether this person may send reminders for it.
    """

    kind: str
    find: Callable[[int], Occasion | None]
    lacking: Callable[[Occasion], list[Lacking]]
    lacks: Callable[[Occasion, object], bool]
    heads: Callable[[Occasion, object], int]
    organises: Callable[[object, Occasion], bool]


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Called from `<app>.reminders`; a second registration of the same kind replaces the first."""
    _sources[source.kind] = source
    return source


def source_of(kind: str) -> Source | None:
    return _sources.get(kind)


def find(kind: str, key: int) -> Occasion | None:
    """The occasion, None for an unknown kind as well."""
    source = _sources.get(kind)
    return source.find(key) if source else None
