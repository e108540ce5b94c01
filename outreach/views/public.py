"""The public site: for everybody, without login, cookie, script or a line in any log. What is not public is a 404."""
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from mingfa.library.models import Law
from mingfa.numbers import whole
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from ..kit import code_of
from ..models import Release, TextFile
from ..models.signed import release_of
from ..publishing import listing
from ..publishing.cards import share_card
from ..publishing.kept import common, kept_page, size_of
from ..publishing.rendering import shown
from ..publishing.texts import page_of
from ..quizzes import load
from .quizzes import drawn

PAGE_SIZE, LATEST, MOST_PAGES = 30, 6, 500
LONGEST_SEARCH = 40  # characters
NUMERALS = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五"}  # to quizzes.MOST; some may have been withdrawn
MINUTE, HOUR = 60, 3600


def _answer(request, key: str, build, query: str = "") -> HttpResponse:
    """`query`: what of the address the page depends on besides the text size; links to other sizes keep it."""
    body = kept_page(key, size_of(request), f"{request.path}?{query}", build)
    if body is None:
        raise Http404
    response = HttpResponse(body)
    response["Cache-Control"] = f"public, max-age={MINUTE}"
    return response


@require_safe
def home(request):
    """What is on now, then the latest of every kind."""

    def build():
        found = {kind.list_slug: list(listing.released(kind._meta.model_name)[:LATEST]) for kind in listing.KINDS}
        return "public/home.html", {"found": found, "lists": _lists()}

    return _answer(request, "home", build)


@require_safe
def everything(request, kind):
    """All of one kind; cases by a law and an article."""
    model = listing.LISTS.get(kind)
    if model is None:
        raise Http404
    number, law = min(whole(request.GET.get("page", "")) or 1, MOST_PAGES), _law(request)
    article = whole(request.GET.get("article", "")) or 0 if law else 0

    def build():
        name = model._meta.model_name
        found = listing.releases_citing(law.short_title, article, kind=name) if law else listing.released(name)
        page = Paginator(found, PAGE_SIZE).get_page(number)
        return "public/list.html", {
            "kind": model, "rows": page, "law": law, "article": article, "lists": _lists(), "here": kind,
        }  # fmt: skip

    query = f"law={law.slug}&article={article}&" if law else ""
    return _answer(request, f"list:{kind}:{law.pk if law else 0}:{article}:{number}", build, query)


def _law(request) -> Law | None:
    asked = request.GET.get("law", "")
    return get_object_or_404(Law, slug=asked) if asked else None


@require_safe
def by_law(request):
    """The case library's index: laws, and their articles with cases."""
    return _answer(
        request, "by-law", lambda: ("public/by_law.html", {"laws": listing.laws_of_cases(), "lists": _lists(), "here": "cases"})
    )


@require_safe
def search(request):
    """Public pages with these words. Asked anew each time: what people look for is kept nowhere."""
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    rows = list(listing.releases_with(words)[:PAGE_SIZE]) if words else []
    size = size_of(request)
    context = {
        "rows": rows, "words": words, "most": PAGE_SIZE, "lists": _lists(), "here": "search",
        **common(size, f"{request.path}?q={quote(words)}&"),
    }  # fmt: skip
    response = HttpResponse(render_to_string("public/search.html", context))
    response["Cache-Control"], response["X-Robots-Tag"] = "no-store", "noindex"
    return response


@require_safe
def page(request, slug):
    """One page, as it was signed."""

    def build():
        release = _release(slug)
        if release is None:
            return None
        signed, today = page_of(release.text), timezone.localdate()
        parts = shown(signed, pictures_at="public:picture")
        return "public/page.html", {
            "release": release, "page": signed, "shown": parts, "lists": _lists(), "here": signed.list_slug,
            "base_url": settings.WAGTAILADMIN_BASE_URL, "quiz": _quiz(signed), "today": today,
            "coming": [one for one in parts.programme if one.on >= today],
            "past": [one for one in parts.programme if one.on < today],
        }  # fmt: skip

    return _answer(request, f"page:{slug}", build)


@dataclass(frozen=True)
class Asked:
    """The public quiz beside a 宣传专题."""

    words: str
    address: str
    drawn: SafeString


def _quiz(signed) -> Asked | None:
    """The quiz that the sheets of the page's plan carry as well; a code that is retired leaves within ten minutes."""
    campaign = getattr(signed, "campaign", None)
    code = code_of(campaign) if campaign else None
    if code is None:
        return None
    loaded = load(code.slug, now=timezone.now())
    if loaded is None or not loaded.questions:
        return None
    address, number = reverse("quiz:quiz", args=[code.slug]), len(loaded.questions)
    # Made by us out of our own address.
    picture = mark_safe(drawn(settings.WAGTAILADMIN_BASE_URL + address))  # noqa: S308
    return Asked(f"{NUMERALS[number]}道题", address, picture)


def _release(slug: str) -> Release | None:
    """Looked up by its address, then asked whether its text really has its signatures."""
    found = Release.objects.filter(slug=slug, ended_at=None).values_list("page", flat=True).first()
    return release_of(found) if found else None


@require_safe
def card(request, slug):
    """The picture that other programs show beside a shared link; drawn here, from the title."""
    release = _release(slug)
    if release is None:
        raise Http404
    drawn = share_card(release.text.title, str(release.text.unit), listing.KIND_LABELS[release.text.kind])
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={HOUR}"
    return response


@require_safe
def picture(request, name):
    """A picture of a public page, in the sizes pages use: no address makes a new one (CM3)."""
    renditions = get_image_model().get_rendition_model().objects.select_related("image")
    rendition = get_object_or_404(renditions, file=f"images/{name}")
    if not _is_public(TextFile.Kind.PICTURE, rendition.image):
        raise Http404
    return _file(rendition.file.open("rb"))


@require_safe
def document(request, number, name):
    """A file of a public page, as a download."""
    found = get_object_or_404(get_document_model(), pk=number)
    if found.filename != name or not _is_public(TextFile.Kind.DOCUMENT, found):
        raise Http404
    return _file(found.file.open("rb"), as_attachment=True, filename=found.filename)


def _is_public(kind: str, stored) -> bool:
    """Shown by something public now, and still the file that was signed."""
    files = TextFile.objects.filter(kind=kind, number=stored.pk, digest=stored.get_file_hash())
    return listing.released().filter(text__in=files.values("text")).exists()


def _file(opened, **how) -> FileResponse:
    response = FileResponse(opened, **how)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"public, max-age={HOUR}"
    return response


def _lists() -> list[tuple[str, str]]:
    return [(kind.list_slug, kind.label) for kind in listing.KINDS]


@require_safe
def robots(request):
    """Search engines may read what is public, and nothing else."""
    lines = ["User-agent: *", "Allow: /public/", "Allow: /laws/", "Allow: /static/", "Disallow: /"]
    lines.append(f"Sitemap: {settings.WAGTAILADMIN_BASE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request):
    def build():
        rows = [(one.slug, one.at) for one in listing.released()]
        return "public/sitemap.xml", {"rows": rows, "lists": _lists(), "base_url": settings.WAGTAILADMIN_BASE_URL}

    response = _answer(request, "sitemap", build)
    response["Content-Type"] = "application/xml; charset=utf-8"
    return response
