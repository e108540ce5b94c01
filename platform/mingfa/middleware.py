"""Two rules for every answer: the looser content policy only below /admin/, and no stored copies of private pages."""
from django.conf import settings
from django.utils.cache import add_never_cache_headers


def admin_policy(get_response):
    """Give Wagtail's admin (and its previews) the policy it needs, and nothing else."""

    def middleware(request):
        response = get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_config = settings.ADMIN_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
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
