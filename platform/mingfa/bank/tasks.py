"""Background work of banks: bulk runs that are too long for one page, and looking for near questions."""

from django.utils import timezone
from django_tasks import task

# Questions compared by one task: the index over those before them is made anew each time, three seconds for 10,000.
COMPARED = 500


@task()
def carry_out_run(run_id: int) -> int:
    """Go on with a bulk run; twice does no harm. Returns how many questions it has changed in all."""
    from mingfa.bank.actions import carry_out
    from mingfa.bank.models import BulkRun

    return carry_out(BulkRun.objects.select_related("bank", "made_by").get(pk=run_id), now=timezone.now()).done


@task()
def undo_bulk_run(run_id: int, user_id: int) -> int:
    """Go on taking a bulk run back; twice does no harm. Returns how many questions are as before."""
    from mingfa.bank.actions import carry_undo
    from mingfa.bank.models import BulkRun
    from mingfa.people.models import User

    run = BulkRun.objects.select_related("bank").get(pk=run_id)
    return carry_undo(run, by=User.objects.get(pk=user_id), now=timezone.now())


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


@task()
def read_import(import_id: int) -> None:
    """Read a large upload, then compare its questions with the bank, some hundred a task.

    Killed, it goes on where it stopped by the next press of the button on the upload's page.
    """
    from .actions.reading import compare_upload, read_upload
    from .models import QuestionImport

    run = QuestionImport.objects.select_related("bank").filter(pk=import_id).exclude(file="").first()
    if run is None:
        return
    if run.read_at is None:
        read_upload(run, now=timezone.now())
    if run.compared < run.total and compare_upload(run, now=timezone.now(), most=COMPARED) > 0:
        read_import.enqueue(import_id)


@task()
def bring_import(import_id: int, user_id: int) -> None:
    """Put what was decided about a large upload into its bank; the upload's page tells how far it is and what came of it."""
    from mingfa.people.models import User

    from .actions import AlreadyTaken, BankChanged, import_decided
    from .models import QuestionImport

    run = QuestionImport.objects.select_related("bank").filter(pk=import_id).first()
    if run is None:
        return
    try:
        outcome = import_decided(run, by=User.objects.get(pk=user_id), now=timezone.now())
    except (AlreadyTaken, BankChanged):
        return
    if outcome.imported:
        check_bank.enqueue(run.bank_id)
