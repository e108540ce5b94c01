"""Keeping the public quiz: which questions are public, quizzes, their codes, and the sheets they are printed on."""
import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.bank.models import Question
from mingfa.bank.registry import kept_back
from mingfa.numbers import whole

from .. import actions, queries, quizzes
from ..engine.refusals import NameTaken, Refusal
from ..forms.quizzes import CodeForm, QuizForm
from ..models import Code, QuestionRelease
from ..wording import sentence
from . import kept, private, readable

PAGE_SIZE = 30
LABELS, MOST_LABELS = 24, 240
LONGEST_SEARCH = 40  # characters


@require_safe
@private
def listing(request):
    """All quizzes the person may read."""
    places = readable(request)
    page = Paginator(quizzes.with_scans(quizzes.quizzes_of(places), places), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "outreach/quizzes/list.html", {
        "page": page, "keeps": bool(queries.places_kept_by(request.user)), "unscanned": quizzes.never_scanned(places)[:50],
        "released": quizzes.releases_for(places).count(), "sets": quizzes.banks_of(request.user).exists(),
    })  # fmt: skip


def _quiz(request, quiz_id: int, places):
    return get_object_or_404(quizzes.quizzes_of(places), pk=quiz_id)


@private
def create(request):
    """A quiz out of released questions."""
    places = kept(request)
    form = QuizForm(request.POST or None, places=places, initial={"campaign": request.GET.get("campaign", "")})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "numbers_checked"}
        given["releases"] = list(given["releases"].order_by("pk"))
        try:
            quiz = actions.create_quiz(unit=places[0], by=request.user, now=timezone.now(), **given)
        except NameTaken as taken:
            form.add_error("name", f"本单位已有“{taken.name}”，请换个名称")
        except Refusal as refusal:
            form.add_error("releases", sentence(refusal))
        else:
            messages.success(request, f"已建“{quiz.name}”。现在可以给资料、活动和点位各建一个码")
            return redirect("outreach:quiz", quiz.pk)
    context = {"form": form, "unit": places[0], "released": quizzes.releases_for(places).exists()}
    return render(request, "outreach/quizzes/form.html", context, status=422 if form.errors else 200)


@private
def detail(request, quiz_id):
    """One quiz: its questions, its codes with how many people answered, and the form of another code."""
    places = readable(request)
    quiz, mine = _quiz(request, quiz_id, places), queries.places_kept_by(request.user)
    form = CodeForm(request.POST or None, places=mine) if mine and quiz.closed_at is None else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("建答题码要有宣传员角色，您现在没有。需要时请联系安全管理员。")
        if form.is_valid():
            code = actions.make_code(quiz, by=request.user, now=timezone.now(), **form.arguments())
            return redirect("outreach:code", code.pk)
    page = Paginator(quizzes.codes_of(places).filter(quiz=quiz), PAGE_SIZE).get_page(request.GET.get("page"))
    questions = quiz.questions.select_related("release__version").order_by("place")
    resting = kept_back([one.release.version.question_id for one in questions], timezone.now())
    rows = [(one.release, one.release.version.question_id in resting) for one in questions]
    context = {"quiz": quiz, "page": page, "rows": rows, "form": form, "owns": quiz.unit in mine}
    return render(request, "outreach/quizzes/detail.html", context, status=422 if form and form.errors else 200)


@private
@require_POST
def close(request, quiz_id):
    quiz = get_object_or_404(quizzes.quizzes_of(kept(request)).filter(unit__in=kept(request)), pk=quiz_id)
    actions.close_quiz(quiz, by=request.user, now=timezone.now())
    messages.success(request, "已停用，扫码的人会看到“这组题已经结束”")
    return redirect("outreach:quiz", quiz.pk)


def _code(request, code_id: int, places) -> Code:
    return get_object_or_404(quizzes.codes_of(places), pk=code_id)


def address_of(request, code: Code) -> str:
    return request.build_absolute_uri(reverse("quiz:quiz", args=[code.slug]))


def drawn(address: str) -> str:
    """A QR code as an SVG element for the page."""
    return segno.make(address, error="m").svg_inline(scale=1, border=2, omitsize=True, svgclass="mf-qr", lineclass=None)


@require_safe
@private
def code(request, code_id):
    """One code: where it leads, and its sheets."""
    found = _code(request, code_id, readable(request))
    address = address_of(request, found)
    keeps = found.unit in queries.places_kept_by(request.user)
    context = {"code": found, "address": address, "qr": drawn(address), "keeps": keeps}
    return render(request, "outreach/quizzes/code.html", context)


@require_safe
@private
def code_svg(request, code_id):
    """The code alone, for the office's own layout."""
    address = address_of(request, _code(request, code_id, readable(request)))
    content = segno.make(address, error="m").svg_inline(scale=8, border=4)
    content = content.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    response = HttpResponse(content, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="code-{code_id}.svg"'
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@private
@require_POST
def code_retire(request, code_id):
    found = _code(request, code_id, kept(request))
    actions.retire_code(found, by=request.user, now=timezone.now())
    messages.success(request, "已停用这个码，以前的人次还在")
    return redirect("outreach:quiz", found.quiz_id)


@require_safe
@private
def labels(request, code_id):
    """A sheet of labels to stick on what the code is of."""
    found = _code(request, code_id, readable(request))
    number = whole(request.GET.get("number", ""), most=MOST_LABELS) or LABELS
    context = {"code": found, "qr": drawn(address_of(request, found)), "labels": range(number), "most": MOST_LABELS}
    return render(request, "outreach/quizzes/labels.html", context)


@require_safe
@private
def questions(request):
    """Questions of the person's banks that may be public, and those that are."""
    banks = quizzes.banks_of(request.user)
    if not banks.exists():
        raise PermissionDenied("哪些题可以公开，由出题人定，您现在没有这个角色。需要时请联系安全管理员。")
    words, question = request.GET.get("q", "").strip()[:LONGEST_SEARCH], whole(request.GET.get("question", "")) or 0
    found = quizzes.releasable(banks, words=words, question=question)
    if request.GET.get("show") == "released":
        found = found.filter(is_released__gt=0)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    resting = kept_back([one.pk for one in page.object_list], timezone.now())
    return render(request, "outreach/quizzes/questions.html", {
        "page": page, "resting": resting, "words": words, "question": question, "show": request.GET.get("show", ""),
    })  # fmt: skip


@private
@require_POST
def release(request, question_id):
    """Let a question be asked in public, or no longer."""
    banks = quizzes.banks_of(request.user)
    question = get_object_or_404(Question.objects.filter(bank__in=banks), pk=question_id)
    words = {"by": request.user, "now": timezone.now()}
    try:
        if request.POST.get("do") == "withdraw":
            for one in QuestionRelease.objects.filter(version__question=question, withdrawn_at=None):
                actions.withdraw_release(one, **words)
        else:
            actions.release_question(question, **words)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, "已撤下" if request.POST.get("do") == "withdraw" else "已公开，宣传员可以选用")
    back = request.POST.get("back", "")
    return redirect(f"{reverse('outreach:public_questions')}?{back}" if back else "outreach:public_questions")
