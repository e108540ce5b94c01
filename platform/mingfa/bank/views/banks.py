"""The banks of a setter."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingfa.bank import actions, queries
from mingfa.bank.forms import BankForm
from mingfa.bank.views.access import for_setters, visible_banks
from mingfa.downloads import excel_table


@for_setters
def bank_list(request):
    """The person's banks with how many questions each holds."""
    banks = queries.with_counts(visible_banks(request.user))
    return render(request, "bank/bank_list.html", {"banks": banks})


BANKS = ("名称", "所属单位", "在用", "停用")


@for_setters
@require_safe
def banks_xlsx(request):
    """The same as Excel; no question is in it."""
    banks = queries.with_counts(visible_banks(request.user))
    rows = [(one.name, one.unit.name, one.questions_in_use, one.questions_retired) for one in banks]
    return excel_table(
        BANKS, rows, of="题库", title="题库", log=(request.user, "bank.export_list"), by=request.user, now=timezone.now(),
        widths=(32, 32, 10, 10), what="banks",
    )  # fmt: skip


@for_setters
def new_bank(request):
    """A new, empty bank."""
    form = BankForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        bank = actions.create_bank(by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, f"已新建题库“{bank.name}”。现在可以导入或录入试题")
        return redirect("bank:question_list", bank.pk)
    status = 400 if form.is_bound else 200
    return render(request, "bank/bank_form.html", {"form": form}, status=status)
