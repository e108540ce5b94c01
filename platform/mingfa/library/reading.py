"""How an edition is laid out for reading: contents, parts of a long law, lines with links. Pure."""
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mingfa.library.citations import CitationRef, find_citations
from mingfa.library.importing.parsed import Level
from mingfa.library.importing.repair import is_table_rule
from mingfa.library.provisions import anchor_of, split_provisions

# Headings that begin a new part of a long law; sections stay within their chapter.
PART_LEVELS = {Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.OTHER}
# More headings than this, and only those around the reader's place are listed below the first level.
MOST_CONTENTS = 40


@dataclass(frozen=True)
class HeadingRow:
    order: int
    level: int
    label: str


@dataclass(frozen=True)
class ContentsLine:
    """A line of the contents: `span` is its range of articles (11–29), `part` the part it opens in."""

    order: int
    label: str
    is_second: bool
    span: str
    part: int
    current: bool


@dataclass(frozen=True)
class Part:
    """A stretch of an edition read on one page: rows with `start` ≤ order < `end`. `key` names it."""

    key: int
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Stretch:
    """A piece of a line, a link when `url` is set."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One 款, 项 or 目 as shown."""

    anchor: str
    stretches: tuple[Stretch, ...]


def split_parts(headings: Sequence[HeadingRow], content_orders: Sequence[int], last_order: int) -> list[Part]:
    """Cut an edition at its chapters; headings that stand directly above a chapter open its part with it.

    `content_orders` are the orders of articles and passages, sorted.
    """
    starts: list[list[HeadingRow]] = []
    for heading in headings:
        if heading.level not in PART_LEVELS:
            continue
        before = starts[-1][-1].order if starts else -1
        has_content = _any_between(content_orders, before, heading.order)
        if starts and not has_content:
            starts[-1].append(heading)
        else:
            starts.append([heading])
    if not starts:
        return [Part(0, 0, last_order + 1, "")]
    first = starts[0][0].order
    opening = [Part(0, 0, first, "")] if _any_between(content_orders, -1, first) else []
    ends = [run[0].order for run in starts[1:]] + [last_order + 1]
    return opening + [
        Part(run[-1].order, run[0].order, end, run[-1].label) for run, end in zip(starts, ends, strict=True)
    ]


def part_at(parts: Sequence[Part], order: int) -> Part:
    """The part a row belongs to."""
    return next((part for part in parts if part.start <= order < part.end), parts[0])


def contents(
    headings: Sequence[HeadingRow], articles: Sequence[tuple[int, int]], parts: Sequence[Part], here: int
) -> list[ContentsLine]:
    """The two upper levels of an edition's headings; `articles` are (order, number), `here` an order."""
    levels = sorted({heading.level for heading in headings} - {Level.SUBBOOK, Level.OTHER})[:2]
    shown = [heading for heading in headings if heading.level in {*levels, Level.OTHER}]
    is_second = {heading.order: len(levels) == 2 and heading.level == levels[1] for heading in shown}
    around = _around(shown, is_second, here) if len(shown) > MOST_CONTENTS else None
    lines = []
    for position, heading in enumerate(shown):
        end = _end_of(shown[position:], is_second)
        is_current = heading.order <= here < end and _is_deepest(shown, position, here)
        if around and is_second[heading.order] and not around[0] <= heading.order < around[1]:
            continue
        lines.append(
            ContentsLine(
                heading.order,
                heading.label,
                is_second[heading.order],
                _span([number for order, number in articles if heading.order < order < end]),
                part_at(parts, heading.order).key,
                is_current,
            )
        )
    return lines


def _around(shown: Sequence[HeadingRow], is_second: dict[int, bool], here: int) -> tuple[float, float]:
    """The first-level heading the reader is under, from its order to the next one's."""
    firsts = [heading.order for heading in shown if not is_second[heading.order]]
    start = max((order for order in firsts if order <= here), default=firsts[0])
    return start, min((order for order in firsts if order > start), default=float("inf"))


def _end_of(rest: Sequence[HeadingRow], is_second: dict[int, bool]) -> float:
    """The order at which the first heading of `rest` ends."""
    for heading in rest[1:]:
        if is_second[rest[0].order] or not is_second[heading.order]:
            return heading.order
    return float("inf")


def _is_deepest(shown: Sequence[HeadingRow], position: int, here: int) -> bool:
    following = shown[position + 1] if position + 1 < len(shown) else None
    return following is None or following.order > here


def _span(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    return f"{numbers[0]}–{numbers[-1]}" if numbers[0] != numbers[-1] else str(numbers[0])


def _any_between(orders: Sequence[int], after: int, before: int) -> bool:
    position = bisect_left(orders, after + 1)
    return position < len(orders) and orders[position] < before


def lay_out(text: str, here: str, link: Callable[[CitationRef], str]) -> list[Line]:
    """An article's lines with the places it cites as links. `link` gives the address, "" for none."""
    return [
        Line(provision.anchor, tuple(_stretches(provision.text, here, link))) for provision in split_provisions(text)
    ]


def cited_in(texts: Iterable[str], here: str) -> list[CitationRef]:
    """The first place of every citation in some texts: what `lay_out` will ask links for."""
    refs = (found.refs[0] for text in texts for line in text.split("\n") for found in find_citations(line, here))
    return list(dict.fromkeys(refs))


def _stretches(line: str, here: str, link: Callable[[CitationRef], str]) -> Iterable[Stretch]:
    done = 0
    for found in find_citations(line, here):
        url = link(found.refs[0])
        if not url:
            continue
        if found.start > done:
            yield Stretch(line[done : found.start])
        yield Stretch(line[found.start : found.end], url)
        done = found.end
    if done < len(line):
        yield Stretch(line[done:])


def address_of(place: str, ref: CitationRef) -> str:
    """The address of a cited 款 or 项 below its article's address."""
    return f"{place}#{anchor_of(ref.paragraph, ref.item)}" if ref.paragraph or ref.item else place


def table_cells(text: str) -> list[str]:
    """The cells of a table row printed with bars; none for a paragraph or a line that only draws."""
    if "|" not in text or is_table_rule(text):
        return []
    return [cell.strip() for cell in text.strip().strip("|").split("|")]
