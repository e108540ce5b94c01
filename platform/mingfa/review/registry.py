"""What can be reviewed. The apps whose texts go through 三审三校 register a Kind in AppConfig.ready()."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of text. `model`: the label of its immutable rows ("bank.questionversion"); `label`: its word.

    `lock(target id)` locks whatever the text belongs to, before the review is locked, and returns the hash of the
    text as it stands. `titles(ids)` gives a line for lists without anything secret, `url(review id)` the page with
    the text and the signing form. `passed` and `returned` are told (review, by, now) inside the transaction.
    """

    model: str
    label: str
    lock: Callable[[int], str]
    titles: Callable[[Iterable[int]], dict[int, str]]
    url: Callable[[int], str]
    passed: Callable
    returned: Callable


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; a second registration replaces the first."""
    _kinds[kind.model] = kind


def kind_of(target_type) -> Kind:
    """The kind of a content type. Raises KeyError for one that nobody registered."""
    return _kinds[f"{target_type.app_label}.{target_type.model}"]
