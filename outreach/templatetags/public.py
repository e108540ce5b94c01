"""{% load public %}: parts of public pages."""
from django import template
from django.utils.safestring import SafeString, mark_safe
from mingfa.library.citations import article_label, format_citation

from ..publishing.rendering import safe_markup, shown

register = template.Library()


@register.filter
def of_list(found: dict, slug: str) -> list:
    """The rows of one kind on the home page."""
    return found[slug]


@register.filter
def article_words(number: int) -> str:
    """第二十条."""
    return article_label(number)


@register.filter
def as_cleaned(markup: str) -> SafeString:
    """Markup that `rendering.safe_markup` has made; nothing else may be handed here."""
    return mark_safe(markup)  # noqa: S308


@register.filter
def cleaned(source: str) -> SafeString:
    """Rich text as stored, made safe."""
    return mark_safe(safe_markup(source))  # noqa: S308


@register.filter
def law_lines(ref, articles) -> list[str]:
    """The citation and the lines in force, for a copy that has no live text."""
    article = articles.get(ref)
    return [format_citation(ref), *(article.text.split("\n") if article else [])]


@register.filter
def extension(rendition) -> str:
    return rendition.file.name.rpartition(".")[2]


@register.simple_tag
def shown_draft(page):
    """A draft in the admin's preview, as the public would read it."""
    return shown(page)
