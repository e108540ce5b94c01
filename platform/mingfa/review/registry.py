"""What can be reviewed. The apps whose texts go through 三审三校 register a Kind in AppConfig.ready()."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Kind:
    """One kind of text. `model`: the label of its immutable rows ("bank.questionversion"); `label`: its word.

    `lock(target id)` locks whatever the text belongs to, before the review is locked, and returns the hash of the
    text as it stands. `titles(ids)` gives a line for lists without anything secret, `url(review id)` the page with
    the text and the signing form. `withheld(target id, person, now)`: whether this person must not know the text now, and
    so neither signs nor returns it. `passed` and `returned` are told (review, by, now) inside the transaction; `moved`
    after every change of state and before those two. `passed` may raise NotReady: then the last signature is not given.
    """

    model: str
    label: str
    lock: Callable[[int], str]
    titles: Callable[[Iterable[int]], dict[int, str]]
    url: Callable[[int], str]
    withheld: Callable[[int, object, datetime], bool]
    passed: Callable
    returned: Callable
    moved: Callable = lambda review, by, now: None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; a second registration replaces the first."""
    _kinds[kind.model] = kind


def kind_of(target_type) -> Kind:
    """The kind of a content type. Raises KeyError for one that nobody registered."""
    return _kinds[f"{target_type.app_label}.{target_type.model}"]
