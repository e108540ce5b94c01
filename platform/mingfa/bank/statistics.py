"""How a question was answered: by version, by source, by option. Only what is final is in these rows (AL4)."""

from collections import defaultdict
from dataclasses import dataclass

from mingfa.bank.models import Answers, Question, QuestionType, VersionTally
from mingfa.bank.queries import TRUE_FALSE, VersionView
from mingfa.bank.records import FEWEST_ANSWERS, share_words
from mingfa.bank.registry import answer_kinds


@dataclass(frozen=True)
class Counted:
    """Counters as a page shows them. `share` is the share right in per cent, None below FEWEST_ANSWERS."""

    asked: int
    answered: int
    right: int

    @property
    def blank(self) -> int:
        return self.asked - self.answered

    @property
    def share(self) -> str | None:
        return share_words(self.right, self.asked)


@dataclass(frozen=True)
class InSource:
    """One exam in which the shown version was answered. `url` is its analysis; the rows of others have no name."""

    name: str
    url: str
    counted: Counted
    discrimination: float | None


@dataclass(frozen=True)
class Chosen:
    """How many chose an option of the shown version, over all sources."""

    letter: str
    text: str
    count: int
    share: str
    is_key: bool


@dataclass(frozen=True)
class Statistics:
    """All of it. `by_version`: {version number: Counted}; `elsewhere`: sources that this person may not see, in one."""

    total: Counted
    by_version: dict[int, Counted]
    sources: list[InSource]
    elsewhere: Counted | None
    options: list[Chosen]


def statistics_of(question: Question, view: VersionView, user) -> Statistics:
    """How a question was answered, with the sources this person may see. A constant number of statements.

    Args:
        view: the version that the page shows; the options and sources are about this one.
    """
    by_version: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = VersionTally.objects.filter(question=question).values_list("version__number", "asked", "answered", "right")
    for number, *values in rows:
        by_version[number] = [one + other for one, other in zip(by_version[number], values, strict=True)]
    ids = [view.id, *(child.id for child in view.children)]
    answers = list(Answers.objects.filter(version__in=ids).select_related("source").order_by("-source_id", "version_id"))
    sources, elsewhere = _sources(answers, user)
    options = _options(view, answers) if not view.children else []
    total = [sum(values) for values in zip(*by_version.values(), strict=True)] or [0, 0, 0]
    return Statistics(
        Counted(*total), {number: Counted(*values) for number, values in by_version.items()}, sources, elsewhere, options
    )


def _sources(answers: list[Answers], user) -> tuple[list[InSource], Counted | None]:
    keys: dict[str, set[str]] = defaultdict(set)
    for one in answers:
        keys[one.source.kind].add(one.source.key)
    named = {kind: answer_kinds[kind].named(found, user) for kind, found in keys.items() if kind in answer_kinds}
    sources, hidden, merged = [], [0, 0, 0], {}
    for one in answers:
        merged.setdefault(one.source_id, (one.source, []))[1].append(one)
    for source, rows in merged.values():
        values = [sum(getattr(row, name) for row in rows) for name in ("asked", "answered", "right")]
        known = named.get(source.kind, {}).get(source.key)
        if known is None:
            hidden = [one + other for one, other in zip(hidden, values, strict=True)]
        else:
            told = rows[0].discrimination if len(rows) == 1 else None
            sources.append(InSource(*known, Counted(*values), told))
    return sources, Counted(*hidden) if hidden[0] else None


def _options(view: VersionView, answers: list[Answers]) -> list[Chosen]:
    """Nothing below FEWEST_ANSWERS: what five people chose tells who they were."""
    if view.type not in (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.JUDGE):
        return []
    asked, counts = 0, defaultdict(int)
    for one in answers:
        if one.options:
            asked += one.asked
        for chosen, number in one.options.items():
            for letter in chosen:
                counts[letter] += number
    if asked < FEWEST_ANSWERS:
        return []
    judge = view.type == QuestionType.JUDGE
    letters = list(zip("TF", TRUE_FALSE, strict=True)) if judge else [
        (chr(65 + place), text) for place, text in enumerate(view.options)
    ]  # fmt: skip
    return [
        Chosen("" if judge else letter, text, counts[letter], Counted(asked, asked, counts[letter]).share, letter in view.answer)
        for letter, text in letters
    ]
