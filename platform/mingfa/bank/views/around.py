"""Around questions: tags, remarks, kept filters."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingfa.bank import actions, keeping
from mingfa.bank.filters import filter_from
from mingfa.bank.forms import split_tags
from mingfa.bank.models import QuestionTag, Remark, SavedFilter
from mingfa.bank.views.access import bank_or_404, for_setters, question_or_404

REFUSED = {
    "empty": "没有写内容，没有保存", "taken": "已经有同名的筛选，请换个名称", "too_many": "最多存 50 个筛选，请先删掉不用的",
}  # fmt: skip


def _found(queryset, **where):
    found = queryset.filter(**where).first()
    if found is None:
        raise Http404
    return found


@for_setters
@require_POST
def tag(request, question_id):
    """The tags of one question, as written."""
    question = question_or_404(request.user, question_id)
    names, wrong = split_tags(request.POST.get("tags", ""))
    if wrong:
        messages.error(request, wrong)
    else:
        actions.tag_question(question, names, by=request.user, now=timezone.now())
        messages.success(request, f"标签：{'、'.join(names)}" if names else "已去掉全部标签")
    return redirect("bank:question", question.pk)


@for_setters
def tags(request, bank_id):
    """The tags of a bank. POST renames one; the name of another merges the two."""
    bank = bank_or_404(request.user, bank_id)
    if request.method == "POST":
        one = _found(QuestionTag.objects, bank=bank, pk=_number(request, "tag"))
        if request.POST.get("delete"):
            actions.delete_tag(one, by=request.user, now=timezone.now())
            messages.success(request, f"已删除标签“{one.name}”，试题还在")
        else:
            _rename(request, one)
        return redirect("bank:tags", bank.pk)
    return render(request, "bank/tags.html", {"bank": bank, "tags": keeping.counted_tags(bank)})


def _rename(request, one: QuestionTag) -> None:
    names, wrong = split_tags(request.POST.get("name", ""))
    if wrong or len(names) != 1:
        messages.error(request, wrong or "请写一个标签名称，不能有空格和逗号")
        return
    before = one.name
    kept = actions.rename_tag(one, names[0], by=request.user, now=timezone.now())
    merged = kept.pk != one.pk
    messages.success(request, f"“{before}”已{'并入' if merged else '改名为'}“{kept.name}”")


@for_setters
@require_POST
def remark(request, question_id):
    """A new remark."""
    question = question_or_404(request.user, question_id)
    try:
        actions.add_remark(question, request.POST.get("text", ""), by=request.user, now=timezone.now())
    except actions.NotPossible as refusal:
        messages.error(request, REFUSED[refusal.code])
    return redirect("bank:question", question.pk)


@for_setters
@require_POST
def resolve(request, question_id, remark_id):
    """A remark is dealt with, or open again."""
    question = question_or_404(request.user, question_id)
    one = _found(Remark.objects.select_related("question"), question=question, pk=remark_id)
    resolved = request.POST.get("resolved") == "yes"
    actions.resolve_remark(one, resolved=resolved, by=request.user, now=timezone.now())
    return redirect("bank:question", question.pk)


@for_setters
def filters(request, bank_id):
    """The person's own filters of a bank. POST keeps the one in `query` under a name, renames or deletes one."""
    bank = bank_or_404(request.user, bank_id)
    own = keeping.filters_of(request.user, bank)
    if request.method != "POST":
        lines = [(one, filter_from(one.query, bank).words) for one in own]
        return render(request, "bank/filters.html", {"bank": bank, "lines": lines})
    try:
        return _change_filter(request, bank, own)
    except actions.NotPossible as refusal:
        messages.error(request, REFUSED[refusal.code])
        return redirect("bank:filters", bank.pk)


def _change_filter(request, bank, own):
    name = request.POST.get("name", "")
    if "query" in request.POST:
        query = filter_from(request.POST["query"], bank).query
        kept = actions.save_filter(bank, name, query, by=request.user)
        messages.success(request, f"已存为“{kept.name}”，在“常用筛选”里")
        return redirect(f"{bank.list_address}?{kept.query}")
    one: SavedFilter = _found(own, pk=_number(request, "filter"))
    if request.POST.get("delete"):
        actions.delete_filter(one)
        messages.success(request, f"已删除筛选“{one.name}”")
    else:
        actions.rename_filter(one, name)
        messages.success(request, "已改名")
    return redirect("bank:filters", bank.pk)


def _number(request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
