"""Question types: how each is answered on a page, stored and marked (domain guide §2.2; docs/rules.md “题型”).

A type is one small class in `KINDS`. Pure: no Django. What is stored for an answer is one canonical text:

    单选 多选     letters of the options ("AC")
    判断          "T" or "F"
    填空          a line a blank
    排序          for each option, in the order of the bank, the rank it was given: "31-2"
    配对          for each prompt the letter of its partner: "B-A"
    简答          the text

What a page sends and gets back is a list of values: names of options, ranks as digits, or text. Names are those of
one sitting, so nothing in them tells about bank or key.
"""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RANKS = "123456789"
OPEN = "-"
LONGEST_TEXT = 4000  # characters of a written answer
MOST_BLANKS = 20
ALL_OR_NOTHING = "all_or_nothing"
HALF_FOR_SUBSET = "half_for_subset"
HALF_MARK_EACH = "half_mark_each"
NOTHING = Decimal("0.0")
HALF = Decimal("0.5")


class BadValue(ValueError):
    """What a page sent cannot be an answer to this question: `code` is option, too_many, text or long."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Kind(ABC):
    """One type. `shows` names what a page puts under the stem; `by_people`: no machine marks it."""

    shows = "options"
    by_people = False

    @abstractmethod
    def read(self, values: Sequence[str], names: Sequence[str], shown: Sequence[int]) -> str:
        """What a page sent, as canonical text; empty when nothing was answered.

        Args:
            values: as they came over the wire.
            names: the names of the options in the order shown; shown: their places in the bank.

        Raises:
            BadValue
        """

    @abstractmethod
    def write(self, answer: str, names: Sequence[str], shown: Sequence[int]) -> list[str]:
        """The values of a page that say `answer`; `read` gives it back."""

    @abstractmethod
    def mark(self, key: str, given: str, full: Decimal, policy: str) -> Decimal:
        """Marks for a canonical answer, from 0 to `full`, not yet rounded."""


class Single(Kind):
    most = 1

    def read(self, values, names, shown):
        places = [_place(name, names) for name in values]
        if len(set(places)) != len(places):
            raise BadValue("option")
        if self.most and len(places) > self.most:
            raise BadValue("too_many")
        return "".join(sorted(self._letter(shown, place) for place in places))

    def write(self, answer, names, shown):
        return [names[place] for place in sorted(self.places(answer, shown))]

    def places(self, answer: str, shown: Sequence[int]) -> set[int]:
        """At which shown places the options of an answer stand."""
        return {shown.index(LETTERS.index(letter)) for letter in answer}

    def _letter(self, shown, place):
        return LETTERS[shown[place]]

    def mark(self, key, given, full, policy):
        return full if given and given == key else NOTHING


class Multiple(Single):
    most = 0

    def mark(self, key, given, full, policy):
        right, chosen = frozenset(key), frozenset(given)
        if not chosen or chosen - right:
            return NOTHING
        if chosen == right:
            return full
        if policy == HALF_FOR_SUBSET:
            return full * HALF
        if policy == HALF_MARK_EACH:
            return min(HALF * len(chosen), full)
        return NOTHING


class Judge(Single):
    def places(self, answer, shown):
        return {"TF".index(answer)} if answer else set()

    def _letter(self, shown, place):
        return "TF"[place]


class Blank(Kind):
    shows = "texts"

    def read(self, values, names, shown):
        lines = [_text(value).replace("\n", " ").strip() for value in values]
        while lines and not lines[-1]:
            lines.pop()
        if len(lines) > MOST_BLANKS:
            raise BadValue("too_many")
        return _short("\n".join(lines))

    def write(self, answer, names, shown):
        return answer.split("\n") if answer else []

    def mark(self, key, given, full, policy):
        """Equal marks a blank; an answer counts when, trimmed and width folded, it equals an accepted one."""
        lines = key.split("\n")
        right = sum(
            bool(_folded(answer)) and _folded(answer) in {_folded(accepted) for accepted in line.split("|")}
            for line, answer in zip(lines, given.split("\n"), strict=False)
        )
        return full * right / len(lines)


class Order(Kind):
    """排序. The key names the letters in the right order ("CABD")."""

    shows = "ranks"

    def read(self, values, names, shown):
        if len(values) > len(shown):
            raise BadValue("too_many")
        ranks = [OPEN] * len(shown)
        for place, value in enumerate(values):
            if value not in ("", *RANKS[: len(shown)]):
                raise BadValue("option")
            ranks[shown[place]] = value or OPEN
        return "" if set(ranks) <= {OPEN} else "".join(ranks)

    def write(self, answer, names, shown):
        return [answer[place].replace(OPEN, "") for place in shown] if answer else []

    def mark(self, key, given, full, policy):
        wanted = "".join(RANKS[key.index(letter)] for letter in LETTERS[: len(key)])
        return full if given == wanted else NOTHING


class Match(Kind):
    """配对. The key has the letter of the partner of each prompt ("BAC"); some options may belong to none."""

    shows = "pairs"

    def read(self, values, names, shown):
        if len(values) > len(LETTERS):
            raise BadValue("too_many")
        letters = [LETTERS[shown[_place(value, names)]] if value else OPEN for value in values]
        return "" if set(letters) <= {OPEN} else "".join(letters)

    def write(self, answer, names, shown):
        return ["" if one == OPEN else names[shown.index(LETTERS.index(one))] for one in answer]

    def mark(self, key, given, full, policy):
        """Equal marks a pair."""
        return full * sum(one == other for one, other in zip(key, given, strict=False)) / len(key)


class Short(Kind):
    shows = "writing"
    by_people = True

    def read(self, values, names, shown):
        if len(values) > 1:
            raise BadValue("too_many")
        return _short("".join(_text(value) for value in values).strip())

    def write(self, answer, names, shown):
        return [answer] if answer else []

    def mark(self, key, given, full, policy):
        raise ValueError("not marked by machine: short")


KINDS: dict[str, Kind] = {
    "single": Single(), "multiple": Multiple(), "judge": Judge(), "blank": Blank(), "order": Order(), "match": Match(),
    "short": Short(),
}  # fmt: skip


def _place(name: str, names: Sequence[str]) -> int:
    if not isinstance(name, str) or name not in names:
        raise BadValue("option")
    return names.index(name)


def _text(value: object) -> str:
    """Text as a database takes it; control characters and halves of surrogate pairs are refused, not guessed away."""
    if not isinstance(value, str):
        raise BadValue("text")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in text):
        raise BadValue("text")
    return text


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadValue("long")
    return text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
