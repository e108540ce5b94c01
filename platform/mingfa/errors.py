"""The pages for refused and failed requests: a sentence in Chinese and a number that is also in the log.

The log line holds the number, the route (never the query or the body), the account id and, for a failure, where
in the code it happened. Messages of exceptions stay out: a database quotes the offending values in them.
"""
import logging
import secrets
import sys
import traceback

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger("mingfa.errors")

# No 0/O, 1/I/L: the number is read out over the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

HEADINGS = {
    400: "请求有误",
    403: "没有权限",
    404: "找不到这个页面",
    500: "服务器出错了",
}
SENTENCES = {
    400: "浏览器发来的内容无法处理，什么都没有改动。请返回上一页重试。",
    403: "您的账号没有查看或办理此项的权限。如有需要，请联系本单位联络员。",
    404: "地址可能输错了，或者内容已被移走。请返回首页查找。",
    500: "这不是您的操作造成的，已确认保存的内容不会丢失。请稍后重试；仍不行时，把下面的编号告诉管理员。",
}
CSRF_SENTENCE = "页面停留太久或登录状态已变化，为安全起见没有办理。请返回上一页刷新后重试。"


def error_number(status: int) -> str:
    """Return a number for one refused or failed request, such as ``500-3K9D``."""
    return f"{status}-" + "".join(secrets.choice(LETTERS) for _ in range(4))


def bad_request(request, exception):
    return _page(request, 400)


def permission_denied(request, exception):
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _page(request, 403, sentence=sentence)


def not_found(request, exception):
    return _page(request, 404)


def server_error(request):
    return _page(request, 500)


def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or stale; `reason` is Django's own text and holds nothing personal."""
    return _page(request, 403, sentence=CSRF_SENTENCE, note=f"csrf: {reason}")


def _page(request, status, *, sentence="", note=""):
    number = error_number(status)
    _log(request, number, note)
    context = {"number": number, "heading": HEADINGS[status], "sentence": sentence or SENTENCES[status]}
    try:
        # Without the request: no context processor runs, so the page needs neither session nor database.
        html = render_to_string(f"{status}.html", context)
    except Exception:
        logger.exception("%s page failed", number)
        html = f"<!doctype html><meta charset=utf-8><title>{number}</title>{HEADINGS[status]} {number}"
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
