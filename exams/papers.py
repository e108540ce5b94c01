"""Papers in memory: drawing from a cached bank edition, and reading a stored paper back.

Question versions and drawn papers never change, so both are cached in the process without expiry, bounded by size.
"""
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mingfa.bank.models import Bank
from mingfa.bank.queries import PoolItem, VersionView, drawable, versions

from .engine import paper as engine
from .engine.fairness import difficulty
from .models import Blueprint, BlueprintRule, Paper

MOST_VERSIONS = 30_000
_versions: dict[int, VersionView] = {}


def versions_of(ids: Iterable[int]) -> dict[int, VersionView]:
    """Question versions by id, from memory where they have been read before."""
    ids = set(ids)
    known = {one: _versions[one] for one in ids if one in _versions}
    if len(known) < len(ids):
        found = versions(ids - known.keys())
        if len(_versions) + len(found) > MOST_VERSIONS:
            _versions.clear()
        _versions.update(found)
        _versions.update((child.id, child) for view in found.values() for child in view.children)
        known.update(found)
    return known


@lru_cache(maxsize=8)
def _pool(bank_id: int, edition: int) -> tuple[PoolItem, ...]:
    return tuple(drawable(Bank.objects.get(pk=bank_id)))


@lru_cache(maxsize=64)
def _rules(blueprint_id: int, edition: int) -> tuple[BlueprintRule, ...]:
    return tuple(BlueprintRule.objects.filter(blueprint_id=blueprint_id).order_by("order"))


def rules_of(blueprint: Blueprint) -> tuple[BlueprintRule, ...]:
    """The rules of this edition of a blueprint, in printed order."""
    return _rules(blueprint.pk, blueprint.edition)


def engine_rule(rule: BlueprintRule) -> engine.Rule:
    return engine.Rule(rule.type, rule.count, rule.marks, rule.topic, rule.law, rule.difficulty or 0)


def pool_of(blueprint: Blueprint) -> tuple[PoolItem, ...]:
    """What the bank can give now; `blueprint` with its bank loaded."""
    return _pool(blueprint.bank_id, blueprint.bank.edition)


def draw_paper(blueprint: Blueprint, *, seed: int) -> list[engine.Item]:
    """Draw a paper from the bank as it is now.

    Args:
        blueprint: with its bank loaded.
        seed: what alone decides the paper, given bank and blueprint edition.

    Raises:
        PaperShortage: the bank cannot fill a rule.
    """
    pool = pool_of(blueprint)
    rules = [engine_rule(rule) for rule in rules_of(blueprint)]
    counts = option_counts(pool)
    return engine.draw(rules, pool, counts, seed=seed, parts=counts.parts)


def option_counts(pool: Sequence[PoolItem]) -> "_OptionCounts":
    """Number of options by version id, for the engine."""
    return _OptionCounts(pool)


class _OptionCounts:
    """Number of options by version id; the whole pool is read on the first question asked."""

    def __init__(self, pool: Sequence[PoolItem]):
        self.pool = pool

    def __call__(self, version_id: int) -> int:
        return len(self._view(version_id).options)

    def parts(self, version_id: int) -> tuple[int, ...]:
        """The versions of a case's sub-questions in order; empty for every other question."""
        return tuple(child.id for child in self._view(version_id).children)

    def _view(self, version_id: int) -> VersionView:
        if version_id not in _versions:
            versions_of(item.version_id for item in self.pool)
        return versions_of([version_id])[version_id]


def fairness_of(items: Sequence[engine.Item]) -> tuple[Decimal, int]:
    """(difficulty, number of articles) of a paper, to be kept with it."""
    known = versions_of(item.version_id for item in items)
    known |= versions_of(view.parent_id for view in known.values() if view.parent_id)
    grades = {pk: view.difficulty for pk, view in known.items()}
    articles = {(ref.law_title, ref.article, ref.sub) for view in known.values() for ref in view.citations}
    return difficulty(items, grades), len(articles)


def dump_items(items: Sequence[engine.Item]) -> str:
    """The stored text of a paper's items."""
    rows = [[one.version_id, one.rule, str(one.marks), "".join(map("{:x}".format, one.shown))] for one in items]
    return json.dumps(rows, separators=(",", ":"))


def load_items(text: str) -> list[engine.Item]:
    """The items from their stored text."""
    return [
        engine.Item(version_id, rule, Decimal(marks), tuple(int(place, 16) for place in shown))
        for version_id, rule, marks, shown in json.loads(text)
    ]


@dataclass(frozen=True)
class LoadedPaper:
    """A stored paper with what every request of its sitting needs. Keys are not in here."""

    items: tuple[engine.Item, ...]
    kinds: tuple[str, ...]
    names: engine.Names
    cases: tuple[int | None, ...]  # the case a question belongs to


_MOST_PAPERS = 2048
_papers: dict[int, LoadedPaper] = {}


def paper_of(sitting_id: int) -> LoadedPaper:
    """The paper of a sitting.

    Raises:
        Paper.DoesNotExist
    """
    known = _papers.get(sitting_id)
    if known is None:
        stored = Paper.objects.get(pk=sitting_id)
        known = remember_paper(sitting_id, load_items(stored.items), seed=stored.seed)
    return known


def remember_paper(sitting_id: int, items: Sequence[engine.Item], *, seed: int) -> LoadedPaper:
    """Keep a paper that has just been stored or read; it never changes."""
    if len(_papers) >= _MOST_PAPERS:
        _papers.clear()
    _papers[sitting_id] = paper = loaded(items, seed=seed)
    return paper


def loaded(items: Sequence[engine.Item], *, seed: int) -> LoadedPaper:
    """A paper with the types of its questions and the names of this seed."""
    known = versions_of(item.version_id for item in items)
    views = [known[item.version_id] for item in items]
    kinds, cases = tuple(view.type for view in views), tuple(view.parent_id for view in views)
    return LoadedPaper(tuple(items), kinds, engine.names(items, seed=seed), cases)


def keys_of(paper: LoadedPaper) -> list[tuple[str, str]]:
    """(type, key) of each item, for marking on the server only."""
    known = versions_of(item.version_id for item in paper.items)
    return [(known[item.version_id].type, known[item.version_id].answer) for item in paper.items]


def forget() -> None:
    """Drop what is remembered: for tests, whose databases give the same ids to other rows."""
    _versions.clear()
    _papers.clear()
    for remembered in (_pool, _rules):
        remembered.cache_clear()
