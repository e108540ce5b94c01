"""What cites articles, and who is told when the texts change. The library knows none of them.

An app that lets people cite articles registers one `Citing` in AppConfig.ready(): it says what of its own cites
given articles, holds it back, releases it, and takes it out of use.
"""
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

Place = tuple[int, int]  # (条, 之); 之 is 0 where there is none


@dataclass(frozen=True)
class Cited:
    """One thing that cites articles of a law: `key` names it within its kind, `unit_id` is the unit that keeps it."""

    key: str
    title: str
    unit_id: int
    places: frozenset[Place]


@dataclass(frozen=True)
class Citing:
    """One kind of thing that cites articles (试题, 课). Every function below is called inside a transaction.

    Attributes:
        kind: short code, kept with the review tasks; words: 试题.
        role: who decides (a mingfa.people Role) in the unit of the thing or above it.
        find: (short title, places) → what is in use and cites one of them now.
        hold, release: (keys, by, now): out of and back into what is drawn and asked.
        retire: (key, by, now): out of use for good.
        repoint: (key, short title, {old place: new place}, by, now) → whether a citation was put right; None: not offered.
        addresses: keys → where each is shown and changed; those that are gone are left out.
        lock: called before their tasks are locked, in the order in which its own writes go on to the tasks.
        edited_here: whether saving a new version settles its tasks (`settled`); if not, people say 已修改 themselves.
    """

    kind: str
    words: str
    role: str
    find: Callable[[str, Collection[Place]], list[Cited]]
    hold: Callable[[Collection[str], object, datetime], None]
    release: Callable[[Collection[str], object, datetime], None]
    retire: Callable[[str, object, datetime], None]
    repoint: Callable[[str, str, Mapping[Place, Place], object, datetime], bool] | None
    addresses: Callable[[Iterable[str]], Mapping[str, str]]
    edited_here: bool
    lock: Callable[[Collection[str]], None] = lambda keys: None


_citing: dict[str, Citing] = {}

# (day) → called before texts are imported or their days changed, so that it is known which text answered till then.
before_texts_change: list[Callable[[date], None]] = []

# (by, now) → called after it, outside every transaction: what it writes is its own, and safe to repeat.
after_texts_changed: list[Callable[[object, datetime], None]] = []

# (kind, key, how, by, now), how being "revised", "retired" or "restored": called inside the transaction that did it.
on_settled: list[Callable[[str, str, str, object, datetime], None]] = []


# (kind, {key: since}, by, now): called inside the transaction that put them (back) into use; `since` is when their text
# was written, so that what changed afterwards is known to be unseen.
on_put_into_use: list[Callable[[str, Mapping[str, datetime], object, datetime], None]] = []


def register(citing: Citing) -> Citing:
    """A second registration of the same kind replaces the first."""
    _citing[citing.kind] = citing
    return citing


def kinds() -> dict[str, Citing]:
    """Everything that cites, by kind, in the order of registration."""
    return dict(_citing)


def tell_texts_will_change(day: date) -> None:
    for callback in before_texts_change:
        callback(day)


def tell_texts_changed(by, now: datetime) -> None:
    for callback in after_texts_changed:
        callback(by, now)


def tell_settled(kind: str, key: str, how: str, by, now: datetime) -> None:
    """A thing was given a new version ("revised"), taken out of use ("retired") or put back ("restored")."""
    for callback in on_settled:
        callback(kind, key, how, by, now)


def tell_put_into_use(kind: str, since: Mapping[str, datetime], by, now: datetime) -> None:
    """Things that nobody found while they were out of use: restored, or brought in from a file of that time."""
    for callback in on_put_into_use:
        callback(kind, since, by, now)
