"""Rules for every request and answer, before any page has a say.

Requests no page could take are refused; the looser content policy holds only below /admin/; private pages leave no
stored copies.
"""
from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.utils.cache import add_never_cache_headers

from mingfa import bodies, errors

# In the ASGI scope: the status with which the server refused the body (mingfa.asgi).
REFUSED_BODY = "mingfa.refused_body"
FORM = "application/x-www-form-urlencoded"
UNREADABLE = "网址或填写的内容里有无法识别的字符，没有保存。请重新输入，不要从别的程序整段粘贴。"


def content_policy(get_response):
    """Say what a page may load; Wagtail's admin (and its previews) gets the looser policy it needs, and nothing else.

    In django-csp's words, but put together once: its own middleware does so twice for every answer.
    """
    pages, admin = build_policy(), build_policy(config=settings.ADMIN_POLICY)

    def middleware(request):
        response = get_response(request)
        if request.path_info.startswith("/admin/"):
            response["X-Frame-Options"] = "SAMEORIGIN"
            response.headers.setdefault(HEADER, admin)
        else:
            response.headers.setdefault(HEADER, pages)
        return response

    return middleware


def private_pages(get_response):
    """Forbid stored copies of whatever somebody with a session sees: Back after logging out shows no paper (AL5).

    The cookie is asked, not the user, so that an answer save costs no session query.
    """

    def middleware(request):
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


class Acceptable:
    """Refuse what no page of ours can take: a body the server gave up, one that is too large, a NUL character.

    PostgreSQL stores no NUL, so without this every field and address would have to look for it. Costs no query, and
    a form is read only where the page will read it anyway; an upload is looked at after the token check has.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        limit = bodies.limit_of(request.path_info)
        refused = request.META.get("asgi.scope", {}).get(REFUSED_BODY)
        if bodies.is_declared_larger(request.META.get("CONTENT_LENGTH") or "", limit):
            refused = bodies.TooLarge.status
        if refused:
            return errors.unread(request, refused, f"一次最多提交 {limit // bodies.MEGABYTE} MB。")
        if _has_nul(request):
            raise errors.Unacceptable(UNREADABLE)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """The fields beside an upload, if the token check has read them."""
        is_read = request.content_type == "multipart/form-data" and "_post" in request.__dict__
        if is_read and any("\0" in text for name, texts in request.POST.lists() for text in (name, *texts)):
            raise errors.Unacceptable(UNREADABLE)


def _has_nul(request) -> bool:
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if any("\0" in value for value in request.COOKIES.values()):
        return True
    return request.content_type == FORM and (b"%00" in request.body or b"\0" in request.body)
