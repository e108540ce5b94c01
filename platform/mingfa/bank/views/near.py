"""近似题: the pairs of a bank, nearest first; keep both or take one out of use."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingfa.bank import actions, similar
from mingfa.bank.actions.near import keep_both, reopen_pair
from mingfa.bank.models import NearPair
from mingfa.bank.tasks import check_bank
from mingfa.bank.views.access import for_setters, keys_of_bank_or_404

PAGE = 10
VIEWS = {"": "可能重复", "other": "数字或问法不同", "kept": "已决定保留"}


@for_setters
def pairs(request, bank_id):
    """The pairs found in the bank. POST compares what has not been compared yet, in the background."""
    bank = keys_of_bank_or_404(request.user, bank_id)
    if request.method == "POST":
        check_bank.enqueue(bank.pk)
        messages.info(request, "已开始查找。题多时要几分钟，可以先做别的事，再回来看")
        return redirect("bank:near", bank.pk)
    shown = request.GET.get("show", "") if request.GET.get("show", "") in VIEWS else ""
    found = similar.pairs_of_bank(bank, repeats=shown != "other", kept=shown == "kept")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    left, total = similar.unchecked(bank).count(), similar.in_use(bank).count()
    context = {
        "bank": bank, "page": page, "pairs": similar.shown_pairs(page.object_list), "shown": shown, "left": left,
        "views": VIEWS.items(), "total": total, "checked": total - left,
    }  # fmt: skip
    return render(request, "bank/near_pairs.html", context)


@for_setters
@require_POST
def decide(request, bank_id, pair_id):
    """What the setter says about a pair: keep both, retire one of them, or ask again."""
    bank = keys_of_bank_or_404(request.user, bank_id)
    pair = NearPair.objects.select_related("first__question", "second__question").filter(bank=bank, pk=pair_id).first()
    if pair is None:
        raise Http404
    chosen, stamp = request.POST.get("decision"), {"by": request.user, "now": timezone.now()}
    if chosen == "keep":
        keep_both(pair, **stamp)
        messages.success(request, "已保留两题，以后不再提示这一对")
    elif chosen == "reopen":
        reopen_pair(pair, **stamp)
        messages.success(request, "已放回待看的近似题")
    elif chosen in ("first", "second"):
        _retire(request, getattr(pair, chosen).question, getattr(pair, {"first": "second", "second": "first"}[chosen]), stamp)
    else:
        messages.error(request, "没有选怎样处理。请选保留两题，或者停用其中一题")
    return redirect(reverse("bank:near", args=[bank.pk]) + _where(request))


def _retire(request, question, other, stamp) -> None:
    try:
        actions.retire_question(question, reason=f"与试题 {other.question_id} 近似", **stamp)
    except actions.NotPossible:
        messages.info(request, "这一题已经停用")
    else:
        messages.success(request, f"已停用试题 {question.pk}，保留试题 {other.question_id}")


def _where(request) -> str:
    """Back to the same list."""
    shown = request.POST.get("show", "")
    return f"?show={shown}" if shown in VIEWS and shown else ""
