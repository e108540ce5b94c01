"""{% load law %}: articles and citations in pages of other apps."""
from datetime import date, timedelta

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from mingfa.library.citations import CitationRef, format_citation, format_place
from mingfa.library.models import Article, Edition
from mingfa.library.provisions import anchor_of, find_provision
from mingfa.library.queries import articles_for
from mingfa.library.reading import Line

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


@register.filter
def linked(line: Line) -> SafeString:
    """A line with the places it cites as links. In Python, because a long law has five hundred of them."""
    return mark_safe(  # noqa: S308 (every stretch is escaped here)
        "".join(
            f'<a href="{escape(stretch.url)}">{escape(stretch.text)}</a>' if stretch.url else escape(stretch.text)
            for stretch in line.stretches
        )
    )


@register.filter
def full_date(value: date | None) -> str:
    """“2023 年 9 月 1 日”; "" where there is no day."""
    return f"{value.year} 年 {value.month} 月 {value.day} 日" if value else ""


@register.filter
def edition_name(edition: Edition) -> str:
    """“2023 年修订”: how an edition is called beside others of its law."""
    return f"{edition.version_on.year} 年{_made(edition)}" if edition.version_on else edition.slug


@register.filter
def comparison_url(edition: Edition, other: Edition) -> str:
    """The page that sets two editions of a law side by side, the earlier one left."""
    old, new = sorted((edition, other), key=lambda one: (one.version_on or date.min, one.pk))
    return reverse("law_comparison", args=[edition.law.slug, old.slug, new.slug])


@register.filter
def edition_facts(edition: Edition) -> list[str]:
    """When the edition was made and from when to when it holds, in pieces that stay whole on a line."""
    facts = []
    if edition.version_on:
        facts.append(f"{full_date(edition.version_on)}{_made(edition)}")
    if edition.in_force_from:
        facts.append(f"{full_date(edition.in_force_from)}起施行")
    if edition.in_force_until:
        facts.append(f"适用到 {full_date(edition.in_force_until - timedelta(days=1))}")
    return facts


def _made(edition: Edition) -> str:
    """修订, 修正 or 公布: the word of the history's last line, else what the dates say (docs/rules.md)."""
    last = edition.history.rpartition("\n")[2]
    if "修订" in last:
        return "修订"
    is_amended = edition.version_on and edition.effective_on and edition.effective_on < edition.version_on
    return "修正" if "修正" in last or is_amended else "公布"
