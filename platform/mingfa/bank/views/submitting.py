"""The setter's side of 三审三校: what is a draft, where the others are, submitting many; whether a bank is reviewed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingfa.bank import actions, history
from mingfa.bank.forms import ReviewRulesForm
from mingfa.bank.views.access import bank_or_404, for_setters
from mingfa.bank.views.reading import for_readers, readable_bank_or_404
from mingfa.numbers import whole
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review import queries as reviews

PAGE = 30


@for_setters
def bank_reviews(request, bank_id):
    """Drafts to submit, reviews under way and what came back."""
    bank = bank_or_404(request.user, bank_id)
    free = history.submittable(bank).select_related("current")
    page = Paginator(free, PAGE).get_page(request.GET.get("page"))
    under_way = history.reviews_of_bank(bank).select_related("submitted_by").order_by("-state", "id")
    reviews_page = Paginator(under_way, PAGE).get_page(request.GET.get("reviews"))
    targets = [one.target_id for one in reviews_page]
    titles, questions = history.titles(targets), history.questions_of(targets)
    returned, progress = history.returned_questions(page), history.progress_of(bank)
    context = {
        "bank": bank,
        "page": page,
        "lines": [(question, returned.get(question.current_id)) for question in page],
        "progress": progress,
        "reviews_page": reviews_page,
        "under_way": [(one, titles[one.target_id], questions[one.target_id]) for one in reviews_page],
        "steps": list(zip(reviews.STEP_WORDS, progress.waiting, strict=True)),
    }
    return render(request, "bank/bank_reviews.html", context)


@for_setters
@require_POST
def submit(request, bank_id):
    """送审 what was chosen, or every draft of the bank."""
    bank = bank_or_404(request.user, bank_id)
    if request.POST.get("all") == "yes":
        drafts = history.submittable(bank).filter(status="draft")
        chosen = list(drafts.values_list("pk", flat=True))
    else:
        chosen = [pk for pk in map(whole, request.POST.getlist("question")) if pk]
    try:
        done = actions.submit_questions(bank, chosen, by=request.user, now=timezone.now())
    except actions.NotPossible:
        messages.error(request, "没有送审：这个题库没有开启“审核后才可用”。请先在“审核设置”里开启")
    else:
        _tell(request, done, len(chosen))
    return redirect("bank_reviews:bank", bank.pk)


def _tell(request, done: int, chosen: int) -> None:
    if not chosen:
        messages.info(request, "没有选题。请先勾选要送审的题")
    elif done:
        skipped = f"。另有 {chosen - done} 题已经在审或停用，没有送" if chosen > done else ""
        messages.success(request, f"已送审 {done} 题，等一审{skipped}")
    else:
        messages.info(request, "没有送审：选中的题已经在审或停用")


@for_readers
def rules(request, bank_id):
    """审核设置: a setter may make it stricter; only a 三审人 of the unit may loosen it."""
    bank = readable_bank_or_404(request.user, bank_id)
    if not holds(request.user, Role.SETTER, Role.REVIEWER_3, unit=bank.unit):
        raise Http404
    # Both boxes emptied is a form too, and an empty one.
    form = ReviewRulesForm(request.POST if request.method == "POST" else None, instance=bank)
    if form.is_valid():
        try:
            actions.set_review_rules(bank, by=request.user, now=timezone.now(), **form.cleaned_data)
        except actions.DraftsLeft as left:
            words = f"还有 {left.count} 题草稿。关掉以后没有人能让它们可用。请先审完或停用，再关掉。"
            form.add_error("reviewed", words)
        except actions.MayNotLoosen:
            form.add_error(None, "放宽审核（关掉“审核后才可用”，或者让拟稿人一审）要由本单位的三审人来设。")
        else:
            messages.success(request, "已保存审核设置")
            return redirect("bank_reviews:rules", bank.pk)
    context = {"bank": bank, "form": form, "setter": holds(request.user, Role.SETTER, unit=bank.unit)}
    return render(request, "bank/review_rules.html", context, status=400 if form.errors else 200)
