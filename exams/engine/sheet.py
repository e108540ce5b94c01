"""The answer sheet of an open sitting: what is stored, and how a save changes it.

Stored form: {place: [answer, seq]} with place the question's place in the paper from 0, answer canonical
(mingfa.bank.types) and seq the page's counter of changes. A change counts when its seq is higher than the stored
one, so that a repeated or overtaken request never brings an old value back.
"""
import json
from collections.abc import Mapping, Sequence

from mingfa.bank.types import KINDS, BadValue

from .paper import Item, Names
from .refusals import BadAnswer

Sheet = dict[int, tuple[str, int]]


def load(text: str) -> Sheet:
    """The sheet from its stored text."""
    return {int(place): (answer, seq) for place, (answer, seq) in json.loads(text or "{}").items()}


def dump(sheet: Sheet) -> str:
    """The stored text of a sheet, compact and in order."""
    return json.dumps({place: sheet[place] for place in sorted(sheet)}, ensure_ascii=False, separators=(",", ":"))


def canonical(item: Item, kind: str, chosen: Sequence[str], option_names: Sequence[str], question: str) -> str:
    """What a page sent for one question, in the key's own letters.

    Args:
        kind: the question type.
        chosen: the values the page sent (names of options, ranks, text); empty clears the answer.

    Raises:
        BadAnswer: an option that is not on this paper, too many of them, or text that cannot be stored.
    """
    try:
        return KINDS[kind].read(chosen, option_names, item.shown)
    except BadValue as bad:
        raise BadAnswer(question, bad.code) from bad


def values_of(item: Item, kind: str, answer: str, option_names: Sequence[str]) -> list[str]:
    """The values of a page that say a canonical answer."""
    return KINDS[kind].write(answer, option_names, item.shown)


def shown_places(item: Item, kind: str, answer: str) -> set[int]:
    """At which shown places the options of a canonical answer of 单选, 多选 or 判断 stand."""
    return KINDS[kind].places(answer, item.shown)


def parse_changes(
    changes: object, items: Sequence[Item], kinds: Sequence[str], named: Names
) -> dict[int, tuple[str, int]]:
    """The changes of a save request, checked against this paper.

    Args:
        changes: {question name: [[values], seq]} as it came over the wire.

    Raises:
        BadAnswer: anything that is not a change of a question on this paper.
    """
    if not isinstance(changes, Mapping):
        raise BadAnswer("", "form")
    parsed = {}
    for name, change in changes.items():
        place = _place(name, named)
        if not (isinstance(change, list) and len(change) == 2 and isinstance(change[0], list)):
            raise BadAnswer(name, "form")
        chosen, seq = change
        if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**53:
            raise BadAnswer(name, "form")
        parsed[place] = (canonical(items[place], kinds[place], chosen, named.options[place], name), seq)
    return parsed


def _place(name: str, named: Names) -> int:
    """The place of a question by its name; the digits after the first seven are that place."""
    digits = name[7:]
    if digits.isascii() and digits.isdigit() and len(digits) <= 5:
        place = int(digits)
        if place < len(named.questions) and named.questions[place] == name:
            return place
    raise BadAnswer(name[:40], "question")


def merge(sheet: Sheet, changes: Mapping[int, tuple[str, int]]) -> bool:
    """Bring newer changes into `sheet`; whether anything changed."""
    changed = False
    for place, (answer, seq) in changes.items():
        if place not in sheet or seq > sheet[place][1]:
            sheet[place] = (answer, seq)
            changed = True
    return changed


def highest_seq(sheet: Sheet) -> int:
    return max((seq for _, seq in sheet.values()), default=0)


def answered(sheet: Sheet) -> int:
    """How many questions have an answer."""
    return sum(1 for answer, _ in sheet.values() if answer)
