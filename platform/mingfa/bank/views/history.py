"""History of a question, version against version, and the 审核表 to print."""

from django.http import Http404
from django.shortcuts import render

from mingfa import clock
from mingfa.bank import history
from mingfa.bank.models import Question, QuestionVersion
from mingfa.bank.views.access import visible_banks
from mingfa.bank.views.reading import for_readers, is_sitting, readable_bank_or_404, readable_question_or_404, withheld
from mingfa.numbers import whole
from mingfa.review.queries import SECRECY_WORDS, STEP_WORDS, with_chain

MOST_SHEETS = 100


@for_readers
def question_history(request, question_id):
    """Every version with who wrote and who signed it; `?old=&new=` are the versions compared, else the last two."""
    question = readable_question_or_404(request.user, question_id)
    if is_sitting(request.user, question.pk, clock.now()):
        return withheld(request, question)
    entries = history.entries_of(question)
    by_number = {entry.version.number: entry.version for entry in entries}
    new = _chosen(by_number, request.GET.get("new"), question.current.number)
    old = _chosen(by_number, request.GET.get("old"), new.number - 1)
    context = {
        "question": question,
        "entries": entries,
        "new": new,
        "old": old,
        "parts": history.differences(old.pk if old else None, new.pk),
        "step_words": STEP_WORDS,
        "is_setter": visible_banks(request.user).filter(pk=question.bank_id).exists(),
    }
    return render(request, "bank/question_history.html", context)


def _chosen(by_number: dict[int, QuestionVersion], asked: str | None, usual: int) -> QuestionVersion | None:
    """The version asked for; without a question the usual one, None where there is none before the first."""
    if asked is None:
        return by_number.get(usual)
    if (number := whole(asked)) not in by_number:
        raise Http404
    return by_number[number]


@for_readers
def sheets(request, bank_id):
    """信息发布审核表 of the current versions of some questions of a bank, a page each. No keys: paper lies about."""
    bank = readable_bank_or_404(request.user, bank_id)
    asked = [whole(pk) for pk in request.GET.getlist("question")][:MOST_SHEETS]
    questions = Question.objects.filter(bank=bank, pk__in=[pk for pk in asked if pk]).select_related("current__created_by")
    questions = list(questions.exclude(status=Question.Status.STAGED).order_by("pk"))
    reviews = {one.target_id: one for one in with_chain(history.reviews_of_versions([one.current_id for one in questions]))}
    pages = [(question, reviews[question.current_id]) for question in questions if question.current_id in reviews]
    if not pages:
        raise Http404
    context = {"bank": bank, "pages": pages, "steps": list(enumerate(STEP_WORDS, start=1)), "secrecy_words": SECRECY_WORDS}
    return render(request, "bank/review_sheets.html", context)
