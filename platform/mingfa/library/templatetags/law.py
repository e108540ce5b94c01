"""{% load law %}: articles and citations in pages of other apps."""
from django import template
from django.utils.html import format_html

from mingfa.library.citations import CitationRef, format_citation, format_place
from mingfa.library.models import Article
from mingfa.library.provisions import anchor_of, find_provision
from mingfa.library.queries import articles_for

register = template.Library()


@register.inclusion_tag("library/_law_block.html")
def law_block(cited: CitationRef | Article, articles: dict[CitationRef, Article] | None = None) -> dict:
    """The live article a citation means (of a ref its 款 and 项 only), or the citation where it is missing.

    Pass `articles` (from `queries.articles_for`) when a page shows many, so that nothing is queried here.
    """
    if isinstance(cited, Article):
        cited, articles = cited.ref, {cited.ref: cited}
    article = _resolve(cited, articles)
    if article is None:
        return {"article": None, "cited": format_citation(cited)}
    provisions = find_provision(article.text, cited.paragraph, cited.item) if _is_narrowed(cited) else []
    return {
        "article": article,
        "edition": article.edition,
        "provisions": provisions or article.provisions,
        "place": format_place(cited) if provisions else article.label,
        "cited": format_citation(cited),
    }


@register.filter
def citation_link(ref: CitationRef, articles: dict[CitationRef, Article] | None = None) -> str:
    """《行政复议法》第二十条 as a link to the article, as plain text where the library does not hold it."""
    article = _resolve(ref, articles)
    if article is None:
        return format_citation(ref)
    anchor = "#" + anchor_of(ref.paragraph, ref.item) if _is_narrowed(ref) else ""
    return format_html('<a href="{}{}">{}</a>', article.get_absolute_url(), anchor, format_citation(ref))


def _is_narrowed(ref: CitationRef) -> bool:
    """Whether a 款 or 项 is meant and not the whole article."""
    return bool(ref.paragraph or ref.item)


def _resolve(ref: CitationRef, articles: dict[CitationRef, Article] | None) -> Article | None:
    return (articles_for([ref]) if articles is None else articles).get(ref)
