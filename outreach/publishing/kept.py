"""Public pages as bytes, kept until the next release or withdrawal: the same for everybody, so no session, no cookie."""
from collections.abc import Callable

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from mingfa.models import SiteIdentity

from .listing import edition_number

SECONDS = 600  # law texts and the footer are shown live; they may be so late
SIZES = {"standard": "标准", "large": "大字", "xlarge": "特大字"}


def size_of(request) -> str:
    """The text size in the address: no cookie is needed, and any link may be handed on with it."""
    asked = request.GET.get("text", "")
    return asked if asked in SIZES else "standard"


def common(size: str, path: str) -> dict:
    """What the frame of every public page needs. `path`: the page's address up to the text size, ending in ? or &."""
    return {
        "text_size": size, "sizes": list(SIZES.items()), "path": path,
        "keep": "" if size == "standard" else f"?text={size}", "site": SiteIdentity.current(),
    }  # fmt: skip


def kept_page(key: str, size: str, path: str, build: Callable[[], tuple[str, dict] | None]) -> bytes | None:
    """The page of this key, from the cache or built: (template, context), None where there is nothing.

    One query, for the edition; an unknown address is looked up each time and kept nowhere.
    """
    name = f"public:{edition_number()}:{timezone.localdate():%Y%m%d}:{size}:{key}"
    found = cache.get(name)
    if found is None:
        built = build()
        if built is None:
            return None
        template, context = built
        found = render_to_string(template, {**common(size, path), **context}).encode()
        cache.set(name, found, SECONDS)
    return found
