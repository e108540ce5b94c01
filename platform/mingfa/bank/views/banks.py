"""The banks of a setter."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from mingfa.bank import actions, queries
from mingfa.bank.forms import BankForm
from mingfa.bank.views.access import for_setters, visible_banks


@for_setters
def bank_list(request):
    """The person's banks with how many questions each holds."""
    banks = queries.with_counts(visible_banks(request.user))
    return render(request, "bank/bank_list.html", {"banks": banks})


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
