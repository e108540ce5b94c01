"""/healthz for whoever balances load."""
from django.http import HttpResponse, HttpResponseNotAllowed

from .health import answers


def healthz(get_response):
    """Answers before hosts, sessions and redirects have a say: 200 “ok”, or 503 with what is away in a word."""

    def middleware(request):
        if request.path_info != "/healthz":
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        away = answers()
        return HttpResponse(
            f"{away or 'ok'}\n", status=503 if away else 200, content_type="text/plain", headers={"Cache-Control": "no-store"}
        )

    return middleware
