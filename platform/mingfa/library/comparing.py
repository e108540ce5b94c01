"""Two editions of a law, article by article: what stayed, changed, moved, went and came. Pure.

Source: docs/rules.md, 法律修改.
"""
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import rjieba

Kind = Literal["same", "changed", "moved", "removed", "new"]
SAME, CHANGED, MOVED, REMOVED, NEW = "same", "changed", "moved", "removed", "new"
# Shares of common two-character pieces (Dice): as good as the same words; one article rewritten; the same
# number in the same place may have been rewritten further.
NEARLY_SAME, RELATED, RELATED_SAME_NUMBER = 0.88, 0.45, 0.25
# An article that stands elsewhere and out of order has to be more alike to be taken for the same one.
RELATED_ELSEWHERE = 0.6
# Pieces that stand in more articles than this tell nothing about which one belongs to which.
MOST_ARTICLES = 40
MOST_CANDIDATES = 6
UNSEEN = re.compile(r"[\s\u3000]+")
# Places cited move with the numbering; days, sums and shares do not.
CITED_PLACE = re.compile(
    r"第[〇零一二三四五六七八九十百千0-9]+[条款项章节编](?:之[一二三四五六七八九十]+)?|\([一二三四五六七八九十]+\)"
)
FIGURE = re.compile(r"[〇零一二两三四五六七八九十百千万亿0-9.]+")


@dataclass(frozen=True)
class ArticleText:
    """An article as an edition prints it: 第number条之sub, `sub` 0 without one."""

    number: int
    sub: int
    text: str

    @property
    def place(self) -> tuple[int, int]:
        return self.number, self.sub


@dataclass(frozen=True)
class Finding:
    """What became of one article. `old` is None for a new one, `new` for a removed one."""

    kind: Kind
    old: ArticleText | None
    new: ArticleText | None

    @property
    def renumbered(self) -> bool:
        """Whether the article goes on under another number."""
        return bool(self.old and self.new and self.old.place != self.new.place)

    @property
    def touched(self) -> bool:
        """Whether what cites the old article has to be looked at."""
        return self.kind in (CHANGED, MOVED, REMOVED)


@dataclass(frozen=True)
class Stretch:
    """A run of words; `differs` when the other side does not have it."""

    text: str
    differs: bool


def compare(old: Sequence[ArticleText], new: Sequence[ArticleText]) -> list[Finding]:
    """Every old and every new article exactly once, in the order of the new text, removed ones where they stood.

    Articles are matched by the same words first, then by nearly the same words, then by similarity in an
    order that never crosses, then by similarity anywhere.
    """
    folded_old, folded_new = [_fold(one.text) for one in old], [_fold(one.text) for one in new]
    matched = _same_words(old, new, folded_old, folded_new)
    left = [i for i in range(len(old)) if i not in matched]
    free = set(range(len(new))) - set(matched.values())
    points = _similar(folded_old, folded_new, left, free, old, new)
    _take(matched, (point for point in points if point[2] >= NEARLY_SAME))
    _take(matched, _chain(points, matched, old, new))
    _take(matched, (point for point in points if point[2] >= RELATED_ELSEWHERE))
    pairs = [(i, j, _kind(old[i], new[j], folded_old[i], folded_new[j])) for i, j in matched.items()]
    return _in_order(old, new, pairs)


def counts(findings: Iterable[Finding]) -> dict[Kind, int]:
    """How many of each kind; every kind is there."""
    counted = Counter(finding.kind for finding in findings)
    return {kind: counted[kind] for kind in (SAME, CHANGED, MOVED, REMOVED, NEW)}


def word_changes(old: str, new: str) -> tuple[list[Stretch], list[Stretch]]:
    """Both texts in runs of words, those the other side lacks marked. Each side joins to its whole text."""
    before, after = _words(old), _words(new)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        differs = tag != "equal"
        if b > a:
            left.append(Stretch("".join(before[a:b]), differs))
        if d > c:
            right.append(Stretch("".join(after[c:d]), differs))
    return left, right


def _fold(text: str) -> str:
    """The words without what only looks different: width and spaces."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def _words(text: str) -> list[str]:
    words = rjieba.cut(text)
    return words if "".join(words) == text else list(text)


def _same_words(old, new, folded_old: Sequence[str], folded_new: Sequence[str]) -> dict[int, int]:
    """Old → new places with the same words. Where words stand several times the same number goes first."""
    standing = defaultdict(list)
    for j, text in enumerate(folded_new):
        standing[text].append(j)
    matched: dict[int, int] = {}
    for i, text in enumerate(folded_old):
        same = next((j for j in standing[text] if new[j].place == old[i].place), None)
        if same is not None:
            matched[i] = same
            standing[text].remove(same)
    for i, text in enumerate(folded_old):
        if i not in matched and standing[text]:
            matched[i] = standing[text].pop(0)
    return matched


def _similar(folded_old, folded_new, left, free, old, new) -> list[tuple[int, int, float]]:
    """(old, new, similarity) of what may belong together, the most alike first, then the nearest."""
    holders = defaultdict(list)
    for j in sorted(free):
        for piece in set(_pieces(folded_new[j], 3)):
            holders[piece].append(j)
    pairs_new = {j: Counter(_pieces(folded_new[j], 2)) for j in free}
    by_place = {new[j].place: j for j in free}
    points = []
    for i in left:
        shared: Counter[int] = Counter()
        for piece in set(_pieces(folded_old[i], 3)):
            if len(holders.get(piece, ())) <= MOST_ARTICLES:
                shared.update(holders.get(piece, ()))
        candidates = {j for j, _ in shared.most_common(MOST_CANDIDATES)}
        if old[i].place in by_place:
            candidates.add(by_place[old[i].place])
        mine = Counter(_pieces(folded_old[i], 2))
        points += [(i, j, _dice(mine, pairs_new[j])) for j in candidates]
    return sorted(points, key=lambda point: (-round(point[2], 2), abs(point[0] - point[1]), point[:2]))


def _pieces(text: str, size: int) -> list[str]:
    padded = f"^{text}$"
    return [padded[at : at + size] for at in range(max(1, len(padded) - size + 1))]


def _dice(one: Counter, other: Counter) -> float:
    common = sum(min(count, other[piece]) for piece, count in one.items() if piece in other)
    return 2 * common / (one.total() + other.total())


def _take(matched: dict[int, int], points: Iterable[tuple[int, int, float]]) -> None:
    """Add the pairs neither side of which is taken."""
    taken = set(matched.values())
    for i, j, _ in points:
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)


def _chain(points, matched: dict[int, int], old, new) -> list[tuple[int, int, float]]:
    """Of the pairs still possible those that never cross each other or what is matched, most alike in sum."""
    taken = set(matched.values())
    open_points = [
        (i, j, alike)
        for i, j, alike in points
        if i not in matched and j not in taken
        and alike >= (RELATED_SAME_NUMBER if old[i].place == new[j].place else RELATED)
    ]  # fmt: skip
    # What is matched in order is worth more than anything it would keep out.
    fixed = [(i, j, float(len(old) + len(new))) for i, j in _longest_rising(matched)]
    best = _heaviest_rising(fixed + open_points)
    return [point for point in best if point[0] not in matched]


def _longest_rising(matched: dict[int, int]) -> list[tuple[int, int]]:
    return [(i, j) for i, j, _ in _heaviest_rising([(i, j, 1.0) for i, j in matched.items()])]


def _heaviest_rising(points: Iterable[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The points that rise in both places and weigh most together; n log n.

    `ends` and `weights` rise together: the weight of the best row of points that ends at or before a place.
    """
    ordered = sorted(points, key=lambda point: (point[0], -point[1]))
    before: list[int | None] = []
    ends: list[int] = []
    weights: list[float] = []
    last: list[int] = []
    for at, (_, j, weight) in enumerate(ordered):
        position = bisect_left(ends, j)
        total = weight + (weights[position - 1] if position else 0.0)
        before.append(last[position - 1] if position else None)
        if position < len(ends) and ends[position] == j and weights[position] >= total:
            continue
        stop = position
        while stop < len(ends) and weights[stop] <= total:
            stop += 1
        ends[position:stop], weights[position:stop], last[position:stop] = [j], [total], [at]
    chosen, at = [], last[-1] if last else None
    while at is not None:
        chosen.append(ordered[at])
        at = before[at]
    return chosen[::-1]


def _kind(old: ArticleText, new: ArticleText, folded_old: str, folded_new: str) -> Kind:
    if folded_old == folded_new:
        return SAME if old.place == new.place else MOVED
    if old.place == new.place:
        return CHANGED
    alike = _dice(Counter(_pieces(folded_old, 2)), Counter(_pieces(folded_new, 2)))
    return MOVED if alike >= NEARLY_SAME and _figures(folded_old) == _figures(folded_new) else CHANGED


def _figures(folded: str) -> list[str]:
    """Every day, sum and share: another one is another rule, however few characters differ."""
    return FIGURE.findall(CITED_PLACE.sub("", folded))


def _in_order(old, new, pairs: Sequence[tuple[int, int, Kind]]) -> list[Finding]:
    """New order; a removed article follows the one it stood behind."""
    rows: list[tuple[int, int, Finding]] = []
    becomes = {i: (j, kind) for i, j, kind in pairs}
    behind = -1
    for i, one in enumerate(old):
        if i in becomes:
            behind, kind = becomes[i]
            rows.append((behind, -1, Finding(kind, one, new[behind])))
        else:
            rows.append((behind, i, Finding(REMOVED, one, None)))
    taken = {j for j, _ in becomes.values()}
    rows += [(j, -1, Finding(NEW, None, one)) for j, one in enumerate(new) if j not in taken]
    return [finding for _, _, finding in sorted(rows, key=lambda row: row[:2])]
