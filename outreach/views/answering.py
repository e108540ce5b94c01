"""The public quiz behind a QR code. Nobody signs in, nothing is asked about anybody, and nothing of a visitor is kept:
no session, no cookie of ours, no address (engine.limiter), no line in a log. A form carries a signed turn instead of a
token in a cookie: there is no session that another site could use.
"""
import secrets
import time

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from mingfa.bank.marking import is_right
from mingfa.library.queries import articles_for
from mingfa.people.middleware import without_account_check
from mingfa.reading import reading_of

from .. import actions, quizzes
from ..engine.limiter import Limiter, Once
from ..engine.work import is_enough
from ..quizzes import Loaded, Turn

LIMITER, USED = Limiter(), Once(quizzes.GOOD_FOR)


@without_account_check
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request, slug):
    """GET asks a question: the first, or the one whose signed turn stands in the address. POST answers one."""
    now = timezone.now()
    loaded = quizzes.load(slug, now=now)
    if loaded is None or not loaded.questions:
        over = quizzes.over(slug) if loaded is None else None
        return _page(request, "over", {"resting": loaded is not None, "over": over}, status=404 if loaded is None else 200)
    turn = quizzes.read_turn(request.POST.get("turn", "") or request.GET.get("t", ""), slug)
    question = _question(loaded, turn)
    if request.method == "POST" and question is not None:
        return _answered(request, loaded, turn, question)
    if question is None:
        turn = quizzes.first_turn(loaded, seed=secrets.randbelow(2**31), nonce=secrets.token_hex(8))
        question = loaded.questions[0]
    return _asked(request, loaded, turn, question)


@without_account_check
@require_http_methods(["GET", "HEAD"])
def done(request, slug):
    """凭证 for who asks for it: to be shown at the stall or printed. It is made out of the signed turn in the address;
    no name is asked for, and that somebody had one is kept nowhere."""
    loaded = quizzes.load(slug, now=timezone.now())
    turn = quizzes.read_turn(request.GET.get("t", ""), slug)
    if loaded is None or turn is None or turn.version or turn.place < quizzes.FEWEST:
        return redirect("quiz:quiz", slug)
    return _page(request, "done", {"quiz": loaded, "turn": turn, "now": timezone.now()})


def _question(loaded: Loaded, turn: Turn | None):
    """The question of a turn, if it is still asked: one may have been withdrawn while somebody was reading."""
    if turn is None:
        return None
    return next((one for one in loaded.questions if one.id == turn.version), None)


def _asked(request, loaded: Loaded, turn: Turn, question, *, error="", status=200):
    return _page(request, "question", {
        "quiz": loaded, "question": question, "choices": quizzes.choices(question, turn), "turn": quizzes.write_turn(turn),
        "number": turn.place + 1, "total": len(loaded.questions), "error": error, "work": settings.PUBLIC_QUIZ_WORK,
        "nonce": turn.nonce,
    }, status=status)  # fmt: skip


def _answered(request, loaded: Loaded, turn: Turn, question):
    """What was right and why. Counted once, however often the page is sent."""
    given = quizzes.answer_of(question, turn, request.POST.getlist("choice"))
    if not given:
        return _asked(request, loaded, turn, question, error="请先选一个答案", status=422)
    if not LIMITER.allows(request.META.get("REMOTE_ADDR", ""), now=time.monotonic(), most=settings.PUBLIC_QUIZ_PER_MINUTE):
        words = "现在答题的人很多，这一题还没有交上。请过一分钟再按一次"
        return _asked(request, loaded, turn, question, error=words, status=429)
    at = loaded.questions.index(question)
    last = at + 1 == len(loaded.questions)
    if _counts(request, turn):
        actions.count_answer(
            loaded.code, version=question.id, answer=given, first=turn.place == 0, last=last, now=timezone.now()
        )
    right = is_right(question.type, question.answer, given)
    after = turn.next(right=right, version=0 if last else loaded.questions[at + 1].id)
    return _page(request, "answer", {
        "quiz": loaded, "question": question, "choices": quizzes.choices(question, turn), "given": given, "right": right,
        "number": turn.place + 1, "total": len(loaded.questions), "score": after.right, "last": last,
        "next": quizzes.write_turn(after), "articles": _articles(question),
    })  # fmt: skip


def _counts(request, turn: Turn) -> bool:
    """A filled trap is a program; a turn counts once; where the office has switched it on, a program has to work."""
    if request.POST.get("website"):
        return False
    bits = settings.PUBLIC_QUIZ_WORK
    if bits and not is_enough(turn.nonce, request.POST.get("work", ""), bits):
        return False
    return USED.first(turn.nonce, now=time.monotonic())


_ARTICLES: dict = {}


def _articles(question) -> dict:
    """The articles a question cites, as in force today; a law changes on no other day than its first."""
    key = question.id, timezone.localdate(), time.monotonic() // 60
    if key not in _ARTICLES:
        if len(_ARTICLES) > 500:
            _ARTICLES.clear()
        _ARTICLES[key] = articles_for(question.citations)
    return _ARTICLES[key]


def _page(request, name: str, context: dict, *, status=200) -> HttpResponse:
    """A page that knows nobody: somebody who happens to be signed in is a visitor like all others."""
    request.user = AnonymousUser()
    html = render_to_string(f"outreach/answering/{name}.html", {**context, "comfort": reading_of(request)})
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
