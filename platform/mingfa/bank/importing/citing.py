"""The articles a question stands on, from its two citation columns or its explanation."""

import re

from mingfa.bank.importing.folding import fold_text
from mingfa.library.citations import CitationRef, parse_citations

BETWEEN_LAWS = re.compile(r"[;；\n]|(?<=》)\s*[、,，]\s*(?=《)")
BARE_NUMBERS = re.compile(r"(?<![\d第条款项])(\d{1,4})(?![\d条款项])")


def cited_articles(laws: str, articles: str, explanation: str) -> tuple[tuple[CitationRef, ...], bool]:
    """(citations, whether everything in the columns was understood).

    laws: 信访工作条例 or 《…》, several apart by ; or line breaks. articles: 第十七条, 17, 第五条第二款, as many groups
    as laws or one for all of a single law. Where both columns are empty the explanation's own citations count.
    """
    laws, articles = fold_text(laws), fold_text(articles)
    if not laws and not articles:
        return tuple(parse_citations(explanation)), True
    if "《" in articles:
        refs = parse_citations(articles)
        return tuple(refs), bool(refs)
    titles = [title.strip() for title in BETWEEN_LAWS.split(laws) if title.strip()]
    if not articles:
        refs = [ref for title in titles for ref in parse_citations(title)]
        return tuple(refs), bool(refs)
    places = [articles] if len(titles) == 1 else [place for place in re.split(r"[;；\n]", articles) if place.strip()]
    if len(titles) != len(places):
        return (), False
    refs = []
    for title, place in zip(titles, places, strict=True):
        named = title if title.startswith("《") else f"《{title}》"
        found = parse_citations(named + BARE_NUMBERS.sub(r"第\1条", place.replace(";", "、").replace("；", "、")))
        if not found:
            return tuple(refs), False
        refs += found
    return tuple(refs), True
