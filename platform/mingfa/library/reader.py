"""What the reader of an edition needs, gathered in a fixed number of queries."""
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from mingfa.library.citations import CitationRef
from mingfa.library.importing.structure import extend_path
from mingfa.library.models import Article, Edition, Heading, Passage
from mingfa.library.queries import articles_for
from mingfa.library.reading import (
    ContentsLine,
    HeadingRow,
    Line,
    Part,
    address_of,
    cited_in,
    contents,
    lay_out,
    part_at,
    split_parts,
    table_cells,
)
from mingfa.numbers import whole

# An edition with more articles is read part by part: the page stays light.
LONGEST_PAGE = 120
# Articles shown after the one a page is about.
FOLLOWING = 3
# A bare 第十条 in these means an article of the law they change or explain, which they do not name each time.
SPEAKS_OF_OTHERS = ("修正案", "关于修改", "的解释")


Row = Heading | Article | Passage


@dataclass(frozen=True)
class Block:
    """A heading, an article, a paragraph outside articles or a table, in printed order. One field is set."""

    heading: Heading | None = None
    article: Article | None = None
    lines: Sequence[Line] = ()
    here: bool = False
    passage: str = ""
    table: Sequence[list[str]] = ()


@dataclass(frozen=True)
class Reading:
    """One page of an edition. `part` is None when the whole edition stands on it."""

    edition: Edition
    others: Sequence[Edition]
    article_count: int
    contents: Sequence[ContentsLine]
    by_part: bool
    part: Part | None
    previous_part: Part | None
    next_part: Part | None
    blocks: Sequence[Block]
    article: Article | None = None
    previous: Article | None = None
    next: Article | None = None

    @property
    def current_contents(self) -> str:
        """The heading the reader is under, for the folded contents of the phone."""
        return next((line.label for line in self.contents if line.current), "")


def find_edition_by_address(law: str, edition: str) -> Edition | None:
    return Edition.objects.select_related("law").filter(law__slug=law, slug=edition).first()


def find_article_by_address(edition: Edition, place: str) -> Article | None:
    """The article of an address like 20 or 120-1; None for anything else."""
    number, _, sub = place.partition("-")
    article_number, sub_number = whole(number), whole(sub or "0")
    if article_number is None or sub_number is None:
        return None
    article = edition.articles.filter(number=article_number, sub=sub_number).first()
    if article:
        article.edition = edition
    return article


def read_edition(edition: Edition, *, part_key: int | None = None, article: Article | None = None) -> Reading:
    """The page of an edition: whole, one part of it, or the part around an article. Seven queries at most."""
    headings = list(edition.headings.order_by("order"))
    numbered = list(edition.articles.order_by("order").values_list("order", "number", "sub"))
    outside = list(edition.passages.order_by("order").values_list("order", flat=True))
    orders = sorted([order for order, *_ in numbered] + outside)
    rows = [HeadingRow(heading.order, heading.level, heading.label) for heading in headings]
    parts = split_parts(rows, orders, orders[-1] if orders else 0)
    by_part = len(numbered) > LONGEST_PAGE
    part = _chosen(parts, part_key, article) if by_part or article else None
    here = article.order if article else part.key if part else -1
    position = parts.index(part) if part else 0
    linker = _Linker(edition, {(number, sub) for _, number, sub in numbered})
    return Reading(
        edition=edition,
        others=[_with_law(other, edition) for other in edition.law.editions.exclude(pk=edition.pk)],
        article_count=len(numbered),
        contents=contents(rows, [(order, number) for order, number, _ in numbered], parts, here),
        by_part=by_part,
        part=part,
        previous_part=parts[position - 1] if part and position else None,
        next_part=parts[position + 1] if part and position + 1 < len(parts) else None,
        blocks=_blocks(edition, headings, part, article, linker),
        article=article,
        previous=_neighbour(edition, numbered, article, -1),
        next=_neighbour(edition, numbered, article, +1),
    )


def _chosen(parts: Sequence[Part], key: int | None, article: Article | None) -> Part:
    if article:
        return part_at(parts, article.order)
    return next((part for part in parts if part.key == key), parts[0])


def _with_law(other: Edition, edition: Edition) -> Edition:
    other.law = edition.law
    return other


def _neighbour(edition: Edition, numbered: Sequence[tuple], article: Article | None, step: int) -> Article | None:
    """The article before or after, good for its label and address only."""
    if article is None:
        return None
    position = [order for order, *_ in numbered].index(article.order) + step
    if not 0 <= position < len(numbered):
        return None
    _, number, sub = numbered[position]
    return Article(edition=edition, number=number, sub=sub)


def _blocks(
    edition: Edition, headings: Sequence[Heading], part: Part | None, here: Article | None, linker: "_Linker"
) -> list[Block]:
    rows = _rows_from(edition, headings, part, here) if here else _rows_of(edition, headings, part)
    linker.prepare([row.text for row in rows if isinstance(row, Article)])
    blocks: list[Block] = []
    for is_table, run in groupby(rows, key=lambda row: isinstance(row, Passage) and "|" in row.text):
        if is_table:
            blocks.append(Block(table=[cells for row in run if (cells := table_cells(row.text))]))
        else:
            blocks += [_block(row, edition, here, linker) for row in run]
    return blocks


def _rows_of(edition: Edition, headings: Sequence[Heading], part: Part | None) -> list[Row]:
    """Everything in a part, or in the edition, in printed order."""
    inside = {"order__gte": part.start, "order__lt": part.end} if part else {}
    rows: list[Row] = [*edition.articles.filter(**inside), *edition.passages.filter(**inside)]
    rows += [heading for heading in headings if part is None or part.start <= heading.order < part.end]
    return sorted(rows, key=lambda row: row.order)


def _rows_from(edition: Edition, headings: Sequence[Heading], part: Part, here: Article) -> list[Row]:
    """An article below its headings, and a few that follow it in its part."""
    articles = list(edition.articles.filter(order__gte=here.order, order__lt=part.end)[: 1 + FOLLOWING])
    above: list[Heading] = []
    for heading in headings:
        if heading.order < here.order:
            above = extend_path(above, heading)
    between = [heading for heading in headings if here.order < heading.order < articles[-1].order]
    return [*above, *sorted([*articles, *between], key=lambda row: row.order)]


def _block(row: Row, edition: Edition, here: Article | None, linker: "_Linker") -> Block:
    match row:
        case Heading():
            return Block(heading=row)
        case Passage():
            return Block(passage=row.text)
    row.edition = edition
    is_here = here is not None and row.pk == here.pk
    return Block(article=row, lines=lay_out(row.text, linker.own_title, linker.link), here=is_here)


class _Linker:
    """Addresses of the places an edition's articles cite: its own articles, and those of other laws."""

    def __init__(self, edition: Edition, own: set[tuple[int, int]]):
        title = edition.law.short_title
        self.own_title = "" if any(mark in title for mark in SPEAKS_OF_OTHERS) else title
        self._edition, self._own = edition, own
        self._others: dict[CitationRef, Article] = {}

    def prepare(self, texts: Sequence[str]) -> None:
        """Look up all cited articles of other laws at once."""
        refs = [ref for ref in cited_in(texts, self.own_title) if ref.law_title != self.own_title]
        self._others = articles_for(refs)

    def link(self, ref: CitationRef) -> str:
        """The address of a cited place, "" when it is not in the library."""
        if ref in self._others:
            return address_of(self._others[ref].get_absolute_url(), ref)
        if ref.law_title != self.own_title or (ref.article, ref.sub) not in self._own:
            return ""
        target = Article(edition=self._edition, number=ref.article, sub=ref.sub)
        return address_of(target.get_absolute_url(), ref)
