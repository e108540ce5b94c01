"""What somebody can have finished, whichever app keeps the record. Discovers `<app>.completions`; knows no domain app."""
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Completions:
    """One kind of thing that can be finished (学完课程, 考试合格).

    Attributes:
        kind: short code, kept with what is required.
        words: how a requirement of this kind is named before its title: “学完课程”.
        choices: (user) → (key, title) of what this person may require of others.
        finished: (user, keys) → those of the keys this person has finished.
    """

    kind: str
    words: str
    choices: Callable[[object], list[tuple[str, str]]]
    finished: Callable[[object, Iterable[str]], set[str]]


_kinds: dict[str, Completions] = {}


def register(kind: Completions) -> Completions:
    """Called from `<app>.completions`; a second registration of the same kind replaces the first."""
    _kinds[kind.kind] = kind
    return kind


def kinds() -> list[Completions]:
    """Everything that can be required, in the order the apps were discovered."""
    return list(_kinds.values())


def finished(user, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (kind, key) pairs that this person has finished. One query a kind; an unknown kind is never finished."""
    keys: dict[str, set[str]] = {}
    for kind, key in wanted:
        keys.setdefault(kind, set()).add(key)
    return {
        (kind, key) for kind, some in keys.items() if kind in _kinds for key in _kinds[kind].finished(user, some)
    }
