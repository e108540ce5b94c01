"""Background work of banks: bulk runs that are too long for one page, and looking for near questions."""

from django.utils import timezone
from django_tasks import task


@task()
def carry_out_run(run_id: int) -> int:
    """Go on with a bulk run; twice does no harm. Returns how many questions it has changed in all."""
    from mingfa.bank.actions import carry_out
    from mingfa.bank.models import BulkRun

    return carry_out(BulkRun.objects.select_related("bank", "made_by").get(pk=run_id), now=timezone.now()).done


@task()
def check_bank(bank_id: int) -> None:
    """Compare what has not been compared yet with its bank, a batch a task, so that others get their turn.

    Killed, it is taken up where it stopped by the next press of the button.
    """
    from mingfa.bank.actions.near import check_near
    from mingfa.bank.models import Bank

    bank = Bank.objects.filter(pk=bank_id).first()
    if bank and check_near(bank):
        check_bank.enqueue(bank_id)
