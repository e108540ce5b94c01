"""A report as its page shows it: the prose with numbered figures on the left, what stands behind each on the right."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from . import engine, wording
from .queries import Compiled, SlotLine


@dataclass(frozen=True)
class Part:
    """Words of the prose; with `number` a figure, with `bad` a number that no figure stands behind."""

    words: str
    number: int = 0
    typed: bool = False
    bad: bool = False

    @property
    def empty(self) -> bool:
        return bool(self.number) and not self.words


@dataclass(frozen=True)
class Line:
    """A paragraph of the report. `number` counts the lines of its text from 1."""

    number: int
    level: int
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """What stands behind a figure. `number` is the one raised beside it; `state`: stop, attend, done, todo. `words`, `reason`:
    what is in the fields for typing over it, saved or not."""

    number: int
    line: SlotLine
    state: str
    words: str
    reason: str

    @property
    def is_unsaved(self) -> bool:
        return (self.words, self.reason) != (self.line.words, self.line.reason)


class Reading:
    """Everything the page of a report says about its text. `typed`: code → (words, reason) as a refused form sent them."""

    def __init__(self, compiled: Compiled, typed: Mapping[str, tuple[str, str]] | None = None):
        self.compiled, self.typed = compiled, typed
        self.numbers = {code: number for number, code in enumerate(compiled.codes, start=1)}
        self.findings = [] if compiled.report.frozen else compiled.findings

    @cached_property
    def lines(self) -> list[Line]:
        return [Line(one.number, one.level, list(self._parts(one))) for one in self.compiled.written]

    def _parts(self, one: engine.Written) -> Iterator[Part]:
        bad = {found.part for found in self.findings if found.kind == "number" and found.line == one.number}
        lines = {line.code: line for line in self.compiled.lines}
        for place, part in enumerate(one.parts):
            if isinstance(part, str):
                yield from _marked(part, bad, opens=place == 0)
            elif part.code in self.numbers:
                words = part.words if isinstance(part, engine.Shown) else ""
                yield Part(words, self.numbers[part.code], lines[part.code].source != "系统生成")

    @cached_property
    def problems(self) -> list[tuple[engine.Finding, str, int]]:
        """Findings that belong to no figure, in words, with the number of the slot that names no figure (0 for prose); those
        of a figure stand with it."""
        found = [one for one in self.findings if one.kind != "empty"]
        return [(one, wording.finding(one), self.numbers[one.part] if one.kind == "unknown" else 0) for one in found]

    @cached_property
    def sources(self) -> list[Source]:
        """What has to be done first, then what has to be explained, then the rest in the order of the text."""
        empty = {one.part for one in self.findings if one.kind == "empty"}
        unknown = {one.part for one in self.findings if one.kind == "unknown"}
        lines = [line for line in self.compiled.lines if line.code not in unknown]
        found = [Source(self.numbers[line.code], line, self._state(line, empty), *self._fields(line)) for line in lines]
        return sorted(found, key=lambda one: ["stop", "attend", "done", "todo"].index(one.state))

    def _state(self, line: SlotLine, empty: set[str]) -> str:
        if line.code in empty:
            return "stop"
        if line.is_empty:
            return "todo"
        return "attend" if line.fell and not self.compiled.report.frozen else "done"

    def _fields(self, line: SlotLine) -> tuple[str, str]:
        return (line.words, line.reason) if self.typed is None else self.typed.get(line.code, ("", ""))

    @property
    def to_mend(self) -> int:
        return len(self.problems) + sum(1 for one in self.sources if one.state == "stop")

    @property
    def to_explain(self) -> int:
        return sum(1 for one in self.sources if one.state == "attend")


def _marked(words: str, bad: set[str], *, opens: bool) -> Iterator[Part]:
    """The words, each number of `bad` that stands in them apart."""
    last = 0
    for start, end in engine.numbers_in(words, opens=opens):
        if words[start:end] in bad:
            if start > last:
                yield Part(words[last:start])
            yield Part(words[start:end], bad=True)
            last = end
    if last < len(words):
        yield Part(words[last:])
