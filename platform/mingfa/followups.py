"""What may follow a training, whichever app arranges it: an exam of its people. Discovers `<app>.followups`; knows no
domain app."""
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Occasion:
    """What is followed up.

    Attributes:
        words: how it is named in what follows it: “培训：行政复议法新规”.
        title: the name of the follow-up.
        unit: who arranges both.
        people: ids of the users it is for.
        units: where these people belong.
    """

    words: str
    title: str
    unit: object
    people: Collection[int]
    units: Collection[object]


@dataclass(frozen=True)
class FollowUp:
    """Something arranged, as it stands now: `state` in a word, `url` for who asks, empty where it is not for them.
    `key` is a whole number and stands in the training's log."""

    key: int
    title: str
    state: str
    due: datetime
    url: str = ""


@dataclass(frozen=True)
class Kind:
    """One way to follow a training up (考试).

    Attributes:
        kind: short code.
        words: what the arrangement is called: “培训后的考试”.
        choices: (user, unit) → (key, words) of what this person may start from; empty: may not arrange one.
        plan: (choice, occasion, opens_at, closes_at, by, now) → FollowUp, inside the caller's transaction.
            Raises LookupError for a choice that is not among the person's.
        find: (keys, user, now) → key → FollowUp, those that are gone left out.
        results: (key, people, user, now) → user id → a word (合格, 缺考), as far as this person may see them.
    """

    kind: str
    words: str
    choices: Callable[[object, object], list[tuple[str, str]]]
    plan: Callable[..., FollowUp]
    find: Callable[..., dict[int, FollowUp]]
    results: Callable[..., dict[int, str]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Called from `<app>.followups`; a second registration of the same kind replaces the first."""
    _kinds[kind.kind] = kind
    return kind


def kinds() -> list[Kind]:
    """Every way there is, in the order the apps were discovered."""
    return list(_kinds.values())


def kind(code: str) -> Kind | None:
    return _kinds.get(code)
