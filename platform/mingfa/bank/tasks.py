"""Background work of banks: bulk runs that are too long for one page."""

from django.utils import timezone
from django_tasks import task


@task()
def carry_out_run(run_id: int) -> int:
    """Go on with a bulk run; twice does no harm. Returns how many questions it has changed in all."""
    from mingfa.bank.actions import carry_out
    from mingfa.bank.models import BulkRun

    return carry_out(BulkRun.objects.select_related("bank", "made_by").get(pk=run_id), now=timezone.now()).done
