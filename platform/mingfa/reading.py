"""How a reader wants to read: text size and contrast, chosen with a button, rendered by the server.

Kept in two cookies on the device and, for somebody signed in, on the account, so that the choice follows
the person. The account wins where it says something; the cookie speaks for everybody else (design system §3).
"""
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

TEXT_COOKIE = "mf_text"
CONTRAST_COOKIE = "mf_contrast"
STANDARD = "standard"
SIZES = {STANDARD: "标准", "large": "大", "xlarge": "特大"}
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Reading:
    """What `<html>` carries: `text` is a key of SIZES; `chosen` tells whether contrast was ever decided."""

    text: str
    contrast: bool
    chosen: bool

    @property
    def theme(self) -> str:
        return "dark" if self.contrast else "light"

    @property
    def sizes(self) -> list[tuple[str, str]]:
        return list(SIZES.items())


def reading_of(request) -> Reading:
    user = getattr(request, "user", None)
    kept_text = getattr(user, "text_size", "")
    text = kept_text or request.COOKIES.get(TEXT_COOKIE, STANDARD)
    cookie = request.COOKIES.get(CONTRAST_COOKIE)
    contrast = bool(getattr(user, "high_contrast", False)) or cookie == "on"
    return Reading(text if text in SIZES else STANDARD, contrast, contrast or cookie is not None)


def reading(request) -> dict:
    """Context processor: `comfort` for the base templates (pages use `reading` for what is being read)."""
    return {"comfort": reading_of(request)}


@require_POST
def choose(request):
    """Keep what was chosen and go back to the page it was chosen on. Unknown values change nothing."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    # Not redirect(): it takes a word for the name of a view.
    response = HttpResponseRedirect(back)
    text = request.POST.get("text")
    if text in SIZES:
        _remember(request, response, TEXT_COOKIE, text, text_size="" if text == STANDARD else text)
    contrast = request.POST.get("contrast")
    if contrast in {"on", "off"}:
        _remember(request, response, CONTRAST_COOKIE, contrast, high_contrast=contrast == "on")
    return response


def _remember(request, response, cookie, value, **fields):
    """Cookie and account together, or a cookie left behind would contradict the account.

    No audit entry: this is the reader's own comfort, not a fact about the office.
    """
    response.set_cookie(
        cookie, value, max_age=_A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    if request.user.is_authenticated:
        get_user_model().objects.filter(pk=request.user.pk).update(**fields)
