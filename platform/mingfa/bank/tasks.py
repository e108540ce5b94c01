"""Background work of banks."""

from django_tasks import task


@task()
def check_bank(bank_id: int) -> None:
    """Compare what has not been compared yet with its bank, a batch a task, so that others get their turn.

    Killed, it is taken up where it stopped by the next press of the button.
    """
    from .actions.near import check_near
    from .models import Bank

    bank = Bank.objects.filter(pk=bank_id).first()
    if bank and check_near(bank):
        check_bank.enqueue(bank_id)
