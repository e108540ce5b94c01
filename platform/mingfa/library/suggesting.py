"""Which articles a text is likely about, by its words. Pure: no Django, no database.

Articles are ranked as a search engine ranks (BM25 over the words of library.search), with what a question says besides:
the law it names, by title or short form, the words of a law's title, and quantities (六十日 and 60日 are one word).
Suggestions are for people to accept; nothing is ever chosen by itself.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from mingfa.library.citations import fold_title, parse_citations
from mingfa.library.folding import quantities
from mingfa.library.search.words import cut

TOP = 3
NAMED_LAW = 6.0  # what the name of the law counts against its words
TITLE_WORD = 0.55  # a word of the law's title in the text, against the same word in the article
CITED = 1000.0
QUANTITY = 0.8  # numbers stand in many articles, and their words are rare: not to count as much
LENGTH = 0.4  # how much a long article is held back
WORTH_A_LOOK = 4.0  # below this an article shares no more than a word or two
# What such a text changed stands in the law itself, which is what questions cite.
CHANGES_ONLY = re.compile("修正案|关于(?:修改|废止)")
NAME = re.compile("《([^《》]{2,60})》")
# Words of exam papers and of nearly every law: they tell nothing about which article is meant.
TELLS_NOTHING = frozenset({
    "下列", "以下", "哪", "哪些", "哪个", "哪种", "哪项", "哪一", "什么", "怎样", "如何", "多少", "几", "说法",
    "正确", "错误", "表述", "关于", "根据", "规定", "法律", "法规", "行为", "情形", "情况", "应该", "需要", "进行",
    "我国", "国家", "有关", "相关", "其他", "依法", "没有", "作出", "提出", "处理", "必须", "不能", "不得", "能否",
    "是否", "属于", "包括", "一项", "哪一项", "中华", "人民", "共和国", "中华人民共和国",
})  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A stretch of a question and what its words count: the stem 1, a right answer a little less."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Suggestion:
    """An article that a text is likely about. `words` are those it was found by, the most telling first."""

    id: int
    score: float
    words: tuple[str, ...]


class ArticleIndex:
    """Articles by id, found by their words. Kept in memory, made once for a state of the library.

    Args:
        rows: (id, short title of the law, number, sub, words of the title, words of the text, text).
    """

    def __init__(self, rows: Iterable[tuple[int, str, int, int, Sequence[str], Sequence[str], str]]):
        self._ids: list[int] = []
        self._laws: list[str] = []
        self._cited: dict[tuple[str, int, int], int] = {}
        self._of_law: dict[str, list[int]] = defaultdict(list)
        self._titles: dict[str, frozenset[str]] = {}
        self._places: dict[str, array] = {}
        sizes = []
        for id, title, number, sub, title_words, words, text in rows:
            if CHANGES_ONLY.search(title):
                continue
            place = len(self._ids)
            self._ids.append(id)
            self._laws.append(title)
            self._cited[title, number, sub] = place
            self._of_law[title].append(place)
            self._titles[title] = frozenset(title_words)
            own = set(words) | set(quantities(text))
            sizes.append(len(own))
            for word in own:
                self._places.setdefault(word, array("I")).append(place)
        mean = sum(sizes) / len(sizes) if sizes else 1
        self._damping = [1 / (1 - LENGTH + LENGTH * size / mean) ** 0.5 for size in sizes]
        self._title_words = defaultdict(set)
        for title, words in self._titles.items():
            for word in words - TELLS_NOTHING:
                self._title_words[word].add(title)

    def __len__(self):
        return len(self._ids)

    def suggest(self, parts: Sequence[Part], *, most: int = TOP) -> list[Suggestion]:
        """The likeliest articles, best first, at most `most`; none where nothing tells anything."""
        whole = "\n".join(part.text for part in parts)
        weights = self._weights(parts)
        scores: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            value = weight * self._rarity(word)
            for place in self._places.get(word, ()):
                scores[place] += value * self._damping[place]
        for title, value in self._of_titles(weights, whole).items():
            for place in self._of_law[title]:
                if place in scores:
                    scores[place] += value
        for place in self._named_places(whole):
            scores[place] += CITED
        best = sorted(scores, key=lambda place: (-scores[place], place))[:most]
        return [self._suggestion(place, scores[place], weights) for place in best if scores[place] >= WORTH_A_LOOK]

    def named_laws(self, text: str) -> set[str]:
        """Short titles of the laws a text names: in title marks, also shortened (《复议法》), or by the full short title."""
        named = {title for name in NAME.findall(text) if (title := self._resolve(fold_title(name)))}
        plain = {title for title in self._of_law if title in text}
        # 行政处罚法 stands inside 治安管理处罚法 only by part; 民法 inside 民法典 would be the shorter one.
        return named | {title for title in plain if not any(title != other and title in other for other in plain)}

    def _suggestion(self, place: int, score: float, weights: dict[str, float]) -> Suggestion:
        held = [word for word in weights if place in self._places.get(word, ())]
        held.sort(key=lambda word: -weights[word] * self._rarity(word))
        return Suggestion(self._ids[place], score, tuple(held))

    def _weights(self, parts: Sequence[Part]) -> dict[str, float]:
        """Word → what it counts; a word of two parts counts as in the weightier one."""
        weights: dict[str, float] = {}
        for part in parts:
            text = NAME.sub(" ", part.text)
            words = dict.fromkeys((word for word in cut(text) if word not in TELLS_NOTHING), 1.0)
            words |= dict.fromkeys(quantities(text), QUANTITY)
            for word, weight in words.items():
                weight *= part.weight * (1.0 if len(word) > 1 else 0.4)
                weights[word] = max(weights.get(word, 0.0), weight)
        return weights

    def _rarity(self, word: str) -> float:
        holding = len(self._places.get(word, ()))
        return log(1 + (len(self._ids) - holding + 0.5) / (holding + 0.5))

    def _of_titles(self, weights: dict[str, float], text: str) -> dict[str, float]:
        """Short title → what every article of the law gets because of it."""
        found: dict[str, float] = defaultdict(float)
        laws = len(self._of_law)
        for word, weight in weights.items():
            titles = self._title_words.get(word, ())
            for title in titles:
                found[title] += TITLE_WORD * weight * log(1 + laws / len(titles))
        for title in self.named_laws(text):
            found[title] += NAMED_LAW
        return found

    def _named_places(self, text: str) -> list[int]:
        """Articles that the text cites outright."""
        text = re.sub(r"》\s*(\d+)\s*条", r"》第\1条", text)
        refs = ((self._resolve(ref.law_title), ref) for ref in parse_citations(text))
        keys = [(title, ref.article, ref.sub) for title, ref in refs]
        return [self._cited[key] for key in keys if key in self._cited]

    def _resolve(self, name: str) -> str:
        """The short title a name means: itself, or the shortest title that has its characters in this order; else ""."""
        if name in self._of_law:
            return name
        if len(name) < 3:
            return ""
        shortened = re.compile(".*".join(map(re.escape, name)) + "$")
        fitting = [title for title in self._of_law if shortened.search(title)]
        return min(fitting, key=lambda title: (len(title), title), default="")
