"""The pages for refused and failed requests: a sentence in Chinese and a number that is also in the log.

The log line holds the number, the route (never the query or the body), the account id and, for a failure, where
in the code it happened. Messages of exceptions stay out: a database quotes the offending values in them.
"""
import logging
import secrets
import sys
import traceback

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils import timezone

logger = logging.getLogger("mingfa.errors")

# No 0/O, 1/I/L: the number is read out over the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class NotFound(Http404):
    """A 404 whose text is written for the reader; the text of Django's own Http404 never reaches a page."""


class Unacceptable(BadRequest):
    """What was sent cannot be taken; the text is the Chinese sentence for the reader (status 400)."""


def error_number(status: int) -> str:
    """Return a number for one refused or failed request, such as ``500-3K9D``."""
    return f"{status}-" + "".join(secrets.choice(LETTERS) for _ in range(4))


def bad_request(request, exception):
    """Show the sentence of a refusal of ours; Django's own texts are neither Chinese nor for readers."""
    return _page(request, 400, sentence=str(exception) if isinstance(exception, Unacceptable) else "")


def unread(request, status, sentence=""):
    """Answer a request whose body was not taken: 408 too slow, 413 too large."""
    response = _page(request, status, sentence=sentence)
    if status == 408:
        # The rest of the body would be taken for the next request, or waited for.
        response["Connection"] = "close"
    return response


def permission_denied(request, exception):
    """Show the sentence of the refusal, which `mingfa.people.access` and the actions write for the reader."""
    return _page(request, 403, sentence=str(exception))


def not_found(request, exception):
    """Show a sentence of ours; of Django's own nothing, for it names models and addresses."""
    return _page(request, 404, sentence=str(exception) if isinstance(exception, NotFound) else "")


def server_error(request):
    """Answer a failure of ours; a client that left in the middle of its body is none."""
    return _page(request, 400 if isinstance(sys.exception(), UnreadablePostError) else 500)


def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or stale; `reason` is Django's own text and holds nothing personal."""
    return _page(request, 403, template="403_csrf.html", note=f"csrf: {reason}")


def _page(request, status, *, template=None, sentence="", note=""):
    number = error_number(status)
    _log(request, number, note)
    try:
        # Without the request: no context processor runs, so the page needs neither session nor database.
        context = {"number": number, "sentence": sentence, "when": timezone.localtime()}
        html = render_to_string(template or f"{status}.html", context)
    except Exception:
        logger.exception("%s page failed", number)
        html = f"<!doctype html><html lang=zh-Hans><meta charset=utf-8><title>{number}</title>编号 {number}"
    return HttpResponse(html, status=status)


def _log(request, number, note):
    route = getattr(request.resolver_match, "route", None) or "-"
    line = "%s %s route=%s user=%s %s"
    values = (number, request.method, route, _user_id(request), note)
    if number.startswith("500"):
        logger.error(line, *values, exc_info=sys.exc_info())
    else:
        logger.warning(line, *values)


def _user_id(request):
    """Return the id of the signed-in account if this request has already loaded it; never ask the database."""
    user = request.__dict__.get("_cached_user")
    return getattr(user, "pk", None) or "-"


class IdsOnlyFormatter(logging.Formatter):
    """Formats exceptions as class and code places, without their messages, which may quote what people entered."""

    def formatException(self, exc_info):
        kind, _, trace = exc_info
        frames = traceback.extract_tb(trace)
        lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return "\n".join([*lines, f"  {kind.__module__}.{kind.__qualname__}"])
