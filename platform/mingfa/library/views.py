"""The statute reader and the search. Laws are public, so nothing here asks for a login."""
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mingfa.library import queries
from mingfa.library.models import Law
from mingfa.library.reader import find_article_by_address, find_edition_by_address, read_edition
from mingfa.library.search.words import highlight, read_query, snippet
from mingfa.numbers import whole

LAWS_A_PAGE = 40
HITS_A_PAGE = 20


@require_safe
def index(request):
    """The list of laws, or the results when something was typed."""
    if request.GET.get("q", "").strip():
        return _results(request)
    kind, topic = request.GET.get("kind", ""), request.GET.get("topic", "")
    page = Paginator(queries.laws_listed(kind=kind, topic=topic), LAWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _with_editions(page.object_list),
        "kinds": queries.law_counts("kind"),
        "topics": queries.law_counts("topic"),
        "kind": kind,
        "topic": topic,
    }
    return render(request, "library/index.html", context)


def _results(request):
    typed = request.GET["q"].strip()
    query = read_query(typed)
    inside = Law.objects.filter(slug=request.GET.get("law", "")).first()
    found = [] if inside else queries.search_laws(query)
    named = [inside] if inside else [law for law in found if law.short_title == query.text] or found
    if inside and query.article and (article := _in_force(inside, query)):
        return redirect(article)
    everything = bool(request.GET.get("all"))
    hits = queries.search_articles(query, named, inside=inside, all_editions=everything)
    page = Paginator(hits.ids, HITS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "typed": typed,
        "inside": inside,
        "everything": everything,
        "laws": [(row, highlight(row[0].title, query.marks)) for row in _with_editions(found[: queries.MOST_LAWS])],
        "page": page,
        "any_word": hits.any_word,
        "hits": [
            (article, snippet(article.text, () if query.article else query.marks))
            for article in queries.articles_in_order(page.object_list)
        ],
    }
    return render(request, "library/results.html", context)


def _in_force(law, query):
    return queries.find_article(law.short_title, query.article, query.sub)


def _with_editions(laws):
    editions = queries.current_editions(laws)
    return [(law, editions.get(law.pk)) for law in laws]


@require_safe
def law(request, law):
    """A law without an edition leads to the text in force."""
    found = Law.objects.filter(slug=law).first()
    edition = found and queries.find_edition(found)
    if not edition:
        return _missing(request, "法律库里没有这部法律法规。它可能还没有导入，或者地址写错了。")
    return redirect(edition)


@require_safe
def edition(request, law, edition):
    """An edition: whole, or part by part when it is long (`?part=`)."""
    found = find_edition_by_address(law, edition)
    if not found:
        return _missing(request, "法律库里没有这个版本。它可能还没有导入，或者地址写错了。")
    reading = read_edition(found, part_key=whole(request.GET.get("part", "")))
    return render(request, "library/edition.html", {"reading": reading, "edition": found})


@require_safe
def article(request, law, edition, place):
    """An article within its chapter."""
    found = find_edition_by_address(law, edition)
    if not found:
        return _missing(request, "法律库里没有这个版本。它可能还没有导入，或者地址写错了。")
    chosen = find_article_by_address(found, place)
    if not chosen:
        return _missing(request, f"《{found.law.short_title}》{found.slug} 版里没有这一条。", found)
    reading = read_edition(found, article=chosen)
    return render(request, "library/edition.html", {"reading": reading, "edition": found})


def _missing(request, why, edition=None):
    """A page that says what is not there and where to go on; status 404."""
    return render(request, "library/missing.html", {"why": why, "edition": edition}, status=404)
