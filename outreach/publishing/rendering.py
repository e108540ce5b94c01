"""What a public page shows, put together once for the site, the review, the exports and the preview."""
import re
from dataclasses import dataclass
from typing import Any

import nh3
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from mingfa.library.blocks import reference
from mingfa.library.citations import CitationRef, FoundCitation, find_citations
from mingfa.library.models import Article
from mingfa.library.queries import articles_for
from wagtail.rich_text import expand_db_html

from .texts import Announced, citations_of, programme

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "b", "strong", "i", "em", "br", "hr", "a"}
ATTRIBUTES = {"a": {"href"}}
WIDTH = "width-1000"


@dataclass(frozen=True)
class Part:
    """One block as the template prints it: `kind` text, law, picture or file."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Shown:
    """A page ready for a template; `articles` answers for its citations."""

    page: Any
    parts: tuple[Part, ...]
    cited: tuple[CitationRef, ...]
    articles: dict[CitationRef, Article]
    programme: tuple[Announced, ...] = ()


def shown(page, *, pictures_at: str = "") -> Shown:
    """Everything the templates need. `pictures_at`: the name of the view that hands pictures out; empty for none."""
    cited = citations_of(page)
    articles = articles_for(cited)
    parts = [_part(block, articles, pictures_at) for block in page.body]
    return Shown(page, tuple(one for one in parts if one), tuple(cited), articles, tuple(programme(page)))


def _part(block, articles, pictures_at: str) -> Part | None:
    value = block.value
    if block.block_type == "text":
        return Part("text", linked(safe_markup(value.source), articles))
    if block.block_type == "law":
        return Part("law", reference(value))
    if block.block_type == "picture":
        if value["image"] is None:
            return None
        rendition = value["image"].get_rendition(WIDTH)
        address = reverse(pictures_at, args=[rendition.file.name.rpartition("/")[2]]) if pictures_at else rendition.url
        return Part("picture", {"rendition": rendition, "address": address, "description": value["description"]})
    document = value["document"]
    return Part("file", {"document": document, "note": value["note"]}) if document else None


def safe_markup(source: str) -> str:
    """Rich text as HTML: links to pages become addresses, and nothing is left that could run (CM1)."""
    return nh3.clean(expand_db_html(source), tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})


def linked(markup: str, articles: dict[CitationRef, Article]) -> str:
    """Articles named in running text lead to the law reader; text inside links and tags is left alone."""
    pieces = re.split(r"(<a\b[^>]*>.*?</a>|<[^>]+>)", markup, flags=re.S)
    return "".join(piece if piece.startswith("<") else _with_links(piece, articles) for piece in pieces)


def _with_links(piece: str, articles: dict[CitationRef, Article]) -> str:
    out, end = [], 0
    for found in find_citations(piece):
        article = _article(found, articles)
        if article:
            words = piece[found.start : found.end]
            out += [piece[end : found.start], f'<a href="{escape(article.get_absolute_url())}">{words}</a>']
            end = found.end
    return "".join([*out, piece[end:]])


def _article(found: FoundCitation, articles: dict[CitationRef, Article]) -> Article | None:
    return next((articles[ref] for ref in found.refs if ref in articles), None)


def plain_html(page) -> str:
    """Clean HTML for another site's editor: no classes, no scripts, no addresses of ours but those of files beside it."""
    return render_to_string("outreach/publishing/export.html", {"shown": shown(page), "page": page})
