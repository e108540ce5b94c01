"""Option labels in running text: the chain A, B, C … that really is one, whatever stands in stem and options."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

LABEL = re.compile(
    r"(?<![A-Za-z])(?:选项)?(?:(?P<box>[(\[])\s*(?P<boxed>[A-Ja-j])\s*[)\]][.、:]?"
    r"|(?P<letter>[A-Ja-j])(?:\s*(?P<sign>[.、:,)])|(?P<space>[ ]+)|(?P<bare>(?=[\u3400-\u9fff《“\"\d]))))\s*"
)
STRONG = ".、:)("
LINE, GAP, GLUED = 0, 1, 2
ECHOED = re.compile(r"^[(（\[【]?([A-Za-z])(?:[)）\]】.、．:：]\s*|$)")


@dataclass(frozen=True)
class Label:
    """One option letter. start, end: of the label with its sign; `stands`: at a line's start, after a blank, glued."""

    letter: str
    start: int
    end: int
    sign: str
    stands: int


@dataclass(frozen=True)
class Options:
    """The options found in a text, each in the place of its letter, "" for a letter left out.

    start: where the first label begins. spans: of the words of each option, () for a missing one.
    """

    start: int
    texts: tuple[str, ...]
    spans: tuple[tuple[int, int] | None, ...]
    glued: bool
    continued: tuple[str, ...]


def find_options(text: str, shape: str) -> Options | None:
    """The longest chain of letters from A with the same sign; line starts win over words that look alike."""
    labels = defaultdict(list)
    for label in _labels(shape):
        labels[label.letter].append(label)
    chains = [_chain(label, labels) for label in labels["A"]]
    if not any(len(chain) > 1 for chain in chains):
        # The letter A was forgotten: the others still show that options stand here.
        chains = [_chain(label, labels) for label in labels["B"] if label.stands == LINE]
    good = [chain for chain in chains if _is_good(chain)]
    if not good:
        return None
    chain = max(good, key=lambda chain: (len(chain), sum(one.stands == LINE for one in chain), -chain[0].stands))
    return _cut(text, shape, chain)


def _labels(shape: str) -> list[Label]:
    found = []
    position = 0
    while match := LABEL.search(shape, position):
        # A label may end where the next one begins, so the search goes on right behind the letter.
        position = match.start() + 1
        letter = match["boxed"] or match["letter"]
        before = shape[: match.start()].rstrip(" ")
        stands = LINE if not before or before[-1] == "\n" else GAP if before != shape[: match.start()] else GLUED
        sign = "(" if match["box"] else match["sign"] or ("_" if match["space"] else "=")
        if (sign not in STRONG or letter.islower()) and stands == GLUED:
            continue
        found.append(Label(letter.upper(), match.start(), match.end(), sign + ("a" if letter.islower() else ""), stands))
    return found


def _chain(first: Label, labels: dict[str, list[Label]]) -> list[Label]:
    """labels: by letter, in the order of the text."""
    chain = [first]
    while True:
        step = _next(chain[-1], chr(ord(chain[-1].letter) + 1), labels)
        if step is None:
            # One forgotten letter is shown as a gap only where the next one clearly begins an option.
            after = _next(chain[-1], chr(ord(chain[-1].letter) + 2), labels)
            step = after if after and after.stands == LINE and len(chain) > 1 else None
        if step is None:
            return chain
        chain.append(step)


def _next(last: Label, letter: str, labels: dict[str, list[Label]]) -> Label | None:
    """The label that goes on: same sign before another one, at a line's start before inside a line."""
    behind = chr(ord(letter) + 1)
    following = next((one.start for one in _from(labels, behind, last.start + 1) if one.stands == LINE), None)
    found = [one for one in _from(labels, letter, last.end) if _fits(last, one)]
    near = [one for one in found if following is None or one.start < following] or found
    return min(near, key=lambda one: (one.sign != last.sign, one.stands, one.start), default=None)


def _from(labels: dict[str, list[Label]], letter: str, start: int) -> Iterator[Label]:
    """The labels of a letter that begin at `start` or later."""
    ones = labels.get(letter, [])
    return islice(ones, bisect_left(ones, start, key=lambda one: one.start), None)


def _fits(last: Label, one: Label) -> bool:
    return one.sign == last.sign or (one.sign in STRONG and last.sign in STRONG and one.stands != GLUED)


def _is_good(chain: list[Label]) -> bool:
    if len(chain) < 2:
        return False
    weak = chain[0].sign[0] not in STRONG
    return not weak or len(chain) > 2 or all(one.stands == LINE for one in chain)


def _cut(text: str, shape: str, chain: list[Label]) -> Options:
    texts: list[str] = []
    spans: list[tuple[int, int] | None] = []
    continued = []
    ends = [label.start for label in chain[1:]] + [len(text)]
    for label, end in zip(chain, ends, strict=True):
        while len(texts) < ord(label.letter) - 65:
            texts.append("")
            spans.append(None)
        words = text[label.end : end]
        if "\n" in words.strip():
            continued.append(label.letter)
        texts.append(join_lines(words))
        spans.append((label.end, label.end + len(words.rstrip())))
    if len(texts) > 1 and all(one[-1:] in ";；" for one in texts[:-1] if one) and any(texts[:-1]):
        texts = [one.rstrip(";；") for one in texts]
        if not any("。" in one for one in texts[:-1]):
            # A.甲；B.乙；C.丙。 is one sentence: its full stop is none of the last option's words.
            texts[-1] = texts[-1].removesuffix("。")
    glued = any(label.stands == GLUED for label in chain[1:])
    return Options(chain[0].start, tuple(texts), tuple(spans), glued, tuple(continued))


def join_lines(text: str) -> str:
    """Lines of one sentence together again; a line that ended its sentence stays a line."""
    lines = [line.strip() for line in text.strip().split("\n")]
    joined = lines[0]
    for line in lines[1:]:
        if not line:
            continue
        ended = joined[-1:] in "。；：:;!！?？" or re.match(r"[①-⑳]|[(（]?\d{1,2}[)）.、．]", line)
        latin = joined[-1:].isascii() and line[:1].isascii() and joined[-1:].isalnum() and line[:1].isalnum()
        joined += ("\n" if ended and joined else " " if latin else "") + line
    return joined
