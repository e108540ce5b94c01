"""How much two questions are alike, and in what they differ. Pure: no Django, no database.

A question is compared by the pairs of neighbouring characters of its folded wording. A pair weighs what it tells:
one that stands in every second question of the bank weighs next to nothing. `Index` finds the questions worth
comparing by their rarest pairs and looks at no more than `BUDGET` places, so that a lookup takes as long among
50,000 questions as among 5,000.
"""

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from math import fsum, log

from mingfa.bank.drafts import key_words
from mingfa.bank.importing.folding import fold_word
from mingfa.library.folding import fold_quantities, quantities

LEAST = 52  # per cent from which two questions are shown as near
BUDGET = 40_000  # places of the index looked at for one question
COMPARED = 25  # of the questions found there, how many are compared in full
OF_OPTIONS = 0.4  # what a pair of characters in the options weighs against one in the stem

NOT_WORDS = re.compile(r"[^\w%]|_")
# Different words for the same in questions; folded, so that a change of words alone does not make another question.
SAME_WORDS = (
    (re.compile("应该|应当|必须|需要|须"), "应"),
    (re.compile("下列|以下|下面"), "下列"),
    (re.compile("哪一项|哪一个|哪一种|哪项|哪个|哪种|哪些|什么"), "哪"),
    (re.compile("多少|几"), "几"),
    (re.compile("中华人民共和国"), ""),
    (re.compile("不得少于|不少于|最少"), "至少"),
    (re.compile("不得超过|不超过|不多于|最多"), "至多"),
    (re.compile("不正确|不对|错误"), "错误"),
    (re.compile("可否|能否|是否"), "是否"),
)
# What questions are put with says nothing about what they ask.
FRAME = re.compile("下列|关于|有关|根据|按照|依照|依据|规定|说法|表述|选项|中|正确的是|错误的是|的是|哪|是|的|了|吗|呢|应")
# Words with 不, 未, 无 … that deny nothing.
NO_DENIAL = re.compile(
    "不服|不动产|不同|不论|不仅|不可抗力|不特定|不予|不足|不满"
    "|不利|不久|未成年|无论|无偿|非法|非税|非营利|是否|能不能|是不是"
)
CONDITION = re.compile(r"[^，。；,;]*(?:没有|未)[^，。；,;]*的[，,]|[^，。；,;]*除外[，,]|除[^，。；,;]*外[，,]")
DENIAL = re.compile("[不未无没非]|错误|除外")


class Kind(StrEnum):
    """In what two near questions differ; the value is what a page says."""

    SAME = "题干和答案都相同"
    REWORDED = "换了说法"
    OTHER_OPTIONS = "题干相近，选项不同"
    OTHER_KEY = "题干相近，答案不同"
    NUMBERS = "数字不同"
    NEGATED = "一个肯定一个否定"

    @property
    def may_repeat(self) -> bool:
        """Whether such questions may be the same one twice; other numbers or a 不 make another question."""
        return self not in (Kind.NUMBERS, Kind.NEGATED)


@dataclass(frozen=True)
class Wording:
    """What is compared of a question. `key` holds the right answers as folded words (drafts.key_words)."""

    type: str
    stem: str
    options: tuple[str, ...] = ()
    key: frozenset[str] = frozenset()

    @classmethod
    def of(cls, question) -> "Wording":
        """Of a draft or a view of a version; sub-questions of a case belong to its stem."""
        parts = (question, *question.children)
        key = frozenset(word for part in parts for word in key_words(part.type, part.options, part.answer))
        options = tuple(text for part in parts for text in part.options)
        return cls(question.type, "\n".join(part.stem for part in parts), options, key)

    @cached_property
    def plain(self) -> str:
        return fold(self.stem)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Pair of characters → 1 when it stands in the stem, less when only in the options."""
        return pairs_of(self.plain, [fold(option) for option in self.options])


@dataclass(frozen=True)
class Likeness:
    """How near two questions are: whole per cent and in what they differ."""

    percent: int
    kind: Kind


@dataclass(frozen=True)
class Near:
    """A question found: its id and its likeness to the one looked up."""

    id: int
    percent: int
    kind: Kind


def fold(text: str) -> str:
    """The text as it is compared: half width, numbers in digits, one word for the same thing, no punctuation."""
    text = fold_word(text)
    text = NOT_WORDS.sub("", fold_quantities(text))
    for pattern, word in SAME_WORDS:
        text = pattern.sub(word, text)
    return text


def denies(text: str) -> bool:
    """Whether a stem asks for what is not so (不包括, 错误的是); a condition (没有规定的，) denies nothing."""
    text = re.sub(r"\s", "", CONDITION.sub("", text))
    for pattern, word in SAME_WORDS:
        text = pattern.sub(word, text)
    return len(DENIAL.findall(NO_DENIAL.sub("", text))) % 2 == 1


def pairs_of(stem: str, options: Iterable[str]) -> dict[str, float]:
    """The pairs of neighbouring characters of folded texts with their weight before rarity."""
    weights = {}
    for option in options:
        weights.update(dict.fromkeys(_pairs(option), OF_OPTIONS))
    weights.update(dict.fromkeys(_pairs(FRAME.sub("", stem) or stem), 1.0))
    return weights


def compare(one: Wording, other: Wording, rarity=lambda pair: 1.0) -> Likeness:
    """How near two questions are; symmetric. `rarity` says what a pair of characters tells in this bank."""
    return Likeness(_percent(one.weights, other.weights, rarity), _kind(one, other))


def marked(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in stretches (text, differs), to stand next to each other with the difference marked."""
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        # A single character that happens to be the same between two changes only makes them hard to read.
        alone = tag == "equal" and b - a == 1 and bool(left or right) and b < len(one) and d < len(other)
        for side, text in ((left, one[a:b]), (right, other[c:d])):
            _lengthen(side, text, tag != "equal" or alone)
    return left, right


class Index:
    """Wordings by id, to find the near ones. Kept in memory; not safe for two writers at once."""

    def __init__(self):
        self._places: dict[str, array] = {}
        self._ids: list[int] = []
        self._wordings: list[tuple | None] = []
        self._at: dict[int, int] = {}

    def __len__(self):
        return len(self._at)

    @property
    def ids(self) -> Collection[int]:
        """The ids of all wordings that can be found."""
        return self._at.keys()

    @property
    def worn(self) -> bool:
        """Whether so many wordings were taken out that it is better built anew."""
        return len(self._ids) > 1000 and len(self._at) * 2 < len(self._ids)

    def add(self, id: int, wording: Wording) -> None:
        """Make a wording findable; one already known by this id is replaced."""
        self.discard(id)
        place = self._at[id] = len(self._ids)
        self._ids.append(id)
        self._wordings.append((wording.type, wording.stem, wording.options, wording.key))
        for pair in wording.weights:
            self._places.setdefault(pair, array("I")).append(place)

    def discard(self, id: int) -> None:
        """Forget a wording, known or not."""
        place = self._at.pop(id, None)
        if place is not None:
            self._wordings[place] = None

    def wording(self, id: int) -> Wording:
        """The wording of an id. Raises KeyError."""
        return Wording(*self._wordings[self._at[id]])

    def rarity(self, pair: str) -> float:
        """What a pair of characters tells: near 0 for one that is everywhere."""
        # As if a thousand more questions were there, so that a small bank weighs like a large one.
        return log((len(self._at) + 1000) / (len(self._places.get(pair, ())) + 1))

    def near(self, wording: Wording, *, least: int = LEAST, most: int = 5, without: Collection[int] = ()) -> list[Near]:
        """The nearest questions from `least` per cent, best first, at most `most`; ids in `without` are left out."""
        found = []
        for place in self._worth_comparing(wording.weights):
            kept = self._wordings[place]
            if kept is None or self._ids[place] in without:
                continue
            other = Wording(*kept)
            percent = _percent(wording.weights, other.weights, self.rarity)
            if percent >= least:
                found.append((percent, self._ids[place], other))
        found.sort(key=lambda one: (-one[0], one[1]))
        return [Near(id, percent, _kind(wording, other)) for percent, id, other in found[:most]]

    def _worth_comparing(self, weights: dict[str, float]) -> Iterator[int]:
        """Places that share the most of the rarest pairs."""
        lists = sorted((self._places[pair] for pair in weights if pair in self._places), key=len)
        shared, spent = Counter(), 0
        for places in lists:
            spent += len(places)
            if shared and spent > BUDGET:
                break
            shared.update(places if len(places) <= BUDGET else places[-BUDGET:])
        often = {place: count for place, count in shared.items() if count > 1} or shared
        return (place for place, _ in Counter(often).most_common(COMPARED))


def _pairs(text: str) -> list[str]:
    return [text[place : place + 2] for place in range(len(text) - 1)] or [text] * bool(text)


def _percent(one: dict[str, float], other: dict[str, float], rarity) -> int:
    """Twice what both share through what both hold, each pair by its weight and rarity."""
    rows = [(rarity(pair), one.get(pair, 0.0), other.get(pair, 0.0)) for pair in one.keys() | other.keys()]
    # fsum: the pairs come in any order, and both ways round have to give the same.
    shared, whole = fsum(tells * 2 * min(a, b) for tells, a, b in rows), fsum(tells * (a + b) for tells, a, b in rows)
    return round(100 * shared / whole) if whole else 0


def _kind(one: Wording, other: Wording) -> Kind:
    """What is different, the weightiest first."""
    if denies(one.stem) != denies(other.stem):
        return Kind.NEGATED
    if quantities(one.stem) != quantities(other.stem):
        return Kind.NUMBERS
    if _folded(one.key) != _folded(other.key):
        return Kind.OTHER_KEY
    if _folded(one.options) != _folded(other.options):
        return Kind.OTHER_OPTIONS
    return Kind.SAME if one.plain == other.plain else Kind.REWORDED


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(text) for text in texts)


def _lengthen(side: list[tuple[str, bool]], text: str, differs: bool) -> None:
    if not text:
        return
    if side and side[-1][1] == differs:
        side[-1] = (side[-1][0] + text, differs)
    else:
        side.append((text, differs))

